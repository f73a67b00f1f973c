"""Practice and collecting on the screen."""
