"""Where a network is trained: here on one device; `training.distributed` has other strategies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError
from training.fitting.batches import Batches
from training.fitting.settings import Recipe, Settings


class Strategy:
    """One device of one machine; others override where they differ.

    chief: whether this process keeps the run's folder and finishes the network.
    replicas: among how many copies of the network each batch is divided.
    """

    chief = True
    replicas = 1

    def check(self, recipe: Recipe) -> None:
        """Raises InputError where the recipe's batches can't be divided equally."""
        size, over = recipe.batch_size, recipe.batch_size % self.replicas
        if over:
            fitting = [each for each in (size - over, size - over + self.replicas) if each]
            raise InputError(
                f"A batch of {size} can't be shared equally among {self.replicas}; it can with "
                f"--batch-size {' or '.join(map(str, fitting))}."
            )

    @contextmanager
    def scope(self, settings: Settings, batches: Batches) -> Iterator[None]:
        """Building, compiling and fitting of the network happen inside."""
        yield

    def shard(self, batches: Batches) -> keras.utils.PyDataset:
        """The part of each batch that this process works on."""
        return batches

    def pad(self, *arrays: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Validation's images, targets and weights, each (n, …), n a multiple of the replicas."""
        return arrays

    def prepare(self, model: keras.Model) -> None:
        """Changes a compiled network so that it can be trained here."""

    def callbacks(self) -> list[keras.callbacks.Callback]:
        """What is to run after the callbacks that keep the run."""
        return []
