"""Whole numbers: how often all digits of one are read right."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.ink.jsonl import read_drawings
from models.ink.strokes import PAGE_PEN, Drawing, Stroke
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import DIGITS, merged
from models.recognition.network import Network
from models.recognition.reader import Reader, decide
from models.util.errors import InputError
from models.util.statistics import wilson_interval
from training.data.synthetic_lines import Setting, by_writer, random_row
from training.datasets import load_letters, load_sets
from training.datasets.fetch import data_folder
from training.datasets.split import Part, part_of, person

NUMBERS = "strokes/unipen-numbers.jsonl.gz"  # below a data folder
SETS = ("unipen", "pendigits")
_ROWS = 500  # made numbers of each kind that are measured
APART, TOUCHING = Setting(), Setting(gap=(-0.15, 0.1))


@dataclass(frozen=True)
class Exact:
    """How often, of n, a whole number was right. best: by the best label of each character,
    whether asserted or not; asserted: without any "?".
    """

    n: int
    best: int
    asserted: int

    def as_json(self) -> dict[str, object]:
        """accuracy: by the best labels, 0..1, with its 95 % interval; asserted_and_right: 0..1."""
        low, high = wilson_interval(self.best, self.n)
        return {
            "n": self.n,
            "accuracy": round(self.best / max(self.n, 1), 4),
            "interval": [round(low, 4), round(high, 4)],
            "asserted_and_right": round(self.asserted / max(self.n, 1), 4),
        }


def load_numbers(data_dir: Path | None, part: Part) -> list[Drawing]:
    """UNIPEN's whole numbers by half of their writers: "report", or "validation" to fit to.

    Raises InputError where the data folder does not have them.
    """
    path = numbers_file(data_dir)
    if path is None:
        raise InputError(
            f"{NUMBERS}: not found; --data-dir or DATA_DIR names the folder that has it."
        )
    wanted = int(part == "report")
    return [d for d in read_drawings(path) if zlib.crc32(_person(d).encode()) % 2 == wanted]


def numbers_file(data_dir: Path | None) -> Path | None:
    """Where the data folder has UNIPEN's whole numbers; None where it does not."""
    folder = data_folder(data_dir)
    path = None if folder is None else folder / NUMBERS
    return path if path is not None and path.exists() else None


def _person(drawing: Drawing) -> str:
    return person(drawing.writer or "")


def measure(network: Network, data_dir: Path | None, part: Part) -> dict[str, Exact]:
    """How often whole numbers are read right: real ones by length, and made ones. Of a network
    that reads letters also those, alone and in made words.

    Of writers who fitted nothing (part "report"), or of those who did ("validation"). Raises
    InputError where the sets or the real numbers are missing.
    """
    reader = Reader(network)
    real = [(drawing.strokes, drawing.label or "") for drawing in load_numbers(data_dir, part)]
    short = [each for each in real if len(each[1]) in (2, 3)]
    measured = {"numbers": exact(reader, real), "numbers of 2 and 3 digits": exact(reader, short)}
    for length in sorted({len(label) for _, label in real}):
        some = [each for each in real if len(each[1]) == length]
        measured[f"numbers of {length} digits"] = exact(reader, some)
    digits = [d for each in load_sets(SETS, data_dir) for d in each.drawings]
    held = drawings_by(part, digits, fold_of(network))
    people = by_writer(held)
    for name, setting in (("apart", APART), ("touching or overlapping", TOUCHING)):
        for length in (2, 4, 8):
            rng = np.random.default_rng(7)
            rows = [random_row(people, length, setting, rng) for _ in range(_ROWS)]
            ink = [(row.strokes, row.label) for row in rows]
            measured[f"made, {length} digits, {name}"] = exact(reader, ink)
    singles = [(drawing.strokes, drawing.label or "") for drawing in held]
    measured["single digits"] = exact(reader, singles)
    measured["single digits, all ink as one"] = as_one(network, singles)
    return measured if network.labels == DIGITS else measured | _letters(reader, data_dir, part)


def _letters(reader: Reader, data_dir: Path | None, part: Part) -> dict[str, Exact]:
    """How often single letters, and made words of four, are read as their classes."""
    held = drawings_by(part, classed(load_letters(data_dir)), fold_of(reader.network))
    measured = {}
    people, rng = by_writer(held), np.random.default_rng(7)
    for name, setting in (("apart", APART), ("touching or overlapping", TOUCHING)):
        rows = [random_row(people, 4, setting, rng) for _ in range(_ROWS)]
        ink = [(row.strokes, row.label) for row in rows]
        measured[f"made, 4 letters, {name}"] = exact(reader, ink)
    singles = [(drawing.strokes, drawing.label or "") for drawing in held]
    measured["single letters"] = exact(reader, singles)
    measured["single letters, all ink as one"] = as_one(reader.network, singles)
    return measured


def exact(reader: Reader, items: Sequence[tuple[Sequence[Stroke], str]]) -> Exact:
    """How often what is read is exactly what was written; items: strokes and their classes."""
    best = asserted = 0
    for strokes, label in items:
        reading = reader.read(tuple(strokes), PAGE_PEN)
        best += "".join(answer.alternatives[0][0] for answer in reading.answers) == label
        asserted += "".join(map(merged, reading.text)) == label
    return Exact(len(items), best, asserted)


def as_one(network: Network, items: Sequence[tuple[Sequence[Stroke], str]]) -> Exact:
    """How often all ink taken for one character, as if nothing were grouped, is read right."""
    return images_read(network, ((strokes_to_image(strokes), label) for strokes, label in items))


def images_read(network: Network, items: Iterable[tuple[NDArray[np.float32], str]]) -> Exact:
    """How often the network alone is right; items: (28, 28) images and their label."""
    n = best = asserted = 0
    for image, label in items:
        (probabilities,) = network.probabilities(image[np.newaxis])
        right = network.labels[int(probabilities.argmax())] == label
        n += 1
        best += right
        asserted += right and decide(probabilities, network.card) == "sure"
    return Exact(n, best, asserted)


def fold_of(network: Network) -> int:
    """Which writers it was trained without."""
    return int(network.card.training.get("fold", 0))


def classed(letters: Iterable[Drawing]) -> list[Drawing]:
    """The letters, labelled with their classes."""
    return [replace(each, label=merged(each.label or "")) for each in letters]


def drawings_by(part: Part, drawings: Iterable[Drawing], fold: int) -> list[Drawing]:
    """The drawings by writers of that part."""
    return [drawing for drawing in drawings if part_of(drawing.writer or "", fold) == part]


def as_text(measured: Mapping[str, Exact]) -> str:
    """What `measure` found, a line for each kind of ink."""
    lines = [f"{'':<40}{'n':>6}{'right':>9}   {'95 % interval':<20}asserted and right"]
    for name, each in measured.items():
        low, high = wilson_interval(each.best, each.n)
        interval = f"{low:.2%} to {high:.2%}"
        count = max(each.n, 1)
        lines.append(
            f"{name:<40}{each.n:>6,}{each.best / count:>9.2%}   {interval:<20}"
            f"{each.asserted / count:.2%}"
        )
    return "\n".join(lines)
