"""Which ink is one character: candidates, what they are worth, and the search."""
