"""The strip of views: which stand where, each kept as a picture until what it shows changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import pygame
from pygame import Rect, Surface

from game.inspector.captions import TITLES, caption
from game.inspector.state import VIEWS, Inspector, View
from game.page.commands import Command
from game.ui.inspector.maps import draw_maps, draw_occlusion
from game.ui.inspector.plots import draw_history, draw_strokes_in_order
from game.ui.inspector.steps import draw_directions, draw_feeds, draw_steps
from game.ui.layout import VIEW_WORDS, Layout
from game.ui.theme import (
    GAP,
    HAIR,
    LABEL,
    LEAST_TARGET,
    LINE,
    MARGIN,
    NEAR,
    QUIET,
    RAISED,
    SMALL,
    SURFACE,
    TARGET,
    TEXT,
    TIGHT,
    Colour,
    font,
    shortened,
    text,
    wrapped,
)
from game.ui.widgets.buttons import Button

# Width of a view below the canvas, as a multiple of the height of its picture.
_WIDTHS: dict[View, float] = {
    "strokes": 1.25,
    "box": 2.3,
    "directions": 1.15,
    "older": 2.6,
    "first": 1.4,
    "last": 1.4,
    "occlusion": 1.75,
    "history": 1.8,
}
_DRAWN = {
    "strokes": draw_strokes_in_order,
    "box": draw_steps,
    "directions": draw_directions,
    "older": draw_feeds,
    "first": draw_maps,
    "last": draw_maps,
    "occlusion": draw_occlusion,
    "history": draw_history,
}


@dataclass(frozen=True)
class _Places:
    """tiles: the views that there is room for. back, on: the buttons, empty where all are there."""

    tiles: tuple[tuple[View, Rect], ...] = ()
    back: Rect = field(default_factory=lambda: Rect(0, 0, 0, 0))
    on: Rect = field(default_factory=lambda: Rect(0, 0, 0, 0))


class Strip:
    """Knows where the views stand, and draws them.

    buttons: that go to the views before and after; none where all views are there.
    """

    def __init__(self) -> None:
        self.buttons: list[Button] = []
        self._places = _Places()
        self._first = 0
        self._kept: dict[View, tuple[object, Surface]] = {}

    @property
    def visible(self) -> tuple[View, ...]:
        return tuple(view for view, _ in self._places.tiles)

    def fit(self, layout: Layout, inspector: Inspector, commands: Sequence[Command] = ()) -> None:
        """Lays out what stands in `layout.inspector`. commands: among them its buttons' own."""
        place = layout.inspector
        if place is None:
            self._places = _Places()
        elif place.width == layout.window.width:
            self._lay_out_row(place, layout, inspector)
        else:
            self._lay_out_one(place, layout, inspector)
        places = {"views before": self._places.back, "views after": self._places.on}
        own = [each for each in commands if each.name in places]
        self.buttons = [Button(places[each.name], each) for each in own if places[each.name].width]

    def draw(self, surface: Surface, layout: Layout, inspector: Inspector) -> None:
        if layout.inspector is None:
            return
        line = layout.pixels(HAIR)
        surface.fill(SURFACE, layout.inspector)
        edge = Rect(layout.inspector.topleft, (layout.inspector.width, line))
        if layout.inspector.top == 0:
            edge.size = (line, layout.inspector.height)
        surface.fill(LINE, edge)
        for view, place in self._places.tiles:
            key = (inspector.versions[view], place.size, layout.scale)
            kept = self._kept.get(view)
            if kept is None or kept[0] != key:
                kept = self._kept[view] = (key, _tile(view, inspector, place.size, layout))
            surface.blit(kept[1], place)
        for button, left in ((self._places.back, True), (self._places.on, False)):
            if button.width:
                rests = self._first == 0 if left else self._first >= inspector.last
                _draw_button(surface, layout, button, left, QUIET if not rests else RAISED)
        if len(self._places.tiles) == 1 and self._places.back.bottom == self._places.on.bottom:
            _draw_number(surface, layout, self._places, self._first)

    def _lay_out_row(self, place: Rect, layout: Layout, inspector: Inspector) -> None:
        """As many as fit side by side, with buttons at both ends where that is not all."""
        margin, gap = layout.pixels(GAP), layout.pixels(MARGIN)
        unit = place.height - layout.pixels(VIEW_WORDS)
        widths = [round(_WIDTHS[view] * unit) for view in VIEWS]
        button = 0
        if sum(widths) + gap * (len(VIEWS) - 1) > place.width - 2 * margin:
            button = layout.pixels(LEAST_TARGET)
        room = place.width - 2 * (margin + button)
        inspector.last = next(
            i for i in range(len(VIEWS)) if _row(widths[i:], gap) <= room or i == len(VIEWS) - 1
        )
        self._first = min(inspector.place, inspector.last)
        count = 1
        while (
            self._first + count < len(VIEWS)
            and _row(widths[self._first : self._first + count + 1], gap) <= room
        ):
            count += 1
        shown = VIEWS[self._first : self._first + count]
        own = widths[self._first : self._first + count]
        # What is left over goes to all alike.
        more = max(0, room - _row(own, gap)) // count
        left, tiles = place.left + margin + button, []
        for view, width in zip(shown, own, strict=True):
            across = min(width + more, room)
            tiles.append((view, Rect(left, place.top + margin, across, place.height - margin)))
            left += across + gap
        back = Rect(place.left, place.top, button, place.height)
        on = Rect(place.right - button, place.top, button, place.height)
        self._places = _Places(tuple(tiles), back, on)

    def _lay_out_one(self, place: Rect, layout: Layout, inspector: Inspector) -> None:
        """One view, with the buttons in a row below it."""
        margin, row = layout.pixels(GAP), layout.pixels(TARGET)
        inspector.last = len(VIEWS) - 1
        self._first = min(inspector.place, inspector.last)
        tile = Rect(
            place.left + margin,
            place.top + margin,
            place.width - 2 * margin,
            place.height - row - margin,
        )
        half = place.width // 3
        back = Rect(place.left, place.bottom - row, half, row)
        on = Rect(place.right - half, place.bottom - row, half, row)
        self._places = _Places(((VIEWS[self._first], tile),), back, on)


