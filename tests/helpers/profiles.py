"""The profile picker, for tests: which profiles there are, and the samples of each."""

from __future__ import annotations

from pathlib import Path

import pygame
from pygame.event import Event

from game.app import Game
from game.batch.pilot import down, letter, press, up
from game.profiles.profile import Profile
from game.window.window import Window
from tests.helpers.game import finger, give, reader

USUAL, SMALL, WIDE = (960, 640), (480, 360), (1920, 1080)
ENTER, ESCAPE = press(pygame.K_RETURN, "\r"), press(pygame.K_ESCAPE, "\x1b")
UP, DOWN = press(pygame.K_UP), press(pygame.K_DOWN)
BACKSPACE = press(pygame.K_BACKSPACE, "\b")


def open_game(folder: Path, people: Path | None, name: str = "me") -> Game:
    game = Game(Window(1.0), reader(), folder / "drawings", profile=Profile(people, name))
    give(game)
    return game


def make_profiles(people: Path, *names: str) -> None:
    for name in names:
        (people / name).mkdir(parents=True, exist_ok=True)


def labels(people: Path, name: str) -> list[str | None]:
    """The labels of a profile's samples."""
    kept, warning = Profile(people, name).samples.read()
    assert warning is None
    return [each.label for each in kept]


def typed(words: str) -> list[Event]:
    return [press(ord(each) if each.isascii() else 0, each) for each in words]


def choose(game: Game, name: str) -> None:
    give(game, letter("w"))
    give(game, *typed(name), ENTER)
    assert not picker_is_open(game) and profile_in_use(game) == name


def profile_in_use(game: Game) -> str:
    return game.board.corrections.profile.name


def picker_is_open(game: Game) -> bool:
    """Whether the card is shown."""
    return game.controller.profile_card.shown


def rows(game: Game) -> list[str]:
    return [row.name for row in game.controller.profile_card.picker.rows]


def chosen_by_enter(game: Game) -> str:
    """The profile that Enter would take."""
    profile_picker = game.controller.profile_card.picker
    return profile_picker.rows[profile_picker.at].name


def toast(game: Game) -> tuple[str, str]:
    assert game.board.toast is not None
    return game.board.toast.kind, game.board.toast.text


def tap(game: Game, action: str, fingers: bool = False) -> None:
    """Presses a button, with the mouse or a finger."""
    x, y = game.controller.place_of(action)
    width, height = game.window.surface.get_size()
    if fingers:
        at = x / width, y / height
        give(game, finger(pygame.FINGERDOWN, *at), finger(pygame.FINGERUP, *at))
    else:
        give(game, down((x, y)), up((x, y)))


def resize(game: Game, size: tuple[int, int]) -> None:
    pygame.display.set_mode(size, pygame.RESIZABLE)
    give(game)


def pressable(game: Game) -> list[str]:
    return [
        each.command.name for each in game.controller.profile_card.buttons if each.command.enabled
    ]
