"""Drawings from files: written into the running game, or read without it, and reported."""
