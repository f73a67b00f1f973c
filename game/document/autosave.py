"""The ink of a window that was closed, crashed or killed is there again at the next start.

A folder holds slots: `canvas-1.jsonl` with a lock, `canvas-2.jsonl`, and so on, one for each window
that is open at a time. A slot's file is a line `{"pen": 12.0}` and then a line `{"stroke": [[x, y,
ms], ...]}` for each stroke; the last pen counts. What the player merged, split and labelled follows
as `{"together": [stroke, ...]}`, `{"apart": [stroke, ...]}` or `{"named": [stroke, ...], "label":
"7"}`. A stroke more is a line more. Any other change replaces the file whole, so a crash costs no
more than the line that was being written.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from models.ink.points import stroke_from_lists, stroke_to_lists
from models.ink.strokes import Stroke
from models.segmentation.edits import AS_READ, Ink, SegmentationEdits
from models.util.atomic_files import sweep, write_whole
from models.util.errors import explain_os_error

_MOST_SLOTS = 100
_Edit = tuple[str, Ink, str | None]  # the name of its line, the ink, and its label


class Autosave:
    """One window's slot. Nothing here raises: an autosave that fails must not stop the pen.

    strokes, edits, pen: what the slot held at the start; no strokes and None where it held nothing.
    error: a line for the player, or None; it is set to None by the one who shows it.
    """

    def __init__(self, folder: Path | None) -> None:
        """Takes the free slot whose ink is the newest, or an empty one.

        folder: made where it is missing. None, or one that cannot be used: nothing is kept.
        """
        self.strokes: tuple[Stroke, ...] = ()
        self.edits = AS_READ
        self.pen: float | None = None
        self.error: str | None = None
        self._path: Path | None = None
        self._lock: FileLock | None = None
        self._file: IO[bytes] | None = None
        self._all: list[Stroke] = []  # what the file should hold
        self._lines: dict[Stroke, bytes] = {}
        self._edit_lines: dict[_Edit, bytes] = {}
        self._edits_now = AS_READ
        self._pen_now: float | None = None
        self._failing = False
        if folder is None:
            self.error = "Ink is not kept after closing: there is no folder of your own for it."
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            sweep(folder)
            self._take_slot(folder)
        except (OSError, NotImplementedError) as error:
            reason = explain_os_error(error) if isinstance(error, OSError) else "it has no locks"
            self.error = f"Ink is not kept after closing: {folder}: {reason}."

    def append(self, stroke: Stroke, pen: float) -> None:
        """Keeps one stroke more, and the pen that the page is drawn with."""
        known = pen == self._pen_now and len(self._all) > 0
        self._all.append(stroke)
        self._pen_now = pen
        if self._path is None:
            return
        # The empty file of a page without ink holds no edits either.
        unknown_edits = not known and self._edits_now != AS_READ
        if self._failing or self._file is None or unknown_edits:
            self._write_all()
            return
        try:
            self._file.write((b"" if known else self._pen_line()) + self._line(stroke))
            self._file.flush()
        except OSError as error:
            self._failed(error)

    def rewrite(
        self, strokes: Sequence[Stroke], pen: float, edits: SegmentationEdits = AS_READ
    ) -> None:
        """Keeps these strokes, this pen and these edits in the place of all before."""
        self._all, self._pen_now, self._edits_now = list(strokes), pen, edits
        if self._path is not None:
            self._write_all()

    def close(self) -> None:
        """Leaves the ink for the next start and the slot for any window."""
        self._close_file()
        if self._lock is not None:
            self._lock.release()
        self._path = self._lock = None

    # Finding a slot

    def _take_slot(self, folder: Path) -> None:
        last_error: OSError | None = None
        for path in _slots(folder):
            lock = FileLock(path.with_suffix(".lock"))
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue  # another window's
            except OSError as error:
                last_error = error
                continue
            empty = not _size(path)
            if not empty:
                self._adopt(path)
            if empty or self._all:
                self._path, self._lock = path, lock
                if not self._failing:
                    self._open_file()
                return
            lock.release()
        if last_error is not None:
            raise last_error
        self.error = f"Ink is not kept after closing: {folder} has no free slot."

    def _adopt(self, path: Path) -> None:
        """Takes over what the slot holds; a damaged file is set aside, not thrown away."""
        try:
            content = path.read_bytes()
        except OSError:
            return
        self._all, self._pen_now, self._edits_now, damaged = _read(content)
        self.strokes, self.pen, self.edits = tuple(self._all), self._pen_now, self._edits_now
        if damaged:
            back = {0: "no stroke", 1: "1 stroke"}.get(len(self._all), f"{len(self._all)} strokes")
            aside = _free_name(path)
            path.rename(aside)
            self.error = (
                f"The ink kept from last time was damaged: {back} could be brought back; "
                f"the damaged file is now {aside}."
            )
        if self._all and (damaged or not content.endswith(b"\n")):
            try:
                write_whole(path, self._content())
            except OSError:
                self._failing = True  # the next change tries again

    # Writing

    def _write_all(self) -> None:
        assert self._path is not None
        self._close_file()
        try:
            write_whole(self._path, self._content())
            self._open_file()
            self._failing = False
        except OSError as error:
            self._failed(error)

    def _open_file(self) -> None:
        assert self._path is not None
        self._file = self._path.open("ab")  # open as long as the window

    def _content(self) -> bytes:
        lines = {stroke: self._line(stroke) for stroke in self._all}
        self._lines = lines
        if not lines:
            return b""  # a slot without ink is an empty file: that is how the next start knows it
        edits: list[_Edit] = [("together", ink, None) for ink in self._edits_now.merged]
        edits += [("apart", ink, None) for ink in self._edits_now.split]
        edits += [("named", ink, label) for ink, label in self._edits_now.labels]
        self._edit_lines = {each: self._edit_lines.get(each) or _edit_line(*each) for each in edits}
        return b"".join(
            [self._pen_line(), *map(lines.__getitem__, self._all), *self._edit_lines.values()]
        )

    def _pen_line(self) -> bytes:
        return b"" if self._pen_now is None else json.dumps({"pen": self._pen_now}).encode() + b"\n"

    def _line(self, stroke: Stroke) -> bytes:
        """The stroke's line, made once: rewriting a page of a thousand strokes is then quick."""
        line = self._lines.get(stroke)
        if line is None:
            line = json.dumps({"stroke": stroke_to_lists(stroke)}).encode() + b"\n"
            self._lines[stroke] = line
        return line

    def _failed(self, error: OSError) -> None:
        """The next change tries again from the start; the error is shown once."""
        self._close_file()
        if not self._failing:
            self.error = f"Ink is not kept after closing: {self._path}: {explain_os_error(error)}."
        self._failing = True

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()


