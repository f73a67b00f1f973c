"""Boards for tests: without a window, written on by calls, with the real network."""

from __future__ import annotations

from game.document.autosave import Autosave
from game.page.board import Board
from models.recognition.network import load_network
from models.recognition.reader import Reader

SIZE = (740.0, 640.0)
READER = Reader(load_network())


def new_board(autosave: Autosave | None = None) -> Board:
    """An empty one that reads digits."""
    return Board(READER, SIZE, autosave=autosave)


def count(board: Board) -> int:
    """Strokes on the page, without the one under the pen."""
    return len(board.document.strokes)


def text_of(board: Board) -> str:
    """What the page says when all of it is read, "" while it is empty."""
    board.read_now()
    return board.reading.text


def toast(board: Board) -> str:
    """What the toast says, after its kind; empty where there is none."""
    return f"{board.toast.kind}: {board.toast.text}" if board.toast else ""


def write(board: Board, *points: tuple[float, float], start: float = 0.0) -> None:
    """Writes one stroke, a point each ten milliseconds. start: in milliseconds."""
    board.document.pen_down(*points[0], start)
    for index, point in enumerate(points[1:], start=1):
        board.document.pen_move(*point, start + 10 * index)
    board.document.pen_up(start + 10 * len(points))


def write_one(board: Board, x: float = 300.0) -> None:
    """Writes the digit 1, from top to bottom."""
    write(board, *[(x, 100.0 + 10 * i) for i in range(30)])
