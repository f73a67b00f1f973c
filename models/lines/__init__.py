"""Whole numbers in pictures: a line of digits is read at once, without segmentation."""
