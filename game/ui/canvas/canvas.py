"""The canvas on the window: the ink, its answers, and where they are."""

from __future__ import annotations

from collections.abc import Set

from pygame import Surface

from game.page.board import Board
from game.ui.canvas.answers import Placed, draw_answers, draw_specks, place_answers
from game.ui.canvas.ink import InkLayer
from game.ui.canvas.placing import Captions
from game.ui.canvas.viewport import Viewport, viewport_of
from game.ui.layout import Layout
from game.ui.toast import draw_invitation
from game.ui.widgets.buttons import Button
from models.ink.strokes import Box, bounding_box
from models.recognition.answer import Reading

_REACH = 4  # pixels at scale 1 from a frame's line or a caption, at which they are still hit


class Canvas:
    """Knows where ink and answers stand on the window, and draws them.

    layout: the window's parts.
    viewport: how the page lies under the canvas.
    placed: the answers where they stand now, in the reading's order; none while they are hidden.
    buttons: those around it, as they stand now.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.viewport = Viewport()
        self.placed: tuple[Placed, ...] = ()
        self.buttons: list[Button] = []
        self._ink = InkLayer()
        self._captions = Captions()
        self._covered: Box | None = None  # by the points of the finished strokes
        self._covered_for = (-1, 0)  # the board's ink revision and number of strokes then
        self._placed_for: tuple[object, ...] = ()

    def lay(self, board: Board, layout: Layout) -> None:
        """The window has these parts now; while the pen is down the page keeps still."""
        self.layout = layout
        if board.document.live is None:
            self.viewport = viewport_of(self._ink_box(board), self.layout.canvas)
        canvas = self.layout.canvas
        board.document.resize(
            (canvas.width / self.viewport.scale, canvas.height / self.viewport.scale)
        )
        self._place(board)

    def draw_canvas(
        self, surface: Surface, board: Board, invitation: str, outdated: Set[int]
    ) -> None:
        """The ink and its answers alone. invitation: what an empty canvas says. outdated: answers
        that may change.
        """
        surface.blit(self._ink.update(board, self.layout.canvas, self.viewport), self.layout.canvas)
        surface.set_clip(self.layout.canvas)
        if board.show_boxes:
            draw_specks(surface, self.viewport.boxes_to_window(board.reading.specks), self.layout)
        draw_answers(surface, self.placed, self.layout, board.selected, outdated)
        if not board.document.strokes and board.document.live is None:
            draw_invitation(surface, self.layout, invitation)
        surface.set_clip(None)

    @property
    def unfinished(self) -> int:
        """How many frames did not show all ink as it was; each is to be followed by another."""
        return self._ink.unfinished

    def answer_at(self, x: float, y: float) -> int | None:
        """The answer whose frame's line or caption is at a pixel of the window, or near it.

        Captions before frames, the nearest middle first; None where there is none.
        """
        reach = self.layout.pixels(_REACH)
        for hit in (_on_caption, _on_line):
            found = [
                (abs(each.frame.centerx - x) + abs(each.frame.centery - y), index)
                for index, each in enumerate(self.placed)
                if hit(each, x, y, reach)
            ]
            if found:
                return min(found)[1]
        return None

    def _place(self, board: Board) -> None:
        """Finds the answers' places, where they have changed."""
        made_for = (board.reading, board.show_boxes, board.mode, self.layout, self.viewport)
        if self._placed_for != made_for:
            self._placed_for = made_for
            reading = board.reading if board.show_boxes else Reading()
            # Letters have dots above them, which a caption there would be in the way of.
            below = board.mode == "characters"
            self.placed = place_answers(reading, self.layout, self.viewport, below, self._captions)

    def _ink_box(self, board: Board) -> Box | None:
        revision, count = self._covered_for
        if board.document.ink_revision != revision or count > len(board.document.strokes):
            self._covered, count = None, 0
        newer = board.document.strokes[count:]
        if newer:
            box = bounding_box(newer)
            self._covered = box if self._covered is None else _around(self._covered, box)
        self._covered_for = (board.document.ink_revision, len(board.document.strokes))
        return self._covered


def _on_caption(each: Placed, x: float, y: float, reach: int) -> bool:
    return bool(each.plate.inflate(reach, reach).collidepoint(x, y))


def _on_line(each: Placed, x: float, y: float, reach: int) -> bool:
    inner = each.frame.inflate(-2 * reach, -2 * reach)
    return bool(each.frame.inflate(2 * reach, 2 * reach).collidepoint(x, y)) and not (
        inner.width > 0 and inner.height > 0 and inner.collidepoint(x, y)
    )


def _around(first: Box, second: Box) -> Box:
    x, y = min(first.x, second.x), min(first.y, second.y)
    right, bottom = max(first.right, second.right), max(first.bottom, second.bottom)
    return Box(x, y, right - x, bottom - y)
