"""Suxin as an installed program: the checkout's folders inside one private package."""
