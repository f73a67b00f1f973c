"""Parts that several places of the window are made of."""
