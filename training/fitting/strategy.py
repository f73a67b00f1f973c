"""Where a network is trained: here on one device; `training.distributed` has several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError
from training.data.examples import Rendered
from training.fitting.batches import Batches
from training.fitting.settings import Recipe, Settings


class Strategy:
    """One device of one machine; several override where they differ.

    chief: whether this process keeps the run's folder and finishes the network.
    processes, replicas: among how many processes, and devices of them all, each batch is divided.
    """

    chief = True
    processes = 1
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
    def scope(
        self, settings: Settings, batches: Batches, validation: Rendered, run: Path, resume: bool
    ) -> Iterator[tuple[Path, bool]]:
        """Building, compiling and fitting of the network happen inside.

        settings, batches, validation: what the run is about. run, resume: its folder, and whether
        it goes on with what lies there. Gives the folder in which this process keeps its state, and
        whether it goes on with what lies there.
        """
        yield run, resume

    def shard(self, batches: Batches) -> keras.utils.PyDataset:
        """The part of each batch that this process works on."""
        return batches

    def held_out(self, *arrays: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """The part of validation's images, targets and weights, each (n, …), for this process."""
        return arrays
