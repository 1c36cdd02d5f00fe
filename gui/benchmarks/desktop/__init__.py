"""What `bench gui` runs, each in a process of its own: the terminal that asks for it loads no Qt."""
