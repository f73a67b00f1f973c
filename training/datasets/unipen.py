"""UNIPEN's isolated characters, out of its published archive (International Unipen Foundation).

The archive's `data/1a/…` (digits), `data/1b/…` (upper case) and `data/1c/…` (lower case) name
segments of the pen data in `include/…`. Each becomes a drawing that begins at (0, 0), y downwards.
"""

from __future__ import annotations

import gzip
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from models.ink.strokes import Drawing, Stroke
from models.util.errors import InputError
from training.datasets.fetch import Published
from training.datasets.unipen_text import (
    Component,
    Points,
    Segment,
    Statement,
    components_of,
    cut,
    segment_of,
    statements,
)

ARCHIVE = "unipen-CDROM-train_r01_v07.tgz"
FOLDER = "train_r01_v07"
DIGITS, UPPER, LOWER = "1a", "1b", "1c"

# Two sites are kept for tests on writers and pens that no network has met, so no training ever
# sees them: the published archive holds them, and they are dropped before they are read.
NEVER_TRAIN_SITES = ("tos", "imp")

# Segments of each category, from the table in the archive's own CDROM-README, less those sites':
# 15,953 - 543 - 257, 28,069 - 1,432 - 645 and 61,351 - 1,381 - 656.
COUNTS = {DIGITS: 15_153, UPPER: 25_992, LOWER: 59_314}

# The archive's own folder may lie in another one, so names are matched from `data` or `include` on.
NAME = re.compile(r"(?:.*?/)??((?:data|include)/.+)")


def find_unipen(folder: Path) -> Path | None:
    """The archive, or the folder that it unpacks to, in `unipen/` below `folder`."""
    inside = folder / "unipen"
    return next((p for p in (inside / ARCHIVE, inside / FOLDER) if p.exists()), None)


def read_unipen(path: Path, categories: Sequence[str]) -> dict[str, tuple[Drawing, ...]]:
    """The drawings of each of `categories` in the archive, or in the folder that it unpacks to.

    They are ordered by file, then as the file has them, without the sites of NEVER_TRAIN_SITES.
    `extra["quality"]` is "OK" where UNIPEN's makers verified the label, else "?". Raises
    InputError when the archive is damaged or does not hold COUNTS[category] drawings.
    """
    files = sorted(_texts(path, lambda name: _is_wanted(name, categories)))
    parsed = {name: list(statements(text)) for name, text in files}
    wanted = {include for every in parsed.values() for include in _includes(every)}
    pens = {
        name.removeprefix("include/"): list(statements(text))
        for name, text in _texts(path, lambda name: name.removeprefix("include/") in wanted)
    }
    drawings: dict[str, list[Drawing]] = {category: [] for category in categories}
    for name, every in parsed.items():
        category = name.split("/")[1]
        drawings[category] += _drawings_of(f"{path}: {name}", category, every, pens)
    for category, found in drawings.items():
        if len(found) != COUNTS[category]:
            raise InputError(
                f"{path}: {len(found)} drawings of category {category}, "
                f"expected {COUNTS[category]}; it is not whole, or not {FOLDER}"
            )
    return {category: tuple(found) for category, found in drawings.items()}


def check_unipen(path: Path) -> None:
    """Raises InputError unless all three categories can be read from `path`."""
    read_unipen(path, tuple(COUNTS))


# Zenodo states no SHA-256, so a download is checked by what it holds.
UNIPEN = Published(
    name="unipen",
    url=f"https://zenodo.org/records/1195803/files/{ARCHIVE}",
    file=f"unipen/{ARCHIVE}",
    instead=f"it unpacked, as unipen/{FOLDER}",
    sha256=None,
    find=find_unipen,
    check=check_unipen,
)


def _is_wanted(name: str, categories: Sequence[str]) -> bool:
    """Whether `name` is like data/1a/site/file.dat, of a category and a site to train on."""
    top, category, site, *rest = [*name.split("/"), "", ""]
    wanted = top == "data" and category in categories and site not in NEVER_TRAIN_SITES
    return wanted and name.endswith(".dat") and any(rest)


def _includes(every: Sequence[Statement]) -> list[str]:
    return [one.content.split()[0] for one in every if one.keyword == "INCLUDE"]


def _texts(path: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Name (from `data/` or `include/` on) and text of the files that are wanted."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path).as_posix()
            if wanted(name) and file.is_file():
                yield name, file.read_text("latin-1")
        return
    try:
        with gzip.open(path) as unzipped:
            with tarfile.open(fileobj=unzipped, mode="r|") as archive:
                for member in archive:
                    match = NAME.fullmatch(member.name)
                    if match and member.isfile() and wanted(match[1]):
                        content = archive.extractfile(member)
                        assert content is not None  # it is a file
                        yield match[1], content.read().decode("latin-1")
            while unzipped.read(1 << 20):  # to the end, where gzip's checksum is
                pass
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise InputError(f"{path}: damaged or cut archive ({error})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _drawings_of(
    origin: str, category: str, every: Sequence[Statement], pens: dict[str, list[Statement]]
) -> Iterator[Drawing]:
    """The drawings that one file of `data/` cuts out of the pen data that it includes."""
    include, components, writer = _pen_data(origin, _includes(every), pens)
    site = include.split("/", 1)[0]
    segments = [one for one in every if one.keyword == "SEGMENT"]
    for index, statement in enumerate(segments):
        where = f"{origin}:{statement.line}"
        segment: Segment = segment_of(statement, origin)
        strokes = cut(components, segment.where, where)
        if not strokes:
            raise InputError(f"{where}: the segment {segment.where!r} has no ink")
        yield Drawing(
            strokes=_placed(strokes),
            id=f"{category}/{include}#{index}",
            label=segment.label,
            writer=f"{site}/{writer}",
            source=f"unipen/{site}",
            extra={"quality": segment.quality},
        )


def _pen_data(
    origin: str, includes: Sequence[str], pens: dict[str, list[Statement]]
) -> tuple[str, list[Component], str]:
    """The one included file that has pen data, its components, and its writer."""
    for include in includes:
        if include not in pens:
            raise InputError(f"{origin}: includes {include}, which is not in include/")
        components = components_of(pens[include], include)
        if components:
            names = [one.content.split() for one in pens[include] if one.keyword == "WRITER_ID"]
            writer = next((words[0] for words in names if words), "?")
            return include, components, writer
    raise InputError(f"{origin}: includes no pen data")


def _placed(strokes: Sequence[Points]) -> tuple[Stroke, ...]:
    """The strokes turned upside down, y downwards, and moved so that the ink begins at (0, 0)."""
    every = np.concatenate(strokes)
    left, top = every[:, 0].min(), every[:, 1].max()
    return tuple(Stroke((points - (left, top)) * (1, -1)) for points in strokes)
