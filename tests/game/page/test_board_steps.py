"""Undo and redo on the board, and its eraser: each change is one step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from game.page.board import Board
from game.page.files import PageFiles
from models.ink.jsonl import write_drawings
from models.ink.strokes import Drawing, Stroke
from tests.helpers.boards import count, new_board, write, write_one


@pytest.fixture
def board() -> Board:
    return new_board()


def test_every_kind_of_change_is_one_step(board: Board, tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    write_drawings(path, [Drawing((Stroke(np.array([[1.0, 2.0]])),))])
    pages = [board.document.strokes]

    def changed() -> None:
        assert board.document.strokes != pages[-1]
        pages.append(board.document.strokes)

    for x in (100, 200, 300, 400):
        write_one(board, x)
        changed()
    board.document.erase_at(50, 200, 5)
    board.document.erase_to(250, 200, 5)  # takes two strokes in one drag
    board.document.erase_to(260, 200, 5)
    changed()
    board.document.erase_at(300, 200, 5)
    changed()
    PageFiles(board, tmp_path).open(path)
    changed()
    board.document.clear()
    changed()
    for page in reversed(pages[:-1]):
        board.undo()
        assert board.document.strokes == page
    board.undo()
    assert board.document.strokes == ()
    for page in pages[1:]:
        board.redo()
        assert board.document.strokes == page
    board.redo()
    assert board.document.strokes == ()


def test_one_drag_of_the_eraser_is_one_step_however_many_it_takes(board: Board) -> None:
    for x in (100, 200, 300):
        write_one(board, x)
    board.document.erase_at(90, 200, 5)
    board.document.erase_to(190, 200, 5)
    board.document.erase_to(290, 200, 5)
    assert board.document.strokes == ()
    board.undo()
    assert count(board) == 3


def test_a_drag_that_goes_on_after_an_undo_is_a_step_of_its_own(board: Board) -> None:
    for x in (100, 200, 300):
        write_one(board, x)
    board.document.erase_at(100, 200, 5)
    board.document.erase_at(200, 200, 5)
    board.undo()
    board.document.erase_to(300, 200, 5)
    assert count(board) == 1
    board.undo()
    assert count(board) == 2


def test_undo_with_the_pen_down_takes_that_stroke(board: Board) -> None:
    write_one(board)
    board.document.pen_down(5, 5, 0)
    board.document.pen_move(9, 9, 1)
    board.undo()
    assert count(board) == 1 and board.document.live is None
    board.document.pen_move(20, 20, 2)
    board.document.pen_up(3)
    assert count(board) == 1
    board.redo()
    assert board.document.strokes[1].points.tolist() == [[5, 5], [9, 9]]


def test_clear_with_the_pen_down_loses_nothing(board: Board) -> None:
    board.document.pen_down(5, 5, 0)
    board.document.clear()
    assert board.document.strokes == () and board.document.live is None
    board.undo()
    assert count(board) == 1


def test_a_new_stroke_ends_what_could_be_done_again(board: Board) -> None:
    write_one(board, 100)
    board.undo()
    write_one(board, 200)
    strokes = board.document.strokes
    board.redo()
    assert board.document.strokes == strokes


def test_forgotten_steps_leave_the_ink(board: Board) -> None:
    write_one(board, 100)
    board.document.clear()
    board.undo()
    board.document.pen_down(200, 200, 0)
    board.document.forget_steps()
    strokes = board.document.strokes
    assert len(strokes) == 2
    board.undo()
    board.redo()
    assert board.document.strokes == strokes
    write_one(board, 300)
    board.undo()
    assert board.document.strokes == strokes


def test_the_eraser_reaches_as_far_as_the_ink_is_seen(board: Board) -> None:
    write(board, (100, 100), (200, 100))
    board.document.erase_at(150, 100 + 6 + 10.5, 10)
    assert count(board) == 1
    board.document.erase_at(150, 100 + 6 + 9.5, 10)
    assert board.document.strokes == ()
