"""Drawings in files: JSON Lines, plain or gzipped, one drawing a line; and InkML, one a file.

    {"id": "tra#12", "label": "8", "writer": "pendigits/tra12", "width": 500, "height": 500,
     "strokes": [[[267, 167], [267, 164], ...], ...]}

y grows downwards; a point may carry a third number, milliseconds since the drawing's start. All but
`strokes` may be missing, and keys of other names are kept in `Drawing.extra`.
"""

from __future__ import annotations

import codecs
import gzip
import json
import math
import stat
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from models.ink.inkml import read_inkml
from models.ink.points import LARGEST, kind_of, shortened, stroke_from_lists, stroke_to_lists
from models.ink.strokes import Drawing
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error

_KNOWN = ("id", "label", "writer", "width", "height", "source", "strokes")
_PICTURES = {
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"RIFF": "WebP",
}
_GZIP = b"\x1f\x8b"
_EXAMPLE = '{"label": "1", "strokes": [[[5, 0], [5, 20]]]}'


def read_drawings(path: Path) -> Iterator[Drawing]:
    """The drawings of a file, one after the other, read only as far as they are asked for.

    What the file is shows in its content, not in its name. Raises InputError, naming the file and
    the line, when it cannot be read, is something else, holds no drawing, or one that is not whole.
    """
    path = Path(path)
    try:
        with _opened(path) as file:
            if _is_xml(file):
                yield read_inkml(file.read(), str(path))
                return
            none = True
            for number, line in enumerate(file, start=1):
                if number == 1:
                    line = line.removeprefix(codecs.BOM_UTF8)
                if line.strip():
                    none = False
                    yield drawing_from_json(_decoded(line, path, number), f"{path}, line {number}")
            if none:
                raise InputError(
                    f"{path}: is empty; it needs one drawing a line, such as {_EXAMPLE}"
                )
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"{path}: is damaged or cut short ({error}); fetch or write the gzip file again."
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {explain_os_error(error)}.") from error


def count_drawings(path: Path) -> int:
    """How many drawings a file has, by its lines, unchecked; as far as the file is whole."""
    lines = 0
    try:
        with _opened(Path(path)) as file:
            if _is_xml(file):
                return 1
            for line in file:
                lines += bool(line.strip())
    except (EOFError, zlib.error, OSError):
        pass
    return lines


def write_drawings(path: Path, drawings: Iterable[Drawing]) -> None:
    """Writes drawings as JSON Lines, gzipped where the name ends in `.gz`; whole or not at all.

    What was there is replaced. Raises OSError.
    """
    content = "".join(drawing_to_json(drawing) + "\n" for drawing in drawings).encode()
    if Path(path).suffix == ".gz":
        content = gzip.compress(content, mtime=0)
    write_whole(Path(path), content)


def drawing_to_json(drawing: Drawing) -> str:
    """One line of JSON, without its newline, from which `drawing_from_json` makes the same."""
    known = {key: getattr(drawing, key) for key in _KNOWN[:-1]}
    record = {key: value for key, value in known.items() if value not in (None, "")}
    record |= {key: value for key, value in drawing.extra.items() if key not in _KNOWN}
    record["strokes"] = [stroke_to_lists(stroke) for stroke in drawing.strokes]
    return json.dumps(record, separators=(", ", ": "), allow_nan=False)


def drawing_from_json(line: str, where: str) -> Drawing:
    """The drawing that a line of JSON describes.

    where: what an error says first, such as "ink.jsonl, line 3". Raises InputError.
    """
    record = _parsed(line, where)
    if not isinstance(record, dict):
        raise InputError(f"{where}: is {kind_of(record)}, not an object; right would be {_EXAMPLE}")
    strokes = record.get("strokes")
    if not isinstance(strokes, list) or not strokes:
        wrong = "is missing" if "strokes" not in record else f"is {kind_of(strokes)}"
        raise InputError(
            f'{where}: "strokes" {wrong}; right would be a list of strokes, such as {_EXAMPLE}'
        )
    return Drawing(
        strokes=tuple(
            stroke_from_lists(stroke, f"{where}, stroke {index}")
            for index, stroke in enumerate(strokes, start=1)
        ),
        id=_text(record, "id", where) or "",
        label=_text(record, "label", where),
        writer=_text(record, "writer", where),
        width=_length(record, "width", where),
        height=_length(record, "height", where),
        source=_text(record, "source", where),
        extra={key: value for key, value in record.items() if key not in _KNOWN},
    )


def _opened(path: Path) -> BinaryIO:
    """The file's content, unpacked where it is gzipped. Raises InputError for what is none."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        # A pipe could keep the window waiting for ever, and a device may have no end.
        raise InputError(f"{path}: is a pipe or a device, not a file; save the drawings in a file.")
    with path.open("rb") as file:
        start = file.read(8)
    for magic, name in _PICTURES.items():
        if start.startswith(magic):
            raise InputError(
                f"{path}: is a picture ({name}), not a drawing; use `python -m game read` for it."
            )
    if start.startswith(_GZIP):
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def _is_xml(file: BinaryIO) -> bool:
    start = file.read(256)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "<" in start.decode("utf-16", errors="replace")
    return start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def _decoded(line: bytes, path: Path, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {number}: byte {error.start + 1} is not UTF-8; right would be a drawing "
            f"in JSON, such as {_EXAMPLE}"
        ) from None


def _parsed(line: str, where: str) -> object:
    try:
        return json.loads(line, parse_constant=_refused)
    except json.JSONDecodeError as error:
        wrong = f"is not JSON ({error.msg} at character {error.pos + 1})"
    except RecursionError:
        wrong = "is not a drawing (nested too deeply)"
    except ValueError as error:
        wrong = f"has a number that cannot be used ({shortened(str(error))})"
    raise InputError(f"{where}: {wrong}; right would be a drawing, such as {_EXAMPLE}")


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is not finite")


def _text(record: dict[str, object], key: str, where: str) -> str | None:
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # "label": 8 leaves no doubt
    if value is None or isinstance(value, str):
        # Half of a surrogate pair is legal in JSON, but can't be printed or saved.
        if value is None or value.encode(errors="ignore").decode() == value:
            return value
        raise InputError(
            f'{where}: "{key}" has half a character (a lone surrogate); write it whole'
        )
    raise InputError(f'{where}: "{key}" is {kind_of(value)}; right would be text, such as "8"')


def _length(record: dict[str, object], key: str, where: str) -> float | None:
    value = record.get(key)
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and 0 < value <= LARGEST and math.isfinite(value):  # type: ignore[operator,arg-type]
        return value  # type: ignore[return-value]
    shown = shortened(str(value)) if number else kind_of(value)
    raise InputError(
        f'{where}: "{key}" is {shown}; right would be a number above 0 and up to {LARGEST:.0e}'
    )
