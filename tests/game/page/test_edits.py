"""Several characters: selecting one, joining and splitting by hand, and what the canvas reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from game.document.autosave import Autosave
from game.page.board import Board
from game.page.selection import followed, pair
from models.ink.strokes import Box, Stroke
from models.recognition.answer import Answer, Reading
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.segmentation.edits import AS_READ
from tests.helpers.boards import text_of
from tests.helpers.game import both_networks

SIZE = (740.0, 640.0)
READER = Reader(load_network())


@pytest.fixture
def board() -> Board:
    return Board(READER, SIZE)


def write(board: Board, *places: float) -> None:
    """An upright line at each x, which alone is a 1."""
    for x in places:
        board.document.pen_down(x, 100, 0)
        for i in range(1, 30):
            board.document.pen_move(x, 100 + 10 * i, i)
        board.document.pen_up(30)
    board.read_now()


def groups(board: Board) -> list[list[float]]:
    """The x of each character's strokes."""
    board.read_now()
    return [sorted(ink.points[0, 0] for ink in answer.ink) for answer in board.reading.answers]


def chosen(board: Board) -> tuple[int | None, int | None]:
    """What is selected, and what the panel shows."""
    return board.selected, board.shown


def mode(board: Board) -> str:
    return board.mode


def toast(board: Board) -> str:
    return board.toast.text if board.toast else ""


def test_the_panel_shows_the_newest_character_until_one_is_selected(board: Board) -> None:
    assert chosen(board) == (None, None)
    write(board, 500, 100, 300)
    assert chosen(board) == (None, 1)
    board.select(2)
    assert chosen(board) == (2, 2)
    board.select(7)
    assert chosen(board) == (None, 1)


def test_the_arrows_go_through_the_answers_and_stay_at_the_ends(board: Board) -> None:
    board.move_selection(1)
    assert chosen(board)[0] is None
    write(board, 100, 300, 500)
    seen: list[int | None] = []
    for step in (1, 1, 1, 1, -1, -1, -1):
        board.move_selection(step)
        seen.append(board.selected)
    assert seen == [0, 1, 2, 2, 1, 0, 0]
    board.select(None)
    board.move_selection(-1)
    assert chosen(board)[0] == 2


def test_the_selection_stays_with_its_ink(board: Board) -> None:
    write(board, 300, 500)
    board.select(0)
    write(board, 100)
    assert chosen(board)[0] == 1
    board.document.erase_at(100, 200, 5)
    board.read_now()
    assert chosen(board)[0] == 0
    board.document.erase_at(300, 200, 5)
    board.read_now()
    assert chosen(board)[0] is None
    board.undo()
    board.read_now()
    assert chosen(board)[0] is None


def test_more_ink_for_the_selected_character_leaves_it_selected(board: Board) -> None:
    write(board, 300, 500)
    board.select(0)
    board.join(1)
    assert groups(board) == [[300, 500]] and chosen(board)[0] == 0
    board.split()
    assert groups(board) == [[300], [500]] and chosen(board)[0] == 0


def test_joining_takes_the_next_and_without_a_selection_the_newest_two(board: Board) -> None:
    write(board, 100, 300, 500)
    board.join()
    assert groups(board) == [[100], [300, 500]]
    assert toast(board).startswith("Joined 1 and 1: ")
    board.undo()
    board.select(0)
    board.join()
    assert groups(board) == [[100, 300], [500]]
    assert chosen(board)[0] == 0


def test_any_two_can_be_joined(board: Board) -> None:
    write(board, 100, 300, 500)
    board.select(2)
    board.join(0)
    assert groups(board) == [[300], [100, 500]] or groups(board) == [[100, 500], [300]]
    assert board.selected is not None
    assert len(board.reading.answers[board.selected].ink) == 2


def test_mending_is_a_step_and_the_ink_stays(board: Board) -> None:
    write(board, 100, 300)
    strokes = board.document.strokes
    board.join()
    board.split()
    pages = [[[100.0], [300.0]], [[100.0, 300.0]]]
    for page in reversed(pages):
        board.undo()
        assert groups(board) == page and board.document.strokes == strokes
    board.redo()
    assert groups(board) == pages[1]
    board.undo()
    board.undo()
    assert groups(board) == [[100]]


