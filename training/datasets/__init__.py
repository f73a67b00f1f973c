"""The data sets that networks are trained on: fetched, checked and read."""

from training.datasets.load import (
    LETTERED,
    NAMES,
    DigitSet,
    load_emnist_test,
    load_letters,
    load_mnist_test,
    load_sets,
)

__all__ = [
    "LETTERED",
    "NAMES",
    "DigitSet",
    "load_emnist_test",
    "load_letters",
    "load_mnist_test",
    "load_sets",
]
