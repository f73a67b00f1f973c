"""Tests with a real window on a real X server."""
