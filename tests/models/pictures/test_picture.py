"""Ink in photographs: shadow, pencil, thick markers and light on dark are read as they are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from game.document.rasterize import draw_strokes
from models.pictures.ink import ink_of
from tests.helpers.game import reader
from tests.helpers.samples import placed, samples

SHAPE = 200, 240


def drawn(pen: float) -> list[tuple[NDArray[np.float64], str]]:
    """The project's own digits, 120 pixels large: ink 0 to 1, and their labels."""
    found = []
    for drawing in samples():
        canvas = np.zeros(SHAPE, np.uint8)
        draw_strokes(canvas, placed(drawing, 120, (60, 40)), pen)
        found.append((canvas / 255, drawing.label or ""))
    return found


def wrong(pictures: list[tuple[NDArray[np.float64], str]]) -> list[str]:
    """What is read of each picture that is not read right."""
    rng = np.random.default_rng(2)
    found = []
    for picture, label in pictures:
        noisy = np.clip(picture + rng.normal(0, 2.5, picture.shape), 0, 255).astype(np.uint8)
        text = "".join(
            answer.alternatives[0][0] for answer in reader().read_picture(ink_of(noisy)).answers
        )
        if text != label:
            found.append(f"{label}: {text}")
    return found


def test_the_edge_of_a_shadow_is_no_ink() -> None:
    columns = np.arange(SHAPE[1])
    shadow = 1 - 0.4 / (1 + np.exp(-(columns - 130) / 2.0))
    pictures = [((220 - 130 * ink) * shadow, label) for ink, label in drawn(8)]
    assert not wrong(pictures)


def test_a_corner_in_the_shadow_is_no_ink() -> None:
    rows, columns = np.indices(SHAPE)
    for way in (1, -1):
        away = (columns if way == 1 else SHAPE[1] - 1 - columns) + rows - 45
        shadow = 0.6 + 0.4 / (1 + np.exp(-away / 4))
        for ink, _ in drawn(8):
            found = ink_of((shadow * (220 - 130 * ink)).astype(np.uint8)) > 128
            assert not found[away < 10].any()
            assert found[ink > 0.5].mean() > 0.95


@pytest.mark.parametrize("contrast", [18, 30])
def test_faint_pencil_is_ink(contrast: float) -> None:
    assert not wrong([(215 - contrast * ink, label) for ink, label in drawn(6)])


def test_a_thick_marker_is_ink_all_through() -> None:
    pictures = [((210 - 150 * ink)[28:172, 48:192], label) for ink, label in drawn(24)]
    assert not wrong(pictures)
    for picture, _ in pictures:
        inked = picture < 100
        assert (ink_of(picture.astype(np.uint8))[inked] > 100).mean() > 0.98


def test_dark_paper_in_the_shade_is_paper_still() -> None:
    light = np.linspace(0.4, 1, SHAPE[0])[:, np.newaxis]
    assert not wrong([((170 - 90 * ink) * light, label) for ink, label in drawn(8)])
    assert not wrong([(60 + 130 * ink * light, label) for ink, label in drawn(8)])


def test_ink_that_covers_most_of_the_picture_is_ink() -> None:
    for ink, _ in drawn(40):
        rows, columns = np.nonzero(ink > 0.5)
        ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        rng = np.random.default_rng(2)
        picture = 210 - 110 * ink + rng.normal(0, 2.5, ink.shape)
        found = ink_of(picture.astype(np.uint8))
        assert (found[ink > 0.5] > 100).mean() > 0.95
        assert (found[ink == 0] < 100).mean() > 0.95
