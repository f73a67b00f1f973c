"""Collecting samples of a person's ink, one asked character after the other."""
