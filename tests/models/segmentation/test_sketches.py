"""Ink that is no writing: one "not a digit", at a bounded price, and writing beside it is read."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from models.ink.strokes import PAGE_PEN, Stroke
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.segmentation.edits import AS_READ
from tests.helpers.counting import CountingNetwork
from tests.helpers.dense_pages import PAGES, hatching, heap, house, stipple
from tests.helpers.samples import number

DRAWN = ("hatching of 40", "hatching of 100", "grid of 12 × 12", "flowers", "30 scribbles")


@pytest.fixture(scope="module")
def digits() -> Reader:
    return Reader(load_network())


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("mode", ["digits", "characters"])
def test_a_drawing_is_one_thing_that_is_no_character(name: str, mode: str) -> None:
    reading = Reader(load_network(mode)).read(PAGES[name](np.random.default_rng(7)), PAGE_PEN)
    captions = [answer.caption() for answer in reading.answers]
    assert captions == ["not a digit" if mode == "digits" else "not a character"]
    assert reading.text == "?"


def test_most_of_a_house_is_one_drawing(digits: Reader) -> None:
    page = house(np.random.default_rng(7))
    largest = max(digits.read(page, PAGE_PEN).answers, key=lambda answer: len(answer.strokes))
    assert largest.kind == "refused" and len(largest.strokes) > 0.7 * len(page)


@pytest.mark.parametrize("seed", range(3))
def test_a_number_beside_a_drawing_is_read(digits: Reader, seed: int) -> None:
    drawn = hatching(25, np.random.default_rng(seed), 12, 200)
    written = [s for one in number("2058", 90, (420, 120)) for s in one]
    text = digits.read([*drawn, *written], PAGE_PEN).text
    assert text.replace("\n", "").replace("?", "", 1) == "2058"


def test_a_number_in_the_cells_of_a_grid_is_read(digits: Reader) -> None:
    lines = [
        Stroke(np.array(ends, float))
        for k in range(7)
        for ends in (
            [(50 + 90 * k, 50), (50 + 90 * k, 590)],
            [(50, 50 + 90 * k), (590, 50 + 90 * k)],
        )
    ]
    written = [
        stroke.moved(1, (90 * k, 90 * k))
        for k, digit in enumerate("358")
        for one in number(digit, 55, (75, 68))
        for stroke in one
    ]
    text = digits.read([*lines, *written], 6.0).text
    assert [each for each in text if each.isdigit()] == list("358")


def test_what_a_person_split_is_no_drawing(digits: Reader) -> None:
    page = hatching(14, np.random.default_rng(0), 12, 200)
    (answer,) = digits.read(page, PAGE_PEN).answers
    assert answer.kind == "refused"
    assert len(digits.read(page, PAGE_PEN, AS_READ.with_split(answer.ink)).answers) > 1


@pytest.mark.slow
def test_classifications_grow_no_faster_than_the_ink() -> None:
    """The price of a stroke more does not depend on how much lies across it."""

    network = CountingNetwork()
    for make in PAGES.values():
        page = make(np.random.default_rng(3))
        network.classifications = 0
        Reader(network).read(page, PAGE_PEN)
        assert network.classifications <= 60 + 45 * len(page)


@pytest.mark.slow
def test_thousands_of_strokes_are_read_in_the_memory_of_some() -> None:
    page = stipple(20_000, np.random.default_rng(0))
    reader = Reader(load_network())
    tracemalloc.start()
    reader.read(page, PAGE_PEN)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 300e6


def test_a_page_of_real_strokes_across_each_other_comes_to_an_end(digits: Reader) -> None:
    for count in (20, 40, 80):
        assert digits.read(heap(count, np.random.default_rng(count)), PAGE_PEN).answers


def test_a_drawing_that_a_person_labels_is_that_character(digits: Reader) -> None:
    """However many strokes it has: more than a candidate of the search may reach over."""
    page = PAGES["flowers"](np.random.default_rng(7))
    (answer,) = digits.read(page, PAGE_PEN).answers
    reading = digits.read(page, PAGE_PEN, AS_READ.with_label(answer.ink, "7"))
    assert [each.text for each in reading.answers] == ["7"]
    assert len(reading.answers[0].strokes) == len(page) > 62
