"""Data-parallel training on several devices of one machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError
from training.fitting.batches import Batches
from training.fitting.settings import Settings
from training.fitting.strategy import Strategy


class ShardedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras comes without types
    """Batches cut to a multiple of the number of replicas, or each batch's shard for one of them.

    What is left over is dropped, in an epoch's last batch alone: at most replicas - 1 examples,
    others in each epoch. So the mean over the shards is the mean over the batch.
    """

    def __init__(self, batches: Batches, replicas: int, index: int | None = None) -> None:
        """index: of the replica whose shard each batch is; None for all of the batch."""
        super().__init__(workers=1, use_multiprocessing=False)
        self._batches, self._replicas, self._index = batches, replicas, index
        last = batches.items - (len(batches) - 1) * batches.batch_size
        self._length = len(batches) - (last < replicas)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, batch: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Images (n, 28, 28, 1) and targets (n, classes)."""
        images, targets = self._batches[batch]
        each = len(images) // self._replicas
        start, end = 0, each * self._replicas
        if self._index is not None:
            start, end = self._index * each, (self._index + 1) * each
        return images[start:end], targets[start:end]


class MultiDevice(Strategy):
    """Several devices of this machine; TensorFlow's MirroredStrategy, or JAX's DataParallel."""

    def __init__(self, names: list[str], description: str) -> None:
        """names: as the backend calls the devices. description: of them, for people."""
        self.replicas = len(names)
        self.description = description
        self._names = names

    @contextmanager
    def scope(self, settings: Settings, batches: Batches) -> Iterator[None]:
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            with tf.distribute.MirroredStrategy(self._names).scope():
                yield
            return
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=self._names))
        try:
            yield
        finally:
            keras.distribution.set_distribution(None)

    def shard(self, batches: Batches) -> ShardedBatches:
        return ShardedBatches(batches, self.replicas)

    def pad(self, *arrays: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Adds copies of the first images, with weights of 0."""
        *others, weights = arrays
        missing = -len(weights) % self.replicas
        again = np.arange(len(weights) + missing) % len(weights)
        padded = np.pad(weights, (0, missing))
        return (*(array[again] for array in others), padded)


def choose_devices(count: int) -> Strategy:
    """GPUs where there are that many, else that many logical CPUs; called before any computing.

    Raises InputError where the backend can't train on several, or has been started already.
    """
    if count == 1:
        return Strategy()
    backend = keras.backend.backend()
    if backend == "tensorflow":
        return _of_tensorflow(count)
    if backend == "jax":
        return _of_jax(count)
    raise InputError(
        f"--devices {count} needs Keras on TensorFlow or JAX, not on {backend}: "
        "set KERAS_BACKEND=tensorflow, or leave --devices out."
    )


def _of_tensorflow(count: int) -> MultiDevice:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if len(gpus) >= count:
        return MultiDevice([f"GPU:{index}" for index in range(count)], f"{count} GPUs")
    processor = tf.config.list_physical_devices("CPU")[0]
    logical = [tf.config.LogicalDeviceConfiguration()] * count
    try:
        tf.config.set_logical_device_configuration(processor, logical)
    except RuntimeError:
        raise InputError(f"TensorFlow runs already: {_TOO_LATE}") from None
    return MultiDevice([f"CPU:{index}" for index in range(count)], _logical(count, len(gpus)))


def _of_jax(count: int) -> MultiDevice:
    import jax

    try:
        jax.config.update("jax_num_cpu_devices", count)
    except RuntimeError:
        raise InputError(f"JAX runs already: {_TOO_LATE}") from None
    try:
        gpus = keras.distribution.list_devices("gpu")
    except RuntimeError:  # JAX's way to say that there are none
        gpus = []
    if len(gpus) >= count:
        return MultiDevice(gpus[:count], f"{count} GPUs")
    return MultiDevice(keras.distribution.list_devices("cpu")[:count], _logical(count, len(gpus)))


_TOO_LATE = "devices are chosen before it computes anything."


def _logical(count: int, gpus: int) -> str:
    found = "no GPU" if not gpus else f"only {gpus} GPU{'s'[: gpus > 1]}, which --devices 1 uses"
    return f"{count} logical CPUs, since there is {found}; they share the processor's cores"
