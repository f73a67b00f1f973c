"""A network that learns from a larger one stays as small as it is, and learns to read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.data.examples import Examples, Rendered
from training.datasets.optdigits import read_optdigits
from training.fitting.architectures import ARCHITECTURES
from training.fitting.batches import Batches
from training.fitting.fit import fit
from training.fitting.settings import Recipe, Settings

RECIPE = Recipe(3, 64, "adam", 2e-3, "constant", augment=False, averaged=0.5, teacher=1)
HELD_OUT = 300


def test_the_network_that_is_kept_is_the_student(tmp_path: Path) -> None:
    images, names = read_optdigits()
    labels = np.array([int(name) for name in names])
    shown, told = images[HELD_OUT:], labels[HELD_OUT:]
    examples = Examples(shown, told, (), np.zeros(0, np.int64), ())
    sets = np.repeat("optdigits", HELD_OUT)
    held = Rendered((images[:HELD_OUT] / 255).astype(np.float32), labels[:HELD_OUT], sets, sets)
    student = fit(
        ARCHITECTURES["baseline"],
        Settings("baseline", ("optdigits",), 0, 0, RECIPE),
        Batches(examples, 10, RECIPE, 0),
        held,
        tmp_path,
        verbose=0,
    )
    assert student.count_params() == ARCHITECTURES["baseline"].build(10, 1).count_params()
    logits = student.predict(held.images[..., np.newaxis], verbose=0)
    assert logits.shape == (HELD_OUT, 10)
    assert (logits.argmax(axis=1) == held.labels).mean() > 0.8
