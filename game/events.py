"""Events become calls on the board. The only file that takes events from pygame."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Literal

import pygame
from pygame.event import Event

from game.board import Board
from game.overlay.screen import Screen

# What the board cannot do by itself, since it knows no window.
Wish = Literal["quit", "full screen", "copy", "open", "redraw"]

_COMMAND = pygame.KMOD_CTRL | (pygame.KMOD_META if sys.platform == "darwin" else 0)
_LEFT, _MIDDLE, _RIGHT = 1, 2, 3
_LARGE = 500_000  # bytes; a smaller file is opened within a frame or a few
_ERASER_REACH = 8.0  # pixels from the eraser's middle, beside half the pen's width
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


class Hands:
    """What the player's hands do, in the window's pixels, told to the board in the page's units.

    lifted_at: when the last lifting of the pen was handled, on `time.perf_counter`'s clock.
    """

    def __init__(self, board: Board, screen: Screen) -> None:
        self._board = board
        self._screen = screen
        # What is on the canvas: a button of the mouse, or one finger of a touch screen. All others
        # are ignored until it is gone, so that nothing is drawn twice.
        self._holder: int | tuple[int, int] | None = None
        self._erasing = False
        self.lifted_at = 0.0

    def handle(self, event: Event) -> Wish | None:
        """Acts on one event. Returns what only the window can do, None where nothing is left."""
        kind = event.type
        if kind in _MOUSE:
            if not (_FINGER and getattr(event, "touch", False)):  # what a finger did, told twice
                self._mouse(event)
        elif kind in _FINGER:
            self._finger(event)
        elif kind == pygame.MOUSEWHEEL:
            self._wheel(event.y)
        elif kind == pygame.KEYDOWN:
            return self._key(event)
        elif kind == pygame.DROPFILE:
            self.open(Path(event.file))
        elif kind in _LOSSES:
            self._let_go()
        elif kind == pygame.QUIT:
            self._let_go()
            return "quit"
        elif kind in _EXPOSURES:
            return "redraw"
        return None

    def open(self, path: Path) -> None:
        """Puts a saved drawing on the page."""
        self._let_go()
        if _is_large(path):
            self._board.open_soon(path)
        else:
            self._board.open_file(path)

    def _mouse(self, event: Event) -> None:
        if event.type == pygame.MOUSEMOTION:
            if not isinstance(self._holder, int):
                return
            if event.buttons[self._holder - 1]:
                self._go_on(event.pos)
            else:  # it was lifted where the window could not see it
                self._let_go()
        elif event.button not in (_LEFT, _MIDDLE, _RIGHT):
            return  # the wheel, which has its own event, and the thumb's buttons
        elif event.type == pygame.MOUSEBUTTONUP:
            if event.button == self._holder:
                self._go_on(event.pos)
                self._let_go()
        elif self._holder is not None:
            self._let_go()  # a second button ends the stroke, and starts nothing
        elif event.button != _MIDDLE:
            self._begin(event.button, event.pos, erasing=event.button == _RIGHT)

    def _finger(self, event: Event) -> None:
        finger = (event.touch_id, event.finger_id)
        width, height = self._screen.layout.window.size
        place = (event.x * width, event.y * height)
        if event.type == pygame.FINGERDOWN:
            if self._holder is None:
                self._begin(finger, place, erasing=False)
        elif finger == self._holder:
            self._go_on(place)
            if event.type == pygame.FINGERUP:
                self._let_go()

    def _begin(
        self, holder: int | tuple[int, int], place: tuple[float, float], erasing: bool
    ) -> None:
        if self._board.show_help:
            self._board.toggle_help()
            return
        if not self._screen.layout.canvas.collidepoint(place):
            return
        self._holder = holder
        self._erasing = erasing or self._board.erasing
        if self._erasing:
            self._board.erase_at(*self._screen.view.to_page(*place), self._reach())
        else:
            self._board.pen_down(*self._screen.view.to_page(*place), _milliseconds())

    def _go_on(self, place: tuple[float, float]) -> None:
        if self._erasing:
            self._board.erase_to(*self._screen.view.to_page(*place), self._reach())
        else:
            self._board.pen_move(*self._screen.view.to_page(*place), _milliseconds())

    def _let_go(self) -> None:
        if self._holder is not None and not self._erasing:
            self.lifted_at = time.perf_counter()
            self._board.pen_up(_milliseconds())
        self._holder = None
        self._erasing = False

    def _reach(self) -> float:
        return _ERASER_REACH * self._screen.layout.scale / self._screen.view.scale

    def _wheel(self, notches: int) -> None:
        if self._holder is None and notches:
            (self._board.widen_pen if notches > 0 else self._board.narrow_pen)()

    def _key(self, event: Event) -> Wish | None:
        board, name = self._board, _name(event)
        command = bool(event.mod & _COMMAND) and not event.mod & pygame.KMOD_ALT
        if board.show_help and name not in ("", "h", "f1"):
            board.toggle_help()  # what any other key does is to be seen
            if name == "escape":
                return None
        if command:
            return self._command(name, bool(event.mod & pygame.KMOD_SHIFT))
        wish = _WISHES.get(name)
        does = {
            "c": board.clear,
            "delete": board.clear,
            "s": board.save,
            "e": board.toggle_eraser,
            "[": board.narrow_pen,
            "]": board.widen_pen,
            "b": board.toggle_boxes,
            "p": board.toggle_panel,
            "h": board.toggle_help,
            "f1": board.toggle_help,
        }.get(name)
        if wish or does:
            self._let_go()
        if does:
            does()
        return wish

    def _command(self, name: str, shift: bool) -> Wish | None:
        if name in ("z", "y"):
            self._let_go()
            (self._board.redo if name == "y" or shift else self._board.undo)()
        elif name == "s":
            self._let_go()
            self._board.save()
        return _COMMAND_WISHES.get(name)


_MOUSE = {pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP}
# A Mac has no touch screen, but SDL tells of fingers that merely rest on its trackpad.
_FINGER = (
    {pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP} if sys.platform != "darwin" else set()
)
_LOSSES = {pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN}
_EXPOSURES = {pygame.VIDEOEXPOSE, pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN}
_WISHES: dict[str, Wish] = {"escape": "quit", "f11": "full screen"}
_COMMAND_WISHES: dict[str, Wish] = {"c": "copy", "o": "open", "q": "quit"}
_NAMED_KEYS = {
    pygame.K_ESCAPE: "escape",
    pygame.K_DELETE: "delete",
    pygame.K_F1: "f1",
    pygame.K_F11: "f11",
}
if sys.platform == "darwin":
    _NAMED_KEYS[pygame.K_BACKSPACE] = "delete"  # what a Mac's keyboard has for it


def _name(event: Event) -> str:
    """The key by what it writes: layouts put letters and brackets in different places.

    Where a layout has no Latin letters (Greek, Cyrillic …) the key at the letter's place counts.
    """
    if event.unicode in ("[", "]"):
        return str(event.unicode)
    if event.key in _NAMED_KEYS:
        return _NAMED_KEYS[event.key]
    if ord("!") <= event.key <= ord("~"):
        return chr(event.key)
    first = pygame.KSCAN_A
    if 127 < event.key < 1 << 30 and first <= event.scancode < first + 26:
        return chr(ord("a") + event.scancode - first)
    return ""


def _milliseconds() -> float:
    return time.monotonic() * 1000


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _LARGE
    except OSError:  # opening it says what is wrong
        return False
