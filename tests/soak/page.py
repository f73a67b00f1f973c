"""What the page of a window should hold, whenever that is killed."""

from __future__ import annotations

import time
from collections.abc import Callable

Cell = tuple[int, int]  # column and row; every stroke has a cell of its own, and stays in it
Ink = tuple[Cell, ...]  # in the order in which it was written

COLUMNS, ROWS, CELL = 11, 9, 64  # of the canvas of a usual window; a cell's side in pixels
SETTLED = 0.3  # seconds after which what was done is kept


class Page:
    """The ink after each thing that was done, with the times when it was begun and finished.

    Times are seconds on `time.monotonic`'s clock.
    """

    def __init__(self) -> None:
        self.begin(())

    def begin(self, ink: Ink) -> None:
        """A window opens with this ink. Each stroke of it can be undone by itself."""
        self._undo = [ink[:count] for count in range(len(ink))]
        self._states = [(0.0, 0.0, ink)]

    @property
    def ink(self) -> Ink:
        return self._states[-1][2]

    def do(self, act: Callable[[], None], after: Ink) -> None:
        """Does what makes this of the ink; one step of undo, unless it changes nothing."""
        if after != self.ink:
            self._undo.append(self.ink)
        self._timed(act, after)

    def undo(self, act: Callable[[], None]) -> None:
        """Does what takes the last step back."""
        self._timed(act, self._undo.pop() if self._undo else self.ink)

    def possible(self, killed: float) -> list[Ink]:
        """What may be kept of a window that was killed at that time: what had settled, and all
        that was begun since.
        """
        settled = [n for n, state in enumerate(self._states) if state[1] <= killed - SETTLED]
        return [ink for begun, _, ink in self._states[settled[-1] :] if begun <= killed]

    def _timed(self, act: Callable[[], None], after: Ink) -> None:
        begun = time.monotonic()
        act()
        self._states.append((begun, time.monotonic(), after))
