"""Stray dots beside writing are no characters; dots that belong to it, or stand alone, are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ink.strokes import PAGE_PEN, Stroke
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.segmentation.edits import AS_READ
from tests.helpers.samples import number

READER = Reader(load_network())


def dot(x: float, y: float, size: float = 0.0) -> Stroke:
    return Stroke(np.array([(x, y), (x + size, y + size)] if size else [(x, y)]))


def digits(text: str, height: float = 100, style: int = 1) -> list[Stroke]:
    """Written from (200, 200) to the right."""
    return [s for one in number(text, height, (200, 200), style=style) for s in one]


@pytest.mark.parametrize("text", ["0", "3", "7", "8", "2026"])
@pytest.mark.parametrize("at", [(150, 390), (170, 190), (650, 320), (260, 420), (184, 250)])
def test_a_stray_dot_beside_writing_changes_no_answer(text: str, at: tuple[float, float]) -> None:
    reading = READER.read([*digits(text), dot(*at)], PAGE_PEN)
    assert reading.text == text
    (speck,) = reading.specks
    assert speck.x <= at[0] <= speck.right and speck.y <= at[1] <= speck.bottom


@given(st.floats(120, 460), st.floats(120, 420), st.floats(0, 4), st.sampled_from("012345689"))
def test_a_dot_anywhere_never_is_a_digit(x: float, y: float, size: float, text: str) -> None:
    """Where it does not touch the digit, which then may be another one."""
    ink = digits(text)
    nearest = min(float(np.hypot(*(s.points - (x, y)).T).min()) for s in ink)
    reading = READER.read([*ink, dot(x, y, size)], PAGE_PEN)
    assert len(reading.answers) == 1
    if nearest > 30:
        assert reading.text == text and len(reading.specks) == 1


def test_a_lone_dot_is_not_a_digit() -> None:
    reading = READER.read([dot(300, 300)], PAGE_PEN)
    assert [answer.caption() for answer in reading.answers] == ["not a digit"]
    assert reading.specks == ()


def test_dots_alone_are_no_specks() -> None:
    reading = READER.read([dot(100, 100), dot(300, 300), dot(500, 200)], PAGE_PEN)
    assert len(reading.answers) == 3 and reading.specks == ()


def test_small_writing_beside_large_is_read() -> None:
    small = [s for one in number("12", 14, (420, 280), gap=0.6) for s in one]
    assert READER.read([*digits("4", 180), *small], 3.0).text.replace("\n", "") == "412"


def test_the_dot_of_an_i_belongs_to_it_and_one_elsewhere_does_not() -> None:
    letters = Reader(load_network("characters"))
    stem = Stroke(np.array([(300.0, y) for y in range(230, 300, 5)]))
    above, below = dot(302, 200), dot(330, 330)
    assert letters.read([stem, above], PAGE_PEN).text == "i"
    reading = letters.read([stem, above, below], PAGE_PEN)
    assert reading.text == "i" and len(reading.specks) == 1


def test_what_a_person_labelled_is_no_speck() -> None:
    ink = [*digits("8"), dot(150, 390)]
    reading = READER.read(ink, PAGE_PEN, AS_READ.with_label([ink[-1]], "1"))
    assert sorted(answer.text for answer in reading.answers) == ["1", "8"]
