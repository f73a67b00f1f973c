"""Drawings that are saved, and dropped on the window."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pygame
from pygame.event import Event

from game.app import Game
from game.batch.pilot import letter, stroke
from models.ink.jsonl import write_drawings
from tests.helpers.game import LINE, draw, give
from tests.helpers.number_pictures import number_picture
from tests.helpers.samples import samples


def test_saving_writes_both_files_and_a_dropped_one_brings_the_ink_back(
    game: Game, tmp_path: Path
) -> None:
    draw(game, samples()[4])
    before, pen = game.board.document.strokes, game.board.document.pen
    give(game, letter("s"))
    (saved,) = (tmp_path / "drawings").glob("*.inkml")
    assert saved.with_suffix(".png").exists()
    assert game.board.toast is not None and saved.stem in game.board.toast.text
    give(game, letter("c"), letter("["))
    give(game, Event(pygame.DROPFILE, file=str(saved)))
    assert game.board.document.strokes == before
    assert game.board.document.pen == pen


def test_a_dropped_file_that_is_no_drawing_costs_no_ink(game: Game, tmp_path: Path) -> None:
    give(game, *stroke(LINE))
    before = game.board.document.strokes
    broken = tmp_path / "broken.jsonl"
    broken.write_text("no drawing\n")
    for path in (broken, tmp_path, tmp_path / "missing.inkml"):
        give(game, Event(pygame.DROPFILE, file=str(path)))
        assert game.board.document.strokes == before
        assert game.board.toast is not None and game.board.toast.kind == "error"


def test_a_dropped_picture_is_read_as_a_number_and_costs_no_ink(game: Game, tmp_path: Path) -> None:
    give(game, *stroke(LINE))
    before = game.board.document.strokes
    pictures = {"amount": number_picture("4683"), "paper": np.full((60, 200), 230, np.uint8)}
    said = {}
    for name, picture in pictures.items():
        path = tmp_path / f"{name}.png"
        assert cv2.imwrite(str(path), picture)
        give(game, Event(pygame.DROPFILE, file=str(path)))
        assert game.board.document.strokes == before
        assert game.board.toast is not None and game.board.toast.kind == "info"
        said[name] = game.board.toast.text
    assert said == {"amount": "amount.png says 4683.", "paper": "paper.png: no number found."}
    (tmp_path / "half.png").write_bytes((tmp_path / "amount.png").read_bytes()[:90])
    give(game, Event(pygame.DROPFILE, file=str(tmp_path / "half.png")))
    assert game.board.toast is not None and game.board.toast.kind == "error"


def test_a_large_file_is_announced_in_a_frame_before_it_is_opened(
    game: Game, tmp_path: Path
) -> None:
    give(game, *stroke(LINE))
    large = tmp_path / "large.jsonl"
    drawing = samples()[0]
    write_drawings(large, [drawing] * 500)
    give(game, Event(pygame.DROPFILE, file=str(large)))
    assert game.board.toast is not None and game.board.toast.text == "Opening large.jsonl …"
    assert len(game.board.document.strokes) == 1
    give(game)
    assert len(game.board.document.strokes) == len(drawing.strokes)
    assert game.board.toast is not None and "Opened large.jsonl" in game.board.toast.text
    assert not game.frame([])
