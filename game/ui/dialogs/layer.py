"""What lies over the page and gets keys and pen before it: one layer of the modal stack."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pygame import Rect, Surface

from game.page.commands import Command
from game.ui.layout import Layout, Point
from game.ui.widgets.buttons import Button, command_at


class Layer(ABC):
    """A card over the page; the topmost of the stack gets each event first.

    buttons: as they stand now.
    revision: grows with every visible change.
    over_toasts: whether toasts lie below it; otherwise it hides those that are no errors.
    """

    over_toasts = False

    def __init__(self, stack: list[Layer]) -> None:
        """stack: all layers that are open, the topmost last."""
        self.buttons: list[Button] = []
        self.revision = 0
        self._stack = stack
        self._card = Rect(0, 0, 0, 0)  # where it stands, as it was laid out last

    @property
    def shown(self) -> bool:
        """Whether it is open."""
        return self in self._stack

    def open(self) -> None:
        """Puts it on top."""
        if not self.shown:
            self._stack.append(self)
            self.revision += 1

    def close(self) -> None:
        """Takes it away."""
        if self.shown:
            self._stack.remove(self)
            self.buttons = []
            self.revision += 1

    def toggle(self) -> None:
        """Opens it, or closes it."""
        (self.close if self.shown else self.open)()

    def command_at(self, point: Point) -> Command | None:
        """What its button at a point does; None where there is none to press."""
        return command_at(self.buttons, point)

    @abstractmethod
    def key(self, keys: tuple[str, ...], typed: str) -> bool:
        """Acts on a key. Returns whether it was for this layer; else what lies below gets it.

        keys: as `keyboard.keys_of` names it. typed: as `keyboard.typed_of` does.
        """

    def press(self, point: Point) -> None:
        """The pen comes down at a point where no button can be pressed; beside the card it closes
        it.
        """
        if not self.covers(point):
            self.close()

    def covers(self, point: Point) -> bool:
        """Whether nothing below can be pressed at a point."""
        return bool(self.buttons) and bool(self._card.collidepoint(point))

    @abstractmethod
    def draw(self, surface: Surface, layout: Layout, pressed: str | None) -> None:
        """Draws it. pressed: the name of the command whose button is held down."""

    def type_text(self, text: str) -> bool:
        """Takes what an input method writes. Returns whether it was for this layer."""
        return False

    def wheel(self, notches: int) -> bool:
        """Acts on the mouse's wheel. Returns whether it was for this layer."""
        return False
