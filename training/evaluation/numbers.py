"""Whole numbers and words: how often all characters of one are read right."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from models.ink.jsonl import read_drawings
from models.ink.strokes import PAGE_PEN, Drawing, Stroke
from models.recognition.answer import Reading, decide
from models.recognition.labels import DIGITS, merged
from models.recognition.network import Network
from models.recognition.reader import Reader
from models.util.errors import InputError
from models.util.statistics import wilson_interval
from training.data.augmentation import with_skips
from training.data.synthetic_lines import LineLayout, group_by_writer, random_line
from training.datasets.fetch import data_folder
from training.datasets.load import load_letters, load_sets
from training.datasets.split import Split, person, split_of
from training.evaluation.records import rounded_interval

NUMBERS = "strokes/unipen-numbers.jsonl.gz"  # below a data folder
SETS = ("unipen", "pendigits")
_LINES = 500  # synthetic lines of each kind that are measured
APART, TOUCHING = LineLayout(), LineLayout(gap=(-0.15, 0.1))


@dataclass(frozen=True)
class ExactMatches:
    """How often a whole number is read exactly as it was written.

    n: how many there are. best: how many match by the best label of each character, asserted or
    not. asserted: how many match by what is asserted, without any "?".
    """

    n: int
    best: int
    asserted: int

    @property
    def accuracy(self) -> float:
        """Share that matches by the best labels, 0..1."""
        return self.best / max(self.n, 1)

    @property
    def asserted_and_right(self) -> float:
        """Share that is asserted and matches, 0..1."""
        return self.asserted / max(self.n, 1)

    def to_json(self) -> dict[str, object]:
        """The shares, the accuracy with its 95 % interval."""
        return {
            "n": self.n,
            "accuracy": round(self.accuracy, 4),
            "interval": rounded_interval(self.best, self.n),
            "asserted_and_right": round(self.asserted_and_right, 4),
        }


def load_numbers(data_dir: Path | None, split: Split) -> list[Drawing]:
    """UNIPEN's whole numbers by half of their writers.

    data_dir: see `numbers_file`. split: "report", or "validation" for the half to fit to. Raises
    InputError where the data folder does not have them.
    """
    path = numbers_file(data_dir)
    if path is None:
        raise InputError(
            f"{NUMBERS}: not found; --data-dir or DATA_DIR names the folder that has it."
        )
    wanted = int(split == "report")
    return [
        drawing
        for drawing in read_drawings(path)
        if zlib.crc32(person(drawing.writer or "").encode()) % 2 == wanted
    ]


def numbers_file(data_dir: Path | None) -> Path | None:
    """Where the data folder has UNIPEN's whole numbers; None where it does not."""
    folder = data_folder(data_dir)
    path = None if folder is None else folder / NUMBERS
    return path if path is not None and path.exists() else None


def measure(network: Network, data_dir: Path | None, split: Split) -> dict[str, ExactMatches]:
    """How often whole numbers are read right: real ones by length, and synthetic ones.

    A network that reads letters is measured on those, too, alone and in synthetic words.

    network: to measure. data_dir: where the sets are. split: "report", or "validation" for the
    writers that weights and thresholds were fitted to. Raises InputError where the sets or the real
    numbers are missing.
    """
    reader = Reader(network)
    real = [_labelled(drawing) for drawing in load_numbers(data_dir, split)]
    short = [each for each in real if len(each[1]) in (2, 3)]
    measured = {
        "numbers": exact_matches(reader, real),
        "numbers of 2 and 3 digits": exact_matches(reader, short),
    }
    for length in sorted({len(label) for _, label in real}):
        same = [each for each in real if len(each[1]) == length]
        measured[f"numbers of {length} digits"] = exact_matches(reader, same)
    fold = fold_of(network)
    held_out = drawings_in(split, digit_drawings(data_dir), fold)
    measured |= _synthetic(reader, held_out, "digits", (2, 4, 8))
    if network.labels == DIGITS:
        return measured
    letters = drawings_in(split, with_class_labels(load_letters(data_dir)), fold)
    return measured | _synthetic(reader, letters, "letters", (4,))


