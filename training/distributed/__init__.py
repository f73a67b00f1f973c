"""Training on several devices and in several processes, by Keras on JAX."""
