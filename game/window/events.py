"""Events become calls on the board. The only file that takes events from pygame."""

from __future__ import annotations

import contextlib
import time
from abc import abstractmethod
from pathlib import Path

import pygame
from pygame import Surface
from pygame.event import Event

from game.page.board import Board
from game.page.commands import App, command_for
from game.ui.canvas.canvas import Canvas
from game.ui.dialogs.layer import Layer
from game.window.keyboard import keys_of, typed_of
from game.window.pointer import Pointer

# Seconds between looks at the queue: the longer nothing happens, the longer the next pause. The
# last is too short to be felt, and costs no more than half a percent of a processor.
_PAUSE, _LONGEST_PAUSE, _PAUSE_GROWTH = 0.001, 0.010, 1.05
_EXPOSURES = {pygame.VIDEOEXPOSE, pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED, pygame.WINDOWSHOWN}


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


def wake() -> None:
    """Ends the waiting of `take`, from any thread."""
    with contextlib.suppress(pygame.error):  # the window is closed, or has enough events
        pygame.event.post(Event(pygame.USEREVENT))


class Controller(Pointer):
    """What the window does in one mode: acts on its events, goes on in each frame, and draws.

    The page has one, and so has each mode in its place.
    """

    def __init__(self, board: Board, screen: Canvas, app: App) -> None:
        super().__init__(board, screen)
        self._app = app
        self._unicode = ""  # what the last key wrote

    @property
    @abstractmethod
    def title(self) -> str:
        """What the window's title says."""

    @property
    def busy(self) -> bool:
        """Whether another `update` would show more, though nothing happens."""
        return False

    @abstractmethod
    def update(self, size: tuple[int, int], now: float, begun: float) -> tuple[object, ...]:
        """Reads, lets time go on, and lays out; once each frame.

        size: of the window, in pixels.
        now: seconds, on a clock that only goes forward.
        begun: when the frame began, on `time.perf_counter`'s clock.
        Returns what differs whenever something else is to be seen than before.
        """

    @abstractmethod
    def draw(self, surface: Surface) -> None:
        """Draws one frame."""

    @abstractmethod
    def open(self, path: Path) -> None:
        """A drawing was dropped on the window."""

    def handle(self, event: Event) -> None:
        if event.type == pygame.KEYDOWN:
            self._unicode = event.unicode
            self._key(keys_of(event), typed_of(event))
        elif event.type == pygame.DROPFILE:
            self.open(Path(event.file))
        elif event.type == pygame.QUIT:
            self.let_go()
            self._app.quit()
        elif event.type in _EXPOSURES:
            self._app.redraw()
        elif not (self.layers and self._is_for_layer(self.layers[-1], event)):
            self.point(event)

    def key(self, keys: tuple[str, ...], typed: str) -> None:
        """Acts on a key that no layer is for. keys, typed: as `keyboard` names it."""
        command = command_for(keys, self.commands())
        if command is not None:
            self.run(command)

    def _key(self, keys: tuple[str, ...], typed: str) -> None:
        """The topmost layer that a key is for gets it."""
        for layer in tuple(reversed(self.layers)):
            if layer.key(keys, typed):
                self.let_go()
                return
        self.key(keys, typed)

    def _is_for_layer(self, layer: Layer, event: Event) -> bool:
        """Gives text and the wheel to the topmost layer. Returns whether it takes them."""
        if event.type == pygame.MOUSEWHEEL:
            return layer.wheel(event.y)
        # Of an input method; SDL sends what a plain key writes a second time.
        if event.type == pygame.TEXTINPUT:
            return layer.type_text(event.text.removeprefix(self._unicode))
        return False
