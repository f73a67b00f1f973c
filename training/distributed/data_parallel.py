"""Data-parallel training on several devices, in one or several processes: Keras on JAX."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import jax
import keras
import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError
from training.data.examples import Examples, Rendered
from training.distributed.processes import compare, from_chief, packed, together, unpack
from training.distributed.sharding import ShardedBatches
from training.fitting.batches import Batches
from training.fitting.fit import STATE
from training.fitting.settings import Settings
from training.fitting.strategy import Strategy


class DataParallel(Strategy):
    """Several devices, of one process or of several, usually on a machine each."""

    def __init__(self, devices: int, addresses: Sequence[str] = (), index: int = 0) -> None:
        """devices: of each process, GPUs where it has that many, else logical CPUs.

        addresses: HOST:PORT of each process, where there are several. index: which of them this
        is; 0 is the chief. Raises InputError where Keras doesn't run on JAX.
        """
        if keras.backend.backend() != "jax":
            raise InputError("Several devices need Keras on JAX: set KERAS_BACKEND=jax.")
        self._devices, self._addresses, self._index = devices, addresses, index
        self.processes = max(1, len(addresses))
        self.replicas = devices * self.processes
        self.chief = index == 0
        self._batches: ShardedBatches | None = None

    @contextmanager
    def scope(
        self, settings: Settings, batches: Batches, validation: Rendered, run: Path, resume: bool
    ) -> Iterator[tuple[Path, bool]]:
        """Waits for the other processes; raises InputError where they train something else.

        Each process must save its state, or the chief's saving would wait for it: the chief does in
        the run's folder, another in a temporary one, which starts with what the chief's has.
        """
        with ExitStack() as stack:
            jax.config.update("jax_num_cpu_devices", self._devices)
            if self._addresses:
                stack.enter_context(together(self._addresses, self._index))
                versions = [module.__version__ for module in (keras, jax, np)]
                compare(
                    {
                        "options": (settings.to_json(), self._devices),
                        "data": _digest(batches.examples, validation),
                        "versions of Keras, JAX or NumPy": versions,
                    }
                )
                state = from_chief(packed(run, STATE) if resume and self.chief else b"")
                resume = bool(state)
                if not self.chief:
                    run = Path(stack.enter_context(TemporaryDirectory()))
                    if resume:
                        unpack(state, run)
            names = _device_names(self._devices)
            keras.distribution.set_distribution(
                keras.distribution.DataParallel(devices=names, auto_shard_dataset=False)
            )
            stack.callback(keras.distribution.set_distribution, None)
            usual = signal.signal(signal.SIGINT, self._interrupt)
            stack.callback(signal.signal, signal.SIGINT, usual)
            yield run, resume

    def _interrupt(self, *_: object) -> None:
        """Ctrl-C, now and at the next batch: NumPy drops what is raised while it waits for JAX."""
        if self._batches:
            self._batches.interrupted = True
        raise KeyboardInterrupt

    def shard(self, batches: Batches) -> ShardedBatches:
        self._batches = ShardedBatches(batches, self.replicas, self.processes, self._index)
        return self._batches

    def held_out(self, *arrays: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Adds copies of the first images, with weights of 0, for equal shares."""
        *others, weights = arrays
        missing = -len(weights) % self.replicas
        again = np.arange(len(weights) + missing) % len(weights)
        padded = (*(array[again] for array in others), np.pad(weights, (0, missing)))
        return tuple(array[self._index :: self.processes] for array in padded)


def _device_names(count: int) -> list[str]:
    """The first of each process, as Keras calls them; prints what they are."""
    try:
        gpus = jax.devices("gpu")
    except RuntimeError:  # JAX's way to say that there are none
        gpus = []
    own = sum(device.process_index == jax.process_index() for device in gpus)
    if own < count:
        found = "no GPU" if not own else f"only {own} GPU{'s'[: own > 1]}"
        why = f", since there is {found}; they share the processor's cores" * (count > 1)
        print(f"Training on {count} logical CPU{'s'[: count > 1]}{why}.", flush=True)
    else:
        print(f"Training on {count} GPU{'s'[: count > 1]}.", flush=True)
    devices = jax.devices("cpu") if own < count else gpus
    return [
        f"{device.platform}:{device.id}"
        for index in range(jax.process_count())
        for device in [each for each in devices if each.process_index == index][:count]
    ]


def _digest(examples: Examples, validation: Rendered) -> str:
    """SHA-256 of all that trains or validates."""
    digest = hashlib.sha256()
    arrays = (examples.images, examples.image_labels, examples.drawing_labels)
    for array in (*arrays, validation.images, validation.labels):
        digest.update(array.tobytes())
    for drawing in (*examples.drawings, *examples.outliers):
        digest.update(repr(drawing).encode())
    return digest.hexdigest()
