"""How good a network is on people whom it has never seen."""