def test_what_cannot_be_corrected_is_reported_and_is_no_step(board: Board) -> None:
    board.join()
    board.split()
    assert toast(board) == "Nothing to mend: there is no ink yet."
    write(board, 100)
    board.join()
    assert toast(board) == "Nothing to join: no other character stands beside it."
    board.select(0)
    board.join()
    assert toast(board) == "Nothing to join: no other character stands to its right."
    board.document.clear()
    board.document.pen_down(50, 50, 0)
    board.document.pen_up(1)
    board.split()  # a dot has no parts
    assert toast(board).endswith("cannot be split.")
    board.undo()
    assert board.document.strokes == ()


@pytest.fixture
def slow(board: Board, monkeypatch: pytest.MonkeyPatch) -> Board:
    """A board with two characters, on which a join takes longer to read than a key waits."""
    write(board, 100, 300)
    board.read_now()
    monkeypatch.setattr("game.page.board._PATIENCE", 0.0)
    return board


def test_a_join_that_takes_long_to_read_is_done_when_it_is_read(slow: Board) -> None:
    slow.join()
    assert (slow.document.edits, slow.toast) == (AS_READ, None)
    slow.read_now()
    assert groups(slow) == [[100, 300]] and toast(slow).startswith("Joined 1 and 1: ")
    slow.undo()
    assert groups(slow) == [[100], [300]]


def test_a_join_does_not_become_a_step_where_the_page_has_changed_meanwhile(slow: Board) -> None:
    slow.join()
    slow.undo()
    slow.read_now()
    assert (slow.document.edits, groups(slow)) == (AS_READ, [[100]])
    assert toast(slow) == "Not joined: the page has changed meanwhile."


def test_new_ink_is_not_a_part_of_old_edits(board: Board) -> None:
    write(board, 100, 300)
    board.join()
    board.document.clear()
    write(board, 100, 300)
    assert len(board.reading.answers) == 2


def test_edits_are_there_again_after_a_restart(tmp_path: Path) -> None:
    board = Board(READER, SIZE, autosave=Autosave(tmp_path / "kept"))
    write(board, 100, 300, 500)
    board.join()
    write(board, 600)
    board.document.close()
    again = Board(READER, SIZE, autosave=Autosave(tmp_path / "kept"))
    assert groups(again) == [[100], [300, 500], [600]]
    again.document.close()


def _reading(*lines: int) -> Reading:
    """Answers of which only ink, strokes and line matter: one stroke each, in reading order."""
    image = np.zeros((28, 28), np.float32)
    return Reading(
        tuple(
            Answer(
                kind="sure",
                box=Box(0, 0, 1, 1),
                confidence=1.0,
                alternatives=(("1", 1.0), ("2", 0.0), ("3", 0.0)),
                probabilities=(1.0,),
                image=image,
                ink=(Stroke(np.array([[float(i), 0.0]])),),
                strokes=(i,),
                line=line,
            )
            for i, line in enumerate(lines)
        )
    )


def test_neighbours_are_of_one_line() -> None:
    lines = _reading(0, 0, 1, 2, 2)
    assert [pair(lines, i) for i in range(5)] == [(0, 1), None, None, (3, 4), None]
    assert pair(lines, None) == (3, 4)
    assert pair(_reading(0, 1), None) is None
    assert pair(_reading(0), None) is pair(_reading(), None) is None


def test_ink_that_was_cut_is_followed_as_far_as_it_is_known() -> None:
    reading = _reading(0, 0)
    assert followed(frozenset(reading.answers[1].ink), reading) == 1
    assert followed(frozenset([Stroke(np.array([[9.0, 9.0]]))]), reading) is None


def test_the_mode_changes_what_is_read_and_back(tmp_path: Path) -> None:
    board = Board(READER, SIZE, networks=both_networks(tmp_path / "networks"))
    write(board, 100, 300)
    reading = board.reading
    assert mode(board) == "digits"
    board.switch_mode()
    assert mode(board) == "characters"
    assert toast(board) == "Reads digits and letters now."
    board.read_now()
    assert board.reading is not reading and text_of(board) == "11"
    board.switch_mode()
    assert mode(board) == "digits"


def test_a_network_that_is_not_there_is_reported_and_the_mode_stays(
    board: Board, tmp_path: Path
) -> None:
    board = Board(READER, SIZE, networks=tmp_path)
    board.switch_mode()
    assert mode(board) == "digits"
    assert board.toast is not None and board.toast.kind == "error"
    assert "characters.json" in board.toast.text
    write(board, 100)
    assert text_of(board) == "1"
