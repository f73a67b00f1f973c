"""Clicks and keys that select, join and split characters; and the key for letters."""

from __future__ import annotations

import time
from pathlib import Path

import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pixel, down, letter, press, stroke, up
from tests.helpers.game import LINE, both_networks, finger, give, new_game

ONES: tuple[list[Pixel], ...] = tuple(
    [(x, 200 + 20 * i) for i in range(10)] for x in (120, 300, 480)
)


@pytest.fixture
def row(game: Game) -> Game:
    """Three ones in a row, and the pen has rested since."""
    for one in ONES:
        give(game, *stroke(one))
    game.controller.rest = 0.0
    return game


def caption(game: Game, index: int) -> Pixel:
    centre = game.screen.placed[index].plate.center
    return (centre[0], centre[1])


def corner(game: Game, index: int) -> Pixel:
    frame = game.screen.placed[index].frame
    return (frame.right, frame.bottom)


def click(game: Game, at: Pixel) -> None:
    give(game, down(at), up(at))


def state(game: Game) -> tuple[int | None, int]:
    """What is selected, and how many strokes there are."""
    return game.board.selected, len(game.board.document.strokes)


def test_a_click_on_a_caption_or_a_frame_selects_and_draws_nothing(row: Game) -> None:
    click(row, caption(row, 1))
    assert state(row) == (1, 3)
    click(row, corner(row, 2))
    assert state(row) == (2, 3)
    click(row, corner(row, 2))
    assert state(row) == (None, 3)
    give(row, down((caption(row, 0)[0] + 2, caption(row, 0)[1])), up(caption(row, 0)))
    assert state(row) == (0, 3)


def test_a_click_beside_or_within_a_frame_is_a_dot(row: Game) -> None:
    click(row, row.screen.placed[1].frame.center)
    click(row, (600, 500))
    assert state(row) == (None, 5)


def test_a_stroke_that_begins_on_a_caption_is_drawn_whole(row: Game) -> None:
    start = caption(row, 1)
    path = [(start[0], start[1] + 9 * i) for i in range(12)]
    give(row, *stroke(path))
    assert state(row) == (None, 4)
    assert [tuple(point) for point in row.board.document.strokes[-1].points] == path


def test_a_long_press_on_a_caption_is_a_dot(row: Game) -> None:
    at = caption(row, 1)
    give(row, down(at))
    time.sleep(0.3)
    give(row, up(at))
    assert state(row) == (None, 4)
    assert row.board.document.strokes[-1].points.tolist() == [list(at)]


def test_just_after_a_stroke_every_click_is_a_dot(row: Game) -> None:
    row.controller.rest = 60.0
    click(row, caption(row, 1))
    assert state(row) == (None, 4)


def test_a_click_that_is_never_finished_does_nothing(row: Game) -> None:
    give(row, down(caption(row, 1)), Event(pygame.WINDOWFOCUSLOST), up(caption(row, 1)))
    give(row, down(caption(row, 1)), letter("b"), up(caption(row, 1)))
    assert state(row) == (None, 3)


def test_without_boxes_there_is_nothing_to_click_on(row: Game) -> None:
    at = caption(row, 1)
    give(row, letter("b"))
    click(row, at)
    assert state(row) == (None, 4)


def test_the_eraser_goes_through_captions(row: Game) -> None:
    give(row, letter("e"), *stroke([caption(row, 0), (120, 250)]))
    assert state(row) == (None, 2)


def test_a_finger_selects_too(row: Game) -> None:
    width, height = row.screen.layout.window.size
    x, y = caption(row, 2)[0] / width, caption(row, 2)[1] / height
    give(row, finger(pygame.FINGERDOWN, x, y), finger(pygame.FINGERUP, x, y))
    assert state(row) == (2, 3)


def test_arrows_select_and_escape_drops_and_does_no_more(row: Game) -> None:
    give(row, press(pygame.K_LEFT))
    assert state(row) == (2, 3)
    give(row, press(pygame.K_LEFT), press(pygame.K_LEFT), press(pygame.K_RIGHT))
    assert state(row) == (1, 3)
    give(row, press(pygame.K_ESCAPE))
    assert state(row) == (None, 3) and row.running
    give(row, press(pygame.K_ESCAPE), press(pygame.K_ESCAPE))
    assert state(row) == (None, 3) and row.running


def test_characters_are_joined_and_split_by_key_and_by_shift_and_click(row: Game) -> None:
    give(row, letter("j"))
    assert [len(answer.ink) for answer in row.board.reading.answers] == [1, 2]
    give(row, letter("k"))
    assert len(row.board.reading.answers) == 3
    click(row, caption(row, 0))
    pygame.key.set_mods(pygame.KMOD_LSHIFT)
    click(row, caption(row, 1))
    pygame.key.set_mods(0)
    assert [len(answer.ink) for answer in row.board.reading.answers] == [2, 1]
    assert state(row) == (0, 3)
    give(row, letter("z", pygame.KMOD_LCTRL))
    assert len(row.board.reading.answers) == 3


def test_the_panel_and_the_title_follow(row: Game) -> None:
    assert pygame.display.get_caption()[0] == "111 - Inkling"
    before = pygame.surfarray.array3d(row.window.surface)
    give(row, press(pygame.K_RIGHT))
    after = pygame.surfarray.array3d(row.window.surface)
    panel = row.screen.layout.panel
    assert panel is not None
    assert (before[panel.left :] != after[panel.left :]).any()
    tinted = row.screen.placed[0].frame.inflate(-20, -20)
    assert (before[tinted.left : tinted.right] != after[tinted.left : tinted.right]).any()


def test_tab_goes_over_to_letters_and_back(tmp_path: Path) -> None:
    game = new_game(tmp_path, networks=both_networks(tmp_path / "networks"))
    give(game, *stroke(LINE), press(pygame.K_TAB))
    assert (game.board.mode, game.board.reading.text) == ("characters", "1")
    # A caption above would be in the way of the dot of an i.
    assert game.screen.placed[0].plate.top > game.screen.placed[0].frame.bottom
    give(game, press(pygame.K_TAB))
    assert game.screen.placed[0].plate.bottom < game.screen.placed[0].frame.top
    game.close()


def test_tab_without_the_other_network_says_what_to_do(tmp_path: Path) -> None:
    game = new_game(tmp_path, networks=tmp_path)
    give(game, *stroke(LINE), press(pygame.K_TAB))
    assert game.board.mode == "digits" and game.board.reading.text == "1"
    assert game.board.toast is not None and "characters.json" in game.board.toast.text
    game.close()
