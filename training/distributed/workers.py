"""Training on several machines: each worker takes its shard of every batch; gradients are averaged.

Keras's own `fit` runs on each; only the optimizer waits for the mean of all workers' gradients
before it takes its step. All start from the chief's state and take the same steps, so their weights
stay the same to the last bit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError
from training.data.examples import Examples
from training.distributed.devices import ShardedBatches
from training.distributed.link import Address, Link
from training.fitting.batches import Batches
from training.fitting.settings import Settings
from training.fitting.strategy import Strategy


class Worker(Strategy):
    """One of several processes, usually on a machine each, that train one network."""

    def __init__(self, index: int, addresses: Sequence[Address], wait: float) -> None:
        """index: 0 is the chief. wait: seconds until a partner counts as lost."""
        if keras.backend.backend() != "tensorflow":
            raise InputError(
                f"--workers needs Keras on TensorFlow, not on {keras.backend.backend()}: "
                "set KERAS_BACKEND=tensorflow."
            )
        self.chief = index == 0
        self.replicas = len(addresses)
        self._index, self._addresses, self._wait = index, addresses, wait
        self._link: Link | None = None

    @contextmanager
    def scope(self, settings: Settings, batches: Batches) -> Iterator[None]:
        """Waits for the other workers; raises InputError where they don't come, or are lost."""
        about = {
            "options": hashlib.sha256(json.dumps(settings.to_json()).encode()).hexdigest(),
            "examples": _digest(batches.examples),
            "version of Keras": keras.__version__,
        }
        print(f"Worker {self._index} of {self.replicas} waits for the others.", flush=True)
        self._link = Link(self._index, self._addresses, about, self._wait)
        try:
            yield
        except Exception:
            # TensorFlow turns what is raised inside a step into an error of its own.
            if self._link.failure:
                raise self._link.failure from None
            raise
        finally:
            self._link.close()

    def shard(self, batches: Batches) -> ShardedBatches:
        return ShardedBatches(batches, self.replicas, self._index)

    def prepare(self, model: keras.Model) -> None:
        assert self._link
        link, apply = self._link, model.optimizer.apply

        def apply_mean(gradients: Sequence[Any], variables: Sequence[Any] | None = None) -> Any:
            return apply(_mean(link, gradients), variables)

        model.optimizer.apply = apply_mean
        model.jit_compile = False  # XLA can't wait for another machine

    def callbacks(self) -> list[keras.callbacks.Callback]:
        assert self._link
        return [_Agree(self._link)]


class _Agree(keras.callbacks.Callback):  # type: ignore[misc]  # Keras comes without types
    """Gives all workers the chief's state at the start, and the same statistics in each epoch."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link

    def on_train_begin(self, logs: object = None) -> None:
        if not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)
        # Weights, statistics and seeds, and the optimizer's state.
        variables = [*self.model.variables, *self.model.optimizer.variables]
        # Where BackupAndRestore notes the epoch that fit goes on with; Keras has no other way.
        epoch = np.array([self.model._initial_epoch or 0], np.int64)
        values = [epoch, *map(keras.ops.convert_to_numpy, variables)]
        state = self._link.from_chief(b"".join(value.tobytes() for value in values))
        offset = 0
        for target, value in zip([None, *variables], values, strict=True):
            fresh = np.frombuffer(state, value.dtype, value.size, offset).reshape(value.shape)
            offset += value.nbytes
            if target is None:
                self.model._initial_epoch = int(fresh[0])
            else:
                target.assign(fresh)

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Averages batch normalisation's moving statistics before they are needed, to validate.

        They are linear in each step's statistics: their mean is what averaging in each step gives.
        """
        if batch + 1 != self.params["steps"]:
            return
        moving = [
            variable
            for variable in self.model.non_trainable_variables
            if keras.backend.is_float_dtype(variable.dtype)
        ]
        if moving:
            values = [keras.ops.convert_to_numpy(variable) for variable in moving]
            flat = self._link.mean(np.concatenate([value.ravel() for value in values]))
            for variable, fresh in zip(moving, _split(flat, values), strict=True):
                variable.assign(fresh)

    def on_train_end(self, logs: object = None) -> None:
        weights = [keras.ops.convert_to_numpy(weight) for weight in self.model.weights]
        digest = hashlib.sha256(b"".join(weight.tobytes() for weight in weights))
        if not self._link.all_equal(digest.digest()):
            raise InputError(
                "The workers' weights differ at the end, which they must not; is the hardware, or "
                "are the versions of TensorFlow, of different kinds?"
            )
        print(f"The weights are the same on all workers: {digest.hexdigest()[:16]}", flush=True)


def _mean(link: Link, gradients: Sequence[Any]) -> list[Any]:
    """Mean over the workers of each gradient, inside TensorFlow's graph."""
    import tensorflow as tf

    dense = [tf.convert_to_tensor(gradient) for gradient in gradients]
    flat = tf.concat([tf.reshape(gradient, [-1]) for gradient in dense], 0)
    mean = tf.numpy_function(link.mean, [flat], tf.float32)
    mean = tf.ensure_shape(mean, flat.shape)
    parts = tf.split(mean, [gradient.shape.num_elements() for gradient in dense])
    return [tf.reshape(part, gradient.shape) for part, gradient in zip(parts, dense, strict=True)]


def _split(
    flat: NDArray[np.float32], like: Sequence[NDArray[np.float32]]
) -> list[NDArray[np.float32]]:
    ends = np.cumsum([value.size for value in like])
    parts = np.split(flat, ends[:-1])
    return [part.reshape(value.shape) for part, value in zip(parts, like, strict=True)]


def _digest(examples: Examples) -> str:
    """SHA-256 of all that is trained on."""
    digest = hashlib.sha256()
    for array in (examples.images, examples.image_labels, examples.drawing_labels):
        digest.update(array.tobytes())
    for drawing in (*examples.drawings, *examples.outliers):
        digest.update(repr(drawing).encode())
    return digest.hexdigest()


def parse_worker(index: int, workers: str, wait: float) -> Worker:
    """The worker of that index.

    index: 0 is the chief. workers: all addresses, HOST:PORT,…, as on the command line. wait: how
    many seconds until a partner counts as lost. Raises InputError for values that don't fit.
    """
    addresses = [Address.parse(part) for part in workers.split(",") if part.strip()]
    if len(addresses) < 2:
        raise InputError("--workers needs two or more, such as 10.0.0.1:4000,10.0.0.2:4000")
    if not 0 <= index < len(addresses):
        raise InputError(
            f"--worker is 0 to {len(addresses) - 1} with these --workers, not {index}."
        )
    return Worker(index, addresses, wait)
