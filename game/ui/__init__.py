"""What the window shows: the only files that draw there."""
