"""Collecting on the window: the start page, what is asked for above the canvas, the last page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from pygame import Rect, Surface

from game.collect.asked import request
from game.collect.session import Collect
from game.overlay.buttons import Button, action_at, draw_button, row_of
from game.overlay.layout import Layout
from game.overlay.practice import practice_layout
from game.overlay.screen import Screen
from game.overlay.theme import (
    BODY,
    FIGURE,
    GAP,
    HAIR,
    HEADING,
    LEAD,
    LEAST,
    LINE,
    MARGIN,
    QUIET,
    SCORE,
    SKY,
    SMALL,
    SURFACE,
    TEXT,
    TITLE,
    WIDE,
    Colour,
    fitting,
    font,
    shortened,
    text,
)
from game.overlay.toast import draw_toast
from models.profiles import SAMPLES

_CHARACTER = 84  # pixels at scale 1, the asked character's type at most
_ROW, _TITLE, _HEIGHT, _STEP = 620, 112, 58, 84  # the same: a row of the start page

Row = tuple[str, int, Colour]  # words, type size at scale 1, colour


class CollectScreen:
    """Knows where collecting stands on the window, and draws it.

    page: the canvas and its ink. buttons: as they stand now.
    """

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        self.page = Screen(size, scale)
        self.buttons: list[Button] = []
        self._scale = scale
        self._parts = practice_layout(size, scale)

    def fit(self, collect: Collect, size: tuple[int, int]) -> None:
        """Lays out a window of (width, height) pixels."""
        self._parts = practice_layout(size, self._scale)
        layout, _, bar = self._parts
        self.page.lay(collect.board, layout)
        groups = collect.groups()
        places = [bar]
        if collect.page == "start":
            places = [buttons for _, buttons in _rows(layout, len(groups))]
        self.buttons = [
            button
            for group, place in zip(groups, places, strict=True)
            for button in row_of(group.offers, place, layout)
        ]

    def action_at(self, x: float, y: float) -> str | None:
        """What the button at a pixel of the window does; None where there is none."""
        return action_at(self.buttons, x, y)

    def draw(self, surface: Surface, collect: Collect) -> None:
        """Draws one frame."""
        layout, asked, bar = self._parts
        surface.fill(SURFACE)
        if collect.page == "start":
            _draw_start(surface, layout, collect)
        elif collect.page == "end":
            _draw_end(surface, layout, Rect(0, 0, layout.window.width, bar.top), collect)
        else:
            self.page.draw_canvas(surface, collect.board, "Write it here")
            _draw_asked(surface, layout, asked, collect)
        for button in self.buttons:
            draw_button(surface, button, layout)
        if collect.board.toast is not None:
            draw_toast(surface, layout, collect.board.toast.text, collect.board.toast.kind)


def _rows(layout: Layout, count: int) -> list[tuple[Rect, Rect]]:
    """For each row of the start page where its title and its buttons stand."""
    window, gap = layout.window, layout.pixels(GAP)
    width = min(window.width - 4 * gap, layout.pixels(_ROW))
    top = round(window.height * 0.26)
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


def _draw_start(surface: Surface, layout: Layout, collect: Collect) -> None:
    whose = f"Samples of {collect.profile.name}: {collect.kept} so far"
    head: Sequence[Row] = (
        ("Collect", TITLE, TEXT),
        ("Write each character that is asked for. It is kept as that one.", BODY, QUIET),
        (whose, BODY, TEXT),
    )
    _draw_rows(surface, layout, Rect(0, 0, layout.window.width, layout.window.height // 4), head)
    groups = collect.groups()
    for group, (place, _) in zip(groups, _rows(layout, len(groups)), strict=True):
        drawn = _line(group.title, layout.pixels(BODY), QUIET, place.width, layout)
        surface.blit(drawn, drawn.get_rect(midleft=place.midleft))


def _draw_asked(surface: Surface, layout: Layout, place: Rect, collect: Collect) -> None:
    """How far it has come, what to write, and, small, what the network reads."""
    line = layout.pixels(HAIR)
    surface.fill(LINE, Rect(0, layout.canvas.top - line, layout.window.width, line))
    small, third = layout.pixels(FIGURE), place.width // 3
    done = f"{len(collect.written) + 1} of {len(collect.order)}"
    left = _line(done, small, QUIET, third, layout)
    surface.blit(left, left.get_rect(topleft=place.topleft))
    middle = _line(collect.profile.name, small, QUIET, third, layout)
    surface.blit(middle, middle.get_rect(midtop=place.midtop))
    if collect.reads:
        right = _line(f"reads: {collect.reads}", small, QUIET, third, layout)
        surface.blit(right, right.get_rect(topright=place.topright))
    rest = Rect(place.x, place.y + left.get_height(), place.width, 0)
    rest.height = max(1, place.bottom - rest.y)
    size = layout.pixels(_CHARACTER)
    while font(size).get_height() > rest.height and size > layout.pixels(LEAST):
        size -= 1
    character = text(collect.character, size, SKY)
    gap = layout.pixels(MARGIN)
    room = rest.width - character.get_width() - gap
    words = _line(
        request(collect.character, collect.mode), layout.pixels(HEADING), TEXT, room, layout
    )
    start = rest.centerx - (words.get_width() + gap + character.get_width()) // 2
    surface.blit(words, words.get_rect(midleft=(start, rest.centery)))
    surface.blit(
        character, character.get_rect(midleft=(start + words.get_width() + gap, rest.centery))
    )


def _draw_end(surface: Surface, layout: Layout, place: Rect, collect: Collect) -> None:
    """How many, where they are, and what can be made of them."""
    name, count = collect.profile.name, collect.collected
    skipped = len(collect.written) - count
    rows: list[Row] = [(f"{count} collected", SCORE, TEXT)]
    if skipped:
        rows.append((f"{skipped} skipped", LEAD, QUIET))
    rows.append((f"Samples of {name}: {collect.kept}", LEAD, TEXT))
    if collect.profile.folder is not None and collect.kept:
        export = f"python -m game export {shlex.quote(name)} --format idx"
        rows += [
            (f"They are in {collect.profile.folder / SAMPLES}", BODY, QUIET),
            (export, BODY, SKY),
            ("makes images and labels of them, as MNIST has them; or: png, drawings", BODY, QUIET),
        ]
    _draw_rows(surface, layout, place, rows)


def _draw_rows(surface: Surface, layout: Layout, place: Rect, rows: Sequence[Row]) -> None:
    """Lines one below the other in the middle of a place, smaller where it has no room."""
    gap = layout.pixels(GAP)
    room = place.width - layout.pixels(WIDE)
    whole = sum(font(layout.pixels(size)).get_height() + gap for _, size, _ in rows)
    shrink = min(1.0, (place.height - gap) / max(1, whole))
    top = place.centery - whole * shrink / 2
    for words, size, colour in rows:
        high = (font(layout.pixels(size)).get_height() + gap) * shrink
        drawn = _line(
            words,
            max(layout.pixels(LEAST), int(layout.pixels(size) * shrink)),
            colour,
            room,
            layout,
        )
        surface.blit(drawn, drawn.get_rect(center=(place.centerx, round(top + high / 2))))
        top += high


def _line(words: str, size: int, colour: Colour, room: int, layout: Layout) -> Surface:
    """One line as large as asked, smaller and then shortened where it has no room."""
    size = fitting(words, size, min(size, layout.pixels(SMALL)), room)
    return text(shortened(words, size, max(1, room)), size, colour)