def _slots(folder: Path) -> Iterator[Path]:
    """The slots to try: those that hold something, the one written last first; then the others."""
    full = []
    for path in folder.glob("canvas-*.jsonl"):
        with contextlib.suppress(OSError):
            if _size(path) > 0:
                full.append((path.stat().st_mtime_ns, path))
    yield from (path for _, path in sorted(full, reverse=True))
    for number in range(1, _MOST_SLOTS + 1):
        path = folder / f"canvas-{number}.jsonl"
        if not _size(path):
            yield path


def _size(path: Path) -> int:
    """Bytes; 0 where there is no file, and -1 where something else has the name."""
    if not os.path.lexists(path):
        return 0
    return path.stat().st_size if path.is_file() else -1


def _free_name(path: Path) -> Path:
    """A name beside the slot that nothing has; the slot's lock keeps other windows from it."""
    names = (path.with_name(f"{path.stem}-damaged-{number}.txt") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))


def _edit_line(kind: str, ink: Ink, label: str | None = None) -> bytes:
    record: dict[str, object] = {kind: [stroke_to_lists(stroke) for stroke in ink]}
    if label is not None:
        record["label"] = label
    return json.dumps(record).encode() + b"\n"


def _read(content: bytes) -> tuple[list[Stroke], float | None, SegmentationEdits, bool]:
    """The whole strokes, the last pen, the edits, and whether there was anything else."""
    strokes: list[Stroke] = []
    edits: dict[str, set[Ink]] = {"together": set(), "apart": set()}
    labels: set[tuple[Ink, str]] = set()
    pen: float | None = None
    damaged = False
    for line in filter(bytes.strip, content.splitlines()):
        try:
            record = json.loads(line)
            if isinstance(record, dict) and record.keys() == {"stroke"}:
                strokes.append(stroke_from_lists(record["stroke"], "autosave"))
            elif isinstance(record, dict) and record.keys() == {"pen"}:
                pen = _pen(record["pen"])
            elif isinstance(record, dict) and len(record) == 1 and record.keys() <= edits.keys():
                ((kind, ink),) = record.items()
                edits[kind].add(_ink(ink))
            elif isinstance(record, dict) and record.keys() == {"named", "label"}:
                labels.add((_ink(record["named"]), _label(record["label"])))
            else:
                damaged = True
        except (ValueError, RecursionError):  # broken JSON, no text, InputError
            damaged = True
    merged, split = map(frozenset, edits.values())
    return strokes, pen, SegmentationEdits(merged, split, frozenset(labels)), damaged


def _ink(value: object) -> Ink:
    if not isinstance(value, list) or not value:
        raise ValueError(f"no ink is {value}")
    return frozenset(stroke_from_lists(stroke, "autosave") for stroke in value)


def _label(value: object) -> str:
    if not isinstance(value, str) or len(value) != 1:
        raise ValueError(f"no character is {value}")
    return value


def _pen(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError(f"no pen is {value} wide")
    return float(value)
