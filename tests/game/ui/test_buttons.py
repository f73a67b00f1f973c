"""What has a key has a button, and both do the same: in the toolbar, and in the help."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pixel, down, letter, move, press, stroke, up
from game.window.dialog import Dialog
from tests.helpers.game import LINE, both_networks, draw, finger, give, key_of, new_game
from tests.helpers.samples import samples

LARGE, USUAL, SMALL = (2600, 1080), (960, 640), (480, 360)
# fmt: off
NAMES = [
    "clear", "undo", "eraser", "views", "practise", "correct", "collect", "profile", "letters",
    "save", "phone", "join", "split", "other", "redo", "thinner", "thicker", "boxes", "panel",
    "full screen", "open", "copy", "before", "after", "drop", "quit", "views before", "views after",
    "help",
]
# fmt: on
Way = Callable[[Game, str], list[Event]]


@pytest.fixture
def game(tmp_path: Path) -> Iterator[Game]:
    running = new_game(tmp_path, networks=both_networks(tmp_path / "networks"))
    yield running
    running.close()


def resize(game: Game, size: tuple[int, int]) -> None:
    pygame.display.set_mode(size, pygame.RESIZABLE)
    give(game)


def button(game: Game, name: str) -> Pixel:
    """Its middle, in the toolbar, or in the help while that is open."""
    help = game.controller.help
    shown = help.buttons if help.shown else game.screen.toolbar.buttons
    (place,) = (each.place for each in shown if each.command.name == name)
    return (place.centerx, place.centery)


def turn_to(game: Game, name: str) -> None:
    """Opens the help at the page with a command's row."""
    give(game, letter("h"))
    while name not in [each.command.name for each in game.controller.help.buttons]:
        page = game.controller.help.page
        at = button(game, "page after")
        give(game, down(at), up(at))
        assert game.controller.help.page == page + 1


def by_key(game: Game, name: str) -> list[Event]:
    (command,) = (each for each in game.controller.commands() if each.name == name)
    return [key_of(command.keys[0])]


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


class SilentDialog(Dialog):
    """Shows nothing, and is never answered."""

    def open(self, folder: Path) -> None:
        self._asks = True

    @property
    def is_open(self) -> bool:
        return getattr(self, "_asks", False)


def state(game: Game) -> tuple[object, ...]:
    board, inspector = game.board, game.inspector
    cards = [type(layer) for layer in game.controller.layers]
    shown = (board.show_boxes, board.show_panel, cards, inspector.shown, inspector.place)
    toast = board.toast and re.sub(r"\S+\.png", "PNG", board.toast.text)
    ink = [each.points.tolist() for each in board.document.strokes]
    window = (game.active.title, game.running, game.window.surface.get_size(), game._dialog.is_open)
    return (
        ink,
        board.selected,
        board.document.pen,
        board.erasing,
        board.mode,
        *shown,
        toast,
        *window,
    )


@pytest.mark.parametrize("name", NAMES)
def test_key_button_and_row_do_the_same_once(name: str, tmp_path: Path) -> None:
    ends = []
    ways: list[Way] = [by_key, by_mouse, by_finger, by_row]
    for number, way in enumerate(ways):
        folder = tmp_path / str(number)
        game = new_game(folder, networks=both_networks(folder / "networks"))
        game._dialog = SilentDialog()
        resize(game, LARGE)
        for shift in (0, 300, 600, 900):
            draw(game, samples()[4], (60 + shift, 40))
        give(game, letter("z", pygame.KMOD_LCTRL), press(pygame.K_LEFT), press(pygame.K_LEFT))
        if name.startswith("views"):
            resize(game, (2600, 400))  # too low for more than one view
            give(game, letter("v"))
            give(game, letter("."))
        give(game)
        before = state(game)
        if way is by_row:
            turn_to(game, name)
            way = by_mouse
        give(game, *way(game, name))
        after = state(game)
        assert after != before or (name, way) == ("help", by_mouse)
        ends.append(after)
        game.close()
    if name == "help":  # its own row closes the card
        assert ends.pop() == before
    assert all(end == ends[0] for end in ends)


def test_no_command_is_left_out_above(game: Game) -> None:
    assert [command.name for command in game.controller.commands()] == NAMES


def test_everything_that_has_a_key_can_be_pressed_in_the_smallest_window(game: Game) -> None:
    resize(game, SMALL)
    assert [each.command.name for each in game.screen.toolbar.buttons][-1] == "help"
    give(game, *by_mouse(game, "help"))
    seen = []
    while True:
        seen += [each.command.name for each in game.controller.help.buttons]
        page = game.controller.help.page
        give(game, letter("h"))
        if not game.controller.help.shown:
            break
        assert game.controller.help.page == page + 1
    assert set(NAMES) <= set(seen)


def test_a_stroke_from_the_toolbar_draws_nothing_and_presses_nothing(game: Game) -> None:
    start = button(game, "eraser")
    give(game, *stroke([start, (300, 300), (400, 300)]))
    assert not game.board.document.strokes and not game.board.erasing
    give(game, *stroke([start, button(game, "undo")]))
    assert not game.board.erasing


def test_a_stroke_that_ends_on_a_button_presses_nothing(game: Game) -> None:
    give(game, *stroke([*LINE, button(game, "clear")]))
    assert len(game.board.document.strokes) == 1


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
    assert not game.board.erasing and not game.board.document.strokes


def test_the_right_button_presses_nothing(game: Game) -> None:
    at = button(game, "eraser")
    give(game, down(at, 3), up(at, 3))
    assert not game.board.erasing


def test_what_does_nothing_now_cannot_be_pressed(game: Game) -> None:
    turn_to(game, "drop")
    give(game, *by_mouse(game, "drop"))
    assert game.running and not game.board.document.strokes and game.controller.help.shown


def test_a_click_on_no_action_closes_the_help(game: Game) -> None:
    for at in ((1, 1), (480, 560)):
        give(game, letter("h"))
        give(game, *stroke([at, (at[0] + 30, at[1])]))
        assert not game.controller.help.shown and not game.board.document.strokes


def test_the_next_help_begins_with_its_first_page(game: Game) -> None:
    resize(game, SMALL)
    give(game, letter("h"))
    give(game, letter("h"))
    assert game.controller.help.page == 1
    give(game, press(pygame.K_ESCAPE))
    give(game, letter("h"))
    assert game.controller.help.page == 0


@pytest.mark.parametrize("size", [SMALL, USUAL, (1920, 1080)])
def test_the_toolbar_stays_where_it_is_while_things_go_on_and_off(
    game: Game, size: tuple[int, int]
) -> None:
    resize(game, size)
    for corner in ((60, 40), (120, 40)):  # of several characters the words stand in the toolbar
        give(game, *stroke([(corner[0], 100), (corner[0], 200)]))

    def places() -> list[tuple[str, object]]:
        return [(each.command.name, tuple(each.place)) for each in game.screen.toolbar.buttons]

    before = places()
    for name in ("eraser", "views", "boxes", "panel"):
        turn_to(game, name)
        give(game, *by_mouse(game, name))
        now = places()
        assert now[:-1] == before[: len(now) - 1] and now[-1] == before[-1], name
        assert len(now) > 3
