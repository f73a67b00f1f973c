"""Whose digits lines are made of: strokes and images of digits, gathered by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke, bounding_box
from models.preprocessing.mnist_form import pen_width
from models.recognition.labels import DIGITS
from training.data.examples import indices_in
from training.datasets.load import Dataset, load_mnist_test, load_sets
from training.datasets.split import Split, split_of
from training.datasets.swiss import LICENCE, PUBLISHER, PaperDigits, read_swiss

Rng = np.random.Generator
Strokes = tuple[NDArray[np.float64], ...]

# How often a line is by a hand of that set.
SHARES = {"mnist": 0.28, "unipen": 0.3, "digilets": 0.17, "pendigits": 0.1, "swiss": 0.15}
_DRAWN = ("unipen", "pendigits", "digilets")
# Letters that are digits where only digits are: 39,287 is often written 3P287, 446 as hh6.
LETTERS_FOR = {
    "P": "9", "g": "9", "q": "9", "h": "4", "y": "4", "Y": "4", "b": "6", "S": "5", "s": "5",
    "B": "8", "O": "0", "o": "0", "Z": "2", "I": "1", "l": "1",
}  # fmt: skip
_PENS = 8  # hands that MNIST's digits are divided into, by the width of the pen


@dataclass(frozen=True, eq=False)
class Shape:
    """One digit as somebody wrote it: strokes or an image.

    strokes: (n, 2) points each, 1 high, y downwards, the box's upper left corner at (0, 0); none
        where there is an image. A digit that lies flat is lower.
    image: (height, width) uint8, 0 for paper to 255 for ink, cut to the ink; None for strokes.
    width, height: of the box, in its heights: height is 1, or less for what lies flat.
    """

    strokes: Strokes
    image: NDArray[np.uint8] | None
    width: float
    height: float


@dataclass(frozen=True, eq=False)
class Hand:
    """A person's digits. shapes: by label; letters that stand for digits come under them, too."""

    source: str
    writer: str
    shapes: dict[str, list[Shape]] = field(default_factory=dict)
    letters: dict[str, list[Shape]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Hands:
    """Hands of one split, by set. sets: facts for the card. counts: of digits by set."""

    by_source: dict[str, list[Hand]]
    sets: dict[str, dict[str, object]]

    def choose(self, rng: Rng) -> Hand:
        """A hand by chance: its set by `SHARES`, people of a set alike but for their number."""
        names = list(self.by_source)
        shares = np.array([SHARES[name] for name in names])
        hands = self.by_source[names[int(rng.choice(len(names), p=shares / shares.sum()))]]
        return hands[int(rng.integers(len(hands)))]

    def shape(self, hand: Hand, label: str, rng: Rng) -> Shape:
        """A digit of that hand; of another of its set where it has none of that label."""
        while label not in hand.shapes:
            others = self.by_source[hand.source]
            hand = others[int(rng.integers(len(others)))]
        shapes = hand.shapes[label]
        return shapes[int(rng.integers(len(shapes)))]


def load_hands(data_dir: Path | None, splits: Sequence[Split], fold: int = 0) -> list[Hands]:
    """The hands of each of these splits, of all sets; paper's where the data folder has them.

    MNIST's writers are not known: its training images come in hands of like pens; its test images
    are the report's.
    """
    sets = load_sets(("mnist", *_DRAWN), data_dir, letters=True)
    paper = read_swiss(data_dir)
    return [_hands(sets, paper, split, fold, data_dir) for split in splits]


def _hands(
    sets: Sequence[Dataset],
    paper: PaperDigits | None,
    split: Split,
    fold: int,
    data_dir: Path | None,
) -> Hands:
    found: dict[str, list[Hand]] = {}
    facts: dict[str, dict[str, object]] = {}
    for dataset in sets:
        chosen = indices_in(dataset, split, fold)
        if dataset.images is None:
            hands = _of_drawings(dataset, chosen)
        else:
            if split == "report":
                dataset = load_mnist_test(data_dir)
                chosen = indices_in(dataset, None, fold)
            hands = _of_images(dataset, chosen)
        found[dataset.name] = hands
        facts[dataset.name] = _facts(hands, dataset.licence, dataset.publisher)
    if paper is not None:
        found["swiss"] = _of_paper(paper, split, fold)
        facts["swiss"] = _facts(found["swiss"], LICENCE, PUBLISHER)
    return Hands({name: hands for name, hands in found.items() if hands}, facts)


def _of_paper(paper: PaperDigits, split: Split, fold: int) -> list[Hand]:
    hands: dict[str, Hand] = {}
    for image, label, writer in zip(paper.images, paper.labels, paper.writers, strict=True):
        if split_of(writer, fold) == split and (shape := _scanned(image)) is not None:
            hand = hands.setdefault(writer, Hand("swiss", writer))
            hand.shapes.setdefault(DIGITS[int(label)], []).append(shape)
    return list(hands.values())


def _facts(hands: Sequence[Hand], licence: str, publisher: str) -> dict[str, object]:
    digits = sum(len(shapes) for hand in hands for shapes in hand.shapes.values())
    letters = sum(len(shapes) for hand in hands for shapes in hand.letters.values())
    return {"digits": digits, "letters": letters, "licence": licence, "publisher": publisher}


def _of_images(dataset: Dataset, chosen: NDArray[np.int64]) -> list[Hand]:
    assert dataset.images is not None
    pens = np.array([pen_width(dataset.images[index]) for index in chosen])
    limits = np.quantile(pens, np.linspace(0, 1, _PENS + 1)[1:-1])
    hands = [Hand(dataset.name, f"pen {number}") for number in range(_PENS)]
    for index, pen in zip(chosen, pens, strict=True):
        image = dataset.images[index]
        x, y, w, h = cv2.boundingRect((image > 60).astype(np.uint8))
        shape = Shape((), image[y : y + h, x : x + w], *_size(w, h))
        hand = hands[int(np.searchsorted(limits, pen))]
        hand.shapes.setdefault(dataset.labels[index], []).append(shape)
    return hands


def _of_drawings(dataset: Dataset, chosen: NDArray[np.int64]) -> list[Hand]:
    hands: dict[str, Hand] = {}
    for index in chosen:
        drawing, label = dataset.drawings[index], dataset.labels[index]
        if label not in DIGITS and label not in LETTERS_FOR:
            continue
        hand = hands.setdefault(drawing.writer or "", Hand(dataset.name, drawing.writer or ""))
        of_digits = label in DIGITS
        shapes = hand.shapes if of_digits else hand.letters
        shapes.setdefault(label, []).append(drawn_shape(drawing.strokes))
    return [hand for hand in hands.values() if hand.shapes]


def drawn_shape(strokes: Sequence[Stroke]) -> Shape:
    """Strokes as a shape."""
    box = bounding_box(strokes)
    width, height = _size(box.width, box.height)
    scale = height / max(box.height, 1e-9) if box.height else width / max(box.width, 1e-9)
    corner = np.array([box.x, box.y])
    return Shape(tuple((stroke.points - corner) * scale for stroke in strokes), None, width, height)


def _scanned(image: NDArray[np.uint8]) -> Shape | None:
    """A scanned digit, paper light, as a shape; None where there is hardly any ink."""
    paper = float(np.median(image))
    darkness = np.clip(paper - 8 - image.astype(np.float32), 0, None)
    ink = darkness[darkness > 25]
    if ink.size < 20:
        return None
    levels = np.clip(darkness * (255 / np.quantile(ink, 0.7)), 0, 255).astype(np.uint8)
    mask = (levels > 90).astype(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= 0.04 * stats[1:, cv2.CC_STAT_AREA].max()
    large[0] = False
    x, y, w, h = cv2.boundingRect(large[parts].astype(np.uint8))
    return Shape((), levels[y : y + h, x : x + w], *_size(w, h))


def _size(width: float, height: float) -> tuple[float, float]:
    """A box's width and height in heights; a one that lies down has no height to go by."""
    unit = max(height, 0.5 * width, 1e-9)
    return width / unit, height / unit
