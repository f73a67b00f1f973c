"""How well simulated photographs of forms by held-out people are read, by kind of field."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

import numpy as np
from tabulate import tabulate

from game.sheets.form import load_form
from game.sheets.pdf import sheet_to_pdf
from game.sheets.workers import Job, Photo, scan_all
from models.recognition.labels import DIGITS
from models.recognition.language_model import ENGLISH, load_language
from models.recognition.network import load_network
from models.sheets.sheet import TICKED, Field
from models.util.statistics import wilson_interval
from tests.sheets.simulate import Rng, Writer, fill_in, photographed, rendered, saved
from training.datasets.split import Split
from training.words.samples import letters_by_writer

FORM = {
    "title": "Order",
    "rows": [
        [
            {"name": "post code", "kind": "digits", "cells": 5},
            {"name": "amount", "kind": "number", "cells": 6},
        ],
        [{"name": "date", "kind": "digits", "cells": 8}],
        [{"name": "name", "kind": "letters", "cells": 10}],
        [{"name": "code", "kind": "letters", "cells": 6}],
        [{"name": "city", "kind": "words"}],
        "Extras",
        [{"name": "gift", "kind": "tick"}, {"name": "express", "kind": "tick"}],
    ],
}
_EMPTY = 0.1  # share of the fields
_WORDS = 20_000  # of the language, the most used


@dataclass
class FieldCounts:
    """What came of some fields.

    right: whose `best` is what was written. asserted: without a "?". false: of those what was not
    written.
    """

    n: int = 0
    right: int = 0
    asserted: int = 0
    false: int = 0


@dataclass(frozen=True)
class MeasuredForms:
    """What came of the fields of each name, what was read otherwise, and unusable photographs."""

    fields: Mapping[str, FieldCounts]
    mistakes: Sequence[str]
    unusable: Sequence[str]

    def lines(self) -> list[str]:
        """A table, a line for each field of the form."""
        rows = []
        for name, own in self.fields.items():
            low, high = wilson_interval(own.right, own.n)
            share = f"{own.right / own.n:.1%}", f"{low:.1%} to {high:.1%}"
            rows.append((name, own.n, *share, f"{own.asserted / own.n:.1%}", own.false))
        heads = ("", "n", "right", "95 % interval", "asserted", "asserted and false")
        table = tabulate(rows, heads, "plain", disable_numparse=True)
        return [*table.splitlines(), f"{len(self.unusable)} photographs unusable"]


def measure_forms(
    data_dir: Path | None, split: Split, pages: int, folder: Path, by_outline: bool
) -> MeasuredForms:
    """Fills in forms, photographs them into a folder, and scans them.

    split: of the people who write. by_outline: whether the form is described as one that was
    printed elsewhere, and found by the outline of its paper.
    """
    people = _writers(data_dir, split)
    names = sorted(people)
    spec = folder / "form.json"
    spec.write_text(json.dumps(FORM))
    printed = load_form(spec).printed
    assert printed is not None
    (page,) = printed.sheet.pages
    blank = rendered(sheet_to_pdf(printed), 0)
    if by_outline:
        fields = [
            {key: value for key, value in own.to_json().items() if key != "prompt"}
            for own in page.fields
        ]
        spec = folder / "outline.json"
        spec.write_text(json.dumps({"title": "Order", "size": page.size, "fields": fields}))
    words = [w for w in load_language(ENGLISH).most_used(_WORDS) if 3 <= len(w) <= 9]
    photos, written = [], []
    for number in range(pages):
        rng = np.random.default_rng([number, 91])
        writer = people[names[number % len(names)]]
        filled = fill_in(blank, page, writer, rng, lambda own, rng: _answer(own, words, rng))
        path = saved(photographed(filled.picture, rng), folder / f"{number:04}.jpg", rng)
        photos.append(Photo(path, path.name))
        written.append(filled.written)
    mistakes: list[str] = []
    unusable: list[str] = []
    measured = MeasuredForms(defaultdict(FieldCounts), mistakes, unusable)
    for texts, record in zip(written, scan_all(photos, Job(spec, None, ENGLISH)), strict=True):
        if len(record.pages) != 1:
            unusable += record.problems
            continue
        for own in record.pages[0].fields:
            text, counts = texts[own.name], measured.fields[own.name]
            best, asserted = (each.casefold() for each in (own.best, own.text))
            counts.n += 1
            counts.right += best == text.casefold()
            counts.asserted += "?" not in asserted
            false = "?" not in asserted and asserted != text.casefold()
            counts.false += false
            if best != text.casefold() or false:
                mistakes.append(
                    f"{record.pages[0].file} {own.name}: written {text!r}, read {own.best!r} "
                    f"({own.confidence:.3f}), asserted {own.text!r}{' (false)' if false else ''}"
                )
    return measured


def _writers(data_dir: Path | None, split: Split) -> dict[str, Writer]:
    """People with each digit, capital and small letter."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    every = {*DIGITS, *alphabet, *alphabet.upper()}
    people = letters_by_writer(load_network("characters"), data_dir, split)
    return {name: own for name, own in people.items() if every <= own.keys()}


def _answer(own: Field, words: Sequence[str], rng: Rng) -> str:
    if own.kind == "tick":
        return TICKED if rng.random() < 0.5 else ""
    if rng.random() < _EMPTY:
        return ""
    if own.name == "date":
        day, month, year = rng.integers((1, 1, 1930), (29, 13, 2031)).tolist()
        return f"{day:02}{month:02}{year}"
    if own.kind in ("digits", "number"):
        length = own.cells if own.kind == "digits" else int(rng.integers(1, own.cells + 1))
        return str(int(rng.integers(10 ** (length - 1), 10**length)))
    if own.name == "code":
        return "".join(rng.choice(list(ascii_uppercase), own.cells).tolist())
    word = words[int(rng.integers(len(words)))]
    return word.upper() if own.kind == "letters" else word.capitalize()
