"""What stands on the window: the only files that draw there."""
