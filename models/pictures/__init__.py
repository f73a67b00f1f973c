"""From a picture to ink, and from its connected components to characters."""
