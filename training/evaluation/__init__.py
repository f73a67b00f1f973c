"""How well a network reads writers that it was not trained on."""
