"""Mouse, pen and fingers in the window: they press buttons, and draw and erase on the canvas."""

from __future__ import annotations

import math
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import pygame
from pygame.event import Event

from game.page.board import Board
from game.page.commands import Command
from game.ui.canvas.canvas import Canvas
from game.ui.dialogs.layer import Layer
from game.ui.layout import Point
from game.ui.widgets.buttons import command_at

_LEFT, _MIDDLE, _RIGHT = 1, 2, 3
_CLICK_MS, _CLICK_REACH = 250.0, 4.0  # a click takes less time, and moves fewer pixels at scale 1
_REST = 1.0  # seconds after the pen's last lifting until a click can be meant to select
_ERASER_REACH = 8.0  # pixels from the eraser's middle, beside half the pen's width
PointerId = int | tuple[int, int]  # a button of the mouse, or a touch screen and its finger
_LENT: PointerId = (-1, -1)  # no pointer of this window, but a phone's pen


@dataclass(frozen=True)
class _Click:
    """The pen is down on an answer's frame or caption, perhaps to select that answer.

    point: in pixels. ms: when. answer: its index in the reading.
    """

    point: Point
    ms: float
    answer: int


class Pointer(ABC):
    """Turns what points at the window, in its pixels, into calls on the board in the page's units.

    A short click on an answer's frame or caption selects it; whatever moves or takes longer draws
    there as everywhere. Just after a stroke any click draws, such as the dot of an i.

    A button acts when it is let go, where that is on the button still: a hand that came down on it
    unawares can slide away.

    board: of what is written here.
    screen: where that stands on the window.
    layers: the cards over the canvas, the topmost last.
    pressed: the name of the command whose button is held down.
    lifted_at: when the last lifting of the pen was handled, on `time.perf_counter`'s clock.
    rest: seconds from then on until clicks may select.
    """

    def __init__(self, board: Board, screen: Canvas) -> None:
        self.board = board
        self.screen = screen
        self.layers: list[Layer] = []
        self.pressed: str | None = None
        # What is on the canvas: a button of the mouse, or one finger of a touch screen. All others
        # are ignored until it is gone, so that nothing is drawn twice.
        self._active: PointerId | None = None
        self._erasing = False
        self._click: _Click | None = None
        self.lifted_at = 0.0
        self.rest = _REST

    @abstractmethod
    def commands(self) -> Sequence[Command]:
        """All that can be done now, but for the layers' own."""

    @property
    def accepts_pen(self) -> bool:
        """Whether there is a canvas to be written on."""
        return True

    def command_at(self, point: Point) -> Command | None:
        """What the topmost button at a point does; None where there is none to press.

        Nor is there one that has no command any more, since the frame that showed it.
        """
        for layer in reversed(self.layers):
            command = layer.command_at(point)
            if command is not None or layer.covers(point):
                return command
        drawn = command_at(self.screen.buttons, point)
        if drawn is None:
            return None
        same = (each for each in self.commands() if each.name == drawn.name and each.enabled)
        return next(same, None)

    def run(self, command: Command) -> None:
        """Does what a key or a button is for; whatever was held is let go."""
        self.let_go()
        command.handler()

    def point(self, event: Event) -> None:
        """Acts on an event of the mouse, a finger or the window."""
        kind = event.type
        if kind in _MOUSE:
            if not (_FINGER and getattr(event, "touch", False)):  # SDL sends a finger's twice
                self._mouse(event)
        elif kind in _FINGER:
            self._finger(event)
        elif kind == pygame.MOUSEWHEEL:
            self._wheel(event.y)
        elif kind in _LOSSES:
            self.let_go()

    def let_go(self) -> None:
        """Nothing is held any more, for whatever reason; a click or a press is not waited for."""
        if self._active == _LENT:
            return
        draws = not self._erasing and self._click is None and self.pressed is None
        if self._active is not None and draws:
            self.lifted_at = time.perf_counter()
            self.board.document.pen_up(_milliseconds())
        self._active = self._click = self.pressed = None
        self._erasing = False

    def lend(self) -> None:
        """Another pen writes on the board now: what points at the window is ignored meanwhile."""
        self.let_go()
        self._active = _LENT

    def take_back(self) -> None:
        """The other pen is lifted."""
        if self._active == _LENT:
            self._active = None
            self.lifted_at = time.perf_counter()

    def begin_stroke(self, pointer: PointerId, point: Point, erasing: bool) -> None:
        """The pen comes down on the canvas: to write, to erase, or perhaps to select an answer."""
        self._active = pointer
        self._erasing = erasing or self.board.erasing
        if self._erasing:
            self.board.document.erase_at(*self.screen.viewport.to_page(*point), self._reach())
            return
        answer = self.screen.answer_at(*point)
        if answer is not None and time.perf_counter() - self.lifted_at >= self.rest:
            self._click = _Click(point, _milliseconds(), answer)
        else:
            self.board.document.pen_down(*self.screen.viewport.to_page(*point), _milliseconds())

    # Inside

    def _mouse(self, event: Event) -> None:
        if event.type == pygame.MOUSEMOTION:
            if not isinstance(self._active, int):
                return
            if event.buttons[self._active - 1]:
                self._go_on(event.pos)
            else:  # it was lifted where the window could not see it
                self.let_go()
        elif event.button not in (_LEFT, _MIDDLE, _RIGHT):
            return  # the wheel, which has its own event, and the thumb's buttons
        elif event.type == pygame.MOUSEBUTTONUP:
            if event.button == self._active:
                self._lift(event.pos)
        elif self._active is not None:
            self.let_go()  # a second button ends the stroke, and starts nothing
        elif event.button != _MIDDLE:
            self._press(event.button, event.pos, erasing=event.button == _RIGHT)

    def _finger(self, event: Event) -> None:
        finger = (event.touch_id, event.finger_id)
        width, height = self.screen.layout.window.size
        point = (event.x * width, event.y * height)
        if event.type == pygame.FINGERDOWN:
            if self._active is None:
                self._press(finger, point, erasing=False)
        elif finger == self._active:
            if event.type == pygame.FINGERUP:
                self._lift(point)
            else:
                self._go_on(point)

    def _press(self, pointer: PointerId, point: Point, erasing: bool) -> None:
        command = None if erasing else self.command_at(point)
        if command is not None:
            self._active, self.pressed = pointer, command.name
        elif self.layers:
            self.layers[-1].press(point)
        elif self.accepts_pen and self.screen.layout.canvas.collidepoint(point):
            self.begin_stroke(pointer, point, erasing)

    def _go_on(self, point: Point) -> None:
        if self.pressed is not None:
            return
        if self._click is not None:
            if math.dist(self._click.point, point) <= self.screen.layout.pixels(_CLICK_REACH):
                return
            self._draw_instead()
        if self._erasing:
            self.board.document.erase_to(*self.screen.viewport.to_page(*point), self._reach())
        else:
            self.board.document.pen_move(*self.screen.viewport.to_page(*point), _milliseconds())

    def _lift(self, point: Point) -> None:
        """The player lifts the pen, or lets a button go."""
        self._go_on(point)
        click, pressed = self._click, self.pressed
        if click is not None and _milliseconds() - click.ms < _CLICK_MS:
            self._select(click.answer)
        elif click is not None:
            self._draw_instead()
        self.let_go()
        command = None if pressed is None else self.command_at(point)
        if command is not None and command.name == pressed:
            self.run(command)

    def _draw_instead(self) -> None:
        """What might have been a click is a stroke, from its beginning on."""
        assert self._click is not None
        self.board.document.pen_down(
            *self.screen.viewport.to_page(*self._click.point), self._click.ms
        )
        self._click = None

    def _select(self, answer: int) -> None:
        """Selects an answer, or drops it; with Shift joins it with the selected one."""
        board = self.board
        if pygame.key.get_mods() & pygame.KMOD_SHIFT and board.selected is not None:
            board.join(answer)
        else:
            board.select(None if answer == board.selected else answer)

    def _reach(self) -> float:
        return _ERASER_REACH * self.screen.layout.scale / self.screen.viewport.scale

    def _wheel(self, notches: int) -> None:
        if self._active is None and notches:
            (self.board.document.widen_pen if notches > 0 else self.board.document.narrow_pen)()


_MOUSE = {pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP}
# A Mac has no touch screen, but SDL reports fingers that merely rest on its trackpad.
_FINGER = (
    {pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP} if sys.platform != "darwin" else set()
)
_LOSSES = {pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN}


def _milliseconds() -> float:
    return time.monotonic() * 1000
