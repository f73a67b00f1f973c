"""Scanning photographs one after the other, or in a process for each core."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from game.batch.many import cores, in_order
from game.sheets.form import Form, is_form_name, load_form
from game.sheets.marked import mark_page
from game.sheets.records import PhotoRecord, page_record
from game.sheets.worksheet import worksheet_named
from models.recognition.network import load_network
from models.sheets.photograph import load_photograph
from models.sheets.reading import FieldReader
from models.sheets.scanner import scan_photograph
from models.sheets.sheet import Sheet
from models.util.errors import InputError

_FEW = 4  # photographs that are scanned before a second process would have begun

_own = threading.local()  # the scanners of a thread: LiteRT's interpreters serve one at a time


@dataclass(frozen=True)
class Photo:
    """A photograph to scan. file: what it is called in tables."""

    path: Path
    file: str


@dataclass(frozen=True)
class Job:
    """Scans photographs in whatever process it comes to: it loads the networks there, once.

    form: its description, or None. marked: where marked pictures go, or None. language: see
    `Reader`.
    """

    form: Path | None
    marked: Path | None
    language: str

    @property
    def scanner(self) -> Scanner:
        """Raises InputError where the form or a network cannot be used."""
        scanners: dict[Job, Scanner] = _own.__dict__.setdefault("scanners", {})
        if self not in scanners:
            scanners[self] = Scanner(self)
        return scanners[self]

    def __call__(self, photo: Photo) -> PhotoRecord:
        return self.scanner.scan(photo)

    def lost(self, photo: Photo) -> PhotoRecord:
        """For a photograph that ends the process which scans it."""
        problem = f"{photo.path}: the process that scanned it was ended; is there enough memory?"
        return PhotoRecord(str(photo.path), problems=(problem,))


class Scanner:
    """Scans photographs with networks that are loaded once."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._form = None if job.form is None else load_form(job.form)
        self._reader = FieldReader(
            load_network(), cache(partial(load_network, "characters")), job.language
        )

    def scan(self, photo: Photo) -> PhotoRecord:
        """Never raises for what is wrong with one photograph: that is in the record."""
        try:
            picture = load_photograph(photo.path)
            if self._form is not None and not self._form.sheet.marked:
                from models.sheets.unmarked import scan_unmarked

                found = scan_unmarked(picture, self._form.sheet, self._form.marks, self._reader)
            else:
                found = scan_photograph(picture, self._sheet_named, self._reader)
        except InputError as error:
            return PhotoRecord(str(photo.path), problems=(str(error),))
        problems = [f"{photo.path}: {each}." for each in found.problems]
        pages = [page_record(photo.file, str(photo.path.resolve()), each) for each in found.pages]
        if self._job.marked is not None:
            for page in pages:
                try:
                    mark_page(picture, page, self._job.marked)
                except InputError as error:
                    problems.append(str(error))
        return PhotoRecord(str(photo.path), tuple(pages), tuple(problems))

    def _sheet_named(self, name: str) -> Sheet:
        if is_form_name(name):
            return _form_named(name, self._form)
        sheet = worksheet_named(name)
        if sheet is None:
            raise InputError(f"its code says {name!r}, which is no sheet that this version prints")
        return sheet


def _form_named(name: str, form: Form | None) -> Sheet:
    if form is None:
        raise InputError(f"form {name}; --form SPEC.json names the description it was made from")
    if name != form.sheet.name:
        raise InputError(
            f"another version of the form: printed is {name}, the description makes "
            f"{form.sheet.name}; scan it with the description it was made from"
        )
    return form.sheet


def scan_all(
    photos: Sequence[Photo],
    job: Job,
    processes: int | None = None,
    scheduler: str | None = None,
) -> Iterator[PhotoRecord]:
    """Scans photographs, and gives the records in order.

    processes: None for one a core, where there are more than a few. scheduler: as for
    `many.in_order`. Raises InputError where the form or a network cannot be used.
    """
    _ = job.scanner  # says at once what is wrong
    if processes is None:
        processes = 1 if len(photos) <= _FEW else min(cores(), len(photos))
    if scheduler is not None:
        job = replace(
            job,
            form=None if job.form is None else job.form.absolute(),
            marked=None if job.marked is None else job.marked.absolute(),
        )
    return in_order(job, photos, job.lost, processes, scheduler)
