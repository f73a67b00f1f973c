"""Practice in the window, in the page's place."""

from __future__ import annotations

from pathlib import Path
from random import Random

from game.modes.mode import Mode
from game.modes.practice.session import Practice
from game.page.board import Board
from game.page.commands import App
from game.profiles.profile import Profile
from game.ui.layout import Point
from game.ui.modes.practice import PracticeScreen
from game.window.pointer import PointerId


class PracticeMode(Mode):
    """Practice from `G` to `Esc`."""

    title = "Practice"
    activity = "practice"
    canvas_commands = frozenset(
        {"eraser", "thinner", "thicker", "join", "split", "before", "after", "boxes"}
    )

    def __init__(
        self,
        app: App,
        board: Board,
        profile: Profile,
        size: tuple[int, int],
        scale: float,
        folder: Path,
    ) -> None:
        """board: that reads digits. size: of the window, in pixels. folder: for worksheets."""
        self.practice = Practice(board, profile, Random(), app.leave_mode, folder)
        super().__init__(self.practice, PracticeScreen(self.practice, size, scale), app)

    def begin_stroke(self, pointer: PointerId, point: Point, erasing: bool) -> None:
        """What comes down to write, after a verdict, begins the next answer, or ends the round."""
        if not erasing:
            self.practice.pen_touches()
        if self.practice.is_writing:
            super().begin_stroke(pointer, point, erasing)
