"""`make soak`: long runs of the game by a random player, and windows killed at random moments."""
