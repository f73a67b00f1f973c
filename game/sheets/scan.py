"""`scan`: photographs of sheets in, a table, marked pictures and a summary out."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from game.batch.report import one_line
from game.sheets.journal import ENDING, Journal
from game.sheets.marked import mark_page
from game.sheets.records import PageRecord, PhotoRecord
from game.sheets.summary import class_lines, page_line
from game.sheets.table import long_table, wide_table
from game.sheets.workers import Job, Photo, scan_all
from models.sheets.photograph import load_photograph
from models.util.atomic_files import write_new_together, write_whole
from models.util.errors import InputError, StorageError, explain_os_error


@dataclass(frozen=True)
class ScanOptions:
    """What to do with photographs.

    csv: where the table goes, or None. wide: a row for each sheet rather than for each field.
    resume: go on with the table. review: show what is unsure in a window. processes, scheduler: who
    scans, see `scan_all`.
    """

    photos: tuple[Path, ...]
    job: Job
    as_json: bool = False
    csv: Path | None = None
    wide: bool = False
    resume: bool = False
    review: bool = False
    processes: int | None = None
    scheduler: str | None = None


def scan(options: ScanOptions) -> int:
    """Scans, and prints what was found. Returns the exit status, 2 where a photograph is unusable.

    Raises InputError or StorageError where nothing can go on.
    """
    if options.csv is None and options.resume:
        raise InputError("--resume goes on with a table: --csv FILE names it.")
    table = _table_path(options)
    journal = Journal(None if table is None else table.with_name(table.name + ENDING))
    if options.resume:
        journal.resume()
    # What could not be used is tried again: it may have been photographed anew.
    known = {photo.path for photo in journal.photos if photo.pages and not photo.problems}
    left = [photo for photo in _named(_reachable(options)) if str(photo.path) not in known]
    if not left and not journal.photos:
        raise InputError("no photographs to scan; name one or more files.")
    status = 0
    printer = _Printer(options.as_json, len(left))
    # With a review all is printed when it is settled.
    if not options.review:
        for photo in journal.photos:
            if photo.path in known:
                printer.show(photo)
    try:
        # With a review the marks are those that it leaves.
        job = replace(options.job, marked=None) if options.review else options.job
        for record in scan_all(left, job, options.processes, options.scheduler):
            others = [photo for photo in journal.photos if photo.path != record.path]
            record = _without_duplicates(record, others)
            journal.add(record)
            if options.review:
                printer.show_problems(record)
                printer.progress()
            else:
                printer.show(record, is_new=True)
        if options.review:
            from game.sheets.review import review

            review(journal)
            if options.job.marked is not None:
                whole = _mark_all(journal.photos, known, options.job.marked, printer)
                status = 0 if whole else 2
            for photo in journal.photos:
                printer.show(photo, problems=False)
        printer.finish(journal.photos)
    finally:
        # A break leaves the table of what is done.
        if table is not None and journal.photos:
            _write_table(table, journal, options.wide)
    if any(photo.problems for photo in journal.photos):
        status = 2
    return status


def _reachable(options: ScanOptions) -> Sequence[Path]:
    """The photographs, by paths that the workers of a cluster can use."""
    if options.scheduler is None:
        return options.photos
    return [path.absolute() for path in options.photos]


def _named(paths: Sequence[Path]) -> list[Photo]:
    """The photographs, each once, by their names alone where those are unique."""
    distinct = list(dict.fromkeys(paths))
    counts = Counter(path.name for path in distinct)
    return [Photo(each, each.name if counts[each.name] == 1 else str(each)) for each in distinct]


def _without_duplicates(record: PhotoRecord, before: Sequence[PhotoRecord]) -> PhotoRecord:
    """The record with pages marked that another photograph, or another place in it, shows, too."""
    counted = [page for photo in before for page in photo.pages if page.duplicate_of is None]
    pages: list[PageRecord] = []
    for page in record.pages:
        same = next((other for other in counted if page.shows_same(other)), None)
        if same is not None:
            page = replace(page, duplicate_of=same.file)
        else:
            counted.append(page)
        pages.append(page)
    return replace(record, pages=tuple(pages))


def _table_path(options: ScanOptions) -> Path | None:
    """Where the table goes: a new name where there is such a table, and it is not gone on with."""
    path = options.csv
    if path is None:
        return None
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent} for the table.")
    if options.resume:
        return path
    number, free = 1, path
    while free.exists() or free.with_name(free.name + ENDING).exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    if free != path:
        print(
            f"{path} is there already and stays; the table is {free} (--resume goes on with one)",
            file=sys.stderr,
        )
    return free


def _mark_all(
    photos: Sequence[PhotoRecord], known: Set[str], folder: Path, printer: _Printer
) -> bool:
    """Marked pictures of all pages but those of photographs that are known from before; returns
    whether all were written.
    """
    whole = True
    for photo in photos:
        if photo.path in known:
            continue
        for page in photo.pages:
            try:
                mark_page(load_photograph(Path(page.path)), page, folder)
            except InputError as error:
                whole = False
                printer.complain(str(error))
    return whole


def _write_table(path: Path, journal: Journal, wide: bool) -> None:
    """Writes the table, or brings it up to date; one that was changed by hand is left alone."""
    content = (wide_table if wide else long_table)(journal.photos)
    try:
        old = path.read_bytes() if path.exists() else None
        if old == content:
            return
        if old is None:
            (written,) = write_new_together(path.parent, path.stem, {path.suffix: content})
        elif journal.wrote(old):
            write_whole(path, content)
            written = path
        else:
            (written,) = write_new_together(path.parent, path.stem, {path.suffix: content})
            print(f"{path} was changed by hand and stays; the table is {written}", file=sys.stderr)
    except OSError as error:
        raise StorageError(
            f"The table is not kept: {path}: {explain_os_error(error)}; the results are in "
            f"{journal.path}, and --resume writes the table."
        ) from None
    if written == path:
        journal.table_written(content)


class _Printer:
    """Prints pages as they come, and how far the scan is where a person watches."""

    def __init__(self, as_json: bool, count: int) -> None:
        self._as_json = as_json
        self._count = count
        self._done = 0
        self._begun = time.monotonic()
        self._shows_progress = count > 1 and sys.stderr.isatty()
        self._shown = 0  # characters of the progress line that is there

    def show(self, photo: PhotoRecord, is_new: bool = False, problems: bool = True) -> None:
        self._clear()
        for page in photo.pages:
            print(page.to_json() if self._as_json else page_line(page), flush=True)
            if self._as_json and page.duplicate_of is not None:
                self.complain(page_line(page))
        if problems:
            self.show_problems(photo)
        if is_new:
            self.progress()

    def show_problems(self, photo: PhotoRecord) -> None:
        for problem in photo.problems:
            self.complain(problem)

    def progress(self) -> None:
        self._done += 1
        if self._shows_progress:
            took = time.monotonic() - self._begun
            left = took / self._done * (self._count - self._done)
            self._clear()
            words = f"{self._done} of {self._count}, {_duration(left)} left"
            self._shown = len(words)
            print(words, end="", file=sys.stderr, flush=True)

    def finish(self, photos: Sequence[PhotoRecord]) -> None:
        self._clear()
        if not self._as_json:
            lines = class_lines(photos)
            if lines:
                print("\n" + "\n".join(map(one_line, lines)))
        sys.stdout.flush()

    def complain(self, line: str) -> None:
        sys.stdout.flush()
        self._clear()
        print(one_line(line), file=sys.stderr, flush=True)

    def _clear(self) -> None:
        """Takes the progress line away, so that another line can be there."""
        if self._shown:
            print(f"\r{' ' * self._shown}\r", end="", file=sys.stderr, flush=True)
            self._shown = 0


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{round(seconds)} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"
