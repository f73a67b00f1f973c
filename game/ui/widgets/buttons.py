"""Buttons: what can be done now, for mouse, pen and finger, each with its key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from game.page.commands import Command
from game.ui.layout import Layout, Point
from game.ui.theme import (
    BODY,
    CHOSEN,
    CORNER,
    EDGE,
    GAP,
    HAIR,
    IDLE,
    LEAST,
    LINE,
    NEAR,
    QUIET,
    RADIUS,
    RAISED,
    SKY,
    SMALL,
    SURFACE,
    TEXT,
    TIGHT,
    WIDE,
    fitting,
    font,
    text,
)
from game.ui.widgets.keys import cap


@dataclass(frozen=True)
class Button:
    """A command and where its button stands, in the window's pixels."""

    place: Rect
    command: Command


def row_of(commands: Sequence[Command], place: Rect, layout: Layout) -> list[Button]:
    """Buttons side by side that fill a place; those with longer words get more of it."""
    if not commands:
        return []
    gap = layout.pixels(GAP)
    measure = font(layout.pixels(BODY)).width
    wants = [measure(command.label) + layout.pixels(WIDE) for command in commands]
    room = place.width - gap * (len(commands) - 1)
    buttons, left = [], float(place.left)
    for command, wanted in zip(commands, wants, strict=True):
        width = room * wanted / sum(wants)
        buttons.append(Button(Rect(round(left), place.y, round(width), place.height), command))
        left += width + gap
    return buttons


def command_at(buttons: Iterable[Button], point: Point) -> Command | None:
    """What the button at a pixel of the window does; None where there is none, or none to press."""
    for button in buttons:
        if button.command.enabled and button.place.collidepoint(point):
            return button.command
    return None


def draw_button(surface: Surface, button: Button, layout: Layout, pressed: bool) -> None:
    """What is chosen or done most is bright in edge and ground; what does nothing now is dim."""
    place, command = button.place, button.command
    draw_ground(surface, layout, place, command, pressed)
    key = cap(command.key)
    size, small = _sizes(button, key, layout)
    words = text(command.label, size, TEXT if command.enabled else IDLE)
    if key in ("", command.label) or not command.enabled or small is None:
        surface.blit(words, words.get_rect(center=place.center))
        return
    name = text(key, small, QUIET if not command.checked else TEXT)
    height = words.get_height() + name.get_height()
    top = place.centery - height // 2
    surface.blit(words, words.get_rect(midtop=(place.centerx, top)))
    surface.blit(name, name.get_rect(midtop=(place.centerx, top + words.get_height())))


def _sizes(button: Button, key: str, layout: Layout) -> tuple[int, int | None]:
    """Of the words, and of the key below them; None for the key where there is no room for it."""
    room = button.place.width - layout.pixels(GAP)
    size = fitting(button.command.label, layout.pixels(BODY), layout.pixels(LEAST), room)
    small = layout.pixels(SMALL)
    high = font(size).height + font(small).height <= button.place.height
    return size, small if high and font(small).width(key) <= room else None


def width_of_capped(command: Command, size: int, layout: Layout) -> int:
    """Pixels across of a button that `draw_capped` draws, with type of a size in pixels."""
    measure = font(size).width
    room = 2 * layout.pixels(NEAR) + layout.pixels(NEAR) + 2 * layout.pixels(TIGHT)
    return int(measure(cap(command.key)) + measure(command.label) + room)


def draw_capped(
    surface: Surface, layout: Layout, place: Rect, command: Command, size: int, pressed: bool
) -> None:
    """A button in one line: its key, as on a keyboard's cap, then its words.

    What is on has a bar below its words as well: no meaning hangs on colour alone.
    """
    draw_ground(surface, layout, place, command, pressed)
    name = text(cap(command.key), size, QUIET if command.enabled else IDLE)
    key = Rect(place.x + layout.pixels(NEAR), 0, name.get_width() + 2 * layout.pixels(TIGHT), 0)
    key.height = min(name.get_height() + layout.pixels(EDGE), place.height - layout.pixels(NEAR))
    key.centery = place.centery
    pygame.draw.rect(surface, SURFACE, key, border_radius=layout.pixels(CORNER))
    surface.blit(name, name.get_rect(center=key.center))
    words = text(command.label, size, TEXT if command.enabled else IDLE)
    at = words.get_rect(midleft=(key.right + layout.pixels(NEAR), place.centery))
    surface.blit(words, at)
    if command.checked:
        bar = layout.pixels(EDGE)
        surface.fill(SKY, Rect(at.left, place.bottom - 2 * bar, at.width, bar))


def draw_ground(
    surface: Surface, layout: Layout, place: Rect, command: Command, pressed: bool
) -> None:
    """The ground of a button and the line around it; what does nothing now has no ground."""
    radius = layout.pixels(RADIUS)
    ground = SURFACE
    if command.enabled:
        ground = LINE if pressed else CHOSEN if command.checked else RAISED
    pygame.draw.rect(surface, ground, place, border_radius=radius)
    edge = layout.pixels(EDGE if command.checked else HAIR)
    pygame.draw.rect(surface, SKY if command.checked else LINE, place, edge, border_radius=radius)
