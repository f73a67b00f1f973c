"""The points of strokes as numbers in files, checked with errors that name the place."""

from __future__ import annotations

import json
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.util.errors import InputError

LARGEST = 1e7  # of a coordinate; no tablet, screen or page has as many units
_LATEST = 1e15  # milliseconds; the times of some programs count from 1970


def stroke_to_lists(stroke: Stroke) -> list[list[float]]:
    """The points as [x, y] or [x, y, ms], in whole numbers where they all are whole."""
    columns = [stroke.points] if stroke.times is None else [stroke.points, stroke.times[:, None]]
    table = np.hstack(columns)
    # Above 2**53 a whole float would be written with digits that it does not have, and a whole
    # number has no negative zero.
    whole = np.array_equal(table, np.rint(table)) and np.abs(table).max() < 2**53
    if whole and not np.signbit(table[table == 0]).any():
        table = table.astype(np.int64)
    return list(table.tolist())


def stroke_from_lists(points: object, where: str) -> Stroke:
    """The stroke that a list of [x, y] or [x, y, milliseconds] describes. Raises InputError."""
    if not isinstance(points, list) or not points:
        raise InputError(f"{where}: is {kind_of(points)}; right would be points, such as [[5, 0]]")
    # Checked in bulk: a drawing may have a million points.
    alike = set(map(type, points)) == {list} and set(map(len, points)) in ({2}, {3})
    if not alike or not set(map(type, chain.from_iterable(points))) <= {int, float}:
        raise _point_error(points, where)
    try:
        table = np.array(points, dtype=np.float64)
    except OverflowError:
        raise _point_error(points, where) from None
    return stroke_from_table(table, where)


def stroke_from_table(table: NDArray[np.float64], where: str) -> Stroke:
    """A stroke from (n, 2) or (n, 3) numbers: x, y and, if known, ms. Raises InputError."""
    limits = np.array([LARGEST, LARGEST, _LATEST][: table.shape[1]])
    wrong = ~(np.abs(table) <= limits).all(axis=1)
    if wrong.any():
        index = int(wrong.argmax())
        raise InputError(
            f"{where}, point {index + 1}: {table[index].tolist()} is out of range; right would be "
            f"finite coordinates from {-LARGEST:.0f} to {LARGEST:.0f}"
        )
    return Stroke(table[:, :2], table[:, 2] if table.shape[1] == 3 else None)


def _point_error(points: list[object], where: str) -> InputError:
    """What is wrong with the first point that is not as it should be."""
    first, index, wrong = points[0], 1, "is out of range"
    for index, point in enumerate(points, start=1):  # noqa: B007 (used after the loop)
        if not isinstance(point, list) or len(point) not in (2, 3):
            wrong = f"is {kind_of(point)}"
        elif any(type(number) not in (int, float) for number in point):
            wrong = f"is {shortened(json.dumps(point))}"
        elif any(abs(number) > _LATEST for number in point):
            wrong = "is out of range"
        elif isinstance(first, list) and len(point) != len(first):
            wrong = f"has {len(point)} numbers where the first point has {len(first)}"
        else:
            continue
        break
    return InputError(
        f"{where}, point {index}: {wrong}; right would be [x, y] or [x, y, milliseconds], finite "
        "numbers, all points of a stroke alike"
    )


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return "an object"
    return shortened(json.dumps(value))


def shortened(text: str, longest: int = 40) -> str:
    """The text, cut where it would make an error long."""
    return text if len(text) <= longest else text[: longest - 3] + "..."
