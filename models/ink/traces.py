"""The numbers inside an InkML <trace> (https://www.w3.org/TR/InkML/#trace).

Points are separated by commas, their values by spaces where needed. A value may be explicit (!, the
default), the difference to the last one ('), or the difference to the last difference ("); what
holds for a channel holds until it is changed. `*` goes on as before, `?` was not reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError


@dataclass(frozen=True)
class Channel:
    """One value of a point. factor: makes it a length to the right or down, or milliseconds."""

    name: str
    factor: float = 1.0


@dataclass(frozen=True)
class TraceFormat:
    """What the values of a point are, in order. regular: how many of them are always there."""

    channels: tuple[Channel, ...]
    regular: int


# Holds where a document says nothing else.
PLAIN = TraceFormat((Channel("X"), Channel("Y")), 2)

_SIMPLE = re.compile(r"[\d\s.,eE+-]*")
_GLUED_SIGN = re.compile(r"(?<=[\d.])(?=[+-])")
_VALUE = re.compile(
    r"""\s*(?P<order>[!'"]?)\s*
    (?: (?P<sign>[+-]?)\s*(?: \#(?P<hex>[0-9A-Fa-f]+)
                            | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) )
      | (?P<letter>[TF*?]) )\s*""",
    re.VERBOSE,
)
_ORDERS = {"!": 0, "'": 1, '"': 2}


def trace_table(text: str, trace_format: TraceFormat, where: str) -> NDArray[np.float64]:
    """The points of a trace: (n, 3) float64 x, y, ms; or (n, 2) where not all times are known.

    Raises InputError when x or y is not among the channels, or the text does not follow them.
    """
    names = [channel.name for channel in trace_format.channels]
    if "X" not in names or "Y" not in names:
        raise InputError(
            f"{where}: its channels are {' '.join(names)}; right would be an X and a Y."
        )
    x, y = names.index("X"), names.index("Y")
    table = _simple(text, trace_format)
    if table is None:
        table = _coded(text, trace_format, where)
    missing = np.isnan(table[:, [x, y]]).any(axis=1)
    if missing.any():
        raise InputError(f"{where}, point {int(missing.argmax()) + 1}: has no X or no Y.")
    columns = [x, y]
    if "T" in names and not np.isnan(table[:, names.index("T")]).any():
        columns.append(names.index("T"))
    factors = [trace_format.channels[column].factor for column in columns]
    return np.asarray(table[:, columns] * factors, dtype=np.float64)


def _simple(text: str, trace_format: TraceFormat) -> NDArray[np.float64] | None:
    """The whole table at once where all values are explicit numbers, as nearly always."""
    if not _SIMPLE.fullmatch(text):
        return None
    text = _GLUED_SIGN.sub(" ", text)
    count = len(trace_format.channels)
    rows = [row.split() for row in text.split("," if "," in text else "\n") if row.strip()]
    lengths = set(map(len, rows))
    if "," not in text and lengths != {count} and len(text.split()) % count == 0:
        # Neither commas nor lines separate the points: the values just follow each other.
        rows = [text.split()[i : i + count] for i in range(0, len(text.split()), count)]
        lengths = {count}
    if len(lengths) != 1 or min(lengths) < count:
        return None
    try:
        # More values than channels are what a few programs write; the first ones are meant.
        return np.array([row[:count] for row in rows], dtype=np.float64)
    except ValueError:
        return None


def _coded(text: str, trace_format: TraceFormat, where: str) -> NDArray[np.float64]:
    """The table, point after point, with differences added up; nan for what was not reported."""
    count = len(trace_format.channels)
    order = [0] * count
    value = np.full(count, np.nan)
    change, growth = np.zeros(count), np.zeros(count)
    rows = []
    for number, point in enumerate(filter(str.strip, text.split(",")), start=1):
        place = f"{where}, point {number}"
        parts = _parts(point, place)
        if not trace_format.regular <= len(parts) <= count:
            raise InputError(
                f"{place}: has {len(parts)} values; right would be {count}, one for each channel."
            )
        row = np.full(count, np.nan)
        for i, (prefix, token) in enumerate(parts):
            order[i] = _ORDERS.get(prefix, order[i])
            if token == "?":
                continue
            if order[i] and np.isnan(value[i]):
                raise InputError(f"{place}: a difference to nothing; right would be a value first.")
            before = value[i]
            if order[i] == 0:
                value[i] = before if token == "*" else token
                change[i] = 0.0 if np.isnan(before) else value[i] - before
            else:
                if order[i] == 2:
                    growth[i] = growth[i] if token == "*" else token
                    change[i] += growth[i]
                elif token != "*":
                    change[i] = token
                value[i] = before + change[i]
            row[i] = value[i]
        rows.append(row)
    return np.array(rows)


def _parts(point: str, place: str) -> list[tuple[str, float | str]]:
    """The values of a point: each with the prefix before it, or "", and as a number, "*" or "?"."""
    parts: list[tuple[str, float | str]] = []
    position = 0
    while position < len(point):
        match = _VALUE.match(point, position)
        if match is None:
            rest = " ".join(point[position:].split())[:20]
            raise InputError(f'{place}: "{rest}" is no value; right would be, for example, "5 0".')
        position = match.end()
        parts.append((match["order"], _token(match)))
    return parts


def _token(match: re.Match[str]) -> float | str:
    letter = match["letter"]
    if letter:
        return letter if letter in "*?" else float(letter == "T")
    number = float(int(match["hex"], 16)) if match["hex"] else float(match["number"])
    return -number if match["sign"] == "-" else number
