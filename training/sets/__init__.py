"""The data sets that networks are trained on: fetched, checked and read."""

from training.sets.load import NAMES, DigitSet, load_letters, load_mnist_test, load_sets

__all__ = ["NAMES", "DigitSet", "load_letters", "load_mnist_test", "load_sets"]
