"""The window itself: opening, title, pointer, clipboard, full screen. Draws nothing."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

import pygame
from pygame import Surface

from game.ui.canvas.cursor import pointer
from game.ui.layout import SMALLEST, USUAL
from game.ui.widgets.icon import icon
from game.window.scale import usual_scale
from models.util.errors import InklingError

NAME = "Inkling"
# SDL's drivers that show nothing; it falls back to them where there is no screen.
_INVISIBLE = {"offscreen", "dummy"}
# One of these says where the screen is; asking SDL without them makes its libraries complain.
_LINUX_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
_MOST_WINDOWS = 10_000  # ever opened by one process: full screen and back are two
_DESKTOP_SHARE = 0.9  # of the desktop that a new window takes at most


class NoDisplay(InklingError):
    """There is no screen to open a window on."""


class Window:
    """One window of the desktop. scale: how large its interface is, see `game.window.scale`."""

    def __init__(self, scale: float | None = None) -> None:
        """Opens it. scale: None for the desktop's own. Raises NoDisplay."""
        _prepare()
        if sys.platform.startswith("linux") and not any(map(os.environ.get, _LINUX_DISPLAYS)):
            raise NoDisplay("No display: there is no screen to open a window on.")
        try:
            pygame.display.init()
        except pygame.error as error:
            raise NoDisplay(f"No display: {error}.") from None
        driver = pygame.display.get_driver()
        if driver in _INVISIBLE and os.environ.get("SDL_VIDEODRIVER") != driver:
            pygame.display.quit()
            raise NoDisplay("No display: there is no screen to open a window on.")
        if driver == "x11":
            # Straight into shared memory. SDL's usual way, a texture on the graphics card, takes
            # ten times as long for a picture that was drawn by the processor, and longer to open.
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        pygame.font.init()
        self.scale = usual_scale(driver) if scale is None else scale
        # Without a screen there is nothing to fit into, and every replay has the same canvas.
        room = (1 << 16, 1 << 16) if driver in _INVISIBLE else pygame.display.get_desktop_sizes()[0]
        self._windowed = _fitting(USUAL, self.scale, room)
        self._full_screen = False
        self._title = ""
        self._pointer: tuple[int, bool] | None = None
        pygame.display.set_icon(icon())
        self.title("")
        self._open(self._windowed)

    @property
    def surface(self) -> Surface:
        """What is drawn on; another one after each change of the window's size."""
        return pygame.display.get_surface()

    def show(self) -> None:
        """Brings what was drawn to the screen."""
        pygame.display.flip()

    def title(self, answer: str, profile: str = "") -> None:
        """Names the window after the answer, so that it also shows in the task bar.

        profile: the name of the one in use, "" where only the usual one is.
        """
        title = " - ".join(part for part in (answer, profile, NAME) if part)
        if title != self._title:
            self._title = title
            pygame.display.set_caption(title)

    def pointer(self, diameter: float, erasing: bool) -> None:
        """Shows the pen's width, in pixels, as the mouse pointer."""
        if self._pointer != (round(diameter), erasing):
            self._pointer = (round(diameter), erasing)
            with contextlib.suppress(pygame.error):  # a desktop without pointers of one's own
                pygame.mouse.set_cursor(pointer(diameter, erasing))

    def toggle_full_screen(self) -> None:
        """Full screen and back to the window's size before."""
        if not self._full_screen:
            self._windowed = self.surface.get_size()
        self._full_screen = not self._full_screen
        self._pointer = None
        self._open(self._windowed)

    def copy(self, words: str) -> bool:
        """Puts words on the clipboard. Returns whether that worked."""
        try:
            if not pygame.scrap.get_init():
                pygame.scrap.init()
            pygame.scrap.put("text/plain;charset=utf-8", words.encode())
        except (pygame.error, NotImplementedError, AttributeError):
            return False
        return True

    def close(self) -> None:
        """Closes it; what is on the clipboard may go with it."""
        pygame.display.quit()

    def _open(self, size: tuple[int, int]) -> None:
        if self._full_screen:
            pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
            return
        pygame.display.set_mode(size, pygame.RESIZABLE)
        if pygame.display.get_window_size() != size:
            # Back from full screen SDL keeps that size at first, and takes the other one now.
            pygame.display.set_mode(size, pygame.RESIZABLE)
        _set_minimum(round(SMALLEST[0] * self.scale), round(SMALLEST[1] * self.scale))


def _prepare() -> None:
    """Asks SDL to behave as the desktop expects."""
    for name, value in {
        "SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR": "0",  # leave the desktop's effects on
        "SDL_VIDEO_ALLOW_SCREENSAVER": "1",
        "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",  # the click that comes to the window draws at once
    }.items():
        os.environ.setdefault(name, value)


def _fitting(size: tuple[int, int], scale: float, room: tuple[int, int]) -> tuple[int, int]:
    """A window's size at a scale, no larger than the desktop has room for."""
    return (
        min(round(size[0] * scale), max(SMALLEST[0], int(room[0] * _DESKTOP_SHARE))),
        min(round(size[1] * scale), max(SMALLEST[1], int(room[1] * _DESKTOP_SHARE))),
    )


def _set_minimum(width: int, height: int) -> None:
    """Keeps the window from becoming too small. pygame has no call for it, but its SDL has.

    Where SDL is not found the layout copes with a smaller window.
    """
    try:
        sdl = ctypes.CDLL("SDL2" if sys.platform == "win32" else pygame.display.__file__)
        by_id, set_minimum = sdl.SDL_GetWindowFromID, sdl.SDL_SetWindowMinimumSize
    except (AttributeError, OSError, TypeError):
        return
    by_id.restype = ctypes.c_void_p
    by_id.argtypes = [ctypes.c_uint32]
    set_minimum.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    # SDL numbers windows from 1, and pygame has one at a time. pygame's own way to its number, in
    # pygame._sdl2, leaves a dangling pointer behind that crashes later.
    for number in range(1, _MOST_WINDOWS):
        window = by_id(number)
        if window:
            set_minimum(window, width, height)
            return
