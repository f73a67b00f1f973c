"""Modes beside the page: each has a board and hands of its own, and the page waits untouched."""

from __future__ import annotations

from pathlib import Path

import pygame
from pygame import Surface
from pygame.event import Event

from game.inspector.state import Inspector
from game.page.board import Board
from game.page.commands import Wish, action_of_keys
from game.page.offers import Session, action_of, is_offered
from game.ui.modes.mode import ModeScreen, mode_layout
from game.window.keyboard import keys_of
from game.window.pointer import Place, Pointer
from models.recognition.reader import Reader

_WISHES: dict[str, Wish] = {"escape": "leave", "f11": "full screen", "command+q": "quit"}


class Mode(Pointer):
    """A mode from its key to `Esc`. A mode of its own adds its session, its screen, and these:

    title: of the window. doing: what one does in it, to be said. canvas_actions: those of the page
    that its keys do while there is a canvas here, by their names in `game.page.commands`.

    board: of what is written here; its ink is nobody's afterwards.
    """

    title: str
    doing: str
    canvas_actions: frozenset[str]

    def __init__(self, session: Session, screen: ModeScreen) -> None:
        super().__init__(session.board, screen)
        self.screen = screen
        self._session = session
        self._views = Inspector()  # none are shown here
        self._now = 0.0

    def handle(self, event: Event, now: float) -> Wish | None:
        """Acts on one event. Returns what only the window can do. now: seconds."""
        self._now = now
        if event.type == pygame.KEYDOWN:
            return self._key(event)
        if event.type == pygame.DROPFILE:
            self.board.say(f"A drawing can be opened after {self.doing}: Esc leaves it.")
            return None
        if event.type == pygame.MOUSEWHEEL and not self._session.is_writing:
            return None
        return self.point(event)

    def step(self, size: tuple[int, int], now: float) -> tuple[object, ...]:
        """Reads, lets time go on and lays out. Returns what differs whenever a new frame would."""
        self._session.step(now)
        self.screen.fit(size)
        return *self._session.state(), self.screen.pressed

    def draw(self, surface: Surface) -> None:
        """Draws one frame."""
        self.screen.draw(surface)

    def action_at(self, place: Place) -> str | None:
        """None where there is no button any more either, which stood there in the last frame."""
        action = self.screen.action_at(*place)
        gone = action is None or not is_offered(self._session.groups(), action)
        return None if gone else action

    def takes_pen(self, place: Place, erasing: bool) -> bool:
        return self._session.is_writing and super().takes_pen(place, erasing)

    def press(self, action: str) -> Wish | None:
        self.let_go()
        self._session.press(action, self._now)
        return "leave" if self._session.left else None

    def _key(self, event: Event) -> Wish | None:
        keys = keys_of(event)
        for key in keys:
            if key in _WISHES:
                self.let_go()
                return _WISHES[key]
            offered = action_of(self._session.groups(), key)
            if offered is not None:
                return self.press(offered)
        action = action_of_keys(keys, self.board, self._views)
        if action is None or action.name not in self.canvas_actions:
            return None
        return self.do(action, self._views) if self._session.is_writing else None


def mode_board(page: Board, reader: Reader, size: tuple[int, int], scale: float) -> Board:
    """A board for a mode, with the page's pen, and what was corrected on the page counts there.

    size: of the window, in pixels.
    """
    canvas = mode_layout(size, scale).layout.canvas
    board = Board(reader, canvas.size, Path(), corrections=page.corrections)
    board.pen = page.pen
    return board
