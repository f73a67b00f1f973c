"""The canvas: the event loop and everything that a player meets. Imports models, never training."""
