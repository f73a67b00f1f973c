"""Speed and memory, measured beside the way that older programs of this kind work."""
