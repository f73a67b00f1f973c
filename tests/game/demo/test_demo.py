"""The animated picture: what is filmed, and that it is the same each time."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from game.app import Game
from game.demo.film import animated_png
from game.demo.scenes import NUMBER, filmed
from tests.helpers.boards import text_of
from tests.helpers.game import new_game
from tests.helpers.samples import samples


def film(folder: Path) -> tuple[Game, float, bytes]:
    game = new_game(folder)
    made = filmed(game, list(samples()))
    return game, made.seconds, made.picture()


@pytest.mark.slow
def test_the_film_shows_a_number_views_and_a_lesson_the_same_each_time(
    tmp_path: Path,
) -> None:
    game, seconds, png = film(tmp_path)
    assert game.board.reading.text == "77"  # the first as it was taught, the second understood
    assert [answer.corrected_label for answer in game.board.reading.answers] == ["7", None]
    assert not game.inspector.shown and game.inspector.place == game.inspector.last > 0
    game.board.undo()  # the second 7, the lesson, the first 7, and clearing
    game.board.undo()
    assert text_of(game.board) == "1"
    game.board.undo()
    game.board.undo()
    assert text_of(game.board) == NUMBER
    last = game.window.surface.get_at((5, 5))[:3]
    game.close()
    assert 8 <= seconds <= 20 and len(png) <= 1_500_000
    picture = Image.open(io.BytesIO(png))
    assert picture.format == "PNG" and picture.width <= 960
    frames = [
        (frame.convert("RGB").getpixel((5, 5)), float(frame.info["duration"]))
        for frame in ImageSequence.Iterator(picture)
    ]
    assert sum(duration for _, duration in frames) == pytest.approx(1000 * seconds, rel=0.01)
    assert frames[-1][0] == last
    again, _, same = film(tmp_path)
    again.close()
    assert same == png


def test_all_colours_stay_as_they_are() -> None:
    random = np.random.default_rng(0)
    plain = np.full((40, 60, 3), (15, 17, 21), np.uint8)
    noisy = plain.copy()
    noisy[:10] = random.integers(0, 256, (10, 60, 3))
    png = animated_png([plain, noisy], [0.1, 0.2])
    shown = [
        np.asarray(one.convert("RGB"))
        for one in ImageSequence.Iterator(Image.open(io.BytesIO(png)))
    ]
    assert (shown[0] == plain).all() and (shown[1] == noisy).all()