def _synthetic(
    reader: Reader, drawings: Sequence[Drawing], what: str, lengths: Sequence[int]
) -> dict[str, ExactMatches]:
    """How often single characters, and synthetic lines of these lengths, are read right.

    what: the drawings are, "digits" or "letters".
    """
    measured = {}
    writers = group_by_writer(drawings)
    rng = np.random.default_rng(7)
    for name, layout in (("apart", APART), ("touching or overlapping", TOUCHING)):
        for length in lengths:
            if what == "digits":  # letters go on with the same random numbers
                rng = np.random.default_rng(7)
            lines = [random_line(writers, length, layout, rng) for _ in range(_LINES)]
            ink = [(line.strokes, line.label) for line in lines]
            measured[f"made, {length} {what}, {name}"] = exact_matches(reader, ink)
    singles = [_labelled(drawing) for drawing in drawings]
    measured[f"single {what}"] = exact_matches(reader, singles)
    skips = [(with_skips(strokes, rng)[0], label) for strokes, label in singles]
    measured[f"single {what}, a pen that skips"] = exact_matches(reader, skips)
    measured[f"single {what}, all ink as one"] = one_character_matches(reader.network, singles)
    return measured


def _labelled(drawing: Drawing) -> tuple[Sequence[Stroke], str]:
    return drawing.strokes, drawing.label or ""


def digit_drawings(data_dir: Path | None) -> list[Drawing]:
    """The single digits of `SETS`, of all writers."""
    return [drawing for each in load_sets(SETS, data_dir) for drawing in each.drawings]


def exact_matches(reader: Reader, items: Sequence[tuple[Sequence[Stroke], str]]) -> ExactMatches:
    """How often what is read is exactly what was written. items: strokes and their labels."""
    return count_matches((reader.read(tuple(strokes), PAGE_PEN), label) for strokes, label in items)


def count_matches(items: Iterable[tuple[Reading, str]]) -> ExactMatches:
    """How often readings match their labels exactly, but for the case of letters."""
    n = best = asserted = 0
    for reading, label in items:
        n += 1
        found = "".join(answer.alternatives[0][0] for answer in reading.answers)
        best += found.upper() == label.upper()
        asserted += reading.text.upper() == label.upper()
    return ExactMatches(n, best, asserted)


def one_character_matches(
    network: Network, items: Sequence[tuple[Sequence[Stroke], str]]
) -> ExactMatches:
    """How often ink is read right where all of it is taken for one character, without grouping."""
    return image_matches(network, ((network.drawn(strokes), label) for strokes, label in items))


def image_matches(
    network: Network, items: Iterable[tuple[NDArray[np.float32], str]]
) -> ExactMatches:
    """How often the network alone is right. items: images and their labels."""
    n = best = asserted = 0
    for image, label in items:
        (probabilities,) = network.probabilities(image[np.newaxis])
        right = network.labels[int(probabilities.argmax())].upper() == label.upper()
        n += 1
        best += right
        asserted += right and decide(probabilities, network.card) == "sure"
    return ExactMatches(n, best, asserted)


def fold_of(network: Network) -> int:
    """The fold whose writers the network was not trained on."""
    return int(network.card.training.get("fold", 0))


def with_class_labels(letters: Iterable[Drawing]) -> list[Drawing]:
    """The letters, labelled with their classes."""
    return [replace(each, label=merged(each.label or "")) for each in letters]


def drawings_in(split: Split, drawings: Iterable[Drawing], fold: int) -> list[Drawing]:
    """The drawings by writers of that split."""
    return [drawing for drawing in drawings if split_of(drawing.writer or "", fold) == split]


def as_text(measured: Mapping[str, ExactMatches]) -> str:
    """A table of what `measure` found, a line for each kind of ink."""
    rows = []
    for name, each in measured.items():
        low, high = wilson_interval(each.best, each.n)
        interval = f"{low:.2%} to {high:.2%}"
        shares = f"{each.accuracy:.2%}", interval, f"{each.asserted_and_right:.2%}"
        rows.append((name, f"{each.n:,}", *shares))
    heads = ("", "n", "right", "95 % interval", "asserted and right")
    align = ("left", "right", "right")
    return str(tabulate(rows, heads, "plain", disable_numparse=True, colalign=align))
