"""The page in the window: its keys, buttons and cards, and files that are dropped on it."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from pygame import Surface

from game.page.board import Board
from game.page.commands import App, Command, page_commands
from game.page.files import PageFiles
from game.ui.dialogs.help import Help
from game.ui.dialogs.label_picker import LabelPicker
from game.ui.dialogs.phone import PhoneCard
from game.ui.dialogs.profile_picker import ProfilePickerCard
from game.ui.screen import Screen
from game.window.events import Controller
from models.recognition.labels import DIGITS


class PageController(Controller):
    """What can be done on the page, and the cards over it: help, label picker, profile picker, and
    the code that a phone scans.
    """

    screen: Screen

    def __init__(self, board: Board, screen: Screen, app: App, drawings: Path) -> None:
        """drawings: the folder that the page is saved in."""
        super().__init__(board, screen, app)
        self.files = PageFiles(board, drawings)
        self.help = Help(self.layers)
        self.label_picker = LabelPicker(self.layers, board, screen)
        self.profile_card = ProfilePickerCard(self.layers, board, app.switch_profile)
        self.phone_card = PhoneCard(self.layers, app)
        self._inspector = screen.inspector
        self._is_shown = False
        self._fitted_for: tuple[object, ...] = ()

    @property
    def title(self) -> str:
        return self.board.reading.caption()

    @property
    def busy(self) -> bool:
        return self._inspector.busy

    def commands(self) -> tuple[Command, ...]:
        return page_commands(
            self._app,
            self.board,
            self.files,
            self._inspector,
            self.help,
            self.label_picker,
            self.profile_card,
            self.phone_card,
            self._app.phone is not None,
        )

    def run(self, command: Command) -> None:
        if not command.keeps_cards:
            self.profile_card.close()
        super().run(command)

    def key(self, keys: tuple[str, ...], typed: str) -> None:
        """A digit is a correction wherever a character is selected."""
        if self.board.selected is not None and typed in DIGITS:
            self.let_go()
            self.board.correct(typed)
        else:
            super().key(keys, typed)

    def open(self, path: Path) -> None:
        """Puts a saved drawing on the page."""
        self.let_go()
        self.files.open_soon(path)

    def update(self, size: tuple[int, int], now: float, begun: float) -> tuple[object, ...]:
        # A page that was kept is shown first, and read afterwards.
        if self._is_shown:
            self.board.read()
        self._is_shown = True
        if self.label_picker.shown and self.board.shown is None:
            self.label_picker.close()  # the ink that it asks about has gone
        fitted_for = (size, *self._revisions)
        if fitted_for != self._fitted_for:
            self._fitted_for = fitted_for
            self._fit(size)
        self._inspector.update(self.board, self.screen.strip.visible, begun)
        return self.pressed, *self._revisions

    @property
    def _revisions(self) -> tuple[int, ...]:
        cards = (self.help, self.label_picker, self.profile_card, self.profile_card.picker)
        link = self._app.phone
        phone = self.phone_card.revision, 0 if link is None else 1 + link.revision
        return *(each.revision for each in (self.board, self._inspector, *cards)), *phone

    def _fit(self, size: tuple[int, int]) -> None:
        commands = self.commands()
        self.screen.fit(self.board, size, commands)
        if self.help.shown:
            self.help.fit(self.screen.layout, commands)
        if self.label_picker.shown:
            self.label_picker.fit()
        if self.profile_card.shown:
            self.profile_card.fit(self.screen.layout)
        if self.phone_card.shown:
            self.phone_card.fit(self.screen.layout)

    def draw(self, surface: Surface) -> None:
        screen, board = self.screen, self.board
        screen.draw(surface, board, self.pressed)
        below = [layer for layer in self.layers if not layer.over_toasts]
        for layer in below:
            layer.draw(surface, screen.layout, self.pressed)
        screen.draw_toast(surface, board, errors_only=bool(below))
        for layer in self.layers:
            if layer.over_toasts:
                layer.draw(surface, screen.layout, self.pressed)

    def place_of(self, name: str) -> tuple[int, int]:
        """The middle of the button that does a command, on the page or on a card.

        Raises KeyError where there is none.
        """
        cards = chain.from_iterable(layer.buttons for layer in self.layers)
        buttons = {each.command.name: each.place for each in (*self.screen.buttons, *cards)}
        middle: tuple[int, int] = buttons[name].center
        return middle
