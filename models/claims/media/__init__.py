"""Read what is shown and said in pictures and recordings; needs the optional extra `media`."""
