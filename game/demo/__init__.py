"""The drawings that ship with the game, replayed and filmed."""
