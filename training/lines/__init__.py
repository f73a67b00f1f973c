"""Training the network for whole numbers: synthetic lines, network, fit, calibration, measure."""
