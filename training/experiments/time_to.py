"""Time to accuracy: seconds until a network first reaches an accuracy on validation images."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras

from models.recognition.labels import DIGITS
from training.data.examples import render, select
from training.datasets.load import Dataset
from training.experiments.ablation import limited
from training.fitting.architectures import ARCHITECTURES
from training.fitting.batches import Batches
from training.fitting.fit import fit
from training.fitting.settings import Settings


@dataclass(frozen=True)
class TimeTo:
    """A training until it reached its target, or to its end.

    architecture, seed: what was trained.
    seconds: from its first step to the end of the epoch that reached the target, validation and
        compilation included; None where it was not reached.
    best: highest validation accuracy, 0..1.
    epochs: how many were trained, of how many.
    """

    architecture: str
    seed: int
    seconds: float | None
    best: float
    epochs: tuple[int, int]

    def __str__(self) -> str:
        done = f"after {self.epochs[0]} of {self.epochs[1]} epochs"
        reached = "not reached" if self.seconds is None else f"{self.seconds:.1f} s"
        return f"{self.architecture}, seed {self.seed}: {reached}, {self.best:.2%} {done}"


class _Clock(keras.callbacks.Callback):  # type: ignore[misc]  # Keras comes without types
    """Stops the training, and its clock, when the validation accuracy reaches the target."""

    def __init__(self, target: float) -> None:
        super().__init__()
        self._target = target
        self._begun = 0.0
        self.seconds: float | None = None
        self.best, self.epochs = 0.0, 0

    def on_train_begin(self, logs: object = None) -> None:
        self._begun = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.epochs = epoch + 1
        self.best = max(self.best, (logs or {})["val_accuracy"])
        if self.best >= self._target:
            self.seconds = time.perf_counter() - self._begun
            self.model.stop_training = True


def time_to(
    target: float,
    sets: Sequence[Dataset],
    architectures: Sequence[str],
    seeds: Sequence[int],
    epochs: int | None,
    limit: int | None,
    log: Callable[[str], None],
) -> list[TimeTo]:
    """Trains each network's full recipe on sets of images until the accuracy is reached.

    target: accuracy, 0..1, on the tenth of the images that is held out.
    sets: of images.
    architectures, seeds: each is trained with each.
    epochs, limit: as for `Plan`.
    log: takes a line on each result.
    """
    names = tuple(dataset.name for dataset in sets)
    validation = render(sets, "validation", DIGITS)
    examples = limited(select(sets, (), "train", DIGITS), limit)
    results = []
    for seed in seeds:
        for name in architectures:
            architecture = ARCHITECTURES[name]
            recipe = dataclasses.replace(
                architecture.recipe, epochs=epochs or architecture.recipe.epochs
            )
            clock = _Clock(target)
            settings = Settings(name, names, seed, 0, recipe)
            batches = Batches(examples, len(DIGITS), recipe, seed)
            with tempfile.TemporaryDirectory() as folder:
                run = Path(folder)
                fit(architecture, settings, batches, validation, run, verbose=0, callbacks=(clock,))
            done = (clock.epochs, recipe.epochs)
            results.append(TimeTo(name, seed, clock.seconds, clock.best, done))
            log(f"  {results[-1]}")
    return results
