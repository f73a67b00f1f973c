"""What goes on in a mode, from its start page to its last; it has a board of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from random import Random

from game.page.board import Board
from game.page.commands import Command, CommandGroup
from game.profiles.profile import Profile
from models.ink.strokes import Drawing, Stroke


class Session(ABC):
    """One person's session on a board of its own. It begins with its page "start".

    source: of the drawings that it keeps.
    page: which page is shown.
    now: seconds, on a clock that only goes forward; set before each event and in each `step`.
    leaving: the command that ends the mode.
    """

    source: str
    page: str

    def __init__(
        self, board: Board, profile: Profile, random: Random, leave: Callable[[], None]
    ) -> None:
        """leave: ends the mode."""
        self.board = board
        self.profile = profile
        self.page = "start"
        self.now = 0.0
        self._random = random
        self.leaving = Command("leave", "Leave", leave, ("escape",))

    @property
    @abstractmethod
    def is_writing(self) -> bool:
        """Whether there is a canvas to be written on."""

    @abstractmethod
    def groups(self) -> tuple[CommandGroup, ...]:
        """All that can be done now: on the start page a row each, elsewhere the bar is the last."""

    @abstractmethod
    def state(self) -> tuple[object, ...]:
        """Differs whenever something else is to be seen than before."""

    def step(self, now: float) -> None:
        """Reads the board and lets the time go on; once each frame."""
        self.now = now
        self.board.tick(now)
        self.board.read()

    def _empty_page(self) -> None:
        self.board.document.clear()
        self.board.document.forget_steps()
        self.board.read_now()

    def _drawing(self, ink: tuple[Stroke, ...], label: str, read: str, id: str = "") -> Drawing:
        """Ink of the page to be kept. read: what it reads as."""
        page = self.board.document
        return Drawing(
            ink,
            id=id,
            label=label,
            writer=self.profile.name,
            width=page.size[0],
            height=page.size[1],
            source=self.source,
            extra={"read": read, "pen": page.pen},
        )
