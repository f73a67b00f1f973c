"""Ink: strokes of points, the drawings they make, and the boxes around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

PAGE_PEN = 12.0  # page units, the width of a new page's pen: MNIST's proportions in a usual window


@dataclass(frozen=True)
class Box:
    """An upright rectangle, in the units of the ink it surrounds; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def grown(self, margin: float) -> Box:
        """The box with `margin` added on all four sides."""
        return Box(
            self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin
        )


@dataclass(frozen=True, eq=False)
class Stroke:
    """What the pen wrote between touching down and lifting.

    points: (n, 2) float64, n >= 1, x to the right and y downwards, in pixels of the canvas or
        in the units of the file that it came from; finite, read-only.
    times: (n,) float64, milliseconds since the drawing's start, or None where they are not known.
    """

    points: NDArray[np.float64]
    times: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        points = np.array(self.points, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
            raise ValueError(f"A stroke is n >= 1 points of (x, y). Received: shape {points.shape}")
        if not np.isfinite(points).all():
            raise ValueError("A stroke's points must be finite numbers.")
        points.flags.writeable = False
        object.__setattr__(self, "points", points)
        if self.times is not None:
            times = np.array(self.times, dtype=np.float64)
            if times.shape != (len(points),) or not np.isfinite(times).all():
                raise ValueError(
                    f"A stroke of {len(points)} points needs {len(points)} finite times. "
                    f"Received: shape {times.shape}"
                )
            times.flags.writeable = False
            object.__setattr__(self, "times", times)

    @classmethod
    def view(cls, points: NDArray[np.float64], times: NDArray[np.float64] | None = None) -> Stroke:
        """A stroke of arrays that are known to be valid, without copy or check.

        Both must stay unchanged as long as the stroke is used.
        """
        stroke = object.__new__(cls)
        points = points.view()
        points.flags.writeable = False
        object.__setattr__(stroke, "points", points)
        if times is not None:
            times = times.view()
            times.flags.writeable = False
        object.__setattr__(stroke, "times", times)
        return stroke

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stroke) or (self.times is None) != (other.times is None):
            return False
        return np.array_equal(self.points, other.points) and (
            self.times is None or other.times is None or np.array_equal(self.times, other.times)
        )

    def __hash__(self) -> int:
        return hash(self.points.tobytes())

    def __len__(self) -> int:
        return len(self.points)

    def moved(self, scale: float, offset: Sequence[float]) -> Stroke:
        """The stroke with every point at `point * scale + offset`; times stay."""
        return Stroke(self.points * scale + np.asarray(offset, dtype=np.float64), self.times)


@dataclass(frozen=True)
class Drawing:
    """One drawing as it stands in a file: strokes and what is known about them.

    width, height: the size of the surface it was written on, in the units of its points, where
        that is known.
    label: the true text.
    writer: a name, the same for all drawings by one person.
    source: the data set that it comes from.
    extra: what else its file holds, by key.
    """

    strokes: tuple[Stroke, ...]
    id: str = ""
    label: str | None = None
    writer: str | None = None
    width: float | None = None
    height: float | None = None
    source: str | None = None
    extra: dict[str, object] = field(default_factory=dict)


def bounding_box(strokes: Iterable[Stroke]) -> Box:
    """The smallest upright box around the points of `strokes`.

    Raises ValueError when there is no stroke: nothing has no box.
    """
    points = [stroke.points for stroke in strokes]
    if not points:
        raise ValueError("No strokes, so no bounding box.")
    every = np.concatenate(points)
    low, high = every.min(axis=0), every.max(axis=0)
    return Box(low[0], low[1], high[0] - low[0], high[1] - low[1])


def covered_box(ink: NDArray[np.uint8]) -> Box:
    """OpenCV's bounding box around the non-zero pixels of a picture of ink, (height, width).

    Raises ValueError when no pixel is set.
    """
    x, y, width, height = cv2.boundingRect(ink)
    if not width:
        raise ValueError("No ink, so no bounding box.")
    return Box(x, y, width, height)
