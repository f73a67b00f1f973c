"""The table of a scan as CSV: a row for each field, or for each sheet."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from game.sheets.records import FieldRecord, PageRecord, PhotoRecord
from models.sheets.reading import Verdict

_VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "unsure", "empty")


@dataclass
class Copy:
    """One person's pages of a sheet: those that follow each other in the order of the files."""

    sheet: str
    pages: list[PageRecord]

    @property
    def writer(self) -> str:
        return next((page.writer for page in self.pages if page.writer), "")

    @property
    def fields(self) -> list[FieldRecord]:
        return [field for page in self.pages for field in page.fields]


def copies(photos: Iterable[PhotoRecord]) -> list[Copy]:
    """The pages without duplicates, those of one person together.

    A page goes with the pages before it where it is of the same sheet and has a higher number, and
    no photograph between them was unusable.
    """
    found: list[Copy] = []
    is_open = False
    for photo in photos:
        for page in photo.pages:
            if page.duplicate_of is not None:
                continue
            last = found[-1] if found else None
            if (
                is_open
                and last is not None
                and last.sheet == page.sheet
                and last.pages[-1].page < page.page
            ):
                last.pages.append(page)
            else:
                found.append(Copy(page.sheet, [page]))
            is_open = True
        if photo.problems:
            is_open = False
    return found


def long_table(photos: Sequence[PhotoRecord]) -> bytes:
    """A row for each field."""
    rows: list[list[object]] = [
        [
            *("file", "sheet", "page", "writer", "field", "prompt"),
            *("expected", "text", "best", "confidence", "verdict"),
        ]
    ]
    for photo in photos:
        for page in photo.pages:
            if page.duplicate_of is None:
                own = [page.file, page.sheet, page.page, page.writer]
                rows += [
                    [
                        *own,
                        *(field.name, field.prompt, field.expected or "", field.text, field.best),
                        *(round(field.confidence, 4), field.verdict or ""),
                    ]
                    for field in page.fields
                ]
    return _csv(rows)


def wide_table(photos: Sequence[PhotoRecord]) -> bytes:
    """A row for each sheet: counts of the verdicts, and of each field its text and its verdict."""
    sheets = copies(photos)
    names = list(dict.fromkeys(field.name for own in sheets for field in own.fields))
    judged = {f.name for own in sheets for f in own.fields if f.expected is not None}
    header = ["files", "sheet", "writer", *(_VERDICTS if judged else ())]
    for name in names:
        header += [name, f"{name} verdict"] if name in judged else [name]
    rows: list[list[object]] = [list(header)]
    for own in sheets:
        fields = {field.name: field for field in own.fields}
        row: list[object] = [
            " ".join(dict.fromkeys(page.file for page in own.pages)),
            own.sheet,
            own.writer,
        ]
        if judged:
            counts = Counter(field.verdict for field in own.fields)
            row += [counts[verdict] for verdict in _VERDICTS]
        for name in names:
            field = fields.get(name)
            row.append(field.text if field else "")
            if name in judged:
                row.append((field.verdict or "") if field else "")
        rows.append(row)
    return _csv(rows)


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _harmless(cell: object) -> object:
    """A spreadsheet takes a text that begins so for a formula, and runs it."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "@", "\t", "\r"):
        return f"'{cell}"
    return cell
