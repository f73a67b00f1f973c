"""Whole numbers: fits what grouping goes by, and measures how often all digits are right."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.drawings import read_drawings
from models.files import write_whole
from models.image import strokes_to_image
from models.ink import Drawing, InputError, Stroke
from models.network import Network
from models.reader import Reader
from models.statistics import wilson_interval
from training.grouping import Sample, fit, habits
from training.nondigits import LOOKALIKES
from training.rows import Setting, by_writer, random_row
from training.sets import DigitSet, load_letters, load_sets
from training.sets.fetch import data_folder
from training.split import Part, parts_of, person

NUMBERS = "strokes/unipen-numbers.jsonl.gz"  # below a data folder
SETS = ("unipen", "pendigits")
PEN = 12.0  # the brush of a new page
_ROWS = 500  # made numbers of each kind that are measured
_FITTED_ROWS, _JOINED_ROWS, _FITTED_LETTERS = 1200, 200, 400
APART, TOUCHING = Setting(), Setting(gap=(-0.15, 0.1))
# What grouping is fitted to: usual numbers, tight ones, and loose ones of uneven digits.
_FITTED = (
    (0.5, APART),
    (0.3, Setting(gap=(-0.12, 0.25))),
    (0.2, Setting(gap=(0.0, 1.2), size=(0.6, 1.3))),
)


@dataclass(frozen=True)
class Exact:
    """How often a whole number was right. best: by the best label of each character, whether
    asserted or not; asserted: without any "?".
    """

    n: int
    best: int
    asserted: int

    def as_json(self) -> dict[str, object]:
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
    folder = data_folder(data_dir)
    path = None if folder is None else folder / NUMBERS
    if path is None or not path.exists():
        raise InputError(
            f"{path or NUMBERS}: no such file; --data-dir or DATA_DIR names the folder that has it."
        )
    wanted = int(part == "report")
    return [d for d in read_drawings(path) if zlib.crc32(_person(d).encode()) % 2 == wanted]


def _person(drawing: Drawing) -> str:
    return person(drawing.writer or "")


def measure(network: Network, data_dir: Path | None, part: Part) -> dict[str, object]:
    """How often whole numbers are read right: real ones by length, and made ones.

    Of writers who fitted nothing (part "report"), or of those who did ("validation").
    """
    reader = Reader(network)
    numbers = load_numbers(data_dir, part)
    measured: dict[str, object] = {}
    real = [(drawing.strokes, drawing.label or "") for drawing in numbers]
    measured["numbers"] = exact(reader, real).as_json()
    short = [each for each in real if len(each[1]) in (2, 3)]
    measured["numbers of 2 and 3 digits"] = exact(reader, short).as_json()
    for length in sorted({len(label) for _, label in real}):
        some = [each for each in real if len(each[1]) == length]
        measured[f"numbers of {length} digits"] = exact(reader, some).as_json()
    held = held_out(load_sets(SETS, data_dir), part, fold_of(network))
    people = by_writer(held)
    for name, setting in (("apart", APART), ("touching or overlapping", TOUCHING)):
        for length in (2, 4, 8):
            rng = np.random.default_rng(7)
            rows = [random_row(people, length, setting, rng) for _ in range(_ROWS)]
            ink = [(row.strokes, row.label) for row in rows]
            measured[f"made, {length} digits, {name}"] = exact(reader, ink).as_json()
    singles = [(drawing.strokes, drawing.label or "") for drawing in held]
    measured["single digits"] = exact(reader, singles).as_json()
    whole = [_label_of_all(network, strokes) == label for strokes, label in singles]
    measured["single digits, all ink as one character"] = round(float(np.mean(whole)), 4)
    return measured


def exact(reader: Reader, items: Sequence[tuple[Sequence[Stroke], str]]) -> Exact:
    """How often what is read is exactly what was written; items: strokes and their label."""
    best = asserted = 0
    for strokes, label in items:
        reading = reader.read(tuple(strokes), PEN)
        best += "".join(answer.alternatives[0][0] for answer in reading.answers) == label
        asserted += reading.text == label
    return Exact(len(items), best, asserted)


def fit_grouping(
    network: Network, data_dir: Path | None, path: Path, tell: Callable[[str], None]
) -> None:
    """Fits what grouping goes by to the network's validation people, and writes it into `path`.

    Single digits, made numbers, letters that are one character each, and the real numbers of half
    of their writers, where the data folder has them.
    """
    sets = load_sets(SETS, data_dir)
    fold = fold_of(network)
    held = held_out(sets, "validation", fold)
    habit = habits(held_out(sets, "train", fold), network.labels)
    samples = [Sample.single(drawing, counts=2.0) for drawing in held if len(drawing.strokes) > 1]
    samples += [Sample.single(d, counts=2.0) for d in held[::4] if len(d.strokes) == 1]
    samples += [Sample.single(d) for d in _letters(data_dir, fold)]
    people = by_writer(held)
    rng = np.random.default_rng(1)
    samples += [
        Sample.made(random_row(people, _length(rng), _setting(rng), rng))
        for _ in range(_FITTED_ROWS)
    ]
    joined = [random_row(people, 2, _JOINED, rng) for _ in range(_JOINED_ROWS)]
    samples += [Sample(row.strokes, None, row.label) for row in joined if row.joined]
    numbers = load_numbers(data_dir, "validation")
    samples += [Sample(drawing.strokes, None, drawing.label or "") for drawing in numbers]
    weights, used = fit(network, habit, samples)
    tell(f"Fitted to {used} of {len(samples)} samples.")
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        content = {"networks": {}}
    named = dict(zip(network.labels, habit.round(5).tolist(), strict=True))
    content["networks"][network.card.name] = {
        "fold": fold,
        "samples": used,
        "weights": weights,
        "habits": named,
    }
    write_whole(path, (json.dumps(content, indent=2) + "\n").encode())


_JOINED = Setting(gap=(0.0, 0.4), joined=1.0)


def fold_of(network: Network) -> int:
    """Which writers were held out of its training."""
    return int(network.card.training.get("fold", 0))


def _length(rng: np.random.Generator) -> int:
    return int(rng.choice([2, 2, 3, 4, 5, 6]))


def _setting(rng: np.random.Generator) -> Setting:
    shares = [share for share, _ in _FITTED]
    return _FITTED[int(rng.choice(len(shares), p=shares))][1]


def held_out(sets: Sequence[DigitSet], part: Part, fold: int) -> list[Drawing]:
    """The drawings of the people of that part."""
    return [
        drawing
        for digits in sets
        for drawing, own in zip(
            digits.drawings, parts_of(digits.writers, len(digits), fold), strict=True
        )
        if own == part
    ]


def _letters(data_dir: Path | None, fold: int) -> list[Drawing]:
    """Letters of several strokes that look like no digit, by validation people."""
    letters = load_letters(data_dir)
    parts = parts_of([letter.writer or "" for letter in letters], len(letters), fold)
    held = [
        letter
        for letter, part in zip(letters, parts, strict=True)
        if part == "validation" and letter.label not in LOOKALIKES and len(letter.strokes) > 1
    ]
    return held[:: max(1, len(held) // _FITTED_LETTERS)]


def _label_of_all(network: Network, strokes: Sequence[Stroke]) -> str:
    image = strokes_to_image(strokes)
    return network.labels[int(network.probabilities(image[np.newaxis])[0].argmax())]
