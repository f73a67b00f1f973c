"""Forms: a sheet from a short JSON description; game/README.md says what it may hold."""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from game.sheets.layout import BOTTOM, CELL, EDGE, GAP, HEIGHT, PrintedSheet, PrintedText, printed
from models.ink.strokes import Box
from models.sheets.sheet import FIELD_KINDS, PAPERS, Field, FieldKind, Page, Sheet
from models.util.errors import InputError, explain_os_error

VERSION = 1  # of the layout; another one gets another number
_TOP = 40.0  # above the first row, on the page's edge
_LABEL = 5.5  # height of a label above its field
_ROW = 7.0  # from one row to the label of the next
_TEXT = 8.0  # height of a row of text
_TICK = 6.0  # side of a box to be ticked
_CELLS = {"number": 6, "digits": 5, "letters": 10}  # where the description does not say
_LEAST_WORDS = 30.0  # width of a place for free writing
_KEYS = {"name", "label", "kind", "cells", "answer", "width"}
_PLACED_KEYS = {"name", "label", "kind", "cells", "answer", "box"}
_MOST_FIELDS = 500


@dataclass(frozen=True)
class Form:
    """A form as it is described. printed: None where it was printed elsewhere.

    marks: where four solid marks are on a form that was printed elsewhere, in millimetres,
    clockwise from the upper left; None where it is found by the paper's outline.
    """

    sheet: Sheet
    printed: PrintedSheet | None
    marks: tuple[tuple[float, float], ...] | None = None


