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

# How often a line is by a writer of that set.
SHARES = {"mnist": 0.28, "unipen": 0.3, "digilets": 0.17, "pendigits": 0.1, "swiss": 0.15}
_DRAWN = ("unipen", "pendigits", "digilets")
# Letters that are digits where only digits are: 39,287 is often written 3P287, 446 as hh6.
LETTERS_FOR = {
    "P": "9", "g": "9", "q": "9", "h": "4", "y": "4", "Y": "4", "b": "6", "S": "5", "s": "5",
    "B": "8", "O": "0", "o": "0", "Z": "2", "I": "1", "l": "1",
}  # fmt: skip
_PENS = 8  # groups that MNIST's digits are divided into, by the width of the pen


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
class Writer:
    """A person's digits. shapes: by label; letters that stand for digits come under them, too."""

    source: str
    name: str
    shapes: dict[str, list[Shape]] = field(default_factory=dict)
    letters: dict[str, list[Shape]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Writers:
    """Writers of one split, by set. sets: facts for the card. counts: of digits by set."""

    by_source: dict[str, list[Writer]]
    sets: dict[str, dict[str, object]]

    def choose(self, rng: Rng) -> Writer:
        """A writer by chance: its set by `SHARES`, people of a set alike but for their number."""
        names = list(self.by_source)
        shares = np.array([SHARES[name] for name in names])
        writers = self.by_source[names[int(rng.choice(len(names), p=shares / shares.sum()))]]
        return writers[int(rng.integers(len(writers)))]

    def shape(self, writer: Writer, label: str, rng: Rng) -> Shape:
        """A digit of that writer; of another of its set where it has none of that label."""
        while label not in writer.shapes:
            others = self.by_source[writer.source]
            writer = others[int(rng.integers(len(others)))]
        shapes = writer.shapes[label]
        return shapes[int(rng.integers(len(shapes)))]


def load_writers(data_dir: Path | None, splits: Sequence[Split], fold: int = 0) -> list[Writers]:
    """The writers of each of these splits, of all sets; paper's where the data folder has them.

    MNIST's writers are not known: its training images come in groups of like pens; its test images
    are the report's.
    """
    sets = load_sets(("mnist", *_DRAWN), data_dir, letters=True)
    paper = read_swiss(data_dir)
    return [_writers(sets, paper, split, fold, data_dir) for split in splits]


def _writers(
    sets: Sequence[Dataset],
    paper: PaperDigits | None,
    split: Split,
    fold: int,
    data_dir: Path | None,
) -> Writers:
    found: dict[str, list[Writer]] = {}
    facts: dict[str, dict[str, object]] = {}
    for dataset in sets:
        chosen = indices_in(dataset, split, fold)
        if dataset.images is None:
            writers = _of_drawings(dataset, chosen)
        else:
            if split == "report":
                dataset = load_mnist_test(data_dir)
                chosen = indices_in(dataset, None, fold)
            writers = _of_images(dataset, chosen)
        found[dataset.name] = writers
        facts[dataset.name] = _facts(writers, dataset.licence, dataset.publisher)
    if paper is not None:
        found["swiss"] = _of_paper(paper, split, fold)
        facts["swiss"] = _facts(found["swiss"], LICENCE, PUBLISHER)
    return Writers({name: writers for name, writers in found.items() if writers}, facts)


def _of_paper(paper: PaperDigits, split: Split, fold: int) -> list[Writer]:
    writers: dict[str, Writer] = {}
    for image, label, name in zip(paper.images, paper.labels, paper.writers, strict=True):
        if split_of(name, fold) == split and (shape := _scanned(image)) is not None:
            writer = writers.setdefault(name, Writer("swiss", name))
            writer.shapes.setdefault(DIGITS[int(label)], []).append(shape)
    return list(writers.values())


def _facts(writers: Sequence[Writer], licence: str, publisher: str) -> dict[str, object]:
    digits = sum(len(shapes) for writer in writers for shapes in writer.shapes.values())
    letters = sum(len(shapes) for writer in writers for shapes in writer.letters.values())
    return {"digits": digits, "letters": letters, "licence": licence, "publisher": publisher}


def _of_images(dataset: Dataset, chosen: NDArray[np.int64]) -> list[Writer]:
    assert dataset.images is not None
    pens = np.array([pen_width(dataset.images[index]) for index in chosen])
    limits = np.quantile(pens, np.linspace(0, 1, _PENS + 1)[1:-1])
    writers = [Writer(dataset.name, f"pen {number}") for number in range(_PENS)]
    for index, pen in zip(chosen, pens, strict=True):
        image = dataset.images[index]
        x, y, w, h = cv2.boundingRect((image > 60).astype(np.uint8))
        shape = Shape((), image[y : y + h, x : x + w], *_size(w, h))
        writer = writers[int(np.searchsorted(limits, pen))]
        writer.shapes.setdefault(dataset.labels[index], []).append(shape)
    return writers


def _of_drawings(dataset: Dataset, chosen: NDArray[np.int64]) -> list[Writer]:
    writers: dict[str, Writer] = {}
    for index in chosen:
        drawing, label = dataset.drawings[index], dataset.labels[index]
        if label not in DIGITS and label not in LETTERS_FOR:
            continue
        name = drawing.writer or ""
        writer = writers.setdefault(name, Writer(dataset.name, name))
        of_digits = label in DIGITS
        shapes = writer.shapes if of_digits else writer.letters
        shapes.setdefault(label, []).append(drawn_shape(drawing.strokes))
    return [writer for writer in writers.values() if writer.shapes]


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
