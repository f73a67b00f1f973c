"""What goes on in a mode, from its start page to its last; it has a board of its own."""

from __future__ import annotations

from typing import Protocol

from game.page.board import Board
from game.page.commands import CommandGroup


class Session(Protocol):
    """A session begins with its page "start".

    board: of its own.
    now: seconds, on a clock that only goes forward; set before each event and in each `step`.
    """

    board: Board
    now: float

    @property
    def page(self) -> str:
        """Which page is shown."""

    @property
    def is_writing(self) -> bool:
        """Whether there is a canvas to be written on."""

    def groups(self) -> tuple[CommandGroup, ...]:
        """All that can be done now: on the start page a row each, elsewhere the bar is the last."""

    def step(self, now: float) -> None:
        """Reads the board and lets the time go on; once each frame."""

    def state(self) -> tuple[object, ...]:
        """Differs whenever something else is to be seen than before."""
