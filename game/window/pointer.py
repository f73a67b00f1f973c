"""Mouse, pen and fingers in the window: they press buttons, and draw and erase on the canvas."""

from __future__ import annotations

import math
import sys
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass

import pygame
from pygame.event import Event

from game.inspector.state import Inspector
from game.page.board import Board
from game.page.commands import Action, Wish
from game.ui.canvas.canvas import Canvas

_LEFT, _MIDDLE, _RIGHT = 1, 2, 3
_CLICK_MS, _CLICK_REACH = 250.0, 4.0  # a click takes less time, and moves fewer pixels at scale 1
_REST = 1.0  # seconds after the pen's last lifting until a click can be meant to select
_ERASER_REACH = 8.0  # pixels from the eraser's middle, beside half the pen's width
Place = tuple[float, float]  # in the window's pixels
Holder = int | tuple[int, int]  # a button of the mouse, or a touch screen and its finger


@dataclass(frozen=True)
class _Click:
    """The pen is down on an answer's frame or caption, perhaps to select that answer.

    place: in pixels. ms: when. answer: its index in the reading.
    """

    place: Place
    ms: float
    answer: int


class Pointer(ABC):
    """What points at the window, in its pixels, told to the board in the page's units.

    A short click on an answer's frame or caption selects it; whatever moves or takes longer draws
    there as everywhere. Just after a stroke any click draws, such as the dot of an i.

    A button acts when it is let go, where that is on the button still: a hand that came down on it
    unawares can slide away.

    lifted_at: when the last lifting of the pen was handled, on `time.perf_counter`'s clock.
    rest: seconds from then on until clicks may select.
    """

    def __init__(self, board: Board, canvas: Canvas) -> None:
        self.board = board
        self._canvas = canvas
        # What is on the canvas: a button of the mouse, or one finger of a touch screen. All others
        # are ignored until it is gone, so that nothing is drawn twice.
        self._holder: Holder | None = None
        self._erasing = False
        self._click: _Click | None = None
        self.lifted_at = 0.0
        self.rest = _REST

    @abstractmethod
    def action_at(self, place: Place) -> str | None:
        """What the button there does; None where there is none to press."""

    @abstractmethod
    def press(self, action: str) -> Wish | None:
        """Does what a button does. Returns what only the window can do."""

    def takes_pen(self, place: Place, erasing: bool) -> bool:
        """Whether the pen writes, or erases, from where it comes down, which no button is at."""
        return bool(self._canvas.layout.canvas.collidepoint(place))

    def point(self, event: Event) -> Wish | None:
        """Acts on an event of the mouse, a finger or the window. Returns what only that can do."""
        kind = event.type
        if kind in _MOUSE:
            if not (_FINGER and getattr(event, "touch", False)):  # what a finger did, told twice
                return self._mouse(event)
        elif kind in _FINGER:
            return self._finger(event)
        elif kind == pygame.MOUSEWHEEL:
            self._wheel(event.y)
        elif kind in _LOSSES:
            self.let_go()
        elif kind == pygame.QUIT:
            self.let_go()
            return "quit"
        elif kind in _EXPOSURES:
            return "redraw"
        return None

    def let_go(self) -> None:
        """Nothing is held any more, for whatever reason; a click or a press is not waited for."""
        draws = not self._erasing and self._click is None and self._canvas.pressed is None
        if self._holder is not None and draws:
            self.lifted_at = time.perf_counter()
            self.board.pen_up(_milliseconds())
        self._holder = self._click = self._canvas.pressed = None
        self._erasing = False

    def do(self, action: Action, inspector: Inspector) -> Wish | None:
        """Does it, or returns what only the window can do."""
        self.let_go()
        if isinstance(action.does, str):
            return action.does
        action.does(self.board, inspector)
        return None

    # Inside

    def _mouse(self, event: Event) -> Wish | None:
        if event.type == pygame.MOUSEMOTION:
            if not isinstance(self._holder, int):
                return None
            if event.buttons[self._holder - 1]:
                self._go_on(event.pos)
            else:  # it was lifted where the window could not see it
                self.let_go()
        elif event.button not in (_LEFT, _MIDDLE, _RIGHT):
            return None  # the wheel, which has its own event, and the thumb's buttons
        elif event.type == pygame.MOUSEBUTTONUP:
            if event.button == self._holder:
                return self._lift(event.pos)
        elif self._holder is not None:
            self.let_go()  # a second button ends the stroke, and starts nothing
        elif event.button != _MIDDLE:
            self._begin(event.button, event.pos, erasing=event.button == _RIGHT)
        return None

    def _finger(self, event: Event) -> Wish | None:
        finger = (event.touch_id, event.finger_id)
        width, height = self._canvas.layout.window.size
        place = (event.x * width, event.y * height)
        if event.type == pygame.FINGERDOWN:
            if self._holder is None:
                self._begin(finger, place, erasing=False)
        elif finger == self._holder:
            if event.type == pygame.FINGERUP:
                return self._lift(place)
            self._go_on(place)
        return None

    def _begin(self, holder: Holder, place: Place, erasing: bool) -> None:
        pressed = None if erasing else self.action_at(place)
        if pressed is not None:
            self._holder, self._canvas.pressed = holder, pressed
            return
        if not self.takes_pen(place, erasing):
            return
        self._holder = holder
        self._erasing = erasing or self.board.erasing
        if self._erasing:
            self.board.erase_at(*self._canvas.viewport.to_page(*place), self._reach())
            return
        answer = self._canvas.answer_at(*place)
        if answer is not None and time.perf_counter() - self.lifted_at >= self.rest:
            self._click = _Click(place, _milliseconds(), answer)
        else:
            self.board.pen_down(*self._canvas.viewport.to_page(*place), _milliseconds())

    def _go_on(self, place: Place) -> None:
        if self._canvas.pressed is not None:
            return
        if self._click is not None:
            if math.dist(self._click.place, place) <= self._canvas.layout.pixels(_CLICK_REACH):
                return
            self._draw_instead()
        if self._erasing:
            self.board.erase_to(*self._canvas.viewport.to_page(*place), self._reach())
        else:
            self.board.pen_move(*self._canvas.viewport.to_page(*place), _milliseconds())

    def _lift(self, place: Place) -> Wish | None:
        """The player lifts the pen."""
        self._go_on(place)
        click, pressed = self._click, self._canvas.pressed
        if click is not None and _milliseconds() - click.ms < _CLICK_MS:
            self._choose(click.answer)
        elif click is not None:
            self._draw_instead()
        self.let_go()
        if pressed is not None and pressed == self.action_at(place):
            return self.press(pressed)
        return None

    def _draw_instead(self) -> None:
        """What might have been a click is a stroke, from its beginning on."""
        assert self._click is not None
        self.board.pen_down(*self._canvas.viewport.to_page(*self._click.place), self._click.ms)
        self._click = None

    def _choose(self, answer: int) -> None:
        """Selects an answer, or drops it; with Shift joins it with the selected one."""
        board = self.board
        if pygame.key.get_mods() & pygame.KMOD_SHIFT and board.selected is not None:
            board.join(answer)
        else:
            board.select(None if answer == board.selected else answer)

    def _reach(self) -> float:
        return _ERASER_REACH * self._canvas.layout.scale / self._canvas.viewport.scale

    def _wheel(self, notches: int) -> None:
        if self._holder is None and notches:
            (self.board.widen_pen if notches > 0 else self.board.narrow_pen)()


_MOUSE = {pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP}
# A Mac has no touch screen, but SDL tells of fingers that merely rest on its trackpad.
_FINGER = (
    {pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP} if sys.platform != "darwin" else set()
)
_LOSSES = {pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN}
_EXPOSURES = {pygame.VIDEOEXPOSE, pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN}


def _milliseconds() -> float:
    return time.monotonic() * 1000
