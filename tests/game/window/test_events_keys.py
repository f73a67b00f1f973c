"""Keys through the real event loop, on every layout, and the help that lists them."""

from __future__ import annotations

import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.batch.pilot import down, letter, move, press, stroke, up
from tests.helpers.game import LINE, give


def test_clear_undo_and_redo_by_their_keys(game: Game) -> None:
    give(game, *stroke(LINE))
    before = game.board.document.strokes
    for clear in (letter("c"), press(pygame.K_DELETE)):
        give(game, clear)
        assert not game.board.document.strokes and game.board.reading.text == ""
        give(game, letter("z", pygame.KMOD_RCTRL))
        assert game.board.document.strokes == before
    give(game, letter("y", pygame.KMOD_LCTRL))
    assert not game.board.document.strokes
    give(game, letter("z", pygame.KMOD_LCTRL))
    give(game, letter("z", pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT))
    assert not game.board.document.strokes


def test_ctrl_c_copies_and_clears_nothing(game: Game) -> None:
    give(game, *stroke(LINE))
    give(game, letter("c", pygame.KMOD_LCTRL))
    assert len(game.board.document.strokes) == 1
    assert game.board.toast is not None
    assert "1" in game.board.toast.text or "clipboard" in game.board.toast.text


@pytest.mark.parametrize(
    ("narrow", "widen"),
    [
        (press(pygame.K_LEFTBRACKET, "["), press(pygame.K_RIGHTBRACKET, "]")),
        # A German keyboard: AltGr and 8 or 9, which Windows tells as Ctrl and Alt.
        (
            press(pygame.K_8, "[", pygame.KMOD_LCTRL | pygame.KMOD_RALT),
            press(pygame.K_9, "]", pygame.KMOD_LCTRL | pygame.KMOD_RALT),
        ),
    ],
)
def test_brackets_change_the_pen_on_every_layout(game: Game, narrow: Event, widen: Event) -> None:
    pen = game.board.document.pen
    give(game, narrow)
    assert game.board.document.pen < pen
    give(game, widen, widen)
    assert game.board.document.pen > pen


def test_letters_work_where_the_layout_has_none(game: Game) -> None:
    give(game, *stroke(LINE))
    give(game, press(0x0441, "с", scancode=pygame.KSCAN_C))  # noqa: RUF001 (Cyrillic)
    assert not game.board.document.strokes


def test_boxes_and_panel_by_their_keys(game: Game) -> None:
    canvas = game.screen.layout.canvas.width
    give(game, letter("b"), letter("p"))
    assert not game.board.show_boxes
    assert game.screen.layout.panel is None
    assert game.screen.layout.canvas.width > canvas


def test_the_help_is_closed_by_its_key_by_a_click_and_by_escape(game: Game) -> None:
    shown = []
    for closing in ([letter("h")], stroke(LINE), [press(pygame.K_ESCAPE)], [letter("b")]):
        give(game, press(pygame.K_F1))
        shown.append(game.controller.help.shown)
        give(game, *closing)
        shown.append(game.controller.help.shown)
    assert shown == [True, False] * 4
    assert game.running and not game.board.document.strokes
    give(game, press(pygame.K_ESCAPE))
    assert not game.controller.help.shown and game.running
    give(game, press(pygame.K_q, mod=pygame.KMOD_LCTRL))
    assert not game.running


def test_a_key_while_the_pen_is_down_finishes_the_stroke_first(game: Game) -> None:
    give(game, down(LINE[0]), move(LINE[1], 1), letter("b"), move(LINE[2], 1), up(LINE[2]))
    (ink,) = game.board.document.strokes
    assert len(ink) == 2
