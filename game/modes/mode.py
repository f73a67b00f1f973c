"""Modes in the page's place: each has a board and a session of its own, and the page waits."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path

import pygame
from pygame import Surface
from pygame.event import Event

from game.modes.session import Session
from game.page.board import Board
from game.page.commands import App, Command, board_commands, window_commands
from game.ui.modes.mode import ModeScreen, mode_layout
from game.window.events import Controller
from models.recognition.reader import Reader


class Mode(Controller):
    """A mode from its key to `Esc`. A mode of its own adds its session, its screen, and these:

    title: of the window.
    activity: what a message calls the mode.
    canvas_commands: those of `board_commands`, by their names, whose keys do the same here while
        there is a canvas.
    """

    title: str
    activity: str
    canvas_commands: frozenset[str]
    screen: ModeScreen

    def __init__(self, session: Session, screen: ModeScreen, app: App) -> None:
        super().__init__(session.board, screen, app)
        self._session = session

    @property
    def accepts_pen(self) -> bool:
        return self._session.is_writing

    def commands(self) -> tuple[Command, ...]:
        groups = chain.from_iterable(group.commands for group in self._session.groups())
        on_canvas: list[Command] = []
        if self._session.is_writing:
            own = self.canvas_commands
            on_canvas = [each for each in board_commands(self.board) if each.name in own]
        return (self._session.leaving, *window_commands(self._app), *groups, *on_canvas)

    def handle(self, event: Event) -> None:
        self._session.now = time.monotonic()
        if event.type != pygame.MOUSEWHEEL or self._session.is_writing:
            super().handle(event)

    def open(self, path: Path) -> None:
        """Nothing is opened in a mode."""
        self.board.say(f"A drawing can be opened after {self.activity}: Esc leaves it.")

    def update(self, size: tuple[int, int], now: float, begun: float) -> tuple[object, ...]:
        self._session.step(now)
        self.screen.fit(size)
        return *self._session.state(), self.pressed

    def draw(self, surface: Surface) -> None:
        self.screen.draw(surface, self.pressed)


def mode_board(page: Board, reader: Reader, size: tuple[int, int], scale: float) -> Board:
    """A board for a mode, with the page's pen, and what was corrected on the page counts there.

    size: of the window, in pixels.
    """
    canvas = mode_layout(size, scale).layout.canvas
    board = Board(reader, canvas.size, corrections=page.corrections)
    board.document.pen = page.document.pen
    return board
