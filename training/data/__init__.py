"""What networks are trained on: examples, made from sets and made up."""
