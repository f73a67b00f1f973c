"""The UNIPEN 1.0 text format: pen components, and the segments that are cut out of them.

A line that begins with a dot begins a statement, `.KEYWORD content`, which goes on to the next
such line. `.PEN_DOWN` and `.PEN_UP` hold points, one on each line, x and y first (other channels
may follow), y growing upwards. `.SEGMENT CHARACTER 73:2-74:5,76 OK "A"` cuts a character out of
them: component 73 from its point 2 on, component 74 up to its point 5, and component 76, all
counted from 0 and inclusive. The definition is UNIPEN's `unipen.def` (Guyon, 1994).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError

Points = NDArray[np.float64]

SEGMENT = re.compile(r'\s*(?P<level>\S+)\s+(?P<where>\S+)\s+(?P<quality>\S+)\s+"(?P<label>.*)"')
PLACE = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")


@dataclass(frozen=True)
class Statement:
    """One statement: its keyword without the dot, what follows, its first line counted from 1."""

    keyword: str
    content: str
    line: int


@dataclass(frozen=True)
class Segment:
    """The content of a `.SEGMENT`: the level ("CHARACTER"), the place, the quality, the label."""

    level: str
    where: str
    quality: str
    label: str


@dataclass(frozen=True)
class Component:
    """The points of one `.PEN_DOWN` or `.PEN_UP`, parsed when they are needed."""

    down: bool
    content: str
    origin: str

    @cached_property
    def points(self) -> Points:
        """(n, 2) float64, y as in the file, upwards. Raises InputError for what is no number."""
        values = self.content.split()
        if not values:
            return np.empty((0, 2))
        columns = len(self.content.strip().split("\n", 1)[0].split())
        try:
            return np.array(list(map(float, values))).reshape(-1, columns)[:, :2]
        except ValueError as error:
            raise InputError(
                f"{self.origin}: points should be lines of {columns} numbers ({error})"
            ) from error


def statements(text: str) -> Iterator[Statement]:
    """The statements of a UNIPEN text, in order."""
    line = 1
    for index, part in enumerate(("\n" + text).split("\n.")):
        if index:
            keyword, _, content = part.partition("\n")
            # The content may begin on the keyword's own line.
            keyword, _, beside = keyword.replace("\t", " ").partition(" ")
            yield Statement(keyword.strip(), f"{beside}\n{content}", line)
        line += part.count("\n") + (1 if index else 0)


def segment_of(statement: Statement, origin: str) -> Segment:
    """Parses a `.SEGMENT` statement; raises InputError for one of another form."""
    match = SEGMENT.match(statement.content)
    if match is None:
        raise InputError(
            f'{origin}:{statement.line}: expected .SEGMENT LEVEL COMPONENTS QUALITY "LABEL", '
            f"found .SEGMENT {' '.join(statement.content.split())}"
        )
    label = re.sub(r"\\(.)", r"\1", match["label"])
    return Segment(match["level"], match["where"], match["quality"], label)


def components_of(every: Sequence[Statement], origin: str) -> list[Component]:
    """The components that segments count, in order.

    The pen up is counted where points were recorded of it, as some sites did; where `.PEN_UP`
    only ends a stroke, it is not.
    """
    return [
        Component(one.keyword == "PEN_DOWN", one.content, f"{origin}:{one.line}")
        for one in every
        if one.keyword == "PEN_DOWN" or (one.keyword == "PEN_UP" and one.content.strip())
    ]


def cut(components: Sequence[Component], where: str, origin: str) -> list[Points]:
    """The strokes, each (n, 2) with n >= 1, that `where` names; y as in the file, upwards.

    What the pen did in the air within them is left out. Raises InputError when `where` cannot be
    read or names what is not there.
    """
    strokes = []
    for place in where.split(","):
        match = PLACE.fullmatch(place)
        if match is None:
            raise InputError(f"{origin}: {where!r} should be like 5, 5-6 or 5:0-6:12")
        first, first_point, last, last_point = (int(n) if n else None for n in match.groups())
        assert first is not None  # the pattern has it
        if last is None:
            last, last_point = first, first_point
        if last < first or last >= len(components):
            raise InputError(
                f"{origin}: {where!r} names components that are not there: "
                f"the pen data has {len(components)}"
            )
        for index in range(first, last + 1):
            if not components[index].down:
                continue
            points = components[index].points
            stop = last_point + 1 if index == last and last_point is not None else len(points)
            start = first_point if index == first and first_point is not None else 0
            if stop > len(points):
                raise InputError(
                    f"{origin}: {where!r} names point {stop - 1} of component {index}, "
                    f"which has {len(points)}"
                )
            if start < stop:
                strokes.append(points[start:stop])
    return strokes
