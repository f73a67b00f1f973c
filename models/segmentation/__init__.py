"""Segmentation: which ink is one character. Candidates, their scores, and the search."""