def load_form(path: Path) -> Form:
    """Reads a form's description. Raises InputError: where, what, what would be right."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {explain_os_error(error)}.") from None
    try:
        spec = json.loads(content)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}, line {error.lineno}: not JSON ({error.msg}); game/README.md has an example."
        ) from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8 text; game/README.md has an example.") from None
    try:
        return _form(spec)
    except InputError as error:
        raise InputError(f"{path}: {error}.") from None


def _form(spec: Any) -> Form:
    if not isinstance(spec, dict):
        raise InputError("a form is an object {…} with title and rows, or with size and fields")
    title = _text(spec, "title", "the form", default="Form")
    if "fields" in spec:
        return _printed_elsewhere(spec, title)
    _only(spec, {"title", "paper", "rows"}, "the form")
    paper = spec.get("paper", "A4")
    if paper not in PAPERS:
        raise InputError(f"paper is {' or '.join(PAPERS)}; it says {paper!r}")
    rows = spec.get("rows")
    if not isinstance(rows, list) or not rows:
        raise InputError("rows is missing: a list of rows, each a list of fields or a text")
    return _laid_out(title, PAPERS[paper], rows)


def _laid_out(title: str, size: tuple[float, float], rows: list[Any]) -> Form:
    pages: list[tuple[list[Field], list[PrintedText]]] = [([], [])]
    names: set[str] = set()
    top = _TOP
    for number, row in enumerate(rows, start=1):
        where = f"row {number}"
        is_text = isinstance(row, str)
        height = _TEXT if is_text else _LABEL + HEIGHT + _ROW
        if top + height > size[1] - BOTTOM:
            pages.append(([], []))
            top = _TOP
        fields, texts = pages[-1]
        if is_text:
            box = Box(EDGE, top, size[0] - 2 * EDGE, _TEXT - 1)
            texts.append(PrintedText(row, box, 12, bold=True))
        elif isinstance(row, list) and row:
            own = [_field(each, f"{where}, field {k}", names) for k, each in enumerate(row, 1)]
            for field, each in _place_row(own, row, top, size, where):
                fields.append(field)
                texts.append(_label(field, each.get("label", field.name)))
        else:
            raise InputError(f"{where} is neither a text nor a list of fields")
        top += height
    laid = tuple(Page(size, tuple(fields)) for fields, _ in pages)
    sheet = _named(title, laid)
    return Form(sheet, printed(sheet, [texts for _, texts in pages]))


def _place_row(
    fields: list[Field], row: list[Any], top: float, size: tuple[float, float], where: str
) -> list[tuple[Field, Mapping[str, Any]]]:
    """The fields of a row with their places: those for words share what the others leave."""
    room = size[0] - 2 * EDGE - GAP * (len(fields) - 1)
    widths = [_width(field, each) for field, each in zip(fields, row, strict=True)]
    fixed = sum(width for width in widths if width is not None)
    free = widths.count(None)
    if free:
        share = (room - fixed) / free
        widths = [share if width is None else width for width in widths]
    if any(w is not None and w < 5 for w in widths) or (free and share < _LEAST_WORDS):
        raise InputError(f"{where} has too little room: fewer fields, fewer cells, or two rows")
    if sum(width or 0 for width in widths) > room + 0.01:
        raise InputError(f"{where} is too wide for the page: fewer cells, or two rows")
    placed, left = [], EDGE
    for field, width, each in zip(fields, widths, row, strict=True):
        assert width is not None
        y = top + _LABEL
        box = Box(left, y, width, HEIGHT)
        if field.kind == "tick":
            box = Box(left, y + (HEIGHT - _TICK) / 2, _TICK, _TICK)
        placed.append(
            (Field(field.name, field.kind, box, field.cells, field.prompt, field.answer), each)
        )
        left += width + GAP
    return placed


def _width(field: Field, spec: Mapping[str, Any]) -> float | None:
    """In millimetres; None where a field takes what is left."""
    if "width" in spec:
        width = spec["width"]
        if not _is_number(width) or not 5 <= width <= 300:
            raise InputError(
                f"field {field.name!r}: width is millimetres, 5 to 300; it says {width!r}"
            )
        return float(width)
    if field.kind == "words":
        return None
    if field.kind == "tick":
        return _TICK + 2 + 2.2 * len(field.prompt)  # with its label beside it
    return field.cells * CELL + (3 if field.kind == "number" else 0)


def _label(field: Field, label: str) -> PrintedText:
    box = field.box
    if field.kind == "tick":
        wide = 4 + 2.6 * len(label)
        return PrintedText(label, Box(box.right + 2.5, box.y, wide, box.height), 11)
    return PrintedText(label, Box(box.x, box.y - _LABEL, max(box.width, 20), _LABEL - 0.5), 10)


def _field(spec: Any, where: str, names: set[str]) -> Field:
    """A field without its place. names: of the fields so far, to which its own is added."""
    if not isinstance(spec, dict):
        raise InputError(f"{where} is no object {{…}} with name and kind")
    _only(spec, _KEYS, where)
    return _checked(spec, where, names, Box(0, 0, 0, 0))


def _checked(spec: Mapping[str, Any], where: str, names: set[str], box: Box) -> Field:
    name = _text(spec, "name", where)
    if name in names:
        raise InputError(f"{where}: there are two fields called {name!r}")
    names.add(name)
    if len(names) > _MOST_FIELDS:
        raise InputError(f"more than {_MOST_FIELDS} fields")
    kind: FieldKind = spec.get("kind", "words")
    if kind not in FIELD_KINDS:
        raise InputError(f"{where}: kind is one of {', '.join(FIELD_KINDS)}; it says {kind!r}")
    cells = spec.get("cells", _CELLS.get(kind, 0))
    if isinstance(cells, bool) or not isinstance(cells, int) or not 0 <= cells <= 40:
        raise InputError(f"{where}: cells is a whole number, 1 to 40; it says {cells!r}")
    if kind in _CELLS and not cells:
        raise InputError(f"{where}: a field of {kind} has one cell or more")
    answer = _text(spec, "answer", where) if "answer" in spec else None
    return Field(name, kind, box, cells, _text(spec, "label", where, default=name), answer)


def _printed_elsewhere(spec: Mapping[str, Any], title: str) -> Form:
    _only(spec, {"title", "size", "marks", "fields"}, "the form")
    size = spec.get("size")
    if not _are_numbers(size, 2) or not all(20 <= length <= 2000 for length in size):
        raise InputError("size is [width, height] of the page in millimetres, 20 to 2000")
    marks = spec.get("marks")
    if marks is not None and not (
        isinstance(marks, list) and len(marks) == 4 and all(_are_numbers(each, 2) for each in marks)
    ):
        raise InputError(
            "marks is four places [x, y] in millimetres, clockwise from the upper left"
        )
    if not isinstance(spec["fields"], list) or not spec["fields"]:
        raise InputError("fields is a list of one field or more")
    names: set[str] = set()
    fields = []
    for number, each in enumerate(spec["fields"], start=1):
        where = f"field {number}"
        if not isinstance(each, dict):
            raise InputError(f"{where} is no object {{…}} with name, kind and box")
        _only(each, _PLACED_KEYS, where)
        place = each.get("box")
        if not _are_numbers(place, 4):
            raise InputError(f"{where}: box is [x, y, width, height] in millimetres")
        box = Box(*map(float, place))
        inside = box.x >= 0 and box.y >= 0 and box.right <= size[0] and box.bottom <= size[1]
        if min(box.width, box.height) < 2 or not inside:
            raise InputError(f"{where}: its box must be 2 mm or more, and lie on the page")
        fields.append(_checked(each, where, names, box))
    sheet = _named(title, (Page((float(size[0]), float(size[1])), tuple(fields)),))
    sheet = Sheet(sheet.name, title, sheet.pages, marked=False)
    places = None if marks is None else tuple((float(x), float(y)) for x, y in marks)
    return Form(sheet, None, places)


def _named(title: str, pages: tuple[Page, ...]) -> Sheet:
    digest = hashlib.sha256(title.encode()).digest()
    name = f"F{VERSION}-{b32encode(digest)[:4].decode()}"
    return Sheet(name, title, pages).with_checksum()


def is_form_name(name: str) -> bool:
    """Whether a printed name is that of a form."""
    return name.startswith("F")


def _only(spec: Mapping[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(spec) - keys)
    if unknown:
        raise InputError(
            f"{where} has {unknown[0]!r}, which is unknown; it may have {', '.join(sorted(keys))}"
        )


def _text(spec: Mapping[str, Any], key: str, where: str, default: str | None = None) -> str:
    value = spec.get(key, default)
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise InputError(f"{where}: {key} is a text of 1 to 200 characters; it says {value!r}")
    if not value.isprintable():
        raise InputError(f"{where}: {key} is one line of text")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_numbers(value: Any, count: int) -> TypeGuard[list[float]]:
    return isinstance(value, list) and len(value) == count and all(map(_is_number, value))
