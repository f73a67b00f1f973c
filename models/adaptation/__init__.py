"""What a person's corrections change, and where their samples are kept."""
