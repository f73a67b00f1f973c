"""What ink is, and its file formats."""
