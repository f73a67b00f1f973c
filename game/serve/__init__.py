"""The page in a browser: a small server, whose ink goes to the board and reader of the game."""
