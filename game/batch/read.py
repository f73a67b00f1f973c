"""Drawings and pictures from files, read without a window.

python -m game read drawing.inkml digits.jsonl photo.jpg --json
"""

from __future__ import annotations

import codecs
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from game.batch.many import in_order
from game.batch.report import Report, Result, one_line
from game.batch.resumable import ResumableLines
from game.document.open import fit, placement
from models.ink.jsonl import read_drawings
from models.ink.strokes import PAGE_PEN, Box, Drawing
from models.pictures.picture import ink_of, read_picture
from models.recognition.answer import Answer, Reading
from models.recognition.language_model import ENGLISH
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.util.errors import InputError

# The page that drawings are read on: the canvas of a new window, so that `read`, `replay` and a
# player who opens the file get the same answers.
PAGE = (728.0, 608.0)
_GZIP = b"\x1f\x8b"
_NETPBM = tuple(b"P%d" % number for number in range(1, 8))


_own = threading.local()  # the readers of a thread: LiteRT's interpreters serve one at a time


@dataclass(frozen=True)
class FileReader:
    """Reads files in whatever process it comes to: it loads the network there by itself, once.

    model, language: as for `load_network` and `Reader`.
    """

    model: str
    language: str = ENGLISH

    @property
    def reader(self) -> Reader:
        readers: dict[FileReader, Reader] = _own.__dict__.setdefault("readers", {})
        if self not in readers:
            readers[self] = Reader(load_network(self.model), self.language)
        return readers[self]

    def read(self, path: Path) -> Iterator[Result | str]:
        """What the file reads as; at the end an error where it, or the rest, cannot be read."""
        reader = self.reader
        try:
            yield from read_results(path, reader)
        except InputError as error:
            yield one_line(str(error))

    def __call__(self, path: Path) -> list[Result | str]:
        """All of it at once."""
        return list(self.read(path))

    def lost(self, path: Path) -> list[Result | str]:
        """For a file that ends the process which reads it."""
        return [one_line(f"{path}: the process that read it was ended; is there enough memory?")]


def read_files(
    paths: Sequence[Path],
    reader: FileReader,
    as_json: bool,
    processes: int = 1,
    scheduler: str | None = None,
    lines: ResumableLines | None = None,
) -> int:
    """Reads files, and prints the results in their order. Returns the exit status.

    A file that cannot be read has its line on the standard error stream, the others are still
    read, and the status is 2.

    processes, scheduler: as for `many.in_order`. lines: keep the results instead; files that they
    have already are passed over.
    """
    report = Report(as_json, False, lines, len(paths) if len(paths) > 1 else None)
    left = paths if lines is None else paths[lines.done :]
    if scheduler is not None:
        left = [path.absolute() for path in left]
    # One process prints each result as it comes, not file by file.
    alone = processes == 1 and scheduler is None
    work: Callable[[Path], Iterable[Result | str]] = reader.read if alone else reader
    status = 0
    try:
        for results in in_order(work, left, reader.lost, processes, scheduler):
            for result in results:
                if isinstance(result, Result):
                    report.add(result)
                else:
                    report.error(result)
                    status = 2
            report.end_file()
    except BaseException:
        if lines is not None:
            lines.pause()
        raise
    report.finish()
    if lines is not None:
        lines.finish()
    return status


def read_results(path: Path, reader: Reader) -> Iterator[Result]:
    """What each drawing, or the picture, of a file reads as. Raises InputError."""
    if is_picture(path):
        picture = read_picture(path)
        ink = ink_of(picture)
        scale = max(ink.shape) / max(picture.shape)
        answers = reader.read_picture(ink).answers
        reading = Reading(tuple(_moved(answer, scale, 0, 0) for answer in answers))
        yield Result(path.name, reading)
        return
    for number, drawing in enumerate(read_drawings(path), start=1):
        name = drawing.id or (path.name if number == 1 else f"{path.name}, drawing {number}")
        yield Result(name, read_drawing(drawing, reader), drawing.label)


def is_picture(path: Path) -> bool:
    """Whether a file's content is a picture rather than drawings, which are text or gzipped text.

    A file that cannot be opened is none: the error comes when it is read. Nor is a pipe, which may
    have no end.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(512)
    except OSError:
        return False
    if start.startswith((_GZIP, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    if start.startswith(_NETPBM) or b"\0" in start:
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return True
    return False


def read_drawing(drawing: Drawing, reader: Reader) -> Reading:
    """Reads a drawing as it would stand on the canvas; boxes are in the drawing's own units."""
    scale, (x, y) = placement(drawing, PAGE)
    reading = reader.read(fit(drawing, PAGE), PAGE_PEN)
    return Reading(tuple(_moved(answer, scale, x, y) for answer in reading.answers))


def _moved(answer: Answer, scale: float, x: float, y: float) -> Answer:
    box = answer.box
    own = Box((box.x - x) / scale, (box.y - y) / scale, box.width / scale, box.height / scale)
    return replace(answer, box=own)
