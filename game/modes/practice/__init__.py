"""Practice: tasks with answers written by hand. Only `mode` knows the window."""
