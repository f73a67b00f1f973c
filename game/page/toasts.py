"""Lines shown for a short while: what was done, or why not."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

TOAST_SECONDS = 4.0


@dataclass(frozen=True)
class Toast:
    """A line shown for a short while.

    until: seconds, on the clock of `Toasts.tick`; infinite before its next tick, since what the
    line is about, such as opening a large file, may itself have taken long.
    """

    text: str
    kind: Literal["info", "error"]
    until: float = math.inf


class Toasts:
    """One at a time; a new one takes the place of the old. current: None where there is none."""

    def __init__(self) -> None:
        self.current: Toast | None = None

    def show(self, text: str, kind: Literal["info", "error"]) -> None:
        """Shows one line from now on."""
        self.current = Toast(" ".join(text.split()), kind)

    def tick(self, now: float) -> bool:
        """Takes an old toast away.

        now: seconds, on a clock that only goes forward. Returns whether a toast has gone.
        """
        if self.current is None:
            return False
        if self.current.until == math.inf:
            self.current = replace(self.current, until=now + TOAST_SECONDS)
        elif now >= self.current.until:
            self.current = None
            return True
        return False
