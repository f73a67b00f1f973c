"""Events become calls on the board. The only file that takes events from pygame."""

from __future__ import annotations

import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pygame
from pygame.event import Event

from game.actions import HELP, Action, Wish, action_of_keys, named
from game.board import Board
from game.keyboard import keys_of, typed_of
from game.overlay.help import TURNS
from game.overlay.screen import Screen
from models.labels import DIGITS

_LEFT, _MIDDLE, _RIGHT = 1, 2, 3
_CLICK_MS, _CLICK_REACH = 250.0, 4.0  # a click takes less time, and moves fewer pixels at scale 1
_REST = 1.0  # seconds after the pen's last lifting until a click can be meant to select
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


def touched_at(event: Event, window: tuple[int, int]) -> tuple[float, float] | None:
    """Where the left button, a pen or a finger comes down, in the window's pixels.

    window: its width and height. None for any other event.
    """
    if event.type == pygame.MOUSEBUTTONDOWN and event.button == _LEFT:
        return None if _FINGER and getattr(event, "touch", False) else event.pos
    if event.type == pygame.FINGERDOWN and event.type in _FINGER:
        return event.x * window[0], event.y * window[1]
    return None


@dataclass(frozen=True)
class _Click:
    """The pen is down on an answer's frame or caption, perhaps to select that answer.

    place: in pixels. ms: when. answer: its index in the reading.
    """

    place: tuple[float, float]
    ms: float
    answer: int


