"""DigiLeTs: digits and letters from a pen tablet, out of its publisher's archive (Fabi et al.).

Each file of `data/raw/complete` and `data/raw/corrupted` is one writer's. Two lines make a drawing:
its points (x, y from the bottom upwards, pressure, whether the pen was set down there, seconds),
and the label, one-hot among LABELS. `data/raw/corrupted/info` lists bad drawings.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

import numpy as np

from models.ink.strokes import Drawing, Stroke, bounding_box
from models.util.arrays import Floats
from models.util.errors import InputError
from training.datasets.fetch import Published

COMMIT = "477ca92bac3325eae420f54a8b3b1a2284a6484f"
FOLDER = f"DigiLeTs-{COMMIT}"
LABELS = "0123456789" + ascii_lowercase + ascii_uppercase
COUNT = 25_055  # drawings by 81 writers: five of each label, without the 55 that are listed as bad

# Thirty writers are kept for tests on people whom no network has met, so no training ever sees
# them: the published archive holds them, and they are dropped before they are read.
# fmt: off
NEVER_TRAIN_WRITERS = frozenset([
    "001", "008", "010", "016", "018", "021", "022", "023", "028", "032", "034", "036", "038",
    "039", "045", "048", "058", "060", "072", "076", "077", "078", "090", "091", "104", "105",
    "106", "107", "109", "111",
])
# fmt: on

_WRITER = re.compile(r"(?:.*/)?data/raw/(?:complete|corrupted)/(\d{3})-[^/]+")
_INFO = re.compile(r"(?:.*/)?data/raw/corrupted/info")
_BAD_WRITER, _BAD_DRAWING = re.compile(r"    - (\d{3})\b"), re.compile(r"        - (\w) (\d)\b")
_UNIT = 1000  # of a drawing, for the height and width of the field that was written in
_DOT = 0.08  # of the longest side of all ink: bars and loose ends of strokes are longer


def find_digilets(folder: Path) -> Path | None:
    """The archive, or the folder that it unpacks to, in `digilets/` below `folder`."""
    inside = folder / "digilets"
    return next((p for p in (inside / f"{FOLDER}.zip", inside / FOLDER) if p.exists()), None)


def read_digilets(path: Path) -> tuple[Drawing, ...]:
    """The drawings in the archive or in the folder that it unpacks to, without the bad ones and
    without the writers of NEVER_TRAIN_WRITERS.

    Ordered by file, then as the file has them. y points downwards; the field that was
    written in is 1000 wide and high. Raises InputError where the archive is damaged, or does not
    hold COUNT drawings.
    """
    files = dict(_files(path))
    bad = {each for name, text in files.items() if _INFO.fullmatch(name) for each in _bad(text)}
    drawings = tuple(
        drawing
        for name, text in sorted(files.items())
        if (match := _WRITER.fullmatch(name))
        for drawing in _drawings(f"{path}: {name}", match[1], text, bad)
    )
    if len(drawings) != COUNT:
        raise InputError(
            f"{path}: {len(drawings)} drawings, expected {COUNT}; it is not whole, or not {FOLDER}"
        )
    return drawings


DIGILETS = Published(
    name="digilets",
    url=f"https://github.com/CognitiveModeling/DigiLeTs/archive/{COMMIT}.zip",
    file=f"digilets/{FOLDER}.zip",
    instead=f"it unpacked, as digilets/{FOLDER}",
    sha256=None,  # GitHub makes the archive anew, so it is checked by what it holds
    find=find_digilets,
    check=read_digilets,
)


def without_stray_dots(drawing: Drawing) -> Drawing:
    """The drawing without dots that the pen left beside the character; those of i and j stay.

    About one of fifty drawings has one.
    """
    if drawing.label in ("i", "j") or len(drawing.strokes) < 2:
        return drawing
    whole = bounding_box(drawing.strokes)
    least = _DOT * max(whole.width, whole.height)
    boxes = [bounding_box([stroke]) for stroke in drawing.strokes]
    kept = tuple(
        stroke
        for stroke, box in zip(drawing.strokes, boxes, strict=True)
        if max(box.width, box.height) >= least
    )
    return replace(drawing, strokes=kept) if kept else drawing


def _files(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of the files to read, from an archive or a folder."""

    def is_wanted(name: str) -> bool:
        writer = _WRITER.fullmatch(name)
        return bool(_INFO.fullmatch(name)) or (
            writer is not None and writer[1] not in NEVER_TRAIN_WRITERS
        )

    try:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                name = file.relative_to(path).as_posix()
                if is_wanted(name) and file.is_file():
                    yield name, file.read_text("ascii")
            return
        with zipfile.ZipFile(path) as archive:
            for name in filter(is_wanted, archive.namelist()):
                yield name, archive.read(name).decode("ascii")
    except (zipfile.BadZipFile, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: damaged or cut archive ({error})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _bad(info: str) -> Iterator[str]:
    """The ids of the drawings that the list names, of whatever fault."""
    writer = ""
    for line in info.splitlines():
        if match := _BAD_WRITER.match(line):
            writer = match[1]
        elif match := _BAD_DRAWING.match(line):
            yield f"digilets/{writer}/{match[1]}/{match[2]}"


def _drawings(origin: str, writer: str, text: str, bad: Collection[str]) -> Iterator[Drawing]:
    """What a writer's file holds, without the ids that are bad: some of them have no ink."""
    lines = text.splitlines()
    count: Counter[str] = Counter()
    for number in range(0, len(lines) - 1, 2):
        where = f"{origin}:{number + 1}"
        label = LABELS[_numbers(f"{origin}:{number + 2}", lines[number + 1], len(LABELS)).argmax()]
        id = f"digilets/{writer}/{label}/{count[label]}"
        count[label] += 1
        if id in bad:
            continue
        strokes = _strokes(_numbers(where, lines[number], 5).reshape(-1, 5))
        if not strokes:
            raise InputError(f"{where}: a drawing without ink")
        yield Drawing(strokes, id, label, f"digilets/{writer}", source="digilets")


def _numbers(where: str, line: str, several: int) -> Floats:
    """The line's numbers, (n,) float64; n is a multiple of `several`, above 0."""
    try:
        numbers = np.array(line.split(), dtype=np.float64)
    except ValueError:
        numbers = np.zeros(0)
    if not len(numbers) or len(numbers) % several or not np.isfinite(numbers).all():
        raise InputError(f"{where}: expected {several} numbers, or a multiple of that")
    return numbers


def _strokes(points: Floats) -> tuple[Stroke, ...]:
    """The strokes of (n, 5) points. Without pressure the pen is up, but where it is set down, since
    the recording lost the pressure of some of those points.
    """
    down = points[:, 3] > 0
    written = points[(points[:, 2] > 0) | down]
    starts = np.flatnonzero(written[:, 3] > 0)
    places = np.round(_UNIT * (written[:, :2] * (1, -1) + (0, 1)), 1)
    return tuple(Stroke(part) for part in np.split(places, starts) if len(part))
