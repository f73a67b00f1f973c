"""The program that a player starts, killed at random moments: no finished stroke is ever lost."""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.end_to_end.test_window import Desk, until
from tests.soak.kept import check_files, kept_ink
from tests.soak.page import CELL, COLUMNS, ROWS, Cell, Page

_LEFT, _TOP = 100, 60  # where `Desk` puts the window
_MARGIN = 14  # pixels between a stroke and its cell's edge: the eraser meets no neighbour
_SHARES = {"write": 0.6, "erase": 0.12, "save": 0.12, "undo": 0.12, "clear": 0.04}


class Victim:
    """One window after the other, in which the same page goes on.

    kills: how many there were. checked: how many strokes were on the pages that had to be kept.
    """

    def __init__(self, desk: Desk, rng: Generator, most_strokes: int) -> None:
        self.kills = self.checked = 0
        self._desk = desk
        self._rng = rng
        self._most_strokes = min(most_strokes, COLUMNS * ROWS // 2)
        self._page = Page()
        self._drafts: list[Path] = []  # of drawings
        self._data, self._drawings = desk.folder / "data", desk.folder / "drawings"

    def live(self) -> None:
        """Opens a window, writes and more in it until it is killed, and checks what it left."""
        self.kills += 1
        drafts = check_files(self._data)
        self._open()
        assert not any(map(Path.exists, drafts)), "a draft outlived the next start"
        killed = self._busy_until_killed(self._rng.uniform(0.5, 2.0))
        check_files(self._data)
        self._check_saved()
        kept, possible = kept_ink(self._data), self._page.possible(killed)
        self.checked += len(possible[0])
        assert kept in possible, (
            f"lost {sorted(set(possible[0]) - set(kept))}, kept {kept}, possible {possible}"
        )
        self._page.begin(kept)

    def _check_saved(self) -> None:
        """Drafts stay for the next window, whose first saving sweeps them away."""
        saved = any(self._drawings.glob("*.png"))
        assert not (saved and any(map(Path.exists, self._drafts))), "a draft outlived a saving"
        self._drafts = check_files(self._drawings)
        for path in self._drawings.glob("2*"):
            path.unlink()

    def _open(self) -> None:
        desk = self._desk
        until(lambda: desk.window() == "", "the last window's end")
        desk.open()
        desk.do("windowfocus", "--sync", desk.window())
        if self._page.ink:
            until(lambda: desk.title() != "Inkling", "the ink of last time, read")
        else:
            time.sleep(0.5)  # nothing outside the window tells when it can be written on

    def _busy_until_killed(self, seconds: float) -> float:
        """Returns when it was killed, on `time.monotonic`'s clock."""
        process = self._desk.canvas
        assert process is not None
        killed: list[float] = []

        def kill() -> None:
            killed.append(time.monotonic())
            process.kill()

        timer = threading.Timer(seconds, kill)
        timer.start()
        while timer.is_alive():
            self._act()
        timer.join()
        assert process.wait() == -signal.SIGKILL, f"it ended by itself: {process.returncode}"
        return killed[0]

    def _act(self) -> None:
        page, full = self._page, len(self._page.ink) >= self._most_strokes
        kind = self._rng.choice(list(_SHARES), p=list(_SHARES.values()))
        if full or kind == "clear":
            page.do(partial(self._desk.key, "c"), ())
        elif kind == "save":
            self._desk.key("s")
        elif kind == "undo":
            page.undo(partial(self._desk.key, "ctrl+z"))
        elif kind == "erase" and page.ink:
            gone = page.ink[self._rng.integers(len(page.ink))]
            page.do(partial(self._erase, gone), tuple(c for c in page.ink if c != gone))
        else:
            every = [(column, row) for column in range(COLUMNS) for row in range(ROWS)]
            free = [cell for cell in every if cell not in page.ink]
            cell = free[self._rng.integers(len(free))]
            page.do(partial(self._write, cell), (*page.ink, cell))

    def _write(self, cell: Cell) -> None:
        points = self._rng.uniform(_MARGIN, CELL - _MARGIN, (self._rng.integers(3, 12), 2))
        self._drag(1, np.array(cell) * CELL + points)

    def _erase(self, cell: Cell) -> None:
        """Along a cross that every stroke of the cell is near."""
        low, high = _MARGIN, CELL - _MARGIN
        middle = CELL // 2
        cross = [(low, low), (high, high), (middle, middle), (low, high), (high, low)]
        self._drag(3, np.array(cell) * CELL + np.array(cross, float))

    def _drag(self, button: int, points: NDArray[np.float64]) -> None:
        on_screen = np.rint(points + np.array((_LEFT, _TOP))).astype(int)
        places = [(str(x), str(y)) for x, y in on_screen.tolist()]
        moves = [word for place in places for word in ("sleep", "0.005", "mousemove", *place)]
        self._desk.do("mousemove", *places[0], "mousedown", str(button), *moves)
        self._desk.do("mouseup", str(button))


def kill_windows(seed: int, most_strokes: int, kills: int) -> int:
    """Kills so many, and prints what came of it. Returns the exit status."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        print("No windows are killed: that needs Xvfb and xdotool.")
        return 0
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        victim = Victim(desk, np.random.default_rng(seed), most_strokes)
        try:
            while victim.kills < kills:
                victim.live()
        except AssertionError as error:
            print(
                f"Failed: seed {seed}, kill {victim.kills}: {error}; again: python -m tests.soak "
                f"--only kill --seed {seed} --kills {victim.kills} --strokes {most_strokes}"
            )
            return 1
        finally:
            desk.close()
    print(
        f"kills     {kills} in {time.monotonic() - begun:.0f} s\n"
        f"strokes   {victim.checked:,} had to be there, and were"
    )
    return 0
