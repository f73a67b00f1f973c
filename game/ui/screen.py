"""The whole window, drawn from the board: ink, answers, panel, toolbar, help, toast."""

from __future__ import annotations

from pygame import Surface

from game.inspector.state import Inspector
from game.page.board import Board
from game.page.commands import offers
from game.page.profile_picker import ProfilePicker
from game.page.readers import WORDS
from game.ui.canvas.canvas import Canvas
from game.ui.dialogs.help import Help
from game.ui.dialogs.label_picker import LabelPicker
from game.ui.dialogs.profile_picker import ProfilePickerCard
from game.ui.inspector.strip import Strip
from game.ui.layout import layout_of
from game.ui.panel import draw_panel
from game.ui.toast import draw_toast
from game.ui.toolbar import Toolbar


class Screen(Canvas):
    """Knows where things stand on the window, and draws them.

    toolbar, help: the buttons, as they stood in the last frame. inspector, strip: what can be seen
    between pen and answer, and where. label_picker: asks what a character is. profile_picker,
    profile_picker_card: asks who is writing, and where that stands.
    """

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        super().__init__(layout_of(size, scale, show_panel=True))
        self._scale = scale
        self.toolbar = Toolbar()
        self.help = Help()
        self.inspector = Inspector()
        self.strip = Strip()
        self.label_picker = LabelPicker()
        self.profile_picker = ProfilePicker()
        self.profile_picker_card = ProfilePickerCard()

    def fit(self, board: Board, size: tuple[int, int]) -> None:
        """Lays out a window of (width, height) pixels; the page follows the canvas."""
        self.lay(board, layout_of(size, self._scale, board.show_panel, self.inspector.shown))
        self.strip.fit(self.layout, self.inspector)

    def draw(self, surface: Surface, board: Board) -> None:
        """Draws one frame."""
        layout, reading = self.layout, board.reading
        outdated = board.outdated
        self.draw_canvas(surface, board, f"Draw {WORDS[board.mode]}", outdated)
        shown = board.shown
        dimmed = shown in outdated
        draw_panel(surface, layout, board.read_by.labels, reading, shown, dimmed)
        several = reading if layout.panel is None and len(reading.answers) > 1 else None
        actions = offers(board, self.inspector)
        self.toolbar.draw(surface, layout, actions, self.pressed, several, shown)
        self.strip.draw(surface, layout, self.inspector)
        self._pick(surface, board)
        self.profile_picker_card.fit(self.profile_picker, layout)
        self.profile_picker_card.draw(surface, self.profile_picker, layout, self.pressed)
        toast, asks = board.toast, self.profile_picker.shown or board.asking
        if toast is not None and not (asks and toast.kind == "info"):  # it would lie on the card
            draw_toast(surface, layout, toast.text, toast.kind)
        if board.show_help:
            self.help.draw(surface, layout, actions, self.pressed)
        else:
            self.help.close()

    def _pick(self, surface: Surface, board: Board) -> None:
        index = board.shown
        asked = self.placed[index] if index is not None and index < len(self.placed) else None
        self.label_picker.fit(board, self.layout, None if asked is None else asked.frame)
        self.label_picker.draw(surface, board, self.layout, self.pressed)

    @property
    def revision(self) -> tuple[object, ...]:
        """Differs whenever something else is to be seen than before, but for board and views."""
        return self.pressed, self.help.page, self.profile_picker.revision

    def action_at(self, x: float, y: float, board: Board) -> str | None:
        """What a press at a pixel of the window does: an action's name, a turn, or what is said."""
        if board.show_help:
            return self.help.action_at(x, y)
        if self.profile_picker.shown and self.profile_picker_card.covers(x, y):
            return self.profile_picker_card.action_at(x, y)
        said = self.label_picker.action_at(x, y) if board.asking else None
        return said or self.toolbar.action_at(x, y) or self.strip.action_at(x, y)

    def place_of(self, action: str) -> tuple[int, int]:
        """The middle of the button that does it: in the toolbar, on a card, or beside the views.

        Raises KeyError where there is none.
        """
        standing = [
            *self.toolbar.buttons,
            *self.label_picker.buttons,
            *self.profile_picker_card.buttons,
        ]
        buttons = {each.offer.action: each.place for each in standing}
        middle: tuple[int, int] = (buttons | self.strip.buttons)[action].center
        return middle
