"""The line of buttons below the canvas, and what is read.

The whole number or word stands there where there is no panel for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pygame import Rect, Surface

from game.page.commands import Command
from game.ui.layout import Layout
from game.ui.theme import GAP, HAIR, HEADING, LABEL, LINE, SMALL, SURFACE, TIGHT
from game.ui.widgets.buttons import Button, draw_capped, width_of_capped
from game.ui.widgets.words import (
    LetterRow,
    draw_words,
    fitted,
    in_one_row,
    lines_of,
    type_sizes,
    width_of,
)
from models.recognition.answer import Reading

_OWN_LINE = 0.5  # of the line's width that the words take at most
_BEFORE_WORDS = 3  # buttons that stay where words want their room


class Toolbar:
    """Knows where its buttons stand, and draws them.

    buttons: those that there is room for, from left to right; the last command's always stands at
    the right end, and what is read before it.
    """

    def __init__(self) -> None:
        self.buttons: list[Button] = []
        self._fitted_for: tuple[object, ...] = ()
        self._words: _Words | None = None
        self._drawn: tuple[object, ...] = ()
        self._picture = Surface((0, 0))  # of the line as it was drawn last

    def fit(
        self,
        layout: Layout,
        commands: Sequence[Command],
        reading: Reading | None = None,
        shown: int | None = None,
    ) -> None:
        """Lays the line out, where anything about it has changed.

        commands: the most useful first, and what opens the help last.
        reading: whose words stand in the line, None where they stand elsewhere.
        shown: the answer to mark.
        """
        made_for = (layout, tuple(commands), reading, None if reading is None else shown)
        if made_for == self._fitted_for:
            return
        self._fitted_for, self.buttons, self._words = made_for, [], None
        strip = layout.toolbar
        if strip is None or not commands:
            return
        *others, last = commands
        size, between = layout.pixels(LABEL), layout.pixels(TIGHT)
        left, right = strip.left + between, strip.right - between
        width = width_of_capped(last, size, layout)
        right -= width
        end = Button(Rect(right, strip.y, width, strip.height), last)
        if reading is not None:  # beside that one, so that no other button moves
            first = [width_of_capped(each, size, layout) for each in others[:_BEFORE_WORDS]]
            right -= layout.pixels(GAP)
            room = right - left - sum(first) - between * len(first)
            self._words = _fit_words(layout, strip, right, room, reading, shown)
            right -= self._words.place.width + layout.pixels(GAP)
        for command in others:
            width = width_of_capped(command, size, layout)
            if left + width + between > right:
                break
            self.buttons.append(Button(Rect(left, strip.y, width, strip.height), command))
            left += width + between
        self.buttons.append(end)

    def draw(self, surface: Surface, layout: Layout, pressed: str | None = None) -> None:
        """Draws the line. pressed: the name of the command whose button is held down."""
        strip = layout.toolbar
        if strip is None:
            return
        drawn = (*self._fitted_for, pressed)
        if drawn == self._drawn:
            surface.blit(self._picture, strip)
            return
        surface.fill(SURFACE, strip)
        surface.fill(LINE, Rect(strip.x, strip.y, strip.width, layout.pixels(HAIR)))
        words = self._words
        if words is not None:
            draw_words(surface, words.place, words.size, [words.row], words.reading, words.shown)
        size, between = layout.pixels(LABEL), layout.pixels(TIGHT)
        for button in self.buttons:
            seen = button.place.inflate(0, -2 * between)
            held = button.command.name == pressed
            draw_capped(surface, layout, seen, button.command, size, held)
        self._drawn, self._picture = drawn, surface.subsurface(strip).copy()


@dataclass(frozen=True)
class _Words:
    """All that is read, in one row. size: of its type, in pixels. shown: the answer to mark."""

    place: Rect
    size: int
    row: LetterRow
    reading: Reading
    shown: int | None


def _fit_words(
    layout: Layout, strip: Rect, right: int, room: int, reading: Reading, shown: int | None
) -> _Words:
    """The words in one row that ends at `right`."""
    row = in_one_row(lines_of(reading))
    width = max(1, min(round(_OWN_LINE * strip.width), room - layout.pixels(GAP)))
    sizes = type_sizes(layout.pixels(HEADING), layout.pixels(SMALL))
    size, (row, *_) = fitted([row], (width, 0), sizes, layout.pixels(SMALL))
    place = Rect(0, strip.y, width_of(row, size), strip.height)
    place.right = right
    return _Words(place, size, row, reading, shown)
