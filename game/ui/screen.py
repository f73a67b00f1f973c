"""The page on the window, drawn from the board: ink, answers, panel, toolbar, views, toast."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Surface

from game.inspector.state import Inspector
from game.page.board import Board
from game.page.commands import OTHER_KEY, Command
from game.page.readers import WORDS
from game.ui.canvas.canvas import Canvas
from game.ui.inspector.strip import Strip
from game.ui.layout import layout_of
from game.ui.panel import draw_panel
from game.ui.toast import draw_toast
from game.ui.toolbar import Toolbar


class Screen(Canvas):
    """Knows where things stand on the window, and draws them, but for the cards over the page.

    toolbar: the line of buttons.
    inspector, strip: what can be seen between pen and answer, and where.
    """

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        super().__init__(layout_of(size, scale, show_panel=True))
        self._scale = scale
        self.toolbar = Toolbar()
        self.inspector = Inspector()
        self.strip = Strip()

    def fit(self, board: Board, size: tuple[int, int], commands: Sequence[Command] = ()) -> None:
        """Lays out a window of (width, height) pixels; the page follows the canvas.

        commands: all that can be done on the page, as `page_commands` has them.
        """
        layout = layout_of(size, self._scale, board.show_panel, self.inspector.shown)
        self.lay(board, layout)
        self.strip.fit(layout, self.inspector, commands)
        several = layout.panel is None and len(board.reading.answers) > 1
        self.toolbar.fit(layout, commands, board.reading if several else None, board.shown)
        self.buttons = [*self.toolbar.buttons, *self.strip.buttons]

    def draw(self, surface: Surface, board: Board, pressed: str | None) -> None:
        """Draws one frame. pressed: the name of the command whose button is held down."""
        layout, outdated, shown = self.layout, board.outdated, board.shown
        self.draw_canvas(surface, board, f"Draw {WORDS[board.mode]}", outdated)
        dimmed = shown in outdated
        other = f"{OTHER_KEY.upper()}: {board.other}" if board.other else ""
        draw_panel(surface, layout, board.read_by.labels, board.reading, shown, dimmed, other)
        self.toolbar.draw(surface, layout, pressed)
        self.strip.draw(surface, layout, self.inspector)

    def draw_toast(self, surface: Surface, board: Board, errors_only: bool) -> None:
        """Draws the board's toast, if it has one. errors_only: a card is in the others' place."""
        toast = board.toast
        if toast is not None and not (errors_only and toast.kind == "info"):
            draw_toast(surface, self.layout, toast.text, toast.kind)
