"""The review window: what a person settles is in the journal, and in the table."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import numpy as np

from game.modes.mode import mode_board
from game.modes.review.mode import ReviewMode
from game.modes.review.session import Review, Unsure
from game.sheets.journal import Journal
from game.sheets.records import FieldRecord, PageRecord, PhotoRecord
from game.sheets.table import long_table
from models.ink.strokes import Box
from tests.helpers.game import draw, give, key_of, new_game, reader
from tests.helpers.samples import samples


def unsure(name: str, expected: str, best: str) -> FieldRecord:
    box = Box(20, 50, 20, 11)
    return FieldRecord(name, "??", best, 0.5, expected, "unsure", "number", box, "10 + 7 =")


def test_fields_are_settled_by_typing_by_a_key_and_by_writing(tmp_path: Path) -> None:
    fields = unsure("1", "17", "77"), unsure("2", "9", "4"), unsure("3", "5", "3")
    photo = tmp_path / "gone.jpg"
    page = PageRecord(
        file=photo.name,
        path=str(photo),
        sheet="W1-S2-3-7-A4-ABCD",
        page=1,
        writer="Ada",
        fields=fields,
        size=(210, 297),
        to_photo=tuple(np.eye(3).ravel().tolist()),
        signature=np.ones(8, bool),
    )
    journal = Journal(tmp_path / "t.csv.jsonl")
    journal.add(PhotoRecord(str(photo), (page,)))
    game = new_game(tmp_path)
    size, scale = game.window.surface.get_size(), game.window.scale
    board = mode_board(game.board, reader(), size, scale)
    review = Review(
        board,
        [Unsure(0, 0, page, field) for field in fields],
        lambda item, text: journal.settle(item.photo, item.number, item.field.settled(text)),
        game.quit,
    )
    game.active = ReviewMode(game, review, size, scale)
    give(game, key_of("1"))
    give(game, key_of("8"))
    give(game, key_of("tab"))  # as expected, whatever is typed
    assert review.settled == {0: "17"}
    give(game, key_of("left"))
    give(game, key_of("1"))
    give(game, key_of("8"))
    give(game, key_of("enter"))
    give(game, key_of("4"))
    give(game, key_of("enter"))
    canvas = game.active.screen.layout.canvas
    draw(game, samples()[11], (canvas.x + 60, canvas.y - 20))  # a 5, whole on the canvas
    assert review.answer == "5"
    give(game, key_of("enter"))
    assert review.settled == {0: "18", 1: "4", 2: "5"}
    assert review.page == "end"
    again = Journal(journal.path)
    again.resume()
    rows = list(csv.DictReader(StringIO(long_table(again.photos).decode())))
    assert [(row["text"], row["verdict"]) for row in rows] == [
        ("18", "wrong"),
        ("4", "wrong"),
        ("5", "right"),
    ]
