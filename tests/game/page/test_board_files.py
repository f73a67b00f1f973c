"""What the board saves, opens and keeps, and what it says where that fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from game.document.autosave import Autosave
from game.page.board import Board
from game.page.files import PageFiles
from models.ink.jsonl import write_drawings
from models.ink.strokes import Drawing, Stroke
from tests.helpers.boards import count, new_board, text_of, toast, write, write_one


@pytest.fixture
def board() -> Board:
    return new_board()


# Saving and opening


def test_saving_says_where_and_opening_brings_it_back(board: Board, tmp_path: Path) -> None:
    board.document.widen_pen()
    write_one(board)
    strokes = board.document.strokes
    files = PageFiles(board, tmp_path / "drawings")
    files.save()
    saved = sorted((tmp_path / "drawings").iterdir())
    assert [path.suffix for path in saved] == [".inkml", ".png"]
    assert toast(board).startswith(f"info: Saved {saved[1]}")
    board.document.clear()
    board.document.narrow_pen()
    files.open(saved[0])
    assert board.document.strokes == strokes
    assert board.document.pen == 15
    board.undo()
    assert (board.document.strokes, board.document.pen) == ((), 12)


def test_an_empty_page_is_not_saved(board: Board, tmp_path: Path) -> None:
    PageFiles(board, tmp_path / "drawings").save()
    assert "Nothing to save" in toast(board)
    assert not (tmp_path / "drawings").exists()


def test_a_folder_that_cannot_be_written_is_reported_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    board = new_board()
    write_one(board)
    strokes = board.document.strokes
    PageFiles(board, tmp_path / "file").save()
    assert toast(board).startswith("error: ")
    assert toast(board).endswith("a file of that name stands in the folder's place.")
    assert board.document.strokes == strokes


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"{}", b"<svg/>", b"\xff\xfe"])
def test_a_bad_file_leaves_the_ink(board: Board, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    write_one(board)
    strokes = board.document.strokes
    PageFiles(board, tmp_path).open(path)
    assert toast(board).startswith(f"error: {path}")
    assert board.document.strokes == strokes
    board.undo()
    assert board.document.strokes == ()


def test_of_several_drawings_the_first_is_opened(board: Board, tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    drawing = Drawing((Stroke(np.array([[1.0, 2.0], [3.0, 4.0]])),), width=740, height=640)
    write_drawings(path, [drawing] * 3)
    PageFiles(board, tmp_path).open(path)
    assert board.document.strokes == drawing.strokes
    assert "first of 3 drawings" in toast(board)


# Autosave


def _restarted(board: Board, folder: Path) -> Board:
    board.document.close()
    return new_board(Autosave(folder / "kept"))


def test_ink_and_pen_are_there_again_after_a_restart(tmp_path: Path) -> None:
    board = new_board(Autosave(tmp_path / "kept"))
    board.document.widen_pen()
    write_one(board)
    board.document.pen_down(100, 100, 0)  # the window closes in the middle of a stroke
    strokes = (*board.document.strokes, board.document.live)
    board = _restarted(board, tmp_path)
    assert (board.document.strokes, board.document.pen, text_of(board)) == (
        strokes,
        15,
        board.reading.text,
    )
    assert board.reading.answers
    write(board, (5, 5), start=90_000)
    last = board.document.strokes[-1].times
    assert last is not None and 290 <= last[0] <= 400
    board.undo()
    board.undo()
    assert board.document.strokes == strokes[:1]
    board = _restarted(board, tmp_path)
    assert board.document.strokes == strokes[:1]
    board.document.close()


def test_a_notice_of_the_autosave_is_shown(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    board = new_board(Autosave(tmp_path / "file"))
    board.tick(0)
    assert toast(board).startswith("error: Ink is not kept after closing")
    write_one(board)
    assert count(board) == 1


def test_ink_of_a_page_that_grew_beyond_all_measure_is_there_again(tmp_path: Path) -> None:
    """A window that is one pixel high makes a page as wide as its ink, again and again."""
    board = new_board(Autosave(tmp_path / "data"))
    for size in (1e6, 1e9, 1e12):
        board.document.resize((size, size))
        write(board, (size, size), (size / 2, 5.0))
    board.document.close()
    again = new_board(Autosave(tmp_path / "data"))
    again.document.close()
    assert again.document.strokes == board.document.strokes and len(again.document.strokes) == 3
