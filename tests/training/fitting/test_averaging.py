"""The network that is kept is the mean of its last steps, and training doesn't notice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from tests.training.distributed.test_data_parallel import examples
from training.data.examples import Rendered
from training.fitting.architectures import Architecture
from training.fitting.batches import Batches
from training.fitting.fit import fit
from training.fitting.settings import Recipe, Settings

STEPS = 5  # in an epoch: 300 images in batches of 64
PLAIN = Recipe(4, 64, "adamw", 1e-2, "cosine", weight_decay=0.05, augment=False)
Weights = list[NDArray[np.float32]]


def small(classes: int, channels: int) -> keras.Model:
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, 2),
            layers.BatchNormalization(momentum=0.9),
            layers.Flatten(),
            layers.Dense(classes),
        ]
    )


class Noting(keras.callbacks.Callback):  # type: ignore[misc]  # Keras comes without types
    """Notes the weights after each step, and ends the training after some epochs."""

    def __init__(self, last: int | None = None) -> None:
        super().__init__()
        self.steps: list[Weights] = []
        self._last = last

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        self.steps.append([weight.copy() for weight in self.model.get_weights()])

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        if epoch + 1 == self._last:
            self.model.stop_training = True


def train(recipe: Recipe, run: Path, noting: Noting, resume: bool = False) -> Weights:
    """The weights of the network that is kept."""
    run.mkdir(exist_ok=True)
    held = examples(33)
    sets = np.repeat("random", 33)
    validation = Rendered((held.images / 255).astype(np.float32), held.image_labels, sets, sets)
    settings = Settings("small", ("random",), 0, 0, recipe)
    architecture = Architecture("small", small, recipe)
    batches = Batches(examples(300), 10, recipe, seed=0)
    model = fit(
        architecture, settings, batches, validation, run, resume, verbose=0, callbacks=[noting]
    )
    return list(model.get_weights())


def assert_close(ours: Weights, expected: Weights) -> None:
    for one, other in zip(ours, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_the_kept_network_is_the_mean_of_an_epochs_steps(tmp_path: Path) -> None:
    noting = Noting()
    kept = train(replace(PLAIN, epochs=1, averaged=1.0), tmp_path / "run", noting)
    assert len(noting.steps) == STEPS
    # Until the window is full, each step counts the same.
    assert_close(kept, [np.mean(each, axis=0) for each in zip(*noting.steps, strict=True)])


def test_averaging_leaves_the_training_as_it_is(tmp_path: Path) -> None:
    plain, averaged = Noting(), Noting()
    train(PLAIN, tmp_path / "plain", plain)
    train(replace(PLAIN, averaged=1.0), tmp_path / "averaged", averaged)
    assert len(plain.steps) == len(averaged.steps) == PLAIN.epochs * STEPS
    assert_close(averaged.steps[-1], plain.steps[-1])


def test_a_resumed_run_averages_over_all_that_was_before(tmp_path: Path) -> None:
    recipe = replace(PLAIN, averaged=2.0)
    whole = train(recipe, tmp_path / "whole", Noting())
    train(recipe, tmp_path / "ended", Noting(last=2))
    rest = Noting()
    resumed = train(recipe, tmp_path / "ended", rest, resume=True)
    assert len(rest.steps) == 2 * STEPS
    assert_close(resumed, whole)
