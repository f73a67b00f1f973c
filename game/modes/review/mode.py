"""Review in the window."""

from __future__ import annotations

from game.modes.mode import Mode
from game.modes.review.session import Review
from game.page.commands import App
from game.ui.modes.review import ReviewScreen


class ReviewMode(Mode):
    """The review of a scan; the window ends with it."""

    title = "Review"
    activity = "the review"
    canvas_commands = frozenset({"eraser", "undo", "redo"})

    def __init__(self, app: App, review: Review, size: tuple[int, int], scale: float) -> None:
        """size: of the window, in pixels."""
        self.review = review
        super().__init__(review, ReviewScreen(review, size, scale), app)

    def key(self, keys: tuple[str, ...], typed: str) -> None:
        """Characters are the answer, all other keys are commands."""
        if self.review.is_writing and not any(key.startswith("command+") for key in keys):
            if typed == "backspace":
                self.review.untype()
                return
            if len(typed) == 1 and self.review.type(typed):
                return
        super().key(keys, typed)
