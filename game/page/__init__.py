"""What can be done on a page, and what is read of it."""
