"""What holds in every mode beside the page: its buttons, its keys, and the page that waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pixel, down, letter, move, press, stroke, up
from tests.helpers.game import finger, give
from tests.helpers.modes import button, lift, mode, page_with_ink, slide, tap, touch


@pytest.fixture(params=["g", "l"], ids=["practice", "collecting"])
def game(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Game]:
    """A page with ink, and a mode's start page in its place."""
    running = page_with_ink(tmp_path)
    give(running, letter(request.param))
    yield running
    running.close()


def _page(game: Game) -> list[str]:
    """What can be pressed on the present page."""
    return [each.command.name for each in mode(game).screen.buttons]


def _pixels(game: Game) -> bytes:
    return pygame.image.tobytes(game.window.surface, "RGB")


@pytest.mark.parametrize("size", [(480, 360), (960, 640), (1920, 1080), (300, 200), (1, 1)])
def test_buttons_stand_in_the_window_and_apart_at_every_size(
    game: Game, size: tuple[int, int]
) -> None:
    pygame.display.set_mode(size, pygame.RESIZABLE)
    for key in (press(pygame.K_RETURN), letter("n"), letter("s")):
        give(game)
        places = [each.place for each in mode(game).screen.buttons]
        window = game.window.surface.get_rect()
        if size >= (300, 200):
            assert places and all(window.contains(place) for place in places)
            assert all(not a.colliderect(b) for i, a in enumerate(places) for b in places[i + 1 :])
        if size >= (480, 360):
            assert all(place.width >= 40 and place.height >= 40 for place in places)
        give(game, key)


def test_a_press_shows_and_acts_when_it_is_let_go(game: Game) -> None:
    start, before, at = _page(game), _pixels(game), button(game, "Start")
    give(game, down(at))
    assert _pixels(game) != before and _page(game) == start
    give(game, up(at))
    assert _page(game) != start
    stop = button(game, "Stop")
    writing, before = _page(game), _pixels(game)
    give(game, *touch(game, stop))
    assert _pixels(game) != before and _page(game) == writing
    give(game, *lift(game, stop))
    assert _page(game) != writing


@pytest.mark.parametrize("elsewhere", [(5, 5), (480, 300), None], ids=["edge", "page", "button"])
@pytest.mark.parametrize("page", ["start", "writing"])
def test_a_press_that_slides_off_does_nothing(
    game: Game, page: str, elsewhere: Pixel | None
) -> None:
    at, other = button(game, "Start"), button(game, "Leave")
    if page == "writing":
        tap(game, "Start")
        at, other = button(game, "Stop"), button(game, "Skip")
    to = elsewhere or other
    before, seen = _page(game), _pixels(game)
    give(game, down(at), move(to, 1), up(to))
    give(game, *touch(game, at))
    give(game, *slide(game, to), *lift(game, to))
    assert game.active is not game.controller and _page(game) == before
    assert _pixels(game) == seen and not mode(game).board.document.strokes


@pytest.mark.parametrize(
    "loss",
    [
        [Event(pygame.WINDOWFOCUSLOST)],
        [down((300, 300), 3)],
        [move((300, 300))],
    ],
)
def test_a_press_that_is_not_finished_does_nothing(game: Game, loss: list[Event]) -> None:
    at = button(game, "Leave")
    give(game, down(at), *loss, up(at))
    assert game.active is not game.controller


def test_a_key_lets_go_of_the_button_that_is_held(game: Game) -> None:
    tap(game, "Start")
    at, writing = button(game, "Stop"), _page(game)
    give(game, down(at), letter("n"), up(at))
    assert _page(game) == writing


def test_the_right_button_a_second_finger_and_a_stroke_press_nothing(game: Game) -> None:
    at = button(game, "Leave")
    give(game, down(at, 3), up(at, 3))
    give(game, *stroke([(5, 5), at]))
    x, y = at[0] / 960, at[1] / 640
    give(game, finger(pygame.FINGERDOWN, 0.5, 0.01), finger(pygame.FINGERUP, 0.5, 0.01))
    start = button(game, "Start")
    give(game, *touch(game, start), finger(pygame.FINGERDOWN, x, y, 1))
    give(game, finger(pygame.FINGERUP, x, y, 1))
    assert game.active is not game.controller and mode(game).pressed == "start"


def test_a_button_that_is_gone_since_the_frame_does_nothing(game: Game) -> None:
    tap(game, "Start")
    skip, stop = button(game, "Skip"), button(game, "Stop")
    give(game, *stroke([stop]), *stroke([skip]))
    after = _page(game)
    assert "skip" not in after and game.running
    give(game)
    assert _page(game) == after


def test_nothing_is_drawn_on_the_start_page_and_files_wait(game: Game, tmp_path: Path) -> None:
    before, pen = game.board.document.strokes, mode(game).board.document.pen
    give(game, *stroke([(20, 600), (300, 620), (500, 630)]))
    give(game, Event(pygame.MOUSEWHEEL, x=0, y=3), letter("e"), letter("]"))
    assert (mode(game).board.document.pen, mode(game).board.erasing) == (pen, False)
    give(game, Event(pygame.DROPFILE, file=str(tmp_path / "any.inkml")))
    assert not mode(game).board.document.strokes and game.board.document.strokes == before
    toast = mode(game).board.toast
    assert toast is not None and f"after {mode(game).activity}" in toast.text
    assert not game.frame([]) or not game.frame([])


def test_the_page_before_is_back_untouched_with_its_undo(game: Game) -> None:
    before, pen = game.board.document.strokes, game.board.document.pen
    give(game, press(pygame.K_RETURN), *stroke([(300, 300), (300, 400)]))
    assert mode(game).board.document.strokes
    give(game, letter("]"), Event(pygame.MOUSEWHEEL, x=0, y=2), letter("g"), letter("l"))
    give(game, letter("c"), letter("z", pygame.KMOD_LCTRL), down((400, 300)))
    assert mode(game).board.document.pen > pen
    give(game, press(pygame.K_ESCAPE), up((400, 300)))
    assert game.active is game.controller and game.running
    assert (game.board.document.strokes, game.board.document.pen) == (before, pen)
    give(game, letter("z", pygame.KMOD_LCTRL))
    assert len(game.board.document.strokes) == len(before) - 1


def test_full_screen_closing_and_redrawing_work_as_on_the_page(game: Game) -> None:
    usual = game.window.surface.get_size()
    give(game, press(pygame.K_F11))
    assert game.window.surface.get_size() != usual
    give(game, press(pygame.K_F11))
    assert game.window.surface.get_size() == usual
    while game.frame([]):
        pass
    assert game.frame([Event(pygame.WINDOWEXPOSED)]) and not game.frame([])
    for event in (letter("q", pygame.KMOD_LCTRL), Event(pygame.QUIT)):
        game.running = True
        give(game, event)
        assert not game.running and game.active is not game.controller
