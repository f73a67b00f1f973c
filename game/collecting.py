"""Collecting in the window: its own board and hands, beside the page that waits untouched."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pygame
from pygame import Surface
from pygame.event import Event

from game.actions import Wish
from game.board import Board
from game.collect.session import Collect
from game.events import Hands, touched_at
from game.keyboard import keys_of
from game.offers import action_of
from game.overlay.collect import CollectScreen
from game.profiles.profile import Profile
from game.teaching import Teacher
from models.reader import Reader

# What the canvas's own keys do here, too: eraser, pen, undo.
_CANVAS_KEYS = {"e", "[", "]", "command+z"}
_WISHES: dict[str, Wish] = {"escape": "leave", "f11": "full screen", "command+q": "quit"}


class Collecting:
    """Collecting from `L` to `Esc`. board: of the samples; its ink is nobody's afterwards."""

    title = "Collect"

    def __init__(
        self,
        reader: Reader,
        size: tuple[int, int],
        scale: float,
        pen: float,
        profile: Profile,
        teacher: Teacher,
    ) -> None:
        """reader: in the page's mode. size: of the window, in pixels. pen: its width, in page
        units. teacher: of what was corrected on the canvas, which counts here, too.
        """
        self.screen = CollectScreen(size, scale)
        self.board = Board(reader, self.screen.page.layout.canvas.size, Path(), teacher=teacher)
        self.board.pen = pen
        self.board.show_boxes = False  # what is read is no verdict here
        self.collect = Collect(self.board, profile, Random())
        self._hands = Hands(self.board, self.screen.page)

    def handle(self, event: Event, now: float) -> Wish | None:
        """Acts on one event. Returns what only the window can do. now: seconds."""
        if event.type == pygame.KEYDOWN:
            return self._key(event, now)
        if event.type == pygame.DROPFILE:
            self.board.say("A drawing can be opened after collecting: Esc leaves it.")
            return None
        at = touched_at(event, self.screen.page.layout.window.size)
        action = None if at is None else self.screen.action_at(*at)
        if action is not None:
            return self._press(action, now)
        begins = event.type in (pygame.MOUSEBUTTONDOWN, pygame.FINGERDOWN, pygame.MOUSEWHEEL)
        if begins and self.collect.page != "writing":
            return None
        return self._hands.handle(event)

    def step(self, size: tuple[int, int], now: float) -> tuple[object, ...]:
        """Reads, lets time go on and lays out. Returns what differs whenever a new frame would."""
        self.collect.step(now)
        self.screen.fit(self.collect, size)
        return self.collect.state()

    def draw(self, surface: Surface, now: float) -> None:
        """Draws one frame."""
        self.screen.draw(surface, self.collect)

    def _key(self, event: Event, now: float) -> Wish | None:
        for key in keys_of(event):
            if key in _WISHES:
                return _WISHES[key]
            action = action_of(self.collect.groups(), key)
            if action is not None:
                return self._press(action, now)
            if self.collect.page == "writing" and key in _CANVAS_KEYS:
                return self._hands.handle(event)
        return None

    def _press(self, action: str, now: float) -> Wish | None:
        self.collect.press(action, now)
        return "leave" if self.collect.left else None