class Hands:
    """What the player's hands do, in the window's pixels, told to the board in the page's units.

    A short click on an answer's frame or caption selects it; whatever moves or takes longer draws
    there as everywhere. Just after a stroke any click draws, such as the dot of an i.

    A button acts when it is let go, where that is on the button still: a hand that came down on it
    unawares can slide away.

    lifted_at: when the last lifting of the pen was handled, on `time.perf_counter`'s clock.
    rest: seconds from then on until clicks may select.
    """

    def __init__(self, board: Board, screen: Screen) -> None:
        self._board = board
        self._screen = screen
        # What is on the canvas: a button of the mouse, or one finger of a touch screen. All others
        # are ignored until it is gone, so that nothing is drawn twice.
        self._holder: int | tuple[int, int] | None = None
        self._erasing = False
        self._click: _Click | None = None
        self._written = ""  # by the last key
        self.lifted_at = 0.0
        self.rest = _REST

    def handle(self, event: Event) -> Wish | None:
        """Acts on one event. Returns what only the window can do, None where nothing is left."""
        kind = event.type
        if kind in _MOUSE:
            if not (_FINGER and getattr(event, "touch", False)):  # what a finger did, told twice
                return self._mouse(event)
        elif kind in _FINGER:
            return self._finger(event)
        elif kind == pygame.MOUSEWHEEL:
            self._wheel(event.y)
        elif kind == pygame.KEYDOWN:
            self._written = event.unicode
            return self._key(event)
        elif kind == pygame.TEXTINPUT and self._screen.who.shown:
            # Of an input method; what a plain key writes is told twice, and the first time counts.
            for each in event.text.removeprefix(self._written):
                self._screen.who.key(each)
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

    def _mouse(self, event: Event) -> Wish | None:
        if event.type == pygame.MOUSEMOTION:
            if not isinstance(self._holder, int):
                return None
            if event.buttons[self._holder - 1]:
                self._go_on(event.pos)
            else:  # it was lifted where the window could not see it
                self._let_go()
        elif event.button not in (_LEFT, _MIDDLE, _RIGHT):
            return None  # the wheel, which has its own event, and the thumb's buttons
        elif event.type == pygame.MOUSEBUTTONUP:
            if event.button == self._holder:
                return self._lift(event.pos)
        elif self._holder is not None:
            self._let_go()  # a second button ends the stroke, and starts nothing
        elif event.button != _MIDDLE:
            self._begin(event.button, event.pos, erasing=event.button == _RIGHT)
        return None

    def _finger(self, event: Event) -> Wish | None:
        finger = (event.touch_id, event.finger_id)
        width, height = self._screen.layout.window.size
        place = (event.x * width, event.y * height)
        if event.type == pygame.FINGERDOWN:
            if self._holder is None:
                self._begin(finger, place, erasing=False)
        elif finger == self._holder:
            if event.type == pygame.FINGERUP:
                return self._lift(place)
            self._go_on(place)
        return None

    def _begin(
        self, holder: int | tuple[int, int], place: tuple[float, float], erasing: bool
    ) -> None:
        pressed = None if erasing else self._screen.action_at(*place, self._board)
        if pressed is not None:
            self._holder, self._screen.pressed = holder, pressed
            return
        if self._board.show_help:
            if not self._screen.help.covers(*place):
                self._board.toggle_help()
            return
        if self._screen.who.shown:
            if not self._screen.people.covers(*place):
                self._screen.who.close()
            return
        if not self._screen.layout.canvas.collidepoint(place):
            return
        if self._board.asking:
            self._answer_with(place)
            return
        self._holder = holder
        self._erasing = erasing or self._board.erasing
        if self._erasing:
            self._board.erase_at(*self._screen.view.to_page(*place), self._reach())
            return
        answer = self._screen.answer_at(*place)
        if answer is not None and time.perf_counter() - self.lifted_at >= self.rest:
            self._click = _Click(place, _milliseconds(), answer)
        else:
            self._board.pen_down(*self._screen.view.to_page(*place), _milliseconds())

    def _answer_with(self, place: tuple[float, float]) -> None:
        """The pen comes down while it is asked what a character is; that draws nothing."""
        if self._screen.picker.covers(*place):
            self._screen.picker.press(self._board, *place)
            return
        answer = self._screen.answer_at(*place)
        if answer is None:
            self._board.ask()
        else:
            self._board.select(answer)

    def _go_on(self, place: tuple[float, float]) -> None:
        if self._screen.pressed is not None:
            return
        if self._click is not None:
            if math.dist(self._click.place, place) <= self._screen.layout.pixels(_CLICK_REACH):
                return
            self._draw_instead()
        if self._erasing:
            self._board.erase_to(*self._screen.view.to_page(*place), self._reach())
        else:
            self._board.pen_move(*self._screen.view.to_page(*place), _milliseconds())

    def _lift(self, place: tuple[float, float]) -> Wish | None:
        """The player lifts the pen."""
        self._go_on(place)
        click, pressed = self._click, self._screen.pressed
        if click is not None and _milliseconds() - click.ms < _CLICK_MS:
            self._choose(click.answer)
        elif click is not None:
            self._draw_instead()
        self._let_go()
        if pressed is not None and pressed == self._screen.action_at(*place, self._board):
            return self._press(pressed)
        return None

    def _let_go(self) -> None:
        """Nothing is held any more, for whatever reason; a click or a press is not waited for."""
        draws = not self._erasing and self._click is None and self._screen.pressed is None
        if self._holder is not None and draws:
            self.lifted_at = time.perf_counter()
            self._board.pen_up(_milliseconds())
        self._holder = self._click = self._screen.pressed = None
        self._erasing = False

    def _draw_instead(self) -> None:
        """What might have been a click is a stroke, from its beginning on."""
        assert self._click is not None
        self._board.pen_down(*self._screen.view.to_page(*self._click.place), self._click.ms)
        self._click = None

    def _choose(self, answer: int) -> None:
        """Selects an answer, or drops it; with Shift joins it with the selected one."""
        board = self._board
        if pygame.key.get_mods() & pygame.KMOD_SHIFT and board.selected is not None:
            board.join(answer)
        else:
            board.select(None if answer == board.selected else answer)

    def _reach(self) -> float:
        return _ERASER_REACH * self._screen.layout.scale / self._screen.view.scale

    def _wheel(self, notches: int) -> None:
        if self._screen.who.shown:
            self._screen.who.move(-notches)
        elif self._holder is None and notches:
            (self._board.widen_pen if notches > 0 else self._board.narrow_pen)()

    def _key(self, event: Event) -> Wish | None:
        keys, board = keys_of(event), self._board
        if self._screen.who.shown and not _is_command(keys):
            self._let_go()
            return "switch" if self._screen.who.key(typed_of(event)) else None
        action = action_of_keys(keys, board, self._screen.views)
        if board.show_help and keys:
            if action is HELP and self._screen.help.turn(1):
                return None
            board.toggle_help()  # what any other key does is to be seen
            if action is HELP or keys == ("escape",):
                return None
        said = self._said(event)
        if said is not None:
            self._let_go()
            board.name(said)
            return None
        if board.asking and keys:
            board.ask()
            if keys in (("escape",), ("t",)):
                return None
        return None if action is None else self._do(action)

    def _said(self, event: Event) -> str | None:
        """What a key says that a character is; None where it says nothing of that kind.

        A digit does so wherever a character is selected; a letter only where that is asked, and
        letters are read.
        """
        board, typed = self._board, event.unicode
        if len(typed) != 1 or not typed.isascii():
            return None
        if typed in DIGITS:
            return str(typed) if board.asking or board.selected is not None else None
        letters = board.asking and len(board.labels) > len(DIGITS)
        return str(typed) if letters and typed.isalpha() else None

    def _press(self, name: str) -> Wish | None:
        """A button was pressed: in the toolbar, in the help, or on the card of names."""
        who = self._screen.who
        if who.shown and name in self._screen.people.actions:
            return "switch" if self._screen.people.press(who, name) else None
        if name in TURNS:
            self._screen.help.turn(TURNS[name])
            return None
        if self._board.show_help:
            self._board.toggle_help()
            if name == HELP.name:
                return None
        return self._do(named(name))

    def _do(self, action: Action) -> Wish | None:
        """Does it, or returns what only the window can do."""
        self._let_go()
        if action.does not in _BESIDE_NAMES:
            self._screen.who.close()
        if isinstance(action.does, str):
            return action.does
        action.does(self._board, self._screen.views)
        return None


_MOUSE = {pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP}
# A Mac has no touch screen, but SDL tells of fingers that merely rest on its trackpad.
_FINGER = (
    {pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP} if sys.platform != "darwin" else set()
)
# What is done without closing the card of names: "who" closes it by itself.
_BESIDE_NAMES: tuple[Wish, ...] = ("full screen", "who")
_LOSSES = {pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN}
_EXPOSURES = {pygame.VIDEOEXPOSE, pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN}


def _is_command(keys: tuple[str, ...]) -> bool:
    """Whether a key does what it does also where words are typed."""
    return any(key.startswith("command+") or key in ("f1", "f11") for key in keys)


def _milliseconds() -> float:
    return time.monotonic() * 1000


def _is_large(path: Path) -> bool:
    try:
        return path.stat().st_size > _LARGE
    except OSError:  # opening it says what is wrong
        return False
