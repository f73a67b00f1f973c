"""Figures, reports, and the measured tables of the documents."""
