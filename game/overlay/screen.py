"""The whole window, drawn from the board: ink, answers, panel, line of keys, help, toast."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Surface

from game.board import Board
from game.overlay.answers import draw_answers
from game.overlay.help import draw_help
from game.overlay.hints import draw_hints
from game.overlay.ink import InkLayer
from game.overlay.layout import Layout, layout_of
from game.overlay.panel import draw_panel
from game.overlay.toast import draw_invitation, draw_toast
from game.overlay.view import View, view_of
from models.ink import Box, bounding_box


class Screen:
    """Knows where things stand on the window, and draws them.

    layout: the window's parts. view: how the page lies under the canvas.
    """

    def __init__(self, size: tuple[int, int], scale: float, labels: Sequence[str]) -> None:
        self._labels = labels
        self._scale = scale
        self._ink = InkLayer()
        self._covered: Box | None = None  # by the points of the finished strokes
        self._covered_for = (-1, 0)  # the board's ink revision and number of strokes then
        self.layout: Layout = layout_of(size, scale, show_panel=True)
        self.view = View()

    def fit(self, board: Board, size: tuple[int, int]) -> None:
        """Lays out a window of (width, height) pixels; the page follows the canvas.

        While the pen is down the page keeps still.
        """
        self.layout = layout_of(size, self._scale, board.show_panel)
        if board.live is None:
            self.view = view_of(self._ink_box(board), self.layout.canvas)
        canvas = self.layout.canvas
        board.resize((canvas.width / self.view.scale, canvas.height / self.view.scale))

    def draw(self, surface: Surface, board: Board) -> None:
        """Draws one frame."""
        layout, dimmed = self.layout, board.live is not None
        surface.blit(self._ink.update(board, layout.canvas, self.view), layout.canvas)
        surface.set_clip(layout.canvas)
        answers = board.reading.answers
        if board.show_boxes:
            draw_answers(surface, board.reading, layout, self.view, dimmed)
        if not answers:
            draw_invitation(surface, layout)
        surface.set_clip(None)
        newest = max(answers, key=lambda answer: max(answer.strokes, default=0), default=None)
        draw_panel(surface, layout, self._labels, newest, dimmed)
        draw_hints(surface, layout, board.erasing)
        if board.toast is not None:
            draw_toast(surface, layout, board.toast.text, board.toast.kind)
        if board.show_help:
            draw_help(surface, layout)

    def _ink_box(self, board: Board) -> Box | None:
        revision, count = self._covered_for
        if board.ink_revision != revision or count > len(board.strokes):
            self._covered, count = None, 0
        newer = board.strokes[count:]
        if newer:
            box = bounding_box(newer)
            self._covered = box if self._covered is None else _around(self._covered, box)
        self._covered_for = (board.ink_revision, len(board.strokes))
        return self._covered


def _around(first: Box, second: Box) -> Box:
    x, y = min(first.x, second.x), min(first.y, second.y)
    right, bottom = max(first.right, second.right), max(first.bottom, second.bottom)
    return Box(x, y, right - x, bottom - y)
