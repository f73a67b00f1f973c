"""Mouse, wheel and fingers through the real event loop: what they draw and erase, and when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.batch.pilot import down, letter, move, stroke, up
from tests.helpers.game import LINE, draw, finger, give, new_game
from tests.helpers.samples import samples


def test_a_stroke_of_the_mouse_is_ink_where_it_went_and_is_read_in_its_frame(game: Game) -> None:
    give(game, *stroke(LINE))
    (ink,) = game.board.document.strokes
    assert ink.points.tolist() == [list(point) for point in LINE]
    assert game.board.reading.text == "1"
    assert pygame.display.get_caption()[0] == "1 - Inkling"
    assert game.shown_at >= game.controller.lifted_at > 0


def test_every_position_between_two_frames_is_taken(game: Game) -> None:
    path = [(100 + i, 100 + (i * 7) % 50) for i in range(400)]
    give(game, *stroke(path))
    assert len(game.board.document.strokes[0]) == 400


def test_the_live_answer_is_there_before_the_pen_is_lifted(game: Game) -> None:
    give(game, down(LINE[0]), *(move(point, 1) for point in LINE[1:]))
    assert game.board.document.live is not None
    assert game.board.reading.text == "1"
    assert not game.board.document.strokes


def test_a_click_is_a_dot(game: Game) -> None:
    give(game, down((300, 300)), up((300, 300)))
    assert [len(ink) for ink in game.board.document.strokes] == [1]


def test_a_second_button_ends_the_stroke_and_starts_nothing(game: Game) -> None:
    give(game, down((100, 100)), move((200, 200), 1), down((200, 200), 3))
    give(game, move((300, 300), 1, 3), up((300, 300), 3), move((400, 100), 1), up((400, 100)))
    (ink,) = game.board.document.strokes
    assert ink.points[-1].tolist() == [200, 200]


def test_turning_the_wheel_while_drawing_changes_nothing(game: Game) -> None:
    pen = game.board.document.pen
    give(game, down((100, 100)), move((150, 150), 1))
    give(game, down((150, 150), 4), up((150, 150), 4), Event(pygame.MOUSEWHEEL, x=0, y=1))
    give(game, move((200, 200), 1), up((200, 200)))
    assert len(game.board.document.strokes) == 1
    assert game.board.document.pen == pen


def test_a_stroke_that_leaves_the_window_goes_on_along_its_edge(game: Game) -> None:
    give(game, down((100, 100)), move((-400, 120), 1), move((-300, 5000), 1), move((50, 200), 1))
    give(game, up((50, 200)))
    (ink,) = game.board.document.strokes
    width, height = game.screen.layout.canvas.size
    assert ink.points.min() >= 0
    assert (ink.points <= (width, height)).all()
    assert ink.points[-1].tolist() == [50, 200]


def test_a_lifting_that_got_lost_is_noticed_when_the_mouse_comes_back(game: Game) -> None:
    give(game, down((100, 100)), move((200, 200), 1))
    give(game, move((500, 400)), move((600, 100)))
    assert game.board.document.live is None
    assert game.board.document.strokes[0].points[-1].tolist() == [200, 200]


@pytest.mark.parametrize("loss", [pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED])
def test_losing_the_focus_ends_the_stroke(game: Game, loss: int) -> None:
    give(game, down((100, 100)), move((200, 200), 1), Event(loss), move((300, 300), 1))
    assert game.board.document.live is None
    assert game.board.document.strokes[0].points[-1].tolist() == [200, 200]


def test_nothing_is_drawn_from_the_panel_or_the_line_of_keys(game: Game) -> None:
    panel, hints = game.screen.layout.panel, game.screen.layout.toolbar
    assert panel is not None and hints is not None
    for part in (panel, hints):
        give(game, *stroke([part.center, (200, 200), (300, 300)]))
    assert not game.board.document.strokes


def test_a_finger_draws_once_although_sdl_tells_of_it_twice(game: Game) -> None:
    give(
        game,
        finger(pygame.FINGERDOWN, 0.1, 0.25),
        Event(pygame.MOUSEBUTTONDOWN, pos=(96, 160), button=1, touch=True),
        finger(pygame.FINGERMOTION, 0.2, 0.5),
        move((192, 320), 1, touch=True),
        finger(pygame.FINGERUP, 0.2, 0.5),
        Event(pygame.MOUSEBUTTONUP, pos=(192, 320), button=1, touch=True),
    )
    (ink,) = game.board.document.strokes
    assert ink.points.tolist() == [[96, 160], [192, 320]]


def test_only_the_first_finger_draws(game: Game) -> None:
    give(
        game,
        finger(pygame.FINGERDOWN, 0.1, 0.1, number=7),
        finger(pygame.FINGERDOWN, 0.5, 0.5, number=8),
        finger(pygame.FINGERMOTION, 0.6, 0.6, number=8),
        finger(pygame.FINGERUP, 0.6, 0.6, number=8),
        finger(pygame.FINGERMOTION, 0.2, 0.2, number=7),
        finger(pygame.FINGERUP, 0.2, 0.2, number=7),
    )
    (ink,) = game.board.document.strokes
    assert np.allclose(ink.points, [[96, 64], [192, 128]])


def test_the_right_button_and_the_eraser_take_whole_strokes(game: Game) -> None:
    give(game, *stroke(LINE), *stroke([(400, 150), (400, 330)]))
    give(game, *stroke([(380, 240), (420, 240)], button=3))
    left = [len(game.board.document.strokes)]
    give(game, letter("e"), *stroke([(180, 240), (240, 240)]))
    left.append(len(game.board.document.strokes))
    give(game, letter("z", pygame.KMOD_LCTRL), letter("z", pygame.KMOD_LCTRL))
    left.append(len(game.board.document.strokes))
    assert left == [1, 0, 2]


def test_nothing_is_drawn_anew_while_nothing_changes(game: Game) -> None:
    draw(game, samples()[0])
    assert not game.frame([])
    assert not game.frame([move((300, 300)), move((310, 310))])
    assert game.frame([Event(pygame.VIDEOEXPOSE)])


def test_quitting_keeps_the_stroke_under_the_pen(tmp_path: Path) -> None:
    game = new_game(tmp_path, keep_ink=True)
    give(game, down((100, 100)), move((200, 200), 1))
    give(game, Event(pygame.QUIT))
    assert not game.running
    game.close()
    again = new_game(tmp_path, keep_ink=True)
    assert [ink.points.tolist() for ink in again.board.document.strokes] == [
        [[100, 100], [200, 200]]
    ]
    again.close()
