"""Figures, reports, and the measured parts of the README."""
