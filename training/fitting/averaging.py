"""The moving average of a network's weights, which is steadier than its last step."""

from __future__ import annotations

import io
import math
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from models.util.atomic_files import write_whole

AVERAGE = "average.npz"  # in the run's folder, as of the last whole epoch
_UPDATES = 100  # of the average in an epoch


class AverageWeights(keras.callbacks.Callback):  # type: ignore[misc]  # Keras comes without types
    """Puts the moving average of all weights into the network to validate and to be kept.

    Exponential (Polyak and Juditsky 1992, as used since Szegedy et al. 2015), over about `window`
    epochs, of the weights and of batch normalisation's statistics alike. In the list of callbacks
    it follows what backs the training up, and precedes what keeps the network.
    """

    def __init__(self, window: float, steps: int, path: Path, resume: bool = False) -> None:
        """window: in epochs. steps: in an epoch. path: keeps the average, for a run to go on."""
        super().__init__()
        self._every = max(1, steps // _UPDATES)
        self._fresh = 1 - math.exp(-self._every / (window * steps))
        self._path, self._resume = path, resume
        self._seen = 0
        self._average: list[NDArray[np.float32]] = []
        self._own: list[NDArray[np.float32]] | None = None  # while the average is in the network

    def on_train_begin(self, logs: object = None) -> None:
        if self._resume and self._path.exists():
            with np.load(self._path) as kept:
                self._seen, *self._average = (kept[f"arr_{i}"] for i in range(len(kept)))

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        if (batch + 1) % self._every:
            return
        values = [keras.ops.convert_to_numpy(weight) for weight in self._weights()]
        self._seen += 1
        if self._seen == 1:
            self._average = [value.copy() for value in values]
        # The plain mean at first, so that the first weights count no more than the others.
        fresh = max(self._fresh, 1 / self._seen)
        for average, value in zip(self._average, values, strict=True):
            average += np.float32(fresh) * (value - average)

    def on_test_begin(self, logs: object = None) -> None:
        self._put_in()

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        self._put_in()
        content = io.BytesIO()
        np.savez(content, np.int64(self._seen), *self._average)
        write_whole(self._path, content.getvalue())

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        self._take_out()

    def on_test_end(self, logs: object = None) -> None:
        self._take_out()

    def on_train_end(self, logs: object = None) -> None:
        self._take_out()

    def _weights(self) -> list[keras.Variable]:
        return [
            weight for weight in self.model.weights if keras.backend.is_float_dtype(weight.dtype)
        ]

    def _put_in(self) -> None:
        if self._own is not None or not self._average:
            return
        weights = self._weights()
        self._own = [np.array(keras.ops.convert_to_numpy(weight)) for weight in weights]
        for weight, value in zip(weights, self._average, strict=True):
            weight.assign(value)

    def _take_out(self) -> None:
        if self._own is None:
            return
        for weight, value in zip(self._weights(), self._own, strict=True):
            weight.assign(value)
        self._own = None
