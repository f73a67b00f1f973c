"""Lines of writing and the order they are read in, by the boxes of the characters alone."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.ink.strokes import Box
from models.segmentation.text_lines import in_lines


def test_nothing_is_no_line() -> None:
    assert in_lines([]) == []
    assert in_lines([Box(3, 4, 0, 0)]) == [[0]]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.randoms(), st.data())
def test_lines_are_found_whatever_the_order(
    lengths: list[int], rng: Random, data: st.DataObject
) -> None:
    """Characters up to a sixth of their height off the line; lines half a height apart."""
    offset = st.floats(-1 / 6, 1 / 6)
    places = []
    for row, length in enumerate(lengths):
        x = data.draw(st.floats(0, 3), "indent")
        for column in range(length):
            y = 1.5 * row + data.draw(offset)
            places.append((row, column, Box(x, y, data.draw(st.floats(0.2, 0.9)), 1.0)))
            x += data.draw(st.floats(1.0, 1.6))
    rng.shuffle(places)
    lines = in_lines([box for _, _, box in places])
    assert [[places[i][:2] for i in line] for line in lines] == [
        [(row, column) for column in range(length)] for row, length in enumerate(lengths)
    ]


def test_a_line_may_rise_farther_than_it_is_high() -> None:
    boxes = [Box(70 * k, -25 * k, 50, 100) for k in range(10)]
    assert in_lines(boxes) == [list(range(10))]
    below = [Box(70 * k, 130 - 25 * k, 50, 100) for k in range(10)]
    assert in_lines(boxes + below) == [list(range(10)), list(range(10, 20))]


def test_flat_and_small_ones_stay_in_their_line() -> None:
    dash = Box(120, 50, 40, 0)
    point = Box(190, 92, 4, 4)
    line = [Box(0, 0, 60, 100), dash, point, Box(220, 5, 60, 95)]
    assert in_lines(line) == [[0, 1, 2, 3]]
    under = [Box(0, 140, 60, 100), Box(200, 142, 60, 100)]
    assert in_lines(line + under) == [[0, 1, 2, 3], [4, 5]]


def test_capitals_and_small_letters_stand_beside_each_other() -> None:
    # A high one, three low ones on the same base, and one that goes below it.
    boxes = [Box(80 * k, top, 60, height) for k, (top, height) in
             enumerate([(0, 100), (50, 50), (45, 55), (50, 50), (50, 95)])]  # fmt: skip
    assert in_lines(boxes) == [[0, 1, 2, 3, 4]]


def test_a_lone_character_is_a_line_between_others() -> None:
    boxes = [Box(0, 300, 60, 100), Box(80, 300, 60, 100), Box(30, 150, 60, 100), Box(0, 0, 60, 100)]
    assert in_lines(boxes) == [[3], [2], [0, 1]]
    rng = np.random.default_rng(0)
    for _ in range(5):
        order = rng.permutation(4).tolist()
        lines = in_lines([boxes[i] for i in order])
        assert [[order[i] for i in line] for line in lines] == [[3], [2], [0, 1]]
