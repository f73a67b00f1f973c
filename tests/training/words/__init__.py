"""Fitting what is known of words."""
