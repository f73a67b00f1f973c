"""The ink and its answers."""
