"""The directions of the pen as channels of the network's input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ink.strokes import Stroke
from models.preprocessing.directions import (
    CHANNELS,
    DIRECTIONS,
    network_input,
    strokes_to_input,
    without_directions,
)
from models.preprocessing.mnist_form import strokes_to_image
from tests.helpers.samples import samples

NUMBERS = st.floats(-500, 500, allow_nan=False, width=32)
INK = st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12), min_size=1)


def drawn(points: list[tuple[float, float]]) -> np.ndarray:
    return strokes_to_input([Stroke(np.array(points))])


@pytest.mark.parametrize("direction", range(DIRECTIONS))
def test_a_line_is_in_the_map_of_its_direction(direction: int) -> None:
    angle = direction * np.pi / 4
    end = 100 * np.array([np.cos(angle), np.sin(angle)])
    seen = strokes_to_input([Stroke(np.array([[0.0, 0.0], end]))])
    maps = seen[..., 1:].sum(axis=(0, 1))
    assert maps.argmax() == direction and maps[direction] > 0.99 * maps.sum() > 10
    assert 0.9 < seen[..., 1 + direction].max() <= 1, "a straight line is at full strength"
    ink = seen[..., 0] > 0.5
    assert seen[..., 1 + direction][ink].mean() > 0.5, "it lies where the ink lies"


def test_a_line_between_two_directions_is_in_both() -> None:
    angle = np.pi / 8
    seen = drawn([(0, 0), (100 * np.cos(angle), 100 * np.sin(angle))])
    right, lower_right, *others = seen[..., 1:].sum(axis=(0, 1))
    assert right == pytest.approx(lower_right, rel=0.01) and max(others) < 0.01 * right


@given(INK)
def test_the_other_way_round_the_maps_change_places(ink: list[list[tuple[float, float]]]) -> None:
    strokes = [Stroke(np.array(points, float)) for points in ink]
    there = strokes_to_input(strokes)
    back = strokes_to_input([Stroke(stroke.points[::-1]) for stroke in strokes])
    assert there.shape == (28, 28, CHANNELS) and there.dtype == np.float32
    assert there.min() >= 0 and there.max() <= 1
    np.testing.assert_array_equal(there[..., 0], strokes_to_image(strokes))
    opposite = np.roll(back[..., 1:], DIRECTIONS // 2, axis=2)
    # A place where the pen turns round exactly has no direction, and rounding gives it one.
    assert np.abs(there[..., 1:].sum(axis=2) - opposite.sum(axis=2)).max() < 0.6


def test_size_place_and_the_number_of_points_do_not_matter() -> None:
    for drawing in samples()[:5]:
        plain = strokes_to_input(drawing.strokes)
        moved = [Stroke(stroke.points * 7 + (900, -40)) for stroke in drawing.strokes]
        np.testing.assert_allclose(strokes_to_input(moved), plain, atol=0.02)
        finer = [
            Stroke(
                np.column_stack(
                    [
                        np.interp(np.linspace(0, n - 1, 5 * n - 4), np.arange(n), part)
                        for part in stroke.points.T
                    ]
                )
            )
            for stroke in drawing.strokes
            for n in [len(stroke)]
        ]
        np.testing.assert_allclose(strokes_to_input(finer)[..., 1:], plain[..., 1:], atol=0.02)


def test_a_dot_and_a_picture_have_no_directions() -> None:
    assert drawn([(5, 5)])[..., 1:].max() == 0
    image = strokes_to_image(samples()[0].strokes)
    alone = network_input(image[np.newaxis], CHANNELS)
    assert alone.shape == (1, 28, 28, CHANNELS) and alone[..., 1:].max() == 0
    np.testing.assert_array_equal(without_directions(alone)[0], image)
    np.testing.assert_array_equal(network_input(alone, 1)[0, ..., 0], image)
