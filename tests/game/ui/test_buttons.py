"""What has a key has a button, and both do the same: in the toolbar, and in the help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.page.commands import ACTIONS, Action
from tests.helpers.game import (
    LINE,
    Point,
    both_networks,
    down,
    draw,
    finger,
    give,
    key_of,
    letter,
    move,
    new_game,
    press,
    stroke,
    up,
)
from tests.helpers.samples import samples

LARGE, USUAL, SMALL = (2600, 1080), (960, 640), (480, 360)
Way = Callable[[Game, str], list[Event]]


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Game]:
    running = new_game(tmp_path, networks=both_networks(tmp_path / "networks"))
    yield running
    running.close()


def resize(game: Game, size: tuple[int, int]) -> None:
    pygame.display.set_mode(size, pygame.RESIZABLE)
    give(game)


def button(game: Game, name: str) -> Point:
    """Its middle, in the toolbar, or in the help while that is open."""
    shown = game.screen.help if game.board.show_help else game.screen.toolbar
    (place,) = (each.place for each in shown.buttons if each.offer.action == name)
    return (place.centerx, place.centery)


def turn_to(game: Game, name: str) -> None:
    """Opens the help at the page with an action's row."""
    give(game, letter("h"))
    while name not in [each.offer.action for each in game.screen.help.buttons]:
        page = game.screen.help.page
        at = button(game, "page after")
        give(game, down(at), up(at))
        assert game.screen.help.page == page + 1


def by_key(game: Game, name: str) -> list[Event]:
    (action,) = (each for each in ACTIONS if each.name == name)
    return [key_of(action.keys[0])]


def by_mouse(game: Game, name: str) -> list[Event]:
    at = button(game, name)
    return [down(at), up(at)]


def by_finger(game: Game, name: str) -> list[Event]:
    """SDL tells of each a second time, as of a mouse."""
    x, y = button(game, name)
    width, height = game.window.surface.get_size()
    place = (x / width, y / height)
    again = {"pos": (x, y), "button": 1, "touch": True}
    return [
        finger(pygame.FINGERDOWN, *place),
        Event(pygame.MOUSEBUTTONDOWN, again),
        finger(pygame.FINGERUP, *place),
        Event(pygame.MOUSEBUTTONUP, again),
    ]


def by_row(game: Game, name: str) -> list[Event]:
    turn_to(game, name)
    return by_mouse(game, name)


def state(game: Game) -> tuple[object, ...]:
    board, inspector = game.board, game.inspector
    shown = (board.show_boxes, board.show_panel, board.show_help, inspector.shown, inspector.place)
    toast = board.toast and re.sub(r"\S+\.png", "PNG", board.toast.text)
    ink = [each.points.tolist() for each in board.strokes]
    asks = (board.selected, board.asking)
    return (ink, board.pen, board.erasing, board.mode, *asks, *shown, toast)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_key_button_and_row_do_the_same_once(action: Action, tmp_path: Path) -> None:
    ends = []
    ways: list[Way] = [by_key, by_mouse, by_finger, by_row]
    for number, way in enumerate(ways):
        folder = tmp_path / str(number)
        game = new_game(folder, networks=both_networks(folder / "networks"))
        resize(game, LARGE)
        for shift in (0, 300, 600, 900):
            draw(game, samples()[4], (60 + shift, 40))
        give(game, letter("z", pygame.KMOD_LCTRL), press(pygame.K_LEFT), press(pygame.K_LEFT))
        if action.name.startswith("views"):
            resize(game, (2600, 400))  # too low for more than one view
            give(game, letter("v"))
            give(game, letter("."))
        give(game)
        before = state(game)
        if way is by_row:
            turn_to(game, action.name)
            way = by_mouse
        # Straight to the controller: full screen, the clipboard and the dialog are the desktop's.
        wishes = [game.controller.handle(event) for event in way(game, action.name)]
        give(game)
        after = state(game)
        assert after != before or any(wishes) or (action.name, way) == ("help", by_mouse)
        ends.append((after, [wish for wish in wishes if wish]))
        game.close()
    if action.name == "help":  # its own row closes the card
        assert ends.pop() == (before, [])
    assert all(end == ends[0] for end in ends)


