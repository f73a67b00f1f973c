"""The line of buttons below the canvas, and what is read.

The whole number or word stands there where there is no panel for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Rect, Surface

from game.page.commands import HELP
from game.page.offers import Offer
from game.ui.layout import Layout
from game.ui.theme import GAP, HAIR, HEADING, LABEL, LINE, SMALL, SURFACE, TIGHT
from game.ui.widgets.buttons import Button, action_at, draw_capped, width_of_capped
from game.ui.widgets.words import draw_words, fitted, in_one_row, lines_of, type_sizes, width_of
from models.recognition.reader import Reading

_OWN_LINE = 0.5  # of the line's width that the words take at most
_BEFORE_WORDS = 3  # buttons that stay where words want their room


class Toolbar:
    """Knows where its buttons stand, and draws them.

    buttons: those that there was room for in the last frame, from left to right; the one for all
    keys always stands at the right end, and what is read before it.
    """

    def __init__(self) -> None:
        self.buttons: list[Button] = []
        self._shows: tuple[object, ...] = ()
        self._picture = Surface((0, 0))  # of the line as it was drawn last

    def action_at(self, x: float, y: float) -> str | None:
        """What the button at a pixel of the window does; None where there is none to press."""
        return action_at(self.buttons, x, y)

    def draw(
        self,
        surface: Surface,
        layout: Layout,
        offers: Sequence[Offer],
        pressed: str | None = None,
        reading: Reading | None = None,
        shown: int | None = None,
    ) -> None:
        """Lays the line out and draws it, where anything about it has changed.

        offers: the most useful first. pressed: the action whose button is held down. reading: whose
        words stand in the line, None where they stand elsewhere. shown: the answer to mark.
        """
        strip = layout.toolbar
        shows = (layout, tuple(offers), pressed, reading, None if reading is None else shown)
        if strip is not None and shows == self._shows:
            surface.blit(self._picture, strip)
            return
        self._shows, self.buttons = shows, []
        if strip is None:
            return
        line = layout.pixels(HAIR)
        surface.fill(SURFACE, strip)
        surface.fill(LINE, Rect(strip.x, strip.y, strip.width, line))
        (last,) = (offer for offer in offers if offer.action == HELP.name)
        others = [offer for offer in offers if offer is not last]
        size, between = layout.pixels(LABEL), layout.pixels(TIGHT)
        left, right = strip.left + between, strip.right - between
        width = width_of_capped(last, size, layout)
        right -= width
        self.buttons.append(Button(Rect(right, strip.y, width, strip.height), last))
        if reading is not None:  # beside that one, so that no other button moves
            first = [width_of_capped(offer, size, layout) for offer in others[:_BEFORE_WORDS]]
            right -= layout.pixels(GAP)
            room = right - left - sum(first) - between * len(first)
            right -= _draw_words(surface, layout, right, room, reading, shown)
            right -= layout.pixels(GAP)
        places = []
        for offer in others:
            width = width_of_capped(offer, size, layout)
            if left + width + between > right:
                break
            places.append(Button(Rect(left, strip.y, width, strip.height), offer))
            left += width + between
        self.buttons = [*places, *self.buttons]
        for button in self.buttons:
            seen = button.place.inflate(0, -2 * between)
            draw_capped(surface, layout, seen, button.offer, size, button.offer.action == pressed)
        self._picture = surface.subsurface(strip).copy()


def _draw_words(
    surface: Surface, layout: Layout, right: int, room: int, reading: Reading, shown: int | None
) -> int:
    """All that is read, in one row that ends at `right`. Returns its width."""
    assert layout.toolbar is not None
    row = in_one_row(lines_of(reading))
    width = max(1, min(round(_OWN_LINE * layout.toolbar.width), room - layout.pixels(GAP)))
    sizes = type_sizes(layout.pixels(HEADING), layout.pixels(SMALL))
    size, (row, *_) = fitted([row], (width, 0), sizes, layout.pixels(SMALL))
    place = Rect(0, layout.toolbar.y, width_of(row, size), layout.toolbar.height)
    place.right = right
    draw_words(surface, place, size, [row], reading, shown)
    return place.width
