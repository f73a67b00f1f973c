"""The board in any order of all that can be done to it, against a list of pages."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from game.document.autosave import Autosave
from game.document.document import PEN_WIDTHS
from game.page.board import Board
from game.page.files import PageFiles
from models.ink.strokes import Stroke
from models.segmentation.edits import AS_READ, SegmentationEdits
from tests.helpers.boards import READER, SIZE, toast, write
from tests.helpers.game import both_networks

coordinate = st.sampled_from([0.0, 100.0, 300.5, 739.0, 1e6, -1e6, math.nan]) | st.floats(-50, 800)
pause = st.integers(0, 500)
# Few enough places that the eraser meets ink.
place = st.tuples(st.sampled_from([50.0, 150.0, 250.0]), st.sampled_from([50.0, 90.5]))


class AnyOrder(RuleBasedStateMachine):
    """The board against a list of pages: what undo, redo, saving and restarting must give."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.board = self._board()
        self.pages: list[tuple[tuple[Stroke, ...], SegmentationEdits]] = [((), AS_READ)]
        self.page = 0
        self.ms = 0.0
        self.dragging = False
        self.drawn: tuple[int, int, tuple[Stroke, ...]] = (0, 0, ())

    def _board(self) -> Board:
        autosave = Autosave(self.folder / "kept")
        return Board(
            READER,
            SIZE,
            autosave=autosave,
            networks=both_networks(self.folder),
        )

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What the page should hold."""
        return self.pages[self.page][0]

    def _changed(self) -> None:
        """The board has made one step."""
        self.pages = [
            *self.pages[: self.page + 1],
            (self.board.document.strokes, self.board.document.edits),
        ]
        self.page += 1

    def _lifts(self) -> None:
        """The next call ends the stroke under the pen, which is a step of its own."""
        if self.board.document.live is not None:
            page = (*self.strokes, self.board.document.live), self.pages[self.page][1]
            self.pages = [*self.pages[: self.page + 1], page]
            self.page += 1

    @rule(x=coordinate, y=coordinate, ms=pause)
    def pen_down(self, x: float, y: float, ms: float) -> None:
        self.ms += ms
        if math.isfinite(x) and math.isfinite(y):
            self._lifts()
            self.dragging = False
        self.board.document.pen_down(x, y, self.ms)

    @rule(start=place, end=place)
    def write(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._lifts()
        self.dragging = False
        write(self.board, start, end, start=self.ms)
        self.ms += 20
        self._changed()

    @rule(x=coordinate, y=coordinate, ms=pause)
    def pen_move(self, x: float, y: float, ms: float) -> None:
        self.ms += ms
        self.board.document.pen_move(x, y, self.ms)

    @rule()
    def pen_up(self) -> None:
        self._lifts()
        self.board.document.pen_up(self.ms)
        assert self.board.document.live is None

    @rule()
    def clear(self) -> None:
        self._lifts()
        self.dragging = False
        self.board.document.clear()
        assert self.board.document.strokes == ()
        if self.strokes:
            self._changed()

    @rule()
    def undo(self) -> None:
        self._lifts()
        self.dragging = False
        self.board.undo()
        self.page = max(0, self.page - 1)

    @rule()
    def redo(self) -> None:
        self._lifts()
        self.dragging = False
        self.board.redo()
        self.page = min(len(self.pages) - 1, self.page + 1)

    @rule(at=place, radius=st.sampled_from([5.0, 80.0]))
    def erase_at(self, at: tuple[float, float], radius: float) -> None:
        self._lifts()
        self.dragging = False
        self.board.document.erase_at(*at, radius)
        self._erased()

    @rule(to=place)
    def erase_to(self, to: tuple[float, float]) -> None:
        self._lifts()
        self.board.document.erase_to(*to, 20)
        self._erased()

    def _erased(self) -> None:
        before, after = self.strokes, self.board.document.strokes
        left = iter(before)
        assert all(any(stroke == other for other in left) for stroke in after)
        if len(after) == len(before):
            return
        if self.dragging:
            self.pages[self.page] = after, self.board.document.edits
        else:
            self._changed()
        self.dragging = True

    @rule(wider=st.booleans())
    def change_pen(self, wider: bool) -> None:
        (self.board.document.widen_pen if wider else self.board.document.narrow_pen)()
        assert self.board.document.pen in PEN_WIDTHS

    @rule(size=st.tuples(st.floats(100, 2000), st.floats(100, 2000)))
    def resize(self, size: tuple[float, float]) -> None:
        self.board.document.resize(size)

    @rule(index=st.integers(-1, 5))
    def select(self, index: int) -> None:
        self.board.select(index)

    @rule(step=st.sampled_from([-1, 1]))
    def move_selection(self, step: int) -> None:
        self._lifts()
        self.board.move_selection(step)

    @rule(other=st.none() | st.integers(0, 5), splits=st.booleans())
    def set_edits(self, other: int | None, splits: bool) -> None:
        self._lifts()
        strokes, edits = self.strokes, self.board.document.edits
        if splits:
            self.board.split()
        else:
            self.board.join(other)
        assert self.board.document.strokes == strokes
        assert toast(self.board).startswith("info: ")
        if self.board.document.edits != edits:
            self._changed()
            self.dragging = False

    @rule()
    def switch_mode(self) -> None:
        mode = self.board.mode
        self.board.switch_mode()
        assert self.board.mode != mode

    @rule()
    def save_and_open(self) -> None:
        self._lifts()
        self.dragging = False
        strokes = self.strokes
        before = set(self.folder.glob("drawings/*.inkml"))
        PageFiles(self.board, self.folder / "drawings").save()
        new = set(self.folder.glob("drawings/*.inkml")) - before
        assert len(new) == bool(strokes)
        for path in new:
            PageFiles(self.board, self.folder).open(path)
            assert self.board.document.strokes == strokes
            self._changed()

    @rule()
    def drop_a_bad_file(self) -> None:
        self._lifts()
        PageFiles(self.board, self.folder).open(self.folder / "missing")
        assert toast(self.board).startswith("error: ")

    @rule(killed=st.booleans())
    def restart(self, killed: bool) -> None:
        strokes, pen, live = (
            self.board.document.strokes,
            self.board.document.pen,
            self.board.document.live,
        )
        edits = self.board.document.edits
        if killed:
            # What the system does for a process that is gone: close its files, drop its locks.
            assert self.board.document.autosave is not None
            self.board.document.autosave.close()
        else:
            self.board.document.close()
            strokes = strokes if live is None else (*strokes, live)
        self.board = self._board()
        assert self.board.document.strokes == strokes
        assert not strokes or self.board.document.pen == pen
        assert (
            self.board.document.autosave is not None and self.board.document.autosave.error is None
        )
        edits = edits if strokes else AS_READ
        self.pages = [(strokes[:n], edits) for n in range(len(strokes) + 1)]
        self.page = len(strokes)
        self.dragging = False
        self.drawn = (-1, -1, ())

    @precondition(lambda self: hasattr(self, "board"))
    @invariant()
    def the_ink_is_what_was_done(self) -> None:
        board = self.board
        assert (board.document.strokes, board.document.edits) == self.pages[self.page]
        board.read_now()
        assert board.selected is None or 0 <= board.selected < len(board.reading.answers)
        assert (board.shown is None) == (not board.reading.answers)
        assert bool(board.reading.answers) == bool(board.document.strokes or board.document.live)
        # A window that draws only what these three tell it shows the right ink.
        revision, ink_revision, drawn = self.drawn
        if board.document.ink_revision == ink_revision:
            assert board.document.strokes[: len(drawn)] == drawn
        if board.revision == revision:
            assert board.document.strokes == drawn
        self.drawn = (board.revision, board.document.ink_revision, board.document.strokes)

    def teardown(self) -> None:
        if not hasattr(self, "board"):
            return
        self.board.document.pen_up(self.ms)
        steps = list(_undone(self.board))
        assert self.board.document.strokes == ()
        for page in reversed(steps):
            self.board.redo()
            assert self.board.document.strokes == page
        self.board.document.close()
        shutil.rmtree(self.folder)


def _undone(board: Board) -> Iterator[tuple[Stroke, ...]]:
    """Undoes all; yields each page before its undo, until an undo changes nothing any more."""
    while True:
        strokes, revision = board.document.strokes, board.document.ink_revision
        board.undo()
        if board.document.ink_revision == revision:
            return
        yield strokes


AnyOrder.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyOrder = pytest.mark.slow(AnyOrder.TestCase)