def test_everything_that_has_a_key_can_be_pressed_in_the_smallest_window(game: Game) -> None:
    resize(game, SMALL)
    assert [each.offer.action for each in game.screen.toolbar.buttons][-1] == "help"
    give(game, *by_mouse(game, "help"))
    seen = []
    while True:
        seen += [each.offer.action for each in game.screen.help.buttons]
        page = game.screen.help.page
        give(game, letter("h"))
        if not game.board.show_help:
            break
        assert game.screen.help.page == page + 1
    assert {action.name for action in ACTIONS} <= set(seen)


def test_a_stroke_from_the_toolbar_draws_nothing_and_presses_nothing(game: Game) -> None:
    start = button(game, "eraser")
    give(game, *stroke([start, (300, 300), (400, 300)]))
    assert not game.board.strokes and not game.board.erasing
    give(game, *stroke([start, button(game, "undo")]))
    assert not game.board.erasing


def test_a_stroke_that_ends_on_a_button_presses_nothing(game: Game) -> None:
    give(game, *stroke([*LINE, button(game, "clear")]))
    assert len(game.board.strokes) == 1


def test_a_press_shows_and_acts_when_it_is_let_go(game: Game) -> None:
    at = button(game, "eraser")
    before = pygame.image.tobytes(game.window.surface, "RGB")
    give(game, down(at))
    assert pygame.image.tobytes(game.window.surface, "RGB") != before
    assert not game.board.erasing
    give(game, up(at))
    assert game.board.erasing


@pytest.mark.parametrize(
    "loss",
    [
        [Event(pygame.WINDOWFOCUSLOST)],
        [down((300, 300), 3)],
        [move((300, 300))],
        [letter("b"), letter("b")],
    ],
)
def test_a_press_that_is_not_finished_does_nothing(game: Game, loss: list[Event]) -> None:
    at = button(game, "eraser")
    give(game, down(at), *loss, up(at))
    assert not game.board.erasing and not game.board.strokes


def test_the_right_button_presses_nothing(game: Game) -> None:
    at = button(game, "eraser")
    give(game, down(at, 3), up(at, 3))
    assert not game.board.erasing


def test_what_does_nothing_now_cannot_be_pressed(game: Game) -> None:
    turn_to(game, "drop")
    give(game, *by_mouse(game, "drop"))
    assert game.running and not game.board.strokes and game.board.show_help


def test_a_click_on_no_action_closes_the_help(game: Game) -> None:
    for at in ((1, 1), (480, 560)):
        give(game, letter("h"))
        give(game, *stroke([at, (at[0] + 30, at[1])]))
        assert not game.board.show_help and not game.board.strokes


def test_the_next_help_begins_with_its_first_page(game: Game) -> None:
    resize(game, SMALL)
    give(game, letter("h"))
    give(game, letter("h"))
    assert game.screen.help.page == 1
    give(game, press(pygame.K_ESCAPE))
    give(game, letter("h"))
    assert game.screen.help.page == 0


@pytest.mark.parametrize("size", [SMALL, USUAL, (1920, 1080)])
def test_the_toolbar_stays_where_it_is_while_things_go_on_and_off(
    game: Game, size: tuple[int, int]
) -> None:
    resize(game, size)
    for corner in ((60, 40), (120, 40)):  # of several characters the words stand in the toolbar
        give(game, *stroke([(corner[0], 100), (corner[0], 200)]))

    def places() -> list[tuple[str, object]]:
        return [(each.offer.action, tuple(each.place)) for each in game.screen.toolbar.buttons]

    before = places()
    for name in ("eraser", "views", "boxes", "panel"):
        turn_to(game, name)
        give(game, *by_mouse(game, name))
        now = places()
        assert now[:-1] == before[: len(now) - 1] and now[-1] == before[-1], name
        assert len(now) > 3
