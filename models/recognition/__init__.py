"""The network, its card, and the answers that it gives."""
