"""Practice in the window, beside the page."""

from __future__ import annotations

from random import Random

from game.modes.mode import Mode
from game.modes.practice.session import Practice
from game.page.board import Board
from game.profiles.profile import Profile
from game.ui.modes.practice import PracticeScreen
from game.window.pointer import Place


class PracticeMode(Mode):
    """Practice from `G` to `Esc`."""

    title = "Practice"
    doing = "practice"
    canvas_actions = frozenset(
        {"eraser", "thinner", "thicker", "join", "split", "before", "after", "boxes"}
    )

    def __init__(self, board: Board, profile: Profile, size: tuple[int, int], scale: float) -> None:
        """board: that reads digits. size: of the window, in pixels."""
        self.practice = Practice(board, profile, Random())
        super().__init__(self.practice, PracticeScreen(self.practice, size, scale))

    def takes_pen(self, place: Place, erasing: bool) -> bool:
        """What comes down to write, after a verdict, begins the next answer, or ends the round."""
        if not super().takes_pen(place, erasing):
            return False
        if not erasing:
            self.practice.pen_touches(self._now)
        return self.practice.is_writing
