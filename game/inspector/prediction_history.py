"""How the answer came about: what a character read as while it was being written."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.recognition.reader import Reader

_MOST = 48  # readings at most, evenly spread over the points


class PredictionHistory:
    """The readings of one character's ink, from its first point to its last.

    What was read stays while the same ink grows or shrinks; other ink begins anew. So a character
    has its whole history, also when it was just opened or selected.

    points: how many the ink has.
    """

    def __init__(self) -> None:
        self.points = 0
        self._reader: Reader | None = None
        self._pen = 0.0
        self._ink: tuple[Stroke, ...] = ()
        self._every = np.zeros((0, 2))
        self._ends: tuple[int, ...] = ()  # number of points up to each stroke's end
        self._read: dict[int, NDArray[np.float64]] = {}

    @property
    def busy(self) -> bool:
        """Whether there are readings left to take."""
        return bool(self._left())

    def aim(self, reader: Reader, ink: Sequence[Stroke], pen: float, now: Sequence[float]) -> None:
        """Asks for the history of ink.

        ink: at least one stroke, in the order of writing.
        pen: the brush's width in the ink's units.
        now: (classes,) the probabilities that all of it reads as.
        """
        every = np.concatenate([stroke.points for stroke in ink])
        ends = tuple(np.cumsum([len(stroke) for stroke in ink]).tolist())
        if (reader, pen) != (self._reader, self._pen) or not self._continues(every, ends):
            self._read = {}
        self._reader, self._pen = reader, pen
        self._ink, self._every, self._ends = tuple(ink), every, ends
        self.points = len(every)
        self._read[self.points] = np.array(now)
        wanted = {*self._wanted(), self.points}
        self._read = {count: read for count, read in self._read.items() if count in wanted}

    def step(self, seconds: float) -> bool:
        """Takes readings for that long, at least one. Returns whether there are new ones."""
        end = time.perf_counter() + seconds
        left = self._left()
        for count in left:
            assert self._reader is not None
            self._read[count] = self._reader.classify(self._prefix(count), self._pen).probabilities
            if time.perf_counter() >= end:
                break
        return bool(left)

    def readings(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """(k,) numbers of points, rising, and (k, classes) the probabilities that they read as."""
        counts = sorted(self._read)
        return np.array(counts, dtype=np.int64), np.array([self._read[count] for count in counts])

    def _continues(self, every: NDArray[np.float64], ends: tuple[int, ...]) -> bool:
        """Whether one ink is the beginning of the other."""
        count = min(len(every), len(self._every))
        starts = {end for end in ends if end < count}
        return (
            count > 0
            and starts == {end for end in self._ends if end < count}
            and np.array_equal(every[:count], self._every[:count])
        )

    def _wanted(self) -> range:
        # Powers of two, so that most readings are still wanted when the ink has grown.
        step = 1
        while self.points > step * _MOST:
            step *= 2
        return range(step, self.points + 1, step)

    def _left(self) -> list[int]:
        return [count for count in self._wanted() if count not in self._read]

    def _prefix(self, count: int) -> tuple[Stroke, ...]:
        begun, start = [], 0
        for stroke, end in zip(self._ink, self._ends, strict=True):
            if count > start:
                begun.append(Stroke.view(stroke.points[: count - start]))
            start = end
        return tuple(begun)
