"""How keys are called on the screen."""

from __future__ import annotations

import sys

COMMAND = "Cmd" if sys.platform == "darwin" else "Ctrl"
_NAMES = {"command": COMMAND, "escape": "Esc"}


def cap(key: str) -> str:
    """What stands on a key that `keyboard.keys_of` calls so: "Ctrl+Z" for "command+z"."""
    return "+".join(_NAMES.get(part, part.capitalize()) for part in key.split("+"))
