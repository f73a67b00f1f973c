"""The running game for tests: the real window (without a screen), network and frames."""

from __future__ import annotations

import concurrent.futures
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import pygame
from pygame.event import Event

from game.app import Game
from game.batch.pilot import Pilot, Pixel, press, stroke
from game.document.autosave import Autosave
from game.window.events import take
from game.window.window import Window
from models.ink.strokes import Drawing
from models.recognition.card import FOLDER
from models.recognition.network import Network, load_network
from models.recognition.reader import Reader

Result = TypeVar("Result")
LINE: list[Pixel] = [(200, 150), (210, 200), (215, 260), (220, 330)]


@cache
def _network() -> Network:
    return load_network()


def reader() -> Reader:
    """One of its own for each game: what one is taught, no other knows."""
    return Reader(_network())


def both_networks(folder: Path) -> Path:
    """A folder in which the shipped network goes by both names, as if there were a second."""
    folder.mkdir(parents=True, exist_ok=True)
    card = json.loads((FOLDER / "digits.json").read_text(encoding="utf-8"))
    for name in ("digits", "characters"):
        shutil.copy(FOLDER / "digits.tflite", folder / f"{name}.tflite")
        (folder / f"{name}.json").write_text(json.dumps(card | {"name": name}), encoding="utf-8")
    return folder


def new_game(folder: Path, keep_ink: bool = False, networks: Path | None = None) -> Game:
    """A window at its usual size.

    keep_ink: with the autosave of a player, in `folder`. networks: the folder of the networks.
    """
    autosave = Autosave(folder / "data") if keep_ink else None
    game = Game(Window(1.0), reader(), folder / "drawings", autosave, networks)
    give(game)
    return game


def give(game: Game, *events: Event) -> None:
    """One frame in which these events arrive, and more until all ink is read and drawn."""
    Pilot(game).frame(*events)
    settle(game)


def meanwhile(game: Game, function: Callable[[], Result]) -> Result:
    """What a function returns that waits for the window, whose frames go on."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        result = pool.submit(function)
        while not result.done():
            game.frame(take(0.01))
    return result.result()


def settle(game: Game) -> None:
    """Goes on with frames until all ink is read and drawn."""
    while game.is_behind:
        game.frame([])


def finger(kind: int, x: float, y: float, number: int = 0) -> Event:
    """x, y: 0..1 of the window."""
    return Event(kind, touch_id=1, finger_id=number, x=x, y=y, dx=0.0, dy=0.0, pressure=1.0)


def draw(game: Game, drawing: Drawing, corner: Pixel = (60, 40)) -> None:
    """Draws a sample, a frame for each stroke."""
    for ink in drawing.strokes:
        path = [(round(x) + corner[0] - 60, round(y) + corner[1] - 40) for x, y in ink.points]
        give(game, *stroke(path))


def key_of(name: str) -> Event:
    """A key as `game.window.keyboard.keys_of` calls it."""
    *held, plain = name.split("+")
    mod = (pygame.KMOD_LCTRL if "command" in held else 0) | (
        pygame.KMOD_LSHIFT if "shift" in held else 0
    )
    if len(plain) > 1:
        return press(pygame.key.key_code(plain), "", mod)
    return press(ord(plain), "" if held else plain, mod)
