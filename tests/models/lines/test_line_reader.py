"""Reading pictures of whole numbers with the real network."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.lines.both import read_by_both, read_by_characters
from models.lines.line_reader import LineReader
from models.lines.network import load_line_network
from models.lines.strip import BAND, HEIGHT, WIDEST, strip_of
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.helpers.number_pictures import number_picture

LINES = LineReader(load_line_network())
NUMBERS = ("12", "905", "4683", "72051", "381624")


@pytest.mark.parametrize("digits", NUMBERS)
def test_a_number_is_read_and_each_digit_has_its_place(digits: str) -> None:
    picture = number_picture(digits)
    reading = LINES.read(picture)
    assert reading.text == digits
    assert reading.confidence == pytest.approx(LINES.numbers(picture)[0].probability)
    middles = [answer.box.x + answer.box.width / 2 for answer in reading.answers]
    assert middles == sorted(middles)
    for answer in reading.answers:
        assert answer.kind == "sure"
        assert sum(answer.probabilities) == pytest.approx(1)
        # The digits are 60 pixels high, from y = 60 on.
        assert 40 < answer.box.y + answer.box.height / 2 < 140
        assert answer.box.height == pytest.approx(60, abs=15)


def test_alternatives_come_best_first_and_are_no_more_than_certain() -> None:
    numbers = LINES.numbers(number_picture("4683"))
    chances = [number.probability for number in numbers]
    assert chances == sorted(chances, reverse=True)
    assert len(numbers) >= 3 and sum(chances) <= 1.001


def test_a_frame_is_not_read_as_ones() -> None:
    assert LINES.read(number_picture("4683", framed=True)).text == "4683"


def test_size_light_ink_and_fading_light_change_nothing() -> None:
    picture = number_picture("905")
    large = cv2.resize(picture, None, fx=6, fy=6, interpolation=cv2.INTER_CUBIC)
    fading = picture * np.linspace(0.6, 1, picture.shape[1])
    for other in (255 - picture, large, fading.astype(np.uint8)):
        assert LINES.read(np.asarray(other, np.uint8)).text == "905"


def test_paper_alone_has_no_number() -> None:
    for picture in (np.full((60, 200), 230, np.uint8), np.zeros((1, 1), np.uint8)):
        reading = LINES.read(picture)
        assert (reading.answers, reading.text, reading.confidence) == ((), "", 0.0)
        assert LINES.numbers(picture) == []


def test_what_is_unsure_is_not_asserted() -> None:
    picture = number_picture("4683")
    noise = np.random.default_rng(0).normal(0, 400, picture.shape)
    reading = LINES.read(np.clip(picture + noise, 0, 255).astype(np.uint8))
    card = LINES.network.card
    assert reading.confidence < card.sure_at
    assert "?" in reading.text or not reading.answers


def test_the_strip_has_the_writing_at_one_height_and_knows_its_place() -> None:
    for height in (30, 60, 300):
        picture = number_picture("72051", height)
        strip = strip_of(picture)
        assert strip is not None and strip.image.shape[0] == HEIGHT
        rows = np.flatnonzero(strip.image.max(axis=1) > 127)
        assert rows[-1] - rows[0] + 1 == pytest.approx(BAND, abs=3)
        # The ink begins one height below the picture's upper edge.
        assert strip.top + rows[0] * strip.y_scale == pytest.approx(height, abs=0.15 * height)


def test_very_long_and_very_thin_pictures_fit() -> None:
    for shape in ((40, 4000), (4000, 40), (2, 3000), (3000, 2)):
        picture = np.full(shape, 230, np.uint8)
        picture[:: max(2, shape[0] // 7), :: max(2, shape[1] // 7)] = 20
        strip = strip_of(picture)
        assert strip is None or 16 <= strip.image.shape[1] <= WIDEST
        LINES.read(picture)


def test_each_line_of_a_picture_is_read_by_the_surer_reader() -> None:
    reader = Reader(load_network())
    rows = [number_picture(digits) for digits in ("905", "4683")]
    width = max(row.shape[1] for row in rows)
    rows = [np.pad(row, ((0, 0), (0, width - row.shape[1])), constant_values=225) for row in rows]
    picture = np.vstack(rows)
    alone, both = read_by_characters(picture, reader), read_by_both(picture, reader, LINES)
    assert both.text == "905\n4683"
    for number in (0, 1):
        first, second = (
            np.prod([a.confidence for a in reading.answers if a.line == number])
            for reading in (alone, both)
        )
        assert second > 0.9 * first
    for a, b in zip(alone.answers, both.answers, strict=True):
        assert abs(a.box.x - b.box.x) < 15 and abs(a.box.y - b.box.y) < 15
