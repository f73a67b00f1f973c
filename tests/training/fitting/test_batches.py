"""Batches: what an epoch shows, and that it is the same each time."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.preprocessing.mnist_form import strokes_to_image
from tests.helpers.samples import samples
from training.data.examples import Examples
from training.data.outliers import random_outlier
from training.fitting.batches import Batches
from training.fitting.settings import Recipe

Pair = tuple[NDArray[np.float32], NDArray[np.float32]]

RECIPE = Recipe(
    epochs=1,
    batch_size=16,
    optimizer="adam",
    learning_rate=1e-3,
    schedule="constant",
    label_smoothing=0.1,
    outliers=0.25,
    drawings=2,
)


@pytest.fixture
def examples() -> Examples:
    drawings = samples()
    labels = np.array([int(drawing.label or "") for drawing in drawings])
    images = np.stack([strokes_to_image(d.strokes) for d in drawings])
    return Examples(
        (images * 255).astype(np.uint8), labels, tuple(d.strokes for d in drawings), labels, ()
    )


def all_of(batches: Batches) -> Pair:
    images, targets, weights = zip(*map(batches.__getitem__, range(len(batches))), strict=True)
    assert (np.concatenate(weights) == 1).all()
    return np.concatenate(images), np.concatenate(targets)


def test_the_same_seed_and_epoch_give_the_same_batches(examples: Examples) -> None:
    first, again = (Batches(examples, 10, RECIPE, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first[2][0], again[2][0])
    again.epoch = 1
    assert not np.array_equal(first[2][0], again[2][0])
    again.epoch = 0
    np.testing.assert_array_equal(first[2][0], again[2][0])
    assert not np.array_equal(first[2][0], Batches(examples, 10, RECIPE, seed=4)[2][0])


def test_an_epoch_shows_images_once_drawings_twice_and_outliers_besides(
    examples: Examples,
) -> None:
    images, targets = all_of(Batches(examples, 10, RECIPE, seed=0))
    assert images.shape == (80, 28, 28, 1) and images.min() >= 0 and images.max() <= 1
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-5)
    digits = targets.max(axis=1) > 0.5
    assert digits.sum() == 60
    np.testing.assert_allclose(targets[digits].max(axis=1), 0.91, rtol=1e-5)
    np.testing.assert_allclose(targets[~digits], 0.1, rtol=1e-5)
    assert (np.bincount(targets[digits].argmax(axis=1)) == 6).all()


def test_without_augmentation_an_epoch_shows_the_examples_themselves(examples: Examples) -> None:
    plain = dataclasses.replace(RECIPE, augment=False, outliers=0.0, drawings=1)
    images, _ = all_of(Batches(examples, 10, plain, seed=0))
    shown = np.sort(images.reshape(len(images), -1).sum(axis=1))
    given = np.array([strokes_to_image(strokes).sum() for strokes in examples.drawings])
    np.testing.assert_allclose(shown, np.sort(np.repeat(given, 2)), rtol=0.01)


def test_outliers_need_no_letters(examples: Examples) -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        assert len(random_outlier((), examples.drawings, rng)) >= 1


def test_what_is_left_out_is_never_shown(examples: Examples) -> None:
    rng = np.random.default_rng(2)
    letter = (Stroke(np.zeros((1, 2))),)
    shown = [random_outlier((letter,), examples.drawings, rng, ("letters",)) for _ in range(50)]
    assert all(each is not letter for each in shown)
    others = ("shapes", "overlaid", "side_by_side")
    assert random_outlier((letter,), examples.drawings, rng, others) is letter
    often = [random_outlier((letter,), examples.drawings, rng) is letter for _ in range(400)]
    assert 0.4 < np.mean(often) < 0.6
    # No letters at hand, and nothing else wanted: then an epoch has digits only.
    alone = Batches(examples, 10, dataclasses.replace(RECIPE, left_out=others), seed=0)
    assert (all_of(alone)[1].max(axis=1) > 0.5).all()