def _row(widths: list[int], gap: int) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _tile(view: View, inspector: Inspector, size: tuple[int, int], layout: Layout) -> Surface:
    """A view with its title and caption."""
    tile = Surface(size)
    tile.fill(SURFACE)
    title, small = layout.pixels(LABEL), layout.pixels(SMALL)
    words = shortened(TITLES[view], title, size[0], bold=True)
    tile.blit(text(words, title, TEXT, bold=True), (0, 0))
    line = font(small).height
    top = font(title).height + layout.pixels(TIGHT)
    tall = size[1] > 1.2 * size[0]
    lines = _lines(caption(view, inspector), small, size[0], 4 if tall else 2)
    below = size[1] - line * max(2, len(lines)) - layout.pixels(TIGHT)
    picture = Rect(0, top, size[0], below - top - layout.pixels(TIGHT))
    if picture.height > 0:
        _DRAWN[view](tile, layout, picture, inspector, view)
    for number, words in enumerate(lines):
        tile.blit(text(words, small, QUIET), (0, below + number * line))
    return tile


@lru_cache(maxsize=256)
def _lines(words: str, size: int, width: int, most: int) -> list[str]:
    return wrapped(words, size, width, most)


def _draw_button(surface: Surface, layout: Layout, place: Rect, left: bool, colour: Colour) -> None:
    """A triangle that points the way."""
    half = layout.pixels(NEAR)
    x, y = place.center
    way = -half if left else half
    points = [(x - way // 2, y - half), (x + way // 2 + way % 2, y), (x - way // 2, y + half)]
    pygame.draw.polygon(surface, colour, points)


def _draw_number(surface: Surface, layout: Layout, places: _Places, first: int) -> None:
    words = text(f"{first + 1} of {len(VIEWS)}", layout.pixels(LABEL), QUIET)
    x = (places.back.left + places.on.right) // 2
    surface.blit(words, words.get_rect(center=(x, places.back.centery)))
