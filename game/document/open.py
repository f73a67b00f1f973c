"""A drawing from a file finds its place on the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from models.ink.jsonl import count_drawings, read_drawings
from models.ink.points import LARGEST
from models.ink.strokes import Box, Drawing, Stroke, bounding_box
from models.util.errors import InputError

# Ink of unknown surroundings takes this share of the page's shorter side, a number this share of
# its width (a stable interface, game/README.md).
_INK_SHARE = 0.6
_NUMBER_SHARE = 0.9
_WIDE = 1.5  # times as wide as high: hardly any character is
_SMALLEST = 1e-6  # units of the file; ink that is smaller in both directions is a dot, left so


@dataclass(frozen=True)
class DrawnPage:
    """A drawing as it lies on the page. pen: page units, None where the file has none."""

    strokes: tuple[Stroke, ...]
    pen: float | None
    count: int  # how many drawings the file holds


def open_page(path: Path, size: tuple[float, float]) -> DrawnPage:
    """The first drawing of a file, placed on a page of (width, height); see `fit`.

    Raises InputError when the file cannot be read or holds no drawing that can be.
    """
    drawing = next(read_drawings(path), None)
    if drawing is None:
        raise InputError(f"{path}: holds no drawings; it needs at least one.")
    pen = drawing.extra.get("pen")
    known = isinstance(pen, int | float) and not isinstance(pen, bool) and 0 < pen <= LARGEST
    return DrawnPage(
        strokes=fit(drawing, size),
        pen=float(pen) * placement(drawing, size)[0] if known else None,  # type: ignore[arg-type]
        count=count_drawings(path),
    )


def fit(drawing: Drawing, size: tuple[float, float]) -> tuple[Stroke, ...]:
    """The drawing's strokes on a page of (width, height), in page units.

    A drawing that lies within a surface of known width and height keeps its place: that box is
    fitted into the page, aspect kept, centred. Otherwise its ink is centred and fitted to 60 % of
    the page's shorter side; a number may be as wide as 90 % of the page: a label of several
    characters, or ink without a label that is much wider than high. On a page of the drawing's own
    size the strokes are the drawing's, to the last bit.
    """
    scale, offset = placement(drawing, size)
    if scale == 1.0 and offset == (0.0, 0.0):
        return drawing.strokes
    return tuple(stroke.moved(scale, offset) for stroke in drawing.strokes)


def placement(drawing: Drawing, size: tuple[float, float]) -> tuple[float, tuple[float, float]]:
    """Scale and offset that put the drawing on the page: `point * scale + offset`; see `fit`."""
    if (drawing.width, drawing.height) == size:
        return 1.0, (0.0, 0.0)
    width, height = size
    ink = bounding_box(drawing.strokes)
    if drawing.width is not None and drawing.height is not None:
        surface = Box(0.0, 0.0, drawing.width, drawing.height)
        if _holds(surface, ink):
            return _centred(surface, min(width / surface.width, height / surface.height), size)
    if max(ink.width, ink.height) < _SMALLEST:
        return _centred(ink, 1.0, size)
    side = _INK_SHARE * min(width, height)
    if _is_number(drawing.label, ink):
        return _centred(ink, _scale(ink, _NUMBER_SHARE * width, side), size)
    return _centred(ink, _scale(ink, side, side), size)


def _is_number(label: str | None, ink: Box) -> bool:
    return len(label) > 1 if label else ink.width > _WIDE * ink.height


def _holds(surface: Box, ink: Box) -> bool:
    return ink.x >= 0 and ink.y >= 0 and ink.right <= surface.right and ink.bottom <= surface.bottom


def _scale(ink: Box, width: float, height: float) -> float:
    """The largest scale at which the ink stays within (width, height), of which ink has one."""
    across = width / ink.width if ink.width >= _SMALLEST else math.inf
    down = height / ink.height if ink.height >= _SMALLEST else math.inf
    return min(across, down)


def _centred(
    box: Box, scale: float, size: tuple[float, float]
) -> tuple[float, tuple[float, float]]:
    middle = (box.x + box.width / 2, box.y + box.height / 2)
    return scale, (size[0] / 2 - middle[0] * scale, size[1] / 2 - middle[1] * scale)
