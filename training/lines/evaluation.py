"""How whole numbers in pictures are read: cheques, drawn real numbers, synthetic lines, digits."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from models.lines.both import read_by_both, read_by_characters
from models.lines.line_reader import LineReader
from models.pictures.files import read_picture
from models.recognition.answer import Reading
from models.recognition.labels import DIGITS
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.util.errors import InputError
from models.util.statistics import wilson_interval
from training.data.paper import Papers
from training.data.pictures import pictured
from training.datasets.fetch import data_folder
from training.datasets.split import Split, split_of
from training.datasets.swiss import read_swiss
from training.evaluation.numbers import load_numbers, numbers_file
from training.evaluation.records import rounded_interval
from training.lines.synthesis import random_line
from training.lines.writers import Writers

Items = Iterable[tuple[NDArray[np.uint8], str]]  # pictures, grey levels, and their labels
Read = Callable[[NDArray[np.uint8]], Reading]

CHEQUES = "cheques"  # below a data folder
SYNTHETIC = 1000  # lines that are measured
_LABELS = "labels.csv"


@dataclass(frozen=True)
class Measured:
    """How pictures of numbers are read.

    n: how many. exact: how many whose likeliest number is the label. asserted: how many of which
    all digits are asserted. right: how many of those are right.
    """

    n: int
    exact: int
    asserted: int
    right: int

    def to_json(self) -> dict[str, object]:
        """Counts as shares, with 95 % intervals."""
        return {
            "n": self.n,
            "exact": round(self.exact / max(self.n, 1), 4),
            "interval": rounded_interval(self.exact, self.n),
            "asserted": round(self.asserted / max(self.n, 1), 4),
            "right_of_asserted": round(self.right / max(self.asserted, 1), 4),
            "right_of_asserted_interval": rounded_interval(self.right, self.asserted),
        }


def measure(read: Read, items: Items) -> Measured:
    """Reads pictures. read: what is measured."""
    n = exact = asserted = right = 0
    for picture, label in items:
        reading = read(picture)
        best = "".join(answer.alternatives[0][0] for answer in reading.answers)
        n += 1
        exact += best == label
        sure = bool(reading.answers) and all(each.kind == "sure" for each in reading.answers)
        asserted += sure
        right += sure and best == label
    return Measured(n, exact, asserted, right)


def readers(lines: LineReader) -> dict[str, Read]:
    """The ways to read a picture: as one line, character by character, or by whichever is surer."""
    digits = Reader(load_network("digits"))
    return {
        "lines": lines.read,
        "segmenter": lambda picture: read_by_characters(picture, digits),
        "both": lambda picture: read_by_both(picture, digits, lines),
    }


def folder_items(folder: Path) -> list[tuple[NDArray[np.uint8], str]]:
    """Pictures of a folder with the numbers that its labels.csv (columns file, number) gives.

    Raises InputError where the folder or a file is missing or not as expected.
    """
    path = folder / _LABELS
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        named = [(folder / row["file"], row["number"]) for row in rows]
    except FileNotFoundError:
        raise InputError(f"{path}: not found; it has columns file and number.") from None
    except (OSError, KeyError, csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a table with columns file and number ({error}).") from None
    if not named or not all(number and set(number) <= set(DIGITS) for _, number in named):
        raise InputError(f"{path}: each row needs a file and a number of digits.")
    return [(read_picture(file), number) for file, number in named]


def cheques_folder(data_dir: Path | None) -> Path | None:
    """Where the data folder has photographed amounts; None where it does not."""
    folder = data_folder(data_dir)
    found = None if folder is None else folder / CHEQUES
    return found if found is not None and (found / _LABELS).exists() else None


def synthetic_items(writers: Writers, count: int, seed: int) -> list[tuple[NDArray[np.uint8], str]]:
    """Synthetic lines of these writers; always the same for the same seed."""
    rng = np.random.default_rng(seed)
    papers = Papers(seed)
    lines = (random_line(writers, papers, rng) for _ in range(2 * count))
    return [(line.picture, line.label) for line in lines if line.label][:count]


def drawn_numbers(data_dir: Path | None, split: Split) -> list[tuple[NDArray[np.uint8], str]]:
    """UNIPEN's real numbers, drawn as pictures; none where the data folder lacks them."""
    if numbers_file(data_dir) is None:
        return []
    rng = np.random.default_rng(7)
    return [
        (pictured(drawing.strokes, rng), drawing.label or "")
        for drawing in load_numbers(data_dir, split)
    ]


def paper_digits(
    data_dir: Path | None, split: Split, fold: int
) -> list[tuple[NDArray[np.uint8], str]]:
    """Scanned single digits of held-out Swiss writers; none where the data folder lacks them."""
    paper = read_swiss(data_dir)
    if paper is None:
        return []
    return [
        (image, DIGITS[int(label)])
        for image, label, writer in zip(paper.images, paper.labels, paper.writers, strict=True)
        if split_of(writer, fold) == split
    ]


def as_text(rows: Sequence[tuple[str, str, Measured]]) -> str:
    """A table. rows: what was read, by which reader, and how."""
    table = []
    for what, reader, each in rows:
        low, high = wilson_interval(each.exact, each.n)
        table.append(
            (
                what,
                reader,
                f"{each.n:,}",
                f"{each.exact / max(each.n, 1):.1%}",
                f"{low:.1%} to {high:.1%}",
                f"{each.asserted / max(each.n, 1):.1%}",
                f"{each.right / each.asserted:.1%}" if each.asserted else "-",
            )
        )
    heads = ("", "reader", "n", "exact", "95 % interval", "asserted", "right of those")
    align = ("left", "left", "right", "right", "right", "right", "right")
    return str(tabulate(table, heads, "plain", disable_numparse=True, colalign=align))
