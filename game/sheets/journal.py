"""The journal beside a table: all that was scanned and settled, line by line, safe at once.

After a break the scan goes on from it, and so does the review.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from game.sheets.records import FieldRecord, PhotoRecord, photo_from_journal
from models.util.atomic_files import append_line
from models.util.errors import InputError, StorageError, explain_os_error

ENDING = ".jsonl"  # added to the table's name


class Journal:
    """What was scanned so far. path: of the file, or None where nothing is to be kept.

    photos: in the order in which they were scanned, with what was settled. table: checksum of the
    table as it was last written, or None.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.photos: list[PhotoRecord] = []
        self._places: dict[str, int] = {}  # of each photograph in them
        self.table: str | None = None

    def resume(self) -> None:
        """Reads what an earlier scan left. Raises InputError where the file is damaged."""
        if self.path is None:
            return
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read, {explain_os_error(error)}.") from None
        lines = content.split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError, IndexError):
                if number == len(lines):
                    continue  # a break while it was written
                raise InputError(
                    f"{self.path}, line {number}: no line of a scan's journal; without --resume a "
                    "new table is begun."
                ) from None

    def add(self, photo: PhotoRecord) -> None:
        """Keeps a photograph's record, in the place of an older one. Raises StorageError."""
        self._put(photo)
        self._append(photo.to_journal())

    def settle(self, photo: int, page: int, field: FieldRecord) -> None:
        """Keeps what a person said of a field; `photo` and `page` count from 0."""
        self._settle(photo, page, field)
        self._append({"settled": [photo, page, field.name, field.text]})

    def table_written(self, content: bytes) -> None:
        self.table = hashlib.sha256(content).hexdigest()
        self._append({"table": self.table})

    def wrote(self, content: bytes) -> bool:
        """Whether a table is as it was last written."""
        return self.table == hashlib.sha256(content).hexdigest()

    def _take(self, record: dict[str, object]) -> None:
        if "table" in record:
            self.table = str(record["table"])
        elif "settled" in record:
            settled = record["settled"]
            assert isinstance(settled, list)
            photo, page, name, text = settled
            own = self.photos[photo].pages[page].fields
            field = next(each for each in own if each.name == name)
            self._settle(photo, page, field.settled(text))
        else:
            self._put(photo_from_journal(record))

    def _put(self, photo: PhotoRecord) -> None:
        place = self._places.setdefault(photo.path, len(self.photos))
        self.photos[place : place + 1] = [photo]

    def _settle(self, photo: int, page: int, field: FieldRecord) -> None:
        record = self.photos[photo]
        pages = list(record.pages)
        pages[page] = pages[page].with_field(field)
        self.photos[photo] = replace(record, pages=tuple(pages))

    def _append(self, record: dict[str, object]) -> None:
        if self.path is None:
            return
        try:
            append_line(self.path, json.dumps(record).encode(), _is_whole)
        except OSError as error:
            raise StorageError(
                f"The results are not kept: {self.path}: {explain_os_error(error)}."
            ) from None


def _is_whole(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
