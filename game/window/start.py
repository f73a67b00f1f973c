"""pygame, imported the way that a program which starts at once needs it."""

from __future__ import annotations

import os
import sys


def import_pygame() -> None:
    """Imports pygame without its greeting, which would be printed among the lines of `--json`.

    It comes without setuptools' pkg_resources, too, which takes half as long to import as all the
    rest. pygame asks it only where pygame's own files are, and finds them without it as well.
    """
    os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
    os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "inkling")  # else it is "__main__.py"
    blocked = "pkg_resources" not in sys.modules
    if blocked:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        import pygame  # noqa: F401
    finally:
        if blocked:
            del sys.modules["pkg_resources"]
