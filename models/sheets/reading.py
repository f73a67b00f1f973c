"""What a field reads as, and the verdict where an answer is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import covered_box
from models.preprocessing.mnist_form import picture_to_image
from models.recognition.labels import DIGITS
from models.recognition.language_model import ENGLISH
from models.recognition.network import Network
from models.recognition.reader import Reader
from models.segmentation.page import Character
from models.segmentation.segmenter import Classification
from models.sheets.field_ink import FieldInk
from models.sheets.numbers import NumberReader, NumberReading
from models.sheets.sheet import TICKED, Field

Verdict = Literal["right", "wrong", "unsure", "empty"]
Ink = NDArray[np.uint8]

# Chosen on held-out people's digits in simulated photographs, of which a quarter are wrong answers
# (`python -m tests.sheets --part validation`).
_ASSERTED = 0.9  # probability of a digit that is asserted
# A number is right from the first, and wrong up to the second probability of the right answer where
# another one has at least the third.
_RIGHT, _WRONG, _OTHER = 0.25, 0.003, 0.5
_TICKED, _UNTICKED = 0.06, 0.025  # share of ink in a box that is ticked, and in one that is not
# Width of a bar in its heights: among capitals it is an I, since an L has a foot. So are four in
# five of the I that the network reads as L, and one L in a hundred, of 2,277 held-out capitals: so
# likely is an L all the same.
_BAR, _BAR_IS_L = 0.35, 0.02
_RIM = 0.6  # millimetres inside a box to be ticked, where some of its printed line may be left


@dataclass(frozen=True)
class FieldReading:
    """What a field reads as; what is expected plays no part.

    text: what is asserted, "?" for each character that is too uncertain. best: the likeliest text.
    confidence: calibrated probability of `best`, 0..1. alternatives: the likeliest texts with their
    probabilities. is_empty: whether nothing is written.
    """

    text: str
    best: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    is_empty: bool = False

    def probability(self, text: str) -> float:
        """How likely the field reads as that text, 0..1."""
        return dict(self.alternatives).get(text, 0.0)


class _Cell(NamedTuple):
    """One character: what is asserted or "?", the likeliest, and how likely that is, 0..1."""

    text: str
    best: str
    share: float


class FieldReader:
    """Reads the fields of sheets.

    characters: gives the network of characters, which only letters and words need.
    """

    def __init__(
        self, digits: Network, characters: Callable[[], Network], language: str = ENGLISH
    ) -> None:
        self._numbers = NumberReader(digits)
        self._characters = characters
        self._language = language
        self._words: Reader | None = None

    def read(self, field: Field, written: FieldInk) -> FieldReading:
        """Reads what is written in a field."""
        if field.kind == "tick":
            return _read_tick(written)
        if written.is_empty:
            return FieldReading("", "", 1.0, is_empty=True)
        if field.kind == "number":
            return self._number(field, written)
        if field.kind == "words":
            return self._read_words(written)
        return self._read_cells(field, written)

    def _number(self, field: Field, written: FieldInk) -> FieldReading:
        """The one place where a number's readings come from."""
        return _asserted(self._numbers.read(written.ink, field.cells))

    def _read_cells(self, field: Field, written: FieldInk) -> FieldReading:
        """One character in each cell; between two that are written an empty cell is a space."""
        read = self._digits if field.kind == "digits" else self._letters
        texts, bests, confidence = "", "", 1.0
        for is_written, cells in groupby(in_cells(written, field.cells), np.any):
            inks = list(cells)
            for text, best, share in read(inks) if is_written else [(" ", " ", 1.0)] * len(inks):
                texts += text
                bests += best
                confidence *= share
        best = bests.strip()
        return FieldReading(texts.strip(), best, confidence, ((best, confidence),))

    def _digits(self, inks: Sequence[Ink]) -> list[_Cell]:
        readings = (_asserted(self._numbers.read_digit(ink)) for ink in inks)
        return [_Cell(each.text, each.best, each.confidence) for each in readings]

    def _letters(self, inks: Sequence[Ink]) -> list[_Cell]:
        """The likeliest word of capitals."""
        reader = self._reader_of_words()
        answers = reader.read_word([self._capital(ink) for ink in inks]).answers
        bests = ((each.label.upper(), each.confidence) for each in answers)
        return [_Cell(best if p >= _ASSERTED else "?", best, p) for best, p in bests]

    def _capital(self, ink: Ink) -> Character:
        """Ink that is a capital, and no digit."""
        reader = self._reader_of_words()
        image = picture_to_image(ink)
        (probabilities,) = reader.network.probabilities(image[np.newaxis])
        capital = np.zeros(len(reader.labels))
        for label, share in zip(reader.labels, probabilities.tolist(), strict=True):
            if label not in DIGITS:
                capital[reader.labels.index(label.upper())] += share
        box = covered_box((ink >= max(1, int(ink.max()) // 2)).astype(np.uint8))
        if box.width < _BAR * box.height:
            bar, foot = map(reader.labels.index, "IL")
            either = capital[bar] + capital[foot]
            capital[bar], capital[foot] = (1 - _BAR_IS_L) * either, _BAR_IS_L * either
        capital /= max(capital.sum(), 1e-9)
        return Character((), (), box, Classification(image, capital))

    def _read_words(self, written: FieldInk) -> FieldReading:
        reading = self._reader_of_words().read_picture(written.ink)
        best: dict[tuple[int, int], str] = {}
        for answer in reading.answers:
            place = answer.line, answer.word
            best[place] = best.get(place, "") + answer.label
        text = reading.text.replace("\n", " ")
        return FieldReading(text, " ".join(best.values()), reading.confidence)

    def _reader_of_words(self) -> Reader:
        if self._words is None:
            self._words = Reader(self._characters(), self._language)
        return self._words


def verdict(field: Field, reading: FieldReading) -> Verdict | None:
    """Whether the expected answer is what is written; None where nothing is expected.

    "right" where it is likely for this ink, "wrong" where it is not and another answer is; all else
    is "unsure".
    """
    if field.answer is None:
        return None
    if field.kind == "tick":
        if reading.text == "?":
            return "unsure"
        return "right" if reading.text == field.answer else "wrong"
    if reading.is_empty:
        return "empty"
    likely = reading.probability(field.answer)
    if field.kind == "words":
        same = reading.best.casefold() == field.answer.casefold()
        likely = reading.confidence if same else min(1.0, 2 * (1 - reading.confidence)) * _WRONG
    if likely >= _RIGHT:
        return "right"
    if likely <= _WRONG and reading.confidence >= _OTHER and reading.best != field.answer:
        return "wrong"
    return "unsure"


def in_cells(written: FieldInk, cells: int) -> list[NDArray[np.uint8]]:
    """The ink of each cell, cropped to what is its own: a piece of ink belongs where most of it is.

    A piece that two cells share about equally is divided by the line between them.
    """
    ink = written.ink
    left, _, right, _ = written.edges
    step = (right - left) / cells
    core = (ink >= 64).astype(np.uint8)
    count, parts = cv2.connectedComponents(core, connectivity=8)
    columns = np.arange(ink.shape[1])
    cell_of = np.clip(((columns - left) / step).astype(int), 0, cells - 1)
    owner = np.tile(cell_of, (ink.shape[0], 1))
    for part in range(1, count):
        mask = parts == part
        shares = np.bincount(owner[mask], minlength=cells) / mask.sum()
        if shares.max() >= 0.7:
            near = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            owner[near & ((parts == 0) | mask)] = int(shares.argmax())
    return [np.where(owner == cell, ink, 0).astype(np.uint8) for cell in range(cells)]


def _asserted(reading: NumberReading) -> FieldReading:
    best = reading.best
    pairs = zip(best, reading.digits, strict=True)
    text = "".join(digit if share >= _ASSERTED else "?" for digit, share in pairs)
    return FieldReading(text, best, reading.confidence, reading.alternatives)


def _read_tick(written: FieldInk) -> FieldReading:
    left, top, right, bottom = (round(edge) for edge in written.edges)
    rim = round(_RIM * written.resolution)
    inner = written.ink[top + rim : bottom - rim, left + rim : right - rim]
    share = float((inner >= 128).mean()) if inner.size else 0.0
    if share >= _TICKED:
        return FieldReading(TICKED, TICKED, 0.99)
    if share <= _UNTICKED:
        return FieldReading("", "", 0.99, is_empty=True)
    return FieldReading("?", TICKED, 0.5)
