"""Figures for `bench`: each module measures one part side by side with its peers, in one run."""
