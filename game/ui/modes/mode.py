"""What the modes share on the window: start page, canvas, buttons, messages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from pygame import Rect, Surface

from game.modes.session import Session
from game.ui.canvas.canvas import Canvas
from game.ui.layout import USUAL, Layout
from game.ui.theme import BODY, GAP, HAIR, LINE, MARGIN, QUIET, SURFACE
from game.ui.toast import draw_toast
from game.ui.widgets.buttons import draw_button, row_of
from game.ui.widgets.lines import StyledLine, draw_lines, line

_LARGEST = 1.6  # times the interface's scale, in the largest windows
_ROW, _TITLE, _HEIGHT, _STEP = 620, 112, 58, 84  # pixels at scale 1: a row of the start page
_ROWS_FROM = 0.26  # of the window's height, where the first one begins


@dataclass(frozen=True)
class ModeLayout:
    """The window's parts while there is a canvas: what is asked above it, the buttons below."""

    layout: Layout
    above: Rect
    bar: Rect


def mode_layout(size: tuple[int, int], scale: float) -> ModeLayout:
    """size: of the window, in pixels. All is larger in a large one: the player may sit far away.

    The parts fill the window, except for a margin around what is asked and the buttons.
    """
    width, height = max(1, size[0]), max(1, size[1])
    room = min(width / (USUAL[0] * scale), height / (USUAL[1] * scale))
    scale *= min(max(1.0, room), _LARGEST)
    margin = round(GAP * scale)
    above = min(round((128 if height >= 460 * scale else 94) * scale), height // 3)
    below = min(round(60 * scale), height // 4)
    canvas = Rect(0, above, width, max(1, height - above - below))
    return ModeLayout(
        Layout(scale, Rect(0, 0, width, height), canvas, None, None),
        above=Rect(0, 0, width, above).inflate(-4 * margin, -margin),
        bar=Rect(0, canvas.bottom, width, below).inflate(-2 * margin, -2 * margin),
    )


class ModeScreen(Canvas, ABC):
    """Knows where a mode stands on the window, and draws it; a mode's own screen draws its pages.

    above, bar: where it is asked for something, and the row of buttons.
    """

    def __init__(self, session: Session, size: tuple[int, int], scale: float) -> None:
        parts = mode_layout(size, scale)
        super().__init__(parts.layout)
        self.above, self.bar = parts.above, parts.bar
        self._session = session
        self._scale = scale
        self.fit(size)

    @abstractmethod
    def draw_page(self, surface: Surface) -> None:
        """Draws the present page, all but its buttons."""

    def places(self) -> list[Rect]:
        """Where the buttons of each group stand on the present page, as groups follow."""
        return [self.bar]

    def fit(self, size: tuple[int, int]) -> None:
        """Lays out a window of (width, height) pixels."""
        parts = mode_layout(size, self._scale)
        self.above, self.bar = parts.above, parts.bar
        self.lay(self._session.board, parts.layout)
        groups = self._session.groups()
        if self._session.page == "start":
            places = [place for _, place in _rows(self.layout, len(groups))]
        else:
            places = self.places()
        self.buttons = [
            button
            for group, place in zip(groups, places, strict=True)
            for button in row_of(group.commands, place, self.layout)
        ]

    def draw(self, surface: Surface, pressed: str | None) -> None:
        """Draws one frame. pressed: the name of the command whose button is held down."""
        surface.fill(SURFACE)
        self.draw_page(surface)
        for button in self.buttons:
            draw_button(surface, button, self.layout, button.command.name == pressed)
        toast = self._session.board.toast
        if toast is not None:
            draw_toast(surface, self.layout, toast.text, toast.kind)

    def draw_start(self, surface: Surface, head: Sequence[StyledLine]) -> None:
        """The start page: its head, and what each row of buttons is about."""
        window = self.layout.window
        draw_lines(surface, self.layout, Rect(0, 0, window.width, window.height // 4), head)
        groups = self._session.groups()
        for group, (place, _) in zip(groups, _rows(self.layout, len(groups)), strict=True):
            size = self.layout.pixels(BODY)
            drawn = line(group.title, size, QUIET, place.width, self.layout)
            surface.blit(drawn, drawn.get_rect(midleft=place.midleft))

    def draw_writing(self, surface: Surface, invitation: str) -> None:
        """The canvas, and a line above it. invitation: what it says while it is empty."""
        board = self._session.board
        self.draw_canvas(surface, board, invitation, board.outdated)
        high, canvas = self.layout.pixels(HAIR), self.layout.canvas
        surface.fill(LINE, Rect(0, canvas.top - high, canvas.width, high))

    def draw_end(self, surface: Surface, rows: Sequence[StyledLine]) -> None:
        """The last page: lines in the middle of all that the buttons leave."""
        place = Rect(0, 0, self.layout.window.width, self.bar.top)
        draw_lines(surface, self.layout, place, rows)


def _rows(layout: Layout, count: int) -> list[tuple[Rect, Rect]]:
    """For each row of the start page where its title and its buttons stand."""
    window, gap = layout.window, layout.pixels(GAP)
    width = min(window.width - 2 * layout.pixels(MARGIN), layout.pixels(_ROW))
    top = round(window.height * _ROWS_FROM)
    step = min((window.height - top - gap) // count, layout.pixels(_STEP))
    height = max(1, min(step - gap, layout.pixels(_HEIGHT)))
    title = min(layout.pixels(_TITLE), width // 4)
    left = window.centerx - width // 2
    return [
        (
            Rect(left, top + i * step, title - gap, height),
            Rect(left + title, top + i * step, width - title, height),
        )
        for i in range(count)
    ]
