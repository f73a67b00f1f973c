"""Pendigits: 7,494 digits that 30 people wrote on a tablet (Alpaydin, Alimoglu, 1998; CC BY 4.0).

UCI's archive has them as strokes in `pendigits-orig.tra.Z`, UNIPEN text packed by UNIX compress.
The 14 writers of its other part, `pendigits-orig.tes.Z`, are kept for tests: it is never read.
"""

from __future__ import annotations

import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

from unlzw3 import unlzw

from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing, Stroke
from models.util.errors import InputError
from training.datasets.fetch import Published
from training.datasets.unipen_text import Component, components_of, segment_of, statements

SIDE = 500  # the tablet's boxes, in its pixels; y grows upwards in UCI's text
COUNT, STROKES = 7_494, 9_433  # drawings, and strokes in all of them
COMPRESS_MAGIC = b"\x1f\x9d"
DRAWINGS = "strokes/pendigits-train.jsonl.gz"
ARCHIVE = "pen+based+recognition+of+handwritten+digits.zip"
MEMBER = "pendigits-orig.tra.Z"


def find_pendigits(folder: Path) -> Path | None:
    """The set below `folder`: as drawings, or as UCI has it, packed or not."""
    names = (DRAWINGS, *(f"pendigits/{n}" for n in (ARCHIVE, MEMBER, MEMBER.removesuffix(".Z"))))
    return next((folder / name for name in names if (folder / name).is_file()), None)


def read_pendigits(path: Path) -> tuple[Drawing, ...]:
    """The drawings, in boxes of 500 x 500, y downwards, in the order of UCI's file.

    path: a drawings file (.jsonl.gz), UCI's archive (.zip), or its member packed (.Z) or not.
    Raises InputError when it is damaged or does not hold all of the set.
    """
    if ".jsonl" in path.name:
        drawings = tuple(read_drawings(path))
    else:
        origin = f"{path}/{MEMBER}" if path.suffix == ".zip" else str(path)
        drawings = drawings_of(_text(path), origin)
    strokes = sum(len(drawing.strokes) for drawing in drawings)
    if (len(drawings), strokes) != (COUNT, STROKES):
        raise InputError(
            f"{path}: {len(drawings)} drawings of {strokes} strokes, "
            f"expected {COUNT} of {STROKES}; it is not whole"
        )
    return drawings


def drawings_of(text: str, origin: str) -> tuple[Drawing, ...]:
    """The drawings in a UNIPEN text of pendigits; `origin` names it in errors.

    Each segment is followed by a comment, `.COMMENT 8 12 3` (label, writer, the how manieth of
    that writer), and by the components that it consists of.
    """
    every = list(statements(text))
    keywords = [one.keyword for one in every]
    if keywords.count("PEN_DOWN") != keywords.count("PEN_UP"):
        raise InputError(f"{origin}: cut short: a .PEN_DOWN without its .PEN_UP")
    bounds = [*(n for n, keyword in enumerate(keywords) if keyword == "SEGMENT"), len(every)]
    drawings = []
    for number, (start, end) in enumerate(pairwise(bounds)):
        label = segment_of(every[start], origin).label
        line = every[start].line
        comments = [one.content.split() for one in every[start:end] if one.keyword == "COMMENT"]
        if not comments or len(comments[0]) < 2 or comments[0][0] != label:
            raise InputError(
                f"{origin}:{line}: the segment of {label!r} should be followed by "
                f".COMMENT {label} WRITER NUMBER"
            )
        strokes = tuple(
            _stroke(component)
            for component in components_of(every[start:end], origin)
            if component.down and len(component.points)
        )
        if not strokes:
            raise InputError(f"{origin}:{line}: the segment of {label!r} has no ink")
        drawings.append(
            Drawing(
                strokes=strokes,
                id=f"tra#{number}",
                label=label,
                writer=f"pendigits/tra{comments[0][1]}",
                width=SIDE,
                height=SIDE,
                source="pendigits",
            )
        )
    return tuple(drawings)


# UCI states no checksum, so a download is checked by what it holds.
PENDIGITS = Published(
    name="pendigits",
    url="https://archive.ics.uci.edu/static/public/81/"
    "pen+based+recognition+of+handwritten+digits.zip",
    file=f"pendigits/{ARCHIVE}",
    instead=f"its member {MEMBER} in pendigits/",
    sha256=None,
    find=find_pendigits,
    check=read_pendigits,
)


def _text(path: Path) -> str:
    """The UNIPEN text in UCI's archive, in its packed member, or as it is."""
    try:
        data = path.read_bytes() if path.suffix != ".zip" else _member(path)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InputError(f"{path}: damaged or cut archive ({error})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    if data[:2] == COMPRESS_MAGIC:
        try:
            data = unlzw(data)
        except (ValueError, IndexError) as error:
            raise InputError(f"{path}: damaged or cut .Z file ({error})") from error
    return data.decode("latin-1")


def _member(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        if MEMBER not in archive.namelist():
            raise InputError(f"{path}: has no {MEMBER}; UCI's archive of pendigits has")
        return archive.read(MEMBER)


def _stroke(component: Component) -> Stroke:
    return Stroke(component.points * (1, -1) + (0, SIDE))
