"""Events become calls on the board. The only file that takes events from pygame."""

from __future__ import annotations

import time
from pathlib import Path

import pygame
from pygame.event import Event

from game.inspector.state import Inspector
from game.page.board import Board
from game.page.commands import HELP, Action, Wish, action_of_keys, named
from game.ui.dialogs.help import TURNS
from game.ui.screen import Screen
from game.window.keyboard import keys_of, typed_of
from game.window.pointer import Place, Pointer
from models.recognition.labels import DIGITS

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


class PageController(Pointer):
    """What the player's hands do on the page: the pointer, the keys, and files that are dropped."""

    def __init__(self, board: Board, screen: Screen) -> None:
        super().__init__(board, screen)
        self._screen = screen
        self._written = ""  # by the last key

    def handle(self, event: Event) -> Wish | None:
        """Acts on one event. Returns what only the window can do, None where nothing is left."""
        profile_picker = self._screen.profile_picker
        if event.type == pygame.KEYDOWN:
            self._written = event.unicode
            return self._key(event)
        if event.type == pygame.DROPFILE:
            self.open(Path(event.file))
            return None
        if event.type == pygame.TEXTINPUT and profile_picker.shown:
            # Of an input method; what a plain key writes is told twice, and the first time counts.
            for each in filter(str.isprintable, event.text.removeprefix(self._written)):
                profile_picker.key(each)
            return None
        if event.type == pygame.MOUSEWHEEL and profile_picker.shown:
            profile_picker.move(-event.y)
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
        """None while there is the help or a card, or while a character is asked about."""
        if self.board.show_help:
            if not self._screen.help.covers(*place):
                self.board.toggle_help()
            return False
        if self._screen.profile_picker.shown:
            if not self._screen.profile_picker_card.covers(*place):
                self._screen.profile_picker.close()
            return False
        on_canvas = super().takes_pen(place, erasing)
        if on_canvas and self.board.asking:
            self._answer_with(place)
            return False
        return on_canvas

    def press(self, action: str) -> Wish | None:
        """A button was pressed: of the toolbar, the views, the help or a card."""
        profile_picker = self._screen.profile_picker
        if profile_picker.shown and action in self._screen.profile_picker_card.actions:
            return (
                "switch" if self._screen.profile_picker_card.press(profile_picker, action) else None
            )
        if action in TURNS:
            self._screen.help.turn(TURNS[action])
            return None
        if self.board.show_help:
            self.board.toggle_help()
            if action == HELP.name:
                return None
        elif self.board.asking and self._screen.label_picker.press(self.board, action):
            return None
        return self.do(named(action), self._screen.inspector)

    def do(self, action: Action, inspector: Inspector) -> Wish | None:
        if action.does not in _BESIDE_NAMES:
            self._screen.profile_picker.close()
        return super().do(action, inspector)

    # Inside

    def _answer_with(self, place: Place) -> None:
        """The pen comes down, on no button, while it is asked what a character is."""
        if self._screen.label_picker.covers(*place):
            return
        answer = self._screen.answer_at(*place)
        if answer is None:
            self.board.ask()
        else:
            self.board.select(answer)

    def _key(self, event: Event) -> Wish | None:
        keys, board = keys_of(event), self.board
        if self._screen.profile_picker.shown and not _is_command(keys):
            self.let_go()
            return "switch" if self._screen.profile_picker.key(typed_of(event)) else None
        action = action_of_keys(keys, board, self._screen.inspector)
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
        return None if action is None else self.do(action, self._screen.inspector)

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


# What is done without closing the card of names: "who" closes it by itself.
_BESIDE_NAMES: tuple[Wish, ...] = ("full screen", "who")


def _is_command(keys: tuple[str, ...]) -> bool:
    """Whether a key does what it does also where words are typed."""
    return any(key.startswith("command+") or key in ("f1", "f11") for key in keys)


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _LARGE
    except OSError:  # opening it says what is wrong
        return False
