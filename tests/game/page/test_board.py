"""The board: what is read of its ink, the pen, the size of the page, and what it says."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from game.document.document import PEN_WIDTHS
from game.page.board import Board
from game.page.files import PageFiles
from game.page.toasts import TOAST_SECONDS
from models.ink.strokes import PAGE_PEN, Stroke
from tests.helpers.boards import new_board, text_of, toast, write, write_one
from tests.helpers.dense_pages import heap, house


@pytest.fixture
def board() -> Board:
    return new_board()


# Reading


def test_a_digit_is_read_and_an_empty_page_says_nothing(board: Board) -> None:
    assert (text_of(board), board.reading.answers) == ("", ())
    write_one(board)
    assert text_of(board) == "1"
    board.document.clear()
    assert (text_of(board), board.reading.answers) == ("", ())


def test_the_stroke_under_the_pen_is_read_too(board: Board) -> None:
    board.document.pen_down(300, 100, 0)
    for i in range(30):
        board.document.pen_move(300, 100 + 10 * i, i)
    board.read_now()
    assert board.document.strokes == () and board.document.live is not None
    assert board.reading.text == "1"


def test_reading_goes_on_in_the_next_frame_and_shows_older_answers_meanwhile() -> None:
    board = new_board()
    write_one(board, 100)
    write_one(board, 180)
    board.read_now()
    older = board.reading
    board.document.put(
        (*board.document.strokes, *house(np.random.default_rng(0))), board.document.pen
    )
    frames = 0
    while not board.is_read:
        assert board.reading.answers[:2] == older.answers or frames == 0
        assert all(answer.strokes for answer in board.reading.answers)
        board.read()
        frames += 1
    assert frames > 1
    assert board.outdated == frozenset()


def test_what_is_done_while_the_page_is_being_read_is_done_at_once(tmp_path: Path) -> None:
    board = new_board()
    board.document.put(tuple(house(np.random.default_rng(0))), board.document.pen)
    board.read()
    assert not board.is_read
    PageFiles(board, tmp_path).save()
    assert toast(board).startswith("info: Saved")
    count = len(board.document.strokes)
    x, y = board.document.strokes[0].points[0].tolist()
    board.document.erase_at(x, y, 5)
    assert len(board.document.strokes) < count
    board.undo()
    board.document.clear()
    assert board.document.strokes == () and board.reading.answers == ()
    board.read()
    assert board.is_read


def test_a_reading_of_ink_under_the_pen_comes_to_its_end_though_the_pen_goes_on() -> None:
    board = new_board()
    board.document.put(tuple(heap(25, np.random.default_rng(1))), board.document.pen)
    board.read_now()
    before = board.reading
    board.document.pen_down(300, 100, 0)
    for number in range(1, 200):
        board.document.pen_move(300 + number, 100 + number, number)
        board.read()
    assert board.reading is not before


def test_ink_is_read_once_for_each_change(board: Board) -> None:
    write_one(board)
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
    write(board, (5, 6))
    assert board.document.strokes == (Stroke(np.array([[5.0, 6.0]]), np.array([0.0])),)


def test_times_count_from_the_first_point_and_only_forward(board: Board) -> None:
    write(board, (1, 1), (2, 2), start=5_000)
    write(board, (3, 3), (4, 4), start=6_000)
    board.document.pen_down(5, 5, 7_000)
    board.document.pen_move(6, 6, 6_500)
    board.document.pen_up(7_100)
    times = [stroke.times.tolist() for stroke in board.document.strokes if stroke.times is not None]
    assert times == [[0, 10], [1000, 1010], [2000, 2000]]


def test_the_live_stroke_as_it_was_is_not_changed_by_later_points(board: Board) -> None:
    board.document.pen_down(0, 0, 0)
    classifications = []
    for i in range(1, 700):  # more than there is room for at first
        board.document.pen_move(i % 7, i, i)
        classifications.append(board.document.live)
    board.document.pen_up(700)
    whole = board.document.strokes[0]
    assert len(whole) == 700 and whole.times is not None
    for count, classification in enumerate(classifications, start=2):
        assert classification == Stroke(whole.points[:count], whole.times[:count])
        assert classification is not None and not classification.points.flags.writeable
    board.document.pen_down(9, 9, 800)
    assert board.document.live is not None and len(board.document.live) == 1


def test_a_long_stroke_is_not_copied_for_each_point_more(board: Board) -> None:
    board.document.pen_down(5, 5, 0)
    copies, last = 0, board.document.live
    for i in range(20_000):
        board.document.pen_move(i % 600, i % 501, 0)
        live = board.document.live
        assert live is not None and last is not None
        copies += not np.shares_memory(live.points, last.points)
        last = live
    assert copies < 30  # only as often as the room for points doubles


def test_a_lost_pen_up_does_not_join_two_strokes(board: Board) -> None:
    board.document.pen_down(1, 1, 0)
    board.document.pen_move(2, 2, 1)
    write(board, (50, 50), (60, 60), start=2)
    assert [stroke.points.tolist() for stroke in board.document.strokes] == [
        [[1, 1], [2, 2]],
        [[50, 50], [60, 60]],
    ]


def test_a_stroke_that_leaves_the_page_follows_its_edge(board: Board) -> None:
    write(board, (700, 100), (900, 100), (950, 100), (1e9, -50), (700, 50))
    assert board.document.strokes[0].points.tolist() == [
        [700, 100],
        [740, 100],
        [740, 0],
        [700, 50],
    ]


def test_places_and_times_that_are_no_numbers_are_ignored(board: Board) -> None:
    board.document.pen_down(math.nan, 5, 0)
    board.document.pen_down(5, 5, math.inf)
    assert board.document.live is None
    board.document.pen_down(5, 5, 0)
    board.document.pen_move(math.inf, 5, 1)
    board.document.pen_move(6, math.nan, 2)
    board.document.pen_move(7, 5, 3)
    board.document.pen_up(math.nan)
    board.document.erase_at(math.nan, 0, 5)
    assert board.document.strokes[0].points.tolist() == [[5, 5], [7, 5]]


def test_moves_without_the_pen_down_write_nothing(board: Board) -> None:
    board.document.pen_move(5, 5, 0)
    board.document.pen_up(1)
    assert board.document.strokes == () and board.document.live is None


def test_the_pen_has_sensible_steps_and_limits(board: Board) -> None:
    assert board.document.pen == PAGE_PEN == 12
    write_one(board)
    redrawn = board.document.ink_revision
    board.document.widen_pen()
    assert board.document.pen == 15 and board.document.ink_revision > redrawn
    board.document.narrow_pen()
    assert board.document.pen == 12
    for _ in range(30):
        board.document.widen_pen()
    assert board.document.pen == 60
    for _ in range(30):
        board.document.narrow_pen()
    assert board.document.pen == 1
    assert all(b / a <= 2 for a, b in pairwise(PEN_WIDTHS))


def test_the_answers_box_follows_the_pen(board: Board) -> None:
    write_one(board)
    board.read_now()
    width = board.reading.answers[0].box.width
    board.document.widen_pen()
    board.read_now()
    assert board.reading.answers[0].box.width == width + 3


# Size and toasts


def test_resizing_keeps_all_ink(board: Board) -> None:
    write_one(board)
    strokes = board.document.strokes
    for size in ((480.0, 360.0), (0.0, -5.0), (1e4, 1e4), (math.nan, 5.0)):
        board.document.resize(size)
    assert board.document.strokes == strokes
    assert board.document.size == (1e4, 1e4)


def test_a_toast_goes_after_a_while(board: Board) -> None:
    board.tick(1)
    board.say("two\nlines", "error")
    assert toast(board) == "error: two lines"
    board.tick(10)  # what it tells of took nine seconds
    assert toast(board)
    revision = board.revision
    board.tick(10 + TOAST_SECONDS - 0.1)
    assert toast(board) and board.revision == revision
    board.tick(10 + TOAST_SECONDS)
    assert not toast(board) and board.revision == revision + 1
