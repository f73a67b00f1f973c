"""Reads a picture of one number: strip, network, beam search, answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, covered_box
from models.lines.beam_search import alignment, beam_search
from models.lines.network import COLUMN_WIDTH, LineNetwork
from models.lines.strip import HEIGHT, Strip, strip_of
from models.preprocessing.mnist_form import SIDE, picture_to_image
from models.recognition.answer import Answer, Kind, Reading
from models.recognition.labels import DIGITS
from models.util.arrays import Floats

_INK = 100  # of 255 in a strip: darker pixels are ink, lighter ones the paper's patterns


@dataclass(frozen=True)
class Number:
    """What a line may be. text: its digits. probability: calibrated, 0..1."""

    text: str
    probability: float


class LineReader:
    """Reads lines of digits with one network. Pure: the same picture gives the same reading."""

    def __init__(self, network: LineNetwork) -> None:
        self.network = network

    def numbers(self, picture: NDArray[np.uint8]) -> list[Number]:
        """What number a picture of one line may be, the likeliest first; none without ink.

        picture: (height, width) uint8, grey levels. Their probabilities sum to 1 at most.
        """
        strip = strip_of(picture)
        return [] if strip is None else _numbers(self.network.log_probabilities(strip.image))

    def read(self, picture: NDArray[np.uint8]) -> Reading:
        """Reads a picture of one line; boxes are in its pixels. No answers without digits.

        picture: (height, width) uint8, grey levels.

        A number is asserted as a whole where its probability reaches the card's `sure_at`.
        Otherwise at least its least sure digit is not; nor is any where their count is in doubt.
        """
        strip = strip_of(picture)
        if strip is None:
            return Reading()
        columns = self.network.log_probabilities(strip.image)
        numbers = _numbers(columns)
        best = numbers[0]
        if not best.text:
            return Reading()
        digits = _digit_probabilities(numbers)
        kinds = self._kinds(numbers, digits)
        spans = alignment(columns, tuple(DIGITS.index(digit) + 1 for digit in best.text))
        answers = (
            _answer(digit, shares, kind, _in_picture(strip, cell), _image(strip, cell))
            for digit, shares, kind, cell in zip(
                best.text, digits, kinds, _cells(strip, spans), strict=True
            )
        )
        return Reading(tuple(answers), likelihood=best.probability)

    def _kinds(self, numbers: Sequence[Number], digits: Floats) -> list[Kind]:
        """Which digits of the likeliest number are asserted. digits: as `_digit_probabilities`."""
        sure_at = self.network.card.sure_at
        best = numbers[0]
        if best.probability >= sure_at:
            return ["sure"] * len(best.text)
        same = sum(each.probability for each in numbers if len(each.text) == len(best.text))
        own = [digits[place, DIGITS.index(digit)] for place, digit in enumerate(best.text)]
        least = int(np.argmin(own))
        return [
            "sure" if same >= sure_at and share >= sure_at and place != least else "unsure"
            for place, share in enumerate(own)
        ]


def _numbers(columns: Floats) -> list[Number]:
    return [
        Number("".join(DIGITS[label - 1] for label in labels), float(np.exp(logarithm)))
        for labels, logarithm in beam_search(columns)
    ]


def _digit_probabilities(numbers: Sequence[Number]) -> Floats:
    """How likely each digit of the likeliest number is each of the ten: (digits, 10).

    Rows sum to 1. The other numbers' digits count where they stand in the same place; what stays
    unknown is spread over all ten.
    """
    best = numbers[0].text
    shares = np.zeros((len(best), len(DIGITS)))
    for number in numbers:
        for place, other in _places(best, number.text):
            shares[place, DIGITS.index(number.text[other])] += number.probability
    shares += np.clip(1 - shares.sum(axis=1, keepdims=True), 0, None) / len(DIGITS)
    return shares


def _places(best: str, other: str) -> list[tuple[int, int]]:
    """Which digits of two numbers stand in the same place, by their indices."""
    if len(best) == len(other):
        return [(place, place) for place in range(len(best))]
    pairs: list[tuple[int, int]] = []
    for block in SequenceMatcher(None, best, other, autojunk=False).get_matching_blocks():
        pairs += [(block.a + k, block.b + k) for k in range(block.size)]
    return pairs


def _cells(strip: Strip, spans: Sequence[tuple[int, int]]) -> list[Box]:
    """The box of each digit in the strip: from half way to its neighbours, cut to the ink."""
    width = strip.image.shape[1]
    middles = [(first + last + 1) / 2 * COLUMN_WIDTH for first, last in spans]
    between = [(a + b) / 2 for a, b in pairwise(middles)]
    # As far as a digit next to the first and the last might be.
    reach = float(np.median(np.diff(middles))) / 2 if between else HEIGHT / 2
    edges = [max(0.0, middles[0] - reach), *between, min(float(width), middles[-1] + reach)]
    cells = []
    for left, right in pairwise(edges):
        x, end = int(left), max(int(left) + 1, round(right))
        ink = (strip.image[:, x:end] >= _INK).astype(np.uint8)
        found = covered_box(ink) if ink.any() else Box(0, 0, ink.shape[1], HEIGHT)
        cells.append(Box(x + found.x, found.y, found.width, found.height))
    return cells


def _image(strip: Strip, cell: Box) -> NDArray[np.float32]:
    """A digit in the form of the networks of single characters, to be shown."""
    x, y = int(cell.x), int(cell.y)
    ink = strip.image[y : y + int(cell.height), x : x + int(cell.width)]
    return picture_to_image(ink) if (ink >= _INK).any() else np.zeros((SIDE, SIDE), np.float32)


def _in_picture(strip: Strip, cell: Box) -> Box:
    """A box of the strip in the picture's pixels."""
    return Box(
        strip.left + cell.x * strip.x_scale,
        strip.top + cell.y * strip.y_scale,
        cell.width * strip.x_scale,
        cell.height * strip.y_scale,
    )


def _answer(digit: str, shares: Floats, kind: Kind, box: Box, image: NDArray[np.float32]) -> Answer:
    """The answer for one digit. shares: how likely it is each of the ten, (10,)."""
    own = DIGITS.index(digit)
    others = (k for k in np.argsort(-shares, kind="stable").tolist() if k != own)
    order = [own, *others][:3]
    return Answer(
        kind=kind,
        box=box,
        confidence=float(shares[own]),
        alternatives=tuple((DIGITS[k], float(shares[k])) for k in order),
        probabilities=tuple(shares.tolist()),
        image=image,
    )
