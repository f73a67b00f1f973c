"""Drawings and pictures from files, read without a window.

python -m game read drawing.inkml digits.jsonl photo.jpg --json
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from game.batch.report import Report, Result, one_line
from game.document.open import fit, placement
from models.ink.jsonl import read_drawings
from models.ink.strokes import PAGE_PEN, Box, Drawing
from models.pictures.picture import ink_of, read_picture
from models.recognition.answer import Answer, Reading
from models.recognition.reader import Reader
from models.util.errors import InputError

# The page that drawings are read on: the canvas of a new window, so that `read`, `replay` and a
# player who opens the file get the same answers.
PAGE = (728.0, 608.0)
_GZIP = b"\x1f\x8b"
_NETPBM = tuple(b"P%d" % number for number in range(1, 8))


def read_files(paths: Sequence[Path], reader: Reader, as_json: bool) -> int:
    """Reads files one after the other, and prints the results. Returns the exit status.

    A file that cannot be read has its line on the standard error stream, the others are still
    read, and the status is 2.
    """
    report = Report(as_json, timed=False)
    status = 0
    for path in paths:
        try:
            for result in read_results(path, reader):
                report.add(result)
        except InputError as error:
            sys.stdout.flush()
            print(one_line(str(error)), file=sys.stderr)
            status = 2
    report.finish()
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
