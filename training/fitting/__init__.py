"""Fitting a network to examples: recipes, batches, calibration, export."""
