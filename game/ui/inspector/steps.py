"""The images between ink and network: the box, the two steps to 28×28, and older ways."""

from __future__ import annotations

import numpy as np
import pygame
from pygame import Rect, Surface

from game.document.rasterize import coloured, draw_strokes
from game.inspector.state import Boxed, Inspector, View
from game.ui.inspector.pixels import blit_pixels, enlarged, glow, grey, squares
from game.ui.layout import Layout
from game.ui.theme import (
    ANSWER_COLOURS,
    EDGE,
    HAIR,
    LEAST,
    LINE,
    MARGIN,
    NEAR,
    ORANGE,
    PAPER,
    QUIET,
    SKY,
    SMALL,
    TIGHT,
    Colour,
    fitting,
    font,
    percent,
    text,
)
from models.preprocessing.directions import DIRECTIONS, without_directions

_BLANK = np.zeros((28, 28), np.float32)


def draw_steps(
    surface: Surface, layout: Layout, place: Rect, inspector: Inspector, _view: View
) -> None:
    """The ink in its box, fitted to 20×20, and centred in 28×28."""
    line = font(layout.pixels(SMALL)).height
    in_box, fitted, centred = squares(place, 3, line, layout.pixels(NEAR))
    boxed = inspector.boxed
    if boxed is None:
        for each in (in_box, fitted, centred):
            blit_pixels(surface, grey(_BLANK), each)
        return
    _draw_box(surface, layout, in_box, boxed)
    sides = f"{boxed.box.width:.0f}×{boxed.box.height:.0f}"
    _label(surface, layout, in_box, f"box {sides}", QUIET)
    steps = boxed.steps
    for frame, image, mass, name in (
        (fitted, steps.fitted, steps.fitted_mass, "20×20"),
        (centred, steps.image, steps.mass, "28×28"),
    ):
        # Both on one scale: the ink has the same size in them.
        side = round(enlarged(28, frame.width) * len(image) / 28)
        inner = Rect(0, 0, side, side)
        inner.center = frame.center
        blit_pixels(surface, grey(image), inner)
        if frame is centred:
            middle = round(14.5 * side / len(image))
            surface.fill(LINE, Rect(inner.left + middle, inner.top, 1, side))
            surface.fill(LINE, Rect(inner.left, inner.top + middle, side, 1))
        at = (
            inner.left + round(mass[0] * side / len(image)),
            inner.top + round(mass[1] * side / len(image)),
        )
        _cross(surface, layout, at)
        _label(surface, layout, frame, name, QUIET)


def draw_directions(
    surface: Surface, layout: Layout, place: Rect, inspector: Inspector, _view: View
) -> None:
    """The image, and around it where the pen went in each direction, on that side of it."""
    gap = layout.pixels(EDGE)
    side = enlarged(28, (min(place.size) - 2 * gap) // 3)
    middle = Rect(0, 0, side, side)
    middle.center = place.center
    seen = _BLANK if inspector.seen is None else inspector.seen
    blit_pixels(surface, grey(without_directions(seen)), middle)
    if seen is _BLANK or not inspector.sees_directions:
        return
    for number in range(DIRECTIONS):
        x, y = (round(part(number * 2 * np.pi / DIRECTIONS)) for part in (np.cos, np.sin))
        blit_pixels(
            surface, glow(seen[..., 1 + number]), middle.move(x * (side + gap), y * (side + gap))
        )


def draw_feeds(
    surface: Surface, layout: Layout, place: Rect, inspector: Inspector, _view: View
) -> None:
    """What each recipe feeds the network, and what the network then answers."""
    line = font(layout.pixels(SMALL)).height
    frames = squares(place, 3, 2 * line, layout.pixels(NEAR))
    if not inspector.feeds:
        for frame in frames:
            blit_pixels(surface, grey(_BLANK), frame)
        return
    for frame, feed in zip(frames, inspector.feeds, strict=True):
        side = enlarged(28, frame.width)
        inner = Rect(0, 0, side, side)
        inner.center = frame.center
        blit_pixels(surface, grey(feed.image), inner)
        words = {"sure": feed.label, "unsure": f"{feed.label}?", "refused": f"{feed.label}??"}
        answer = f"{words[feed.kind]}  {percent(feed.probability)}"
        _label(surface, layout, frame, answer, ANSWER_COLOURS[feed.kind])
        _label(surface, layout, frame.move(0, line), feed.recipe, QUIET)


def _draw_box(surface: Surface, layout: Layout, place: Rect, boxed: Boxed) -> None:
    box = boxed.box
    margin = layout.pixels(TIGHT)
    scale = (place.width - 2 * margin) / max(box.width, box.height, 1e-9)
    offset = (
        place.width / 2 - (box.x + box.width / 2) * scale,
        place.height / 2 - (box.y + box.height / 2) * scale,
    )
    ink = np.zeros((place.height, place.width), np.uint8)
    draw_strokes(ink, boxed.ink, boxed.pen, scale, offset)
    blit_pixels(surface, coloured(ink), place)
    width, height = max(2, round(box.width * scale)), max(2, round(box.height * scale))
    frame = Rect(0, 0, width, height)
    frame.center = place.center
    pygame.draw.rect(surface, SKY, frame, layout.pixels(HAIR))


def _cross(surface: Surface, layout: Layout, at: tuple[int, int]) -> None:
    arm, width = layout.pixels(TIGHT), layout.pixels(EDGE)
    for thicker, colour in ((2, PAPER), (0, ORANGE)):
        for x, y in ((arm, 0), (0, arm)):
            across, down = 2 * x + width + thicker, 2 * y + width + thicker
            cross = Rect(0, 0, across, down)
            cross.center = at
            surface.fill(colour, cross)


def _label(surface: Surface, layout: Layout, place: Rect, words: str, colour: Colour) -> None:
    room = place.width + layout.pixels(MARGIN)
    size = fitting(words, layout.pixels(SMALL), layout.pixels(LEAST), room)
    drawn = text(words, size, colour)
    surface.blit(drawn, drawn.get_rect(midtop=(place.centerx, place.bottom + 2)))
