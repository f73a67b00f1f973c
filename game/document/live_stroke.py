"""The stroke under the pen, which grows point by point."""

from __future__ import annotations

import numpy as np

from models.ink.strokes import Stroke

_FIRST_ROOM = 256  # points


class LiveStroke:
    """Points and times in arrays with room to spare, so that adding a point always costs the same.

    Lists would have to be copied for every snapshot of the stroke, and a stroke of several minutes
    would slow down the window.
    """

    def __init__(self) -> None:
        self._points = np.empty((_FIRST_ROOM, 2))
        self._times = np.empty(_FIRST_ROOM)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def last(self) -> tuple[float, float, float]:
        """x, y and time of the newest point, of which there is one at least."""
        x, y = self._points[self._count - 1]
        return float(x), float(y), float(self._times[self._count - 1])

    def add(self, x: float, y: float, time: float) -> None:
        """One point more; all three are finite."""
        if self._count == len(self._times):
            # Twice the room in new arrays: an earlier snapshot keeps the old ones.
            self._points = np.concatenate([self._points, np.empty_like(self._points)])
            self._times = np.concatenate([self._times, np.empty_like(self._times)])
        self._points[self._count] = x, y
        self._times[self._count] = time
        self._count += 1

    def snapshot(self) -> Stroke:
        """The stroke as it is now, of one point at least. Later points do not change it."""
        return Stroke.view(self._points[: self._count], self._times[: self._count])

    def finished(self) -> Stroke:
        """The stroke in arrays of its own, without the room that was to spare."""
        return Stroke(self._points[: self._count], self._times[: self._count])
