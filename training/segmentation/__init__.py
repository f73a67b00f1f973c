"""What the segmenter goes by, fitted to held-out people."""
