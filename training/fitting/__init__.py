"""From examples to a network with its card."""
