"""How well simulated photographs of worksheets by held-out people are read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from game.sheets.pdf import sheet_to_pdf
from game.sheets.workers import Job, Photo, scan_all
from game.sheets.worksheet import TASKS, WorksheetOptions, worksheet
from models.recognition.language_model import ENGLISH
from models.util.statistics import wilson_interval
from tests.sheets.simulate import Camera, Writer, fill_in, photographed, rendered, saved, writers
from training.datasets.split import Split

_COUNT = 26  # tasks of a page
_LEVELS = 5


@dataclass
class Measured:
    """What came of the fields with numbers in them, and of the empty ones.

    read: fields with a number, by whether `best` is what was written. verdicts: of all fields, how
    often each verdict was given where each would be right. mistakes: what was read otherwise.
    unusable: photographs. seconds: of the scan of a page, all processes together.
    """

    read: Counter[bool] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    pages: int = 0
    seconds: float = 0.0

    @property
    def fields(self) -> int:
        return sum(self.verdicts.values())

    @property
    def false_verdicts(self) -> int:
        """Verdicts other than "unsure" that are not what is true."""
        return sum(
            count for (true, given), count in self.verdicts.items() if given not in (true, "unsure")
        )

    @property
    def unsure(self) -> int:
        return sum(count for (_, given), count in self.verdicts.items() if given == "unsure")

    def lines(self) -> list[str]:
        numbers = sum(self.read.values())
        return [
            f"{self.pages} pages, {self.fields} fields, {numbers} with a number in them; "
            f"{len(self.unusable)} photographs unusable",
            f"read right:     {_share(self.read[True], numbers)}",
            f"false verdicts: {_share(self.false_verdicts, self.fields)}",
            f"unsure:         {_share(self.unsure, self.fields)}",
            f"a page:         {self.seconds:.2f} s",
        ]


def measure(
    data_dir: Path | None, split: Split, pages: int, folder: Path, camera: Camera | None = None
) -> Measured:
    """Makes photographs in a folder, and scans them. split: of the people who write."""
    people = writers(data_dir, split)
    photos, written, answers = make_photographs(people, pages, folder, camera)
    measured = Measured()
    begun = time.monotonic()
    records = list(scan_all(photos, Job(None, None, ENGLISH)))
    measured.seconds = (time.monotonic() - begun) / max(pages, 1)
    for photo, record in zip(photos, records, strict=True):
        if len(record.pages) != 1:
            measured.unusable.append(f"{photo.file}: {' '.join(record.problems)}")
            continue
        measured.pages += 1
        for own in record.pages[0].fields:
            text, expected = written[photo.file][own.name], answers[photo.file][own.name]
            true = "empty" if not text else "right" if text == expected else "wrong"
            measured.verdicts[true, own.verdict or ""] += 1
            if text:
                measured.read[own.best == text] += 1
            false = own.verdict not in (true, "unsure")
            if (text and own.best != text) or false:
                measured.mistakes.append(
                    f"{photo.file} {own.name}: written {text!r}, read {own.best!r} "
                    f"({own.confidence:.3f}), expected {expected!r}: {own.verdict}"
                    f"{' (false)' if false else ''}"
                )
    return measured


def make_photographs(
    people: dict[str, Writer], pages: int, folder: Path, camera: Camera | None = None
) -> tuple[list[Photo], dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """The photographs, what is written in each of their fields, and what is expected there."""
    names = sorted(people)
    photos: list[Photo] = []
    written: dict[str, dict[str, str]] = {}
    answers: dict[str, dict[str, str]] = {}
    kinds: Sequence[str] = list(TASKS)
    for number in range(pages):
        rng = np.random.default_rng([number, len(names)])
        tasks, level = kinds[number % len(kinds)], number // len(kinds) % _LEVELS + 1
        sheet = worksheet(WorksheetOptions(tasks, level, _COUNT, number))
        page = sheet.sheet.pages[0]
        writer = people[names[number % len(names)]]
        filled = fill_in(rendered(sheet_to_pdf(sheet), 0), page, writer, rng)
        path = folder / f"{number:04}.jpg"
        saved(photographed(filled.picture, rng, camera), path, rng, camera)
        photos.append(Photo(path, path.name))
        written[path.name] = filled.written
        answers[path.name] = {own.name: own.answer or "" for own in page.fields}
    return photos, written, answers


def _share(count: int, whole: int) -> str:
    if not whole:
        return "none"
    low, high = wilson_interval(count, whole)
    return (
        f"{100 * count / whole:.2f} % ({count} of {whole}; "
        f"95 % interval {100 * low:.2f} to {100 * high:.2f} %)"
    )
