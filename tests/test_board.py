from __future__ import annotations

import math
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
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

from game.autosave import Autosave
from game.board import Board
from game.sheet import PEN, PEN_WIDTHS
from game.toasts import TOAST_SECONDS
from models.drawings import write_drawings
from models.ink import Drawing, Stroke
from models.network import load_network
from models.reader import Reader, Reading
from models.segmentation import AS_READ, Mends
from tests.running import both_networks

SIZE = (740.0, 640.0)
READER = Reader(load_network())


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(READER, SIZE, tmp_path / "drawings")


def _count(board: Board) -> int:
    return len(board.strokes)


def _told(board: Board) -> str:
    """What the toast says, after its kind; empty where there is none."""
    return f"{board.toast.kind}: {board.toast.text}" if board.toast else ""


def _write(board: Board, *points: tuple[float, float], start: float = 0.0) -> None:
    board.pen_down(*points[0], start)
    for index, point in enumerate(points[1:], start=1):
        board.pen_move(*point, start + 10 * index)
    board.pen_up(start + 10 * len(points))


def _write_one(board: Board, x: float = 300.0) -> None:
    _write(board, *[(x, 100.0 + 10 * i) for i in range(30)])


# Reading


def test_a_digit_is_read_and_an_empty_page_says_nothing(board: Board) -> None:
    assert (board.answer_text(), board.reading.answers) == ("", ())
    _write_one(board)
    assert board.answer_text() == "1"
    board.clear()
    assert (board.answer_text(), board.reading.answers) == ("", ())


def test_the_stroke_under_the_pen_is_read_too(board: Board) -> None:
    board.pen_down(300, 100, 0)
    for i in range(30):
        board.pen_move(300, 100 + 10 * i, i)
    board.read_now()
    assert board.strokes == () and board.live is not None
    assert board.reading.text == "1"


class _SlowReader(Reader):
    """The real reader, with more ink to read than there is."""

    readings = 0

    def read(self, strokes: Sequence[Stroke], pen: float, mends: Mends = AS_READ) -> Reading:
        self.readings += 1
        time.sleep(0.06)
        return super().read(strokes, pen, mends)


def test_ink_that_is_slow_to_read_does_not_hold_up_the_pen(tmp_path: Path) -> None:
    reader = _SlowReader(load_network())
    board = Board(reader, SIZE, tmp_path)
    board.pen_down(300, 100, 0)
    for i in range(30):
        board.pen_move(300, 100 + 10 * i, i)
        board.read_now()
        time.sleep(0.002)
    assert reader.readings < 30
    board.pen_up(40)
    count = reader.readings
    assert board.answer_text() == "1"
    assert reader.readings == count + 1


def test_ink_is_read_once_for_each_change(board: Board) -> None:
    _write_one(board)
    board.read_now()
    reading, revision = board.reading, board.revision
    board.read_now()
    board.toggle_boxes()
    board.toggle_boxes()
    board.read_now()
    assert board.reading is reading
    assert board.revision == revision + 2
    board.undo()
    board.read_now()
    assert board.reading.answers == ()


# The pen


def test_a_touch_without_a_move_is_a_dot(board: Board) -> None:
    _write(board, (5, 6))
    assert board.strokes == (Stroke(np.array([[5.0, 6.0]]), np.array([0.0])),)


def test_times_count_from_the_first_point_and_only_forward(board: Board) -> None:
    _write(board, (1, 1), (2, 2), start=5_000)
    _write(board, (3, 3), (4, 4), start=6_000)
    board.pen_down(5, 5, 7_000)
    board.pen_move(6, 6, 6_500)
    board.pen_up(7_100)
    times = [stroke.times.tolist() for stroke in board.strokes if stroke.times is not None]
    assert times == [[0, 10], [1000, 1010], [2000, 2000]]


def test_the_live_stroke_as_it_was_is_not_changed_by_later_points(board: Board) -> None:
    board.pen_down(0, 0, 0)
    looks = []
    for i in range(1, 700):  # more than there is room for at first
        board.pen_move(i % 7, i, i)
        looks.append(board.live)
    board.pen_up(700)
    whole = board.strokes[0]
    assert len(whole) == 700 and whole.times is not None
    for count, look in enumerate(looks, start=2):
        assert look == Stroke(whole.points[:count], whole.times[:count])
        assert look is not None and not look.points.flags.writeable
    board.pen_down(9, 9, 800)
    assert board.live is not None and len(board.live) == 1


