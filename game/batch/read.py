"""Drawings and pictures from files, read without a window.

python -m game read drawing.inkml digits.jsonl photo.jpg --json
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from game.batch.many import in_order
from game.batch.report import Report, Result, one_line
from game.batch.resumable import ResumableLines
from game.document.open import fit, placement
from models.ink.jsonl import read_drawings
from models.ink.strokes import PAGE_PEN, Drawing
from models.lines.both import read_by_both, read_by_characters
from models.lines.line_reader import LineReader
from models.lines.network import load_line_network
from models.pictures.files import is_picture, read_picture
from models.recognition.answer import Reading
from models.recognition.labels import DIGITS
from models.recognition.language_model import ENGLISH
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.util.errors import InputError

# The page that drawings are read on: the canvas of a new window, so that `read`, `replay` and a
# player who opens the file get the same answers.
PAGE = (728.0, 608.0)
ReadPicture = Callable[[NDArray[np.uint8]], Reading]


_own = threading.local()  # the readers of a thread: LiteRT's interpreters serve one at a time


@dataclass(frozen=True)
class FileReader:
    """Reads files in whatever process it comes to: it loads the networks there by itself, once.

    model, language: as for `load_network` and `Reader`. as_numbers: whether each picture holds one
    number and nothing else.
    """

    model: str
    language: str = ENGLISH
    as_numbers: bool = False

    @property
    def readers(self) -> tuple[Reader, ReadPicture]:
        """What reads drawings, and what reads pictures."""
        readers: dict[FileReader, tuple[Reader, ReadPicture]]
        readers = _own.__dict__.setdefault("readers", {})
        if self not in readers:
            reader = Reader(load_network(self.model), self.language)
            readers[self] = reader, picture_reader(reader, self.as_numbers)
        return readers[self]

    def read(self, path: Path) -> Iterator[Result | str]:
        """What the file reads as; at the end an error where it, or the rest, cannot be read."""
        reader, read = self.readers
        try:
            yield from read_results(path, reader, read)
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


def picture_reader(reader: Reader, as_numbers: bool) -> ReadPicture:
    """What reads pictures: lines of digits as wholes, too, where only digits are read.

    The network for lines is loaded with the first picture. Where it is missing or damaged, a line
    on the standard error stream says so, and digits are read one by one.

    as_numbers: whether each picture holds one number and nothing else; only the network for lines
    reads those, and InputError is raised without it.
    """
    loaded: list[LineReader | None] = []

    def read(picture: NDArray[np.uint8]) -> Reading:
        if reader.labels != DIGITS:
            return read_by_characters(picture, reader)
        if not loaded:
            try:
                loaded.append(LineReader(load_line_network()))
            except InputError as error:
                if as_numbers:
                    raise
                print(f"{one_line(str(error))} Digits are read one by one.", file=sys.stderr)
                loaded.append(None)
        lines = loaded[0]
        if lines is None:
            return read_by_characters(picture, reader)
        return lines.read(picture) if as_numbers else read_by_both(picture, reader, lines)

    return read


def read_results(path: Path, reader: Reader, read: ReadPicture) -> Iterator[Result]:
    """What each drawing, or the picture, of a file reads as. Raises InputError.

    read: what reads pictures.
    """
    if is_picture(path):
        yield Result(path.name, read(read_picture(path)))
        return
    for number, drawing in enumerate(read_drawings(path), start=1):
        name = drawing.id or (path.name if number == 1 else f"{path.name}, drawing {number}")
        yield Result(name, read_drawing(drawing, reader), drawing.label)


def read_drawing(drawing: Drawing, reader: Reader) -> Reading:
    """Reads a drawing as it would stand on the canvas; boxes are in the drawing's own units."""
    scale, (x, y) = placement(drawing, PAGE)
    reading = reader.read(fit(drawing, PAGE), PAGE_PEN)
    return Reading(
        tuple(answer.placed(1 / scale, -x / scale, -y / scale) for answer in reading.answers)
    )
