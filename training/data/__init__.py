"""Examples from sets, their variations, and synthetic ink."""
