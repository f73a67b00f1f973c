"""Where a run is computed: on one device, or data-parallel on several of one machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError

if TYPE_CHECKING:
    from training.data.examples import Batches, Examples
    from training.fitting.architectures import Recipe
    from training.fitting.settings import Settings


class Place:
    """One device of one machine; what others differ in, they override.

    chief: whether this process keeps the run's folder and finishes the network. parts: among how
    many each batch is shared out.
    """

    chief = True
    parts = 1

    def check(self, recipe: Recipe) -> None:
        """Raises InputError where the recipe's batches can't be shared out equally."""
        size, over = recipe.batch_size, recipe.batch_size % self.parts
        if over:
            fitting = [each for each in (size - over, size - over + self.parts) if each]
            raise InputError(
                f"A batch of {size} can't be shared equally among {self.parts}; it can with "
                f"--batch-size {' or '.join(map(str, fitting))}."
            )

    @contextmanager
    def open(self, settings: Settings, examples: Examples) -> Iterator[None]:
        """Building, compiling and fitting of the network happen inside."""
        yield

    def share(self, batches: Batches) -> Batches | Shares:
        """What of each batch is worked on in this process."""
        return batches

    def even(self, *arrays: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Validation's images, targets and weights (each (n, …)), so that all parts get as many."""
        return arrays

    def prepare(self, model: keras.Model) -> None:
        """Changes a compiled network so that it can be trained here."""

    def callbacks(self) -> list[keras.callbacks.Callback]:
        """What is to run after the callbacks that keep the run."""
        return []


class Shares(keras.utils.PyDataset):  # type: ignore[misc]  # Keras comes without types
    """Batches whose size is a multiple of `parts`, or of each only part `index`.

    What is left over is dropped, in an epoch's last batch alone: at most parts - 1 examples,
    others in each epoch. So the mean over the parts is the mean over the batch.
    """

    def __init__(self, batches: Batches, parts: int, index: int | None = None) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._batches, self._parts, self._index = batches, parts, index
        last = batches.items - (len(batches) - 1) * batches.batch_size
        self._length = len(batches) - (last < parts)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, batch: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Images (n, 28, 28, 1) and targets (n, classes)."""
        images, targets = self._batches[batch]
        each = len(images) // self._parts
        start, end = 0, each * self._parts
        if self._index is not None:
            start, end = self._index * each, (self._index + 1) * each
        return images[start:end], targets[start:end]


class Devices(Place):
    """Several devices of this machine; TensorFlow's MirroredStrategy, or JAX's DataParallel."""

    def __init__(self, names: list[str], told: str) -> None:
        """names: as the backend calls the devices. told: for people, which ones they are."""
        self.parts = len(names)
        self.told = told
        self._names = names

    @contextmanager
    def open(self, settings: Settings, examples: Examples) -> Iterator[None]:
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

    def share(self, batches: Batches) -> Shares:
        return Shares(batches, self.parts)

    def even(self, *arrays: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Adds copies of the first images up to a multiple of parts, with weights of 0."""
        *others, weights = arrays
        missing = -len(weights) % self.parts
        again = np.arange(len(weights) + missing) % len(weights)
        padded = np.pad(weights, (0, missing))
        return (*(array[again] for array in others), padded)


def devices(count: int) -> Place:
    """GPUs where there are that many, else that many logical CPUs; called before any computing.

    Raises InputError where the backend can't train on several, or has been started already.
    """
    if count == 1:
        return Place()
    backend = keras.backend.backend()
    if backend == "tensorflow":
        return _of_tensorflow(count)
    if backend == "jax":
        return _of_jax(count)
    raise InputError(
        f"--devices {count} needs Keras on TensorFlow or JAX, not on {backend}: "
        "set KERAS_BACKEND=tensorflow, or leave --devices out."
    )


def _of_tensorflow(count: int) -> Devices:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if len(gpus) >= count:
        return Devices([f"GPU:{index}" for index in range(count)], f"{count} GPUs")
    processor = tf.config.list_physical_devices("CPU")[0]
    logical = [tf.config.LogicalDeviceConfiguration()] * count
    try:
        tf.config.set_logical_device_configuration(processor, logical)
    except RuntimeError:
        raise InputError(f"TensorFlow runs already: {_TOO_LATE}") from None
    return Devices([f"CPU:{index}" for index in range(count)], _logical(count, len(gpus)))


def _of_jax(count: int) -> Devices:
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
        return Devices(gpus[:count], f"{count} GPUs")
    return Devices(keras.distribution.list_devices("cpu")[:count], _logical(count, len(gpus)))


_TOO_LATE = "devices are chosen before it computes anything."


def _logical(count: int, gpus: int) -> str:
    found = "no GPU" if not gpus else f"only {gpus} GPU{'s'[: gpus > 1]}, which --devices 1 uses"
    return f"{count} logical CPUs, since there is {found}; they share the processor's cores"


def variables_of(model: keras.Model) -> list[Any]:
    """All that a run goes on with: weights, statistics, seeds, and the optimizer's state."""
    return [*model.variables, *model.optimizer.variables]
