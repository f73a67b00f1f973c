"""How large the interface is drawn: 1 on a usual screen, 2 where a pixel is half as wide."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys

from models.util.errors import InputError

SMALLEST, LARGEST = 1.0, 4.0
_USUAL_DENSITY = 96.0  # pixels per inch, at which desktops draw at scale 1


def parse_scale(words: str, where: str) -> float:
    """A scale in words. where: what the error begins with. Raises InputError."""
    try:
        scale = float(words)
    except ValueError:
        scale = float("nan")
    if not SMALLEST <= scale <= LARGEST:
        raise InputError(
            f"{where}: {words!r} is no scale; a number from {SMALLEST:g} to {LARGEST:g} would be."
        )
    return scale


def usual_scale(driver: str) -> float:
    """The scale for this desktop, to a quarter: INKLING_SCALE, else that of the system.

    driver: the name of SDL's video driver. macOS, and Wayland's compositors, enlarge windows
    themselves. Raises InputError when INKLING_SCALE is no scale.
    """
    named = os.environ.get("INKLING_SCALE")
    if named:
        return parse_scale(named, "INKLING_SCALE")
    density = None
    if driver == "windows" and sys.platform == "win32":
        density = _windows_density()
    elif driver == "x11":
        density = _x11_density()
    scale = round(4 * (density or _USUAL_DENSITY) / _USUAL_DENSITY) / 4
    return min(max(scale, SMALLEST), LARGEST)


def _windows_density() -> float | None:
    try:
        return float(ctypes.windll.user32.GetDpiForSystem())  # type: ignore[attr-defined]
    except (AttributeError, OSError):
        return None


def _x11_density() -> float | None:
    """`Xft.dpi` of the X server's resources, which desktops set and toolkits follow."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XGetDefault.restype = ctypes.c_char_p
        x11.XGetDefault.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
        x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
        display = x11.XOpenDisplay(None)
        if not display:
            return None
        setting = x11.XGetDefault(display, b"Xft", b"dpi")
        density = float(setting) if setting else None
        x11.XCloseDisplay(display)
        return density
    except (AttributeError, OSError, ValueError):
        return None
