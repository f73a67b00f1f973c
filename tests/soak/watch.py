"""How long each frame takes, where a slow one is, and how much memory there is in use."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import statistics
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType

import numpy as np

SLOW = 1.0  # seconds; no frame may take longer
_ENDLESS = 20  # times as long: then the frame is ended
# Memory is measured every few frames, after what is free was given back to the system, and counts
# from a tenth of the run on, when both networks are loaded. It grows where the least of the last
# third of the rest is so much above the least of the middle third: full pages, large windows and
# large files only raise the most.
_FRAMES, _WARM_UP = 50, 0.1  # between measurements; share of the run
_GROWTH, _FEWEST = 16.0, 200  # megabytes; measurements that it takes to tell
_STATM = Path("/proc/self/statm")


class Endless(BaseException):
    """A frame has no end. No Exception, which the game might catch."""


class Watch:
    """Watches frames, from the main thread, while it is entered.

    frames: milliseconds of each. stack: where the last slow frame was after a second, "" for none.
    """

    def __init__(self) -> None:
        self.frames: list[float] = []
        self.stack = ""
        self._memory: list[float] = []
        self._alarms = 0

    def __enter__(self) -> Watch:
        self._before = signal.signal(signal.SIGALRM, self._alarm)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGALRM, self._before)

    @contextlib.contextmanager
    def frame(self) -> Iterator[None]:
        """Raises AssertionError after a slow frame, and Endless within one that goes on and on."""
        self._alarms, self.stack = 0, ""
        begun, worked = time.perf_counter(), time.process_time()
        signal.setitimer(signal.ITIMER_REAL, SLOW, SLOW)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            took, worked = time.perf_counter() - begun, time.process_time() - worked
            self.frames.append(1000 * took)
            if len(self.frames) % _FRAMES == 0:
                self._memory.append(_megabytes())
        assert took <= SLOW, f"a frame took {took:.1f} s ({worked:.1f} s of a processor)"

    def memory(self) -> tuple[float, float]:
        """After warming up and at the end, megabytes, each the median of several."""
        warm = self._warm or [_megabytes()]
        few = max(1, len(warm) // 10)
        return statistics.median(warm[:few]), statistics.median(warm[-few:])

    def check_memory(self) -> None:
        """Raises AssertionError where it keeps growing; short runs cannot tell."""
        third = len(self._warm) // 3
        if len(self._warm) < _FEWEST:
            return
        grown = min(self._warm[-third:]) - min(self._warm[third : 2 * third])
        assert grown <= _GROWTH, f"memory keeps growing: {grown:.0f} MB in a third of the run"

    def percentiles(self) -> tuple[float, float, float]:
        """Of all frames, milliseconds: the median, what 99 % are within, the longest."""
        half, most, longest = np.percentile(self.frames, [50, 99, 100])
        return float(half), float(most), float(longest)

    @property
    def _warm(self) -> list[float]:
        return self._memory[int(_WARM_UP * len(self._memory)) :]

    def _alarm(self, number: int, frame: FrameType | None) -> None:
        self._alarms += 1
        if not self.stack:
            self.stack = "".join(traceback.format_stack(frame))
        if self._alarms >= _ENDLESS:
            raise Endless(f"a frame had no end after {_ENDLESS * SLOW:.0f} s")


def _megabytes() -> float:
    """What the process has in memory (Linux: proc(5)); 0 where the system does not tell."""
    if not _STATM.exists():
        return 0.0
    with contextlib.suppress(AttributeError):  # another C library than GNU's
        ctypes.CDLL(None).malloc_trim(0)
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