def test_a_long_stroke_is_not_copied_for_each_point_more(board: Board) -> None:
    board.pen_down(5, 5, 0)
    copies, last = 0, board.live
    for i in range(20_000):
        board.pen_move(i % 600, i % 501, 0)
        live = board.live
        assert live is not None and last is not None
        copies += not np.shares_memory(live.points, last.points)
        last = live
    assert copies < 30  # only as often as the room for points doubles


def test_a_lost_pen_up_does_not_join_two_strokes(board: Board) -> None:
    board.pen_down(1, 1, 0)
    board.pen_move(2, 2, 1)
    _write(board, (50, 50), (60, 60), start=2)
    assert [stroke.points.tolist() for stroke in board.strokes] == [
        [[1, 1], [2, 2]],
        [[50, 50], [60, 60]],
    ]


def test_a_stroke_that_leaves_the_page_follows_its_edge(board: Board) -> None:
    _write(board, (700, 100), (900, 100), (950, 100), (1e9, -50), (700, 50))
    assert board.strokes[0].points.tolist() == [[700, 100], [740, 100], [740, 0], [700, 50]]


def test_places_and_times_that_are_no_numbers_are_ignored(board: Board) -> None:
    board.pen_down(math.nan, 5, 0)
    board.pen_down(5, 5, math.inf)
    assert board.live is None
    board.pen_down(5, 5, 0)
    board.pen_move(math.inf, 5, 1)
    board.pen_move(6, math.nan, 2)
    board.pen_move(7, 5, 3)
    board.pen_up(math.nan)
    board.erase_at(math.nan, 0, 5)
    assert board.strokes[0].points.tolist() == [[5, 5], [7, 5]]


def test_moves_without_the_pen_down_write_nothing(board: Board) -> None:
    board.pen_move(5, 5, 0)
    board.pen_up(1)
    board.cancel_pen()
    assert board.strokes == () and board.live is None


def test_a_cancelled_stroke_leaves_no_step(board: Board) -> None:
    _write_one(board)
    board.pen_down(5, 5, 0)
    board.cancel_pen()
    board.undo()
    assert board.strokes == ()


def test_the_pen_has_sensible_steps_and_limits(board: Board) -> None:
    assert board.pen == PEN == 12
    _write_one(board)
    redrawn = board.ink_revision
    board.widen_pen()
    assert board.pen == 15 and board.ink_revision > redrawn
    board.narrow_pen()
    assert board.pen == 12
    for _ in range(30):
        board.widen_pen()
    assert board.pen == 60
    for _ in range(30):
        board.narrow_pen()
    assert board.pen == 1
    assert all(b / a <= 2 for a, b in pairwise(PEN_WIDTHS))


def test_the_answers_box_follows_the_pen(board: Board) -> None:
    _write_one(board)
    board.read_now()
    width = board.reading.answers[0].box.width
    board.widen_pen()
    board.read_now()
    assert board.reading.answers[0].box.width == width + 3


# Undo and redo


