"""Events become calls on the board. The only file that takes events from pygame."""

from __future__ import annotations

import time
from pathlib import Path

import pygame
from pygame.event import Event

from game.actions import HELP, Wish, action_of_keys, named
from game.board import Board
from game.keyboard import keys_of
from game.overlay.help import TURNS
from game.overlay.screen import Screen
from game.pointer import Place, Pointer
from models.labels import DIGITS

_LARGE = 500_000  # bytes; a smaller file is opened within a frame or a few
# Seconds between looks at the queue: the longer nothing happens, the longer the next pause. The
# last is too short to be felt, and costs no more than half a percent of a processor.
_PAUSE, _LONGEST_PAUSE, _PAUSE_GROWTH = 0.001, 0.010, 1.05


def take(seconds: float = 0.0) -> list[Event]:
    """All events since the last call, in order; waits for the first for at most `seconds`."""
    end = time.monotonic() + seconds
    pause = _PAUSE
    while True:
        events = pygame.event.get()
        left = end - time.monotonic()
        if events or left <= 0:
            return events
        time.sleep(min(pause, left))
        pause = min(pause * _PAUSE_GROWTH, _LONGEST_PAUSE)


class Hands(Pointer):
    """What the player's hands do on the page: the pointer, the keys, and files that are dropped."""

    def __init__(self, board: Board, screen: Screen) -> None:
        super().__init__(board, screen)
        self._screen = screen

    def handle(self, event: Event) -> Wish | None:
        """Acts on one event. Returns what only the window can do, None where nothing is left."""
        if event.type == pygame.KEYDOWN:
            return self._key(event)
        if event.type == pygame.DROPFILE:
            self.open(Path(event.file))
            return None
        return self.point(event)

    def open(self, path: Path) -> None:
        """Puts a saved drawing on the page."""
        self.let_go()
        if _is_large(path):
            self.board.open_soon(path)
        else:
            self.board.open_file(path)

    def action_at(self, place: Place) -> str | None:
        return self._screen.action_at(*place, self.board)

    def takes_pen(self, place: Place, erasing: bool) -> bool:
        """None while there is the help, which it may close, or while a character is asked about."""
        if self.board.show_help:
            if not self._screen.help.covers(*place):
                self.board.toggle_help()
            return False
        on_canvas = super().takes_pen(place, erasing)
        if on_canvas and self.board.asking:
            self._answer_with(place)
            return False
        return on_canvas

    def press(self, action: str) -> Wish | None:
        """A button was pressed: of the toolbar, the views, the help or the card that asks."""
        if action in TURNS:
            self._screen.help.turn(TURNS[action])
            return None
        if self.board.show_help:
            self.board.toggle_help()
            if action == HELP.name:
                return None
        elif self.board.asking and self._screen.picker.press(self.board, action):
            return None
        return self.do(named(action), self._screen.views)

    # Inside

    def _answer_with(self, place: Place) -> None:
        """The pen comes down, on no button, while it is asked what a character is."""
        if self._screen.picker.covers(*place):
            return
        answer = self._screen.answer_at(*place)
        if answer is None:
            self.board.ask()
        else:
            self.board.select(answer)

    def _key(self, event: Event) -> Wish | None:
        keys, board = keys_of(event), self.board
        action = action_of_keys(keys, board, self._screen.views)
        if board.show_help and keys:
            if action is HELP and self._screen.help.turn(1):
                return None
            board.toggle_help()  # what any other key does is to be seen
            if action is HELP or keys == ("escape",):
                return None
        said = self._said(event)
        if said is not None:
            self.let_go()
            board.name(said)
            return None
        if board.asking and keys:
            board.ask()
            if keys in (("escape",), ("t",)):
                return None
        return None if action is None else self.do(action, self._screen.views)

    def _said(self, event: Event) -> str | None:
        """What a key says that a character is; None where it says nothing of that kind.

        A digit does so wherever a character is selected; a letter only where that is asked, and
        letters are read.
        """
        board, typed = self.board, event.unicode
        if len(typed) != 1 or not typed.isascii():
            return None
        if typed in DIGITS:
            return str(typed) if board.asking or board.selected is not None else None
        letters = board.asking and len(board.labels) > len(DIGITS)
        return str(typed) if letters and typed.isalpha() else None


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _LARGE
    except OSError:  # opening it says what is wrong
        return False
