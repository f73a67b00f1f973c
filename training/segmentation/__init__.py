"""The weights of the segmenter, fitted to held-out writers."""
