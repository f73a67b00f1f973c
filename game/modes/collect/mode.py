"""Collecting in the window, in the page's place."""

from __future__ import annotations

from random import Random

from game.modes.collect.session import Collect
from game.modes.mode import Mode
from game.page.board import Board
from game.page.commands import App
from game.profiles.profile import Profile
from game.ui.modes.collect import CollectScreen


class CollectMode(Mode):
    """Collecting from `L` to `Esc`."""

    title = "Collect"
    activity = "collecting"
    canvas_commands = frozenset({"eraser", "thinner", "thicker", "undo", "redo"})

    def __init__(
        self, app: App, board: Board, profile: Profile, size: tuple[int, int], scale: float
    ) -> None:
        """board: that reads in the page's mode. size: of the window, in pixels."""
        board.show_boxes = False  # what is read is no verdict here
        self.collect = Collect(board, profile, Random(), app.leave_mode)
        super().__init__(self.collect, CollectScreen(self.collect, size, scale), app)
