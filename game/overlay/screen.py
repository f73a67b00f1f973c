"""The whole window, drawn from the board: ink, answers, panel, toolbar, help, toast."""

from __future__ import annotations

from pygame import Surface

from game.actions import offers
from game.board import Board
from game.modes import WORDS
from game.overlay.answers import Placed, draw_answers, place_answers
from game.overlay.help import Help
from game.overlay.ink import InkLayer
from game.overlay.layout import Layout, layout_of
from game.overlay.panel import draw_panel
from game.overlay.people import People
from game.overlay.picker import Picker
from game.overlay.toast import draw_invitation, draw_toast
from game.overlay.toolbar import Toolbar
from game.overlay.view import View, view_of
from game.overlay.views import Strip
from game.views.state import Views
from game.who import Who
from models.ink import Box, bounding_box
from models.reader import Reading

_REACH = 4  # pixels at scale 1 from a frame's line or a caption, at which they are still hit


class Screen:
    """Knows where things stand on the window, and draws them.

    layout: the window's parts. view: how the page lies under the canvas. placed: the answers where
        they stand now, in the reading's order; none while they are not shown. toolbar, help: the
        buttons, as they stood in the last frame. pressed: what is held down of them. views, strip:
        what can be seen between pen and answer, and where. picker: asks what a character really is.
        who, people: asks who is writing, and where that stands.
    """

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        self._scale = scale
        self._ink = InkLayer()
        self._covered: Box | None = None  # by the points of the finished strokes
        self._covered_for = (-1, 0)  # the board's ink revision and number of strokes then
        self.layout: Layout = layout_of(size, scale, show_panel=True)
        self.view = View()
        self.placed: tuple[Placed, ...] = ()
        self.toolbar = Toolbar()
        self.help = Help()
        self.pressed: str | None = None
        self._placed_for: tuple[object, ...] = ()
        self.views = Views()
        self.strip = Strip()
        self.picker = Picker()
        self.who = Who()
        self.people = People()

    def fit(self, board: Board, size: tuple[int, int]) -> None:
        """Lays out a window of (width, height) pixels; the page follows the canvas."""
        self.lay(board, layout_of(size, self._scale, board.show_panel, self.views.shown))
        self.strip.fit(self.layout, self.views)

    def lay(self, board: Board, layout: Layout) -> None:
        """The window has these parts now; while the pen is down the page keeps still."""
        self.layout = layout
        if board.live is None:
            self.view = view_of(self._ink_box(board), self.layout.canvas)
        canvas = self.layout.canvas
        board.resize((canvas.width / self.view.scale, canvas.height / self.view.scale))

    def draw(self, surface: Surface, board: Board) -> None:
        """Draws one frame."""
        layout, reading = self.layout, board.reading
        live = len(board.strokes) if board.live is not None else None
        self.draw_canvas(surface, board, f"Draw {WORDS[board.mode]}")
        shown = board.shown
        dimmed = shown is not None and live in reading.answers[shown].strokes
        draw_panel(surface, layout, board.labels, reading, shown, dimmed)
        several = reading if layout.panel is None and len(reading.answers) > 1 else None
        actions = offers(board, self.views)
        self.toolbar.draw(surface, layout, actions, self.pressed, several, shown)
        self.strip.draw(surface, layout, self.views)
        self._pick(surface, board)
        self.people.fit(self.who, layout)
        self.people.draw(surface, self.who, layout, self.pressed)
        toast = board.toast
        if toast is not None and not (self.who.shown and toast.kind == "info"):
            draw_toast(surface, layout, toast.text, toast.kind)
        if board.show_help:
            self.help.draw(surface, layout, actions, self.pressed)
        else:
            self.help.close()

    def draw_canvas(self, surface: Surface, board: Board, invitation: str) -> None:
        """The ink and its answers alone. invitation: what an empty canvas says."""
        live = len(board.strokes) if board.live is not None else None
        surface.blit(self._ink.update(board, self.layout.canvas, self.view), self.layout.canvas)
        surface.set_clip(self.layout.canvas)
        self._place(board)
        draw_answers(surface, self.placed, self.layout, board.selected, live)
        if not board.reading.answers:
            draw_invitation(surface, self.layout, invitation)
        surface.set_clip(None)

    def _pick(self, surface: Surface, board: Board) -> None:
        index = board.shown
        asked = self.placed[index] if index is not None and index < len(self.placed) else None
        self.picker.fit(board, self.layout, None if asked is None else asked.frame)
        self.picker.draw(surface, board, self.layout)

    @property
    def revision(self) -> tuple[object, ...]:
        """Differs whenever something else is to be seen than before, but for board and views."""
        return self.pressed, self.help.page, self.who.revision

    def action_at(self, x: float, y: float, board: Board) -> str | None:
        """What a press at a pixel of the window does: an action's name, or a turn of the help."""
        if board.show_help:
            return self.help.action_at(x, y)
        if self.who.shown and self.people.covers(x, y):
            return self.people.action_at(x, y)
        return self.toolbar.action_at(x, y) or self.strip.action_at(x, y)

    def place_of(self, action: str) -> tuple[int, int]:
        """The middle of the button that does it: in the toolbar, on a card, or beside the views.

        Raises KeyError where there is none.
        """
        standing = [*self.toolbar.buttons, *self.picker.buttons, *self.people.buttons]
        buttons = {each.offer.action: each.place for each in standing}
        middle: tuple[int, int] = (buttons | self.strip.buttons)[action].center
        return middle

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
        made_for = (board.reading, board.show_boxes, board.mode, self.layout, self.view)
        if self._placed_for != made_for:
            self._placed_for = made_for
            reading = board.reading if board.show_boxes else Reading()
            # Letters have dots above them, which a caption there would be in the way of.
            below = board.mode == "characters"
            self.placed = place_answers(reading, self.layout, self.view, below)

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
