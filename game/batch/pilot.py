"""Plays the running game by events of a mouse and a keyboard: for replay, the film and tests."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import pygame
from pygame.event import Event

from game.app import Game
from game.window.events import take
from models.ink.strokes import Stroke

Pixel = tuple[int, int]  # of the window
_FRAME = 1 / 60  # seconds


class Pilot:
    """Drives a game frame by frame.

    A player's own pen and keys do nothing meanwhile, but for Esc and F11.
    """

    def __init__(self, game: Game) -> None:
        self.game = game

    @property
    def milliseconds(self) -> float:
        """From the last lifting of the pen to the flip of the last frame that was drawn."""
        return (self.game.shown_at - self.game.controller.lifted_at) * 1000

    def frame(self, *events: Event) -> None:
        """One frame in which these events arrive, and those of the player that count."""
        self.game.frame([*filter(_counts, take()), *events])

    def wait(self, seconds: float) -> None:
        """Goes on with frames for so long; none where it is shorter than a frame."""
        end = time.monotonic() + seconds
        while self.game.running and end - time.monotonic() > _FRAME / 2:
            self.frame()
            time.sleep(max(0.0, min(_FRAME, end - time.monotonic())))

    def write(self, ink: Stroke, seconds: float = 0.0) -> None:
        """Writes a stroke of the page. seconds: that it takes; 0 for all of it in one frame."""
        self.game.controller.rest = math.inf  # a dot is a dot, wherever it falls
        events = stroke(self.path(ink))
        begun, done = time.monotonic(), 0
        while self.game.running and done < len(events):
            if done:
                time.sleep(_FRAME)
            share = (time.monotonic() - begun) / seconds if seconds else 1.0
            due = math.ceil(min(share, 1.0) * len(events))
            self.frame(*events[done:due])
            done = due

    def path(self, ink: Stroke) -> list[Pixel]:
        """The pixels that the mouse visits to write a stroke, without resting on any."""
        to_window = self.game.screen.viewport.to_window
        path: list[Pixel] = []
        for x, y in ink.points.tolist():
            across, down = to_window(x, y)
            pixel = (round(across), round(down))
            if not path or pixel != path[-1]:
                path.append(pixel)
        return path


def down(at: Pixel, button: int = 1) -> Event:
    return Event(pygame.MOUSEBUTTONDOWN, pos=at, button=button, touch=False)


def move(to: Pixel, *held: int, touch: bool = False) -> Event:
    """The mouse moves. held: its buttons that are down. touch: whether it is a finger instead."""
    buttons = tuple(int(button in held) for button in (1, 2, 3))
    return Event(pygame.MOUSEMOTION, pos=to, rel=(0, 0), buttons=buttons, touch=touch)


def up(at: Pixel, button: int = 1) -> Event:
    return Event(pygame.MOUSEBUTTONUP, pos=at, button=button, touch=False)


def stroke(path: Sequence[Pixel], button: int = 1) -> list[Event]:
    """The mouse moves along a path with a button held down."""
    moves = [move(pixel, button) for pixel in path[1:]]
    return [down(path[0], button), *moves, up(path[-1], button)]


def press(key: int, unicode: str = "", mod: int = 0, scancode: int = 0) -> Event:
    return Event(pygame.KEYDOWN, key=key, unicode=unicode, mod=mod, scancode=scancode)


def letter(name: str, mod: int = 0) -> Event:
    """The key of a letter or digit is pressed; it writes that where no other key is held."""
    return press(ord(name.lower()), "" if mod else name, mod)


def _counts(event: Event) -> bool:
    """Whether an event of the player counts: one that the window needs, Esc or F11."""
    if event.type == pygame.KEYDOWN:
        return event.key in (pygame.K_ESCAPE, pygame.K_F11)
    return event.type in (pygame.QUIT, pygame.VIDEOEXPOSE)
