"""Worksheets and forms on paper: made, printed, scanned, marked, and put into tables."""