def test_every_kind_of_change_is_one_step(board: Board, tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    write_drawings(path, [Drawing((Stroke(np.array([[1.0, 2.0]])),))])
    pages = [board.strokes]

    def changed() -> None:
        assert board.strokes != pages[-1]
        pages.append(board.strokes)

    for x in (100, 200, 300, 400):
        _write_one(board, x)
        changed()
    board.erase_at(50, 200, 5)
    board.erase_to(250, 200, 5)  # takes two strokes in one drag
    board.erase_to(260, 200, 5)
    changed()
    board.erase_at(300, 200, 5)
    changed()
    board.open_file(path)
    changed()
    board.clear()
    changed()
    for page in reversed(pages[:-1]):
        board.undo()
        assert board.strokes == page
    board.undo()
    assert board.strokes == ()
    for page in pages[1:]:
        board.redo()
        assert board.strokes == page
    board.redo()
    assert board.strokes == ()


def test_one_drag_of_the_eraser_is_one_step_however_many_it_takes(board: Board) -> None:
    for x in (100, 200, 300):
        _write_one(board, x)
    board.erase_at(90, 200, 5)
    board.erase_to(190, 200, 5)
    board.erase_to(290, 200, 5)
    assert board.strokes == ()
    board.undo()
    assert _count(board) == 3


def test_a_drag_that_goes_on_after_an_undo_is_a_step_of_its_own(board: Board) -> None:
    for x in (100, 200, 300):
        _write_one(board, x)
    board.erase_at(100, 200, 5)
    board.erase_at(200, 200, 5)
    board.undo()
    board.erase_to(300, 200, 5)
    assert _count(board) == 1
    board.undo()
    assert _count(board) == 2


def test_undo_with_the_pen_down_takes_that_stroke(board: Board) -> None:
    _write_one(board)
    board.pen_down(5, 5, 0)
    board.pen_move(9, 9, 1)
    board.undo()
    assert _count(board) == 1 and board.live is None
    board.pen_move(20, 20, 2)
    board.pen_up(3)
    assert _count(board) == 1
    board.redo()
    assert board.strokes[1].points.tolist() == [[5, 5], [9, 9]]


def test_clear_with_the_pen_down_loses_nothing(board: Board) -> None:
    board.pen_down(5, 5, 0)
    board.clear()
    assert board.strokes == () and board.live is None
    board.undo()
    assert _count(board) == 1


def test_a_new_stroke_ends_what_could_be_done_again(board: Board) -> None:
    _write_one(board, 100)
    board.undo()
    _write_one(board, 200)
    strokes = board.strokes
    board.redo()
    assert board.strokes == strokes


def test_forgotten_steps_leave_the_ink(board: Board) -> None:
    _write_one(board, 100)
    board.clear()
    board.undo()
    board.pen_down(200, 200, 0)
    board.forget_steps()
    strokes = board.strokes
    assert len(strokes) == 2
    board.undo()
    board.redo()
    assert board.strokes == strokes
    _write_one(board, 300)
    board.undo()
    assert board.strokes == strokes


# Eraser, size, toasts


def test_the_eraser_reaches_as_far_as_the_ink_is_seen(board: Board) -> None:
    _write(board, (100, 100), (200, 100))
    board.erase_at(150, 100 + 6 + 10.5, 10)
    assert _count(board) == 1
    board.erase_at(150, 100 + 6 + 9.5, 10)
    assert board.strokes == ()


def test_resizing_keeps_all_ink(board: Board) -> None:
    _write_one(board)
    strokes = board.strokes
    for size in ((480.0, 360.0), (0.0, -5.0), (1e4, 1e4), (math.nan, 5.0)):
        board.resize(size)
    assert board.strokes == strokes
    assert board.size == (1e4, 1e4)


def test_a_toast_goes_after_a_while(board: Board) -> None:
    board.tick(1)
    board.say("two\nlines", "error")
    assert _told(board) == "error: two lines"
    board.tick(10)  # what it tells of took nine seconds
    assert _told(board)
    revision = board.revision
    board.tick(10 + TOAST_SECONDS - 0.1)
    assert _told(board) and board.revision == revision
    board.tick(10 + TOAST_SECONDS)
    assert not _told(board) and board.revision == revision + 1


# Saving and opening


def test_saving_says_where_and_opening_brings_it_back(board: Board, tmp_path: Path) -> None:
    board.widen_pen()
    _write_one(board)
    strokes = board.strokes
    board.save()
    saved = sorted((tmp_path / "drawings").iterdir())
    assert [path.suffix for path in saved] == [".inkml", ".png"]
    assert _told(board).startswith(f"info: Saved {saved[1]}")
    board.clear()
    board.narrow_pen()
    board.open_file(saved[0])
    assert board.strokes == strokes
    assert board.pen == 15
    board.undo()
    assert (board.strokes, board.pen) == ((), 12)


def test_an_empty_page_is_not_saved(board: Board, tmp_path: Path) -> None:
    board.save()
    assert "Nothing to save" in _told(board)
    assert not (tmp_path / "drawings").exists()


def test_a_folder_that_cannot_be_written_is_told_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    board = Board(READER, SIZE, tmp_path / "file")
    _write_one(board)
    strokes = board.strokes
    board.save()
    assert _told(board).startswith("error: ")
    assert _told(board).endswith("a file of that name stands in the folder's place.")
    assert board.strokes == strokes


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"{}", b"<svg/>", b"\xff\xfe"])
def test_a_bad_file_leaves_the_ink(board: Board, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    _write_one(board)
    strokes = board.strokes
    board.open_file(path)
    assert _told(board).startswith(f"error: {path}")
    assert board.strokes == strokes
    board.undo()
    assert board.strokes == ()


def test_of_several_drawings_the_first_is_opened(board: Board, tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    drawing = Drawing((Stroke(np.array([[1.0, 2.0], [3.0, 4.0]])),), width=740, height=640)
    write_drawings(path, [drawing] * 3)
    board.open_file(path)
    assert board.strokes == drawing.strokes
    assert "first of 3 drawings" in _told(board)


# Autosave


def _restarted(board: Board, folder: Path) -> Board:
    board.close()
    return Board(READER, SIZE, folder / "drawings", Autosave(folder / "kept"))


def test_ink_and_pen_are_there_again_after_a_restart(tmp_path: Path) -> None:
    board = Board(READER, SIZE, tmp_path / "drawings", Autosave(tmp_path / "kept"))
    board.widen_pen()
    _write_one(board)
    board.pen_down(100, 100, 0)  # the window closes in the middle of a stroke
    strokes = (*board.strokes, board.live)
    board = _restarted(board, tmp_path)
    assert (board.strokes, board.pen, board.answer_text()) == (strokes, 15, board.reading.text)
    assert board.reading.answers
    _write(board, (5, 5), start=90_000)
    last = board.strokes[-1].times
    assert last is not None and 290 <= last[0] <= 400
    board.undo()
    board.undo()
    assert board.strokes == strokes[:1]
    board = _restarted(board, tmp_path)
    assert board.strokes == strokes[:1]
    board.close()


def test_a_notice_of_the_autosave_is_shown(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    board = Board(READER, SIZE, tmp_path, Autosave(tmp_path / "file"))
    board.tick(0)
    assert _told(board).startswith("error: Ink is not kept after closing")
    _write_one(board)
    assert _count(board) == 1


# Anything in any order

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
        self.pages: list[tuple[tuple[Stroke, ...], Mends]] = [((), AS_READ)]
        self.page = 0
        self.ms = 0.0
        self.dragging = False
        self.drawn: tuple[int, int, tuple[Stroke, ...]] = (0, 0, ())

    def _board(self) -> Board:
        autosave = Autosave(self.folder / "kept")
        return Board(READER, SIZE, self.folder / "drawings", autosave, both_networks(self.folder))

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What the page should hold."""
        return self.pages[self.page][0]

    def _changed(self) -> None:
        """The board has made one step."""
        self.pages = [*self.pages[: self.page + 1], (self.board.strokes, self.board.mends)]
        self.page += 1

    def _lifts(self) -> None:
        """The next call ends the stroke under the pen, which is a step of its own."""
        if self.board.live is not None:
            page = (*self.strokes, self.board.live), self.pages[self.page][1]
            self.pages = [*self.pages[: self.page + 1], page]
            self.page += 1

    @rule(x=coordinate, y=coordinate, ms=pause)
    def pen_down(self, x: float, y: float, ms: float) -> None:
        self.ms += ms
        if math.isfinite(x) and math.isfinite(y):
            self._lifts()
            self.dragging = False
        self.board.pen_down(x, y, self.ms)

    @rule(start=place, end=place)
    def write(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._lifts()
        self.dragging = False
        _write(self.board, start, end, start=self.ms)
        self.ms += 20
        self._changed()

    @rule(x=coordinate, y=coordinate, ms=pause)
    def pen_move(self, x: float, y: float, ms: float) -> None:
        self.ms += ms
        self.board.pen_move(x, y, self.ms)

    @rule()
    def pen_up(self) -> None:
        self._lifts()
        self.board.pen_up(self.ms)
        assert self.board.live is None

    @rule()
    def cancel(self) -> None:
        self.board.cancel_pen()
        assert self.board.live is None

    @rule()
    def clear(self) -> None:
        self._lifts()
        self.dragging = False
        self.board.clear()
        assert self.board.strokes == ()
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
        self.board.erase_at(*at, radius)
        self._erased()

    @rule(to=place)
    def erase_to(self, to: tuple[float, float]) -> None:
        self._lifts()
        self.board.erase_to(*to, 20)
        self._erased()

    def _erased(self) -> None:
        before, after = self.strokes, self.board.strokes
        left = iter(before)
        assert all(any(stroke == other for other in left) for stroke in after)
        if len(after) == len(before):
            return
        if self.dragging:
            self.pages[self.page] = after, self.board.mends
        else:
            self._changed()
        self.dragging = True

    @rule(wider=st.booleans())
    def change_pen(self, wider: bool) -> None:
        (self.board.widen_pen if wider else self.board.narrow_pen)()
        assert self.board.pen in PEN_WIDTHS

    @rule(size=st.tuples(st.floats(100, 2000), st.floats(100, 2000)))
    def resize(self, size: tuple[float, float]) -> None:
        self.board.resize(size)

    @rule(index=st.integers(-1, 5))
    def select(self, index: int) -> None:
        self.board.select(index)

    @rule(step=st.sampled_from([-1, 1]))
    def move_selection(self, step: int) -> None:
        self._lifts()
        self.board.move_selection(step)

    @rule(other=st.none() | st.integers(0, 5), splits=st.booleans())
    def mend(self, other: int | None, splits: bool) -> None:
        self._lifts()
        strokes, mends = self.strokes, self.board.mends
        if splits:
            self.board.split()
        else:
            self.board.join(other)
        assert self.board.strokes == strokes
        assert _told(self.board).startswith("info: ")
        if self.board.mends != mends:
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
        self.board.save()
        new = set(self.folder.glob("drawings/*.inkml")) - before
        assert len(new) == bool(strokes)
        for path in new:
            self.board.open_file(path)
            assert self.board.strokes == strokes
            self._changed()

    @rule()
    def drop_a_bad_file(self) -> None:
        self._lifts()
        self.board.open_file(self.folder / "missing")
        assert _told(self.board).startswith("error: ")

    @rule(killed=st.booleans())
    def restart(self, killed: bool) -> None:
        strokes, pen, live = self.board.strokes, self.board.pen, self.board.live
        mends = self.board.mends
        if killed:
            # What the system does for a process that is gone: close its files, drop its locks.
            assert self.board._autosave is not None
            self.board._autosave.close()
        else:
            self.board.close()
            strokes = strokes if live is None else (*strokes, live)
        self.board = self._board()
        assert self.board.strokes == strokes
        assert not strokes or self.board.pen == pen
        assert self.board._autosave is not None and self.board._autosave.notice is None
        mends = mends if strokes else AS_READ
        self.pages = [(strokes[:n], mends) for n in range(len(strokes) + 1)]
        self.page = len(strokes)
        self.dragging = False
        self.drawn = (-1, -1, ())

    @precondition(lambda self: hasattr(self, "board"))
    @invariant()
    def the_ink_is_what_was_done(self) -> None:
        board = self.board
        assert (board.strokes, board.mends) == self.pages[self.page]
        board.read_now()
        assert board.selected is None or 0 <= board.selected < len(board.reading.answers)
        assert (board.shown is None) == (not board.reading.answers)
        assert bool(board.reading.answers) == bool(board.strokes or board.live)
        # A window that draws only what these three tell it shows the right ink.
        revision, ink_revision, drawn = self.drawn
        if board.ink_revision == ink_revision:
            assert board.strokes[: len(drawn)] == drawn
        if board.revision == revision:
            assert board.strokes == drawn
        self.drawn = (board.revision, board.ink_revision, board.strokes)

    def teardown(self) -> None:
        if not hasattr(self, "board"):
            return
        self.board.pen_up(self.ms)
        steps = list(_undone(self.board))
        assert self.board.strokes == ()
        for page in reversed(steps):
            self.board.redo()
            assert self.board.strokes == page
        self.board.close()
        shutil.rmtree(self.folder)


def _undone(board: Board) -> Iterator[tuple[Stroke, ...]]:
    """Undoes all; yields each page before its undo, until an undo changes nothing any more."""
    while True:
        strokes, revision = board.strokes, board.ink_revision
        board.undo()
        if board.ink_revision == revision:
            return
        yield strokes


AnyOrder.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyOrder = AnyOrder.TestCase
