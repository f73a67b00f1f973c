"""Training on several devices or machines, as strategies for `training.fitting.fit`."""
