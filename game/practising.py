"""Practice in the window: its own board and hands, beside the page that waits untouched."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pygame
from pygame import Surface
from pygame.event import Event

from game.actions import Wish
from game.board import Board
from game.events import Hands, touched_at
from game.keyboard import keys_of
from game.offers import action_of
from game.overlay.practice import PracticeScreen
from game.practice.session import Practice
from game.profiles.profile import Profile
from game.teaching import Teacher
from models.reader import Reader

# What the canvas's own keys do here, too: eraser, pen, joining, splitting, selecting, boxes.
_CANVAS_KEYS = {"e", "[", "]", "j", "k", "left", "right", "b"}
_WISHES: dict[str, Wish] = {"escape": "leave", "f11": "full screen", "command+q": "quit"}


class Practising:
    """Practice from `G` to `Esc`. board: of the answers; its ink is nobody's afterwards."""

    title = "Practice"

    def __init__(
        self,
        reader: Reader,
        size: tuple[int, int],
        scale: float,
        pen: float,
        profile: Profile,
        teacher: Teacher,
    ) -> None:
        """reader: of digits. size: of the window, in pixels. pen: its width, in page units.

        teacher: of what was corrected on the canvas, which counts here, too.
        """
        self.screen = PracticeScreen(size, scale)
        self.board = Board(reader, self.screen.page.layout.canvas.size, Path(), teacher=teacher)
        self.board.pen = pen
        self.practice = Practice(self.board, profile, Random())
        self._hands = Hands(self.board, self.screen.page)

    def handle(self, event: Event, now: float) -> Wish | None:
        """Acts on one event. Returns what only the window can do. now: seconds."""
        if event.type == pygame.KEYDOWN:
            return self._key(event, now)
        if event.type == pygame.DROPFILE:
            self.board.say("A drawing can be opened after practice: Esc leaves it.")
            return None
        at = touched_at(event, self.screen.page.layout.window.size)
        if at is not None:
            action = self.screen.action_at(*at)
            if action is not None:
                return self._press(action, now)
            if self.screen.page.layout.canvas.collidepoint(at):
                self.practice.pen_touches(now)
        begins = event.type in (pygame.MOUSEBUTTONDOWN, pygame.FINGERDOWN, pygame.MOUSEWHEEL)
        if begins and self.practice.page != "round":
            return None
        return self._hands.handle(event)

    def step(self, size: tuple[int, int], now: float) -> tuple[object, ...]:
        """Reads, lets time go on and lays out. Returns what differs whenever a new frame would."""
        self.practice.step(now)
        self.screen.fit(self.practice, size)
        return self.practice.state(now)

    def draw(self, surface: Surface, now: float) -> None:
        """Draws one frame."""
        self.screen.draw(surface, self.practice, now)

    def _key(self, event: Event, now: float) -> Wish | None:
        for key in keys_of(event):
            if key in _WISHES:
                return _WISHES[key]
            action = action_of(self.practice.groups(), key)
            if action is not None:
                return self._press(action, now)
            if self.practice.page == "round" and key in _CANVAS_KEYS:
                return self._hands.handle(event)
        return None

    def _press(self, action: str, now: float) -> Wish | None:
        self.practice.press(action, now)
        return "leave" if self.practice.left else None
