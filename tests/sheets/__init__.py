"""Sheets as people hand them in: printed, filled in by held-out people, and photographed."""
