"""Sessions with a board of their own, while the page waits."""
