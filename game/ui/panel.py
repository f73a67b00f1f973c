"""The side panel: the answer, a bar for each label, and the image that the network was given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame
from pygame import Rect, Surface

from game.ui.layout import Layout, PanelLayout, panel_layout
from game.ui.theme import (
    ANSWER_COLOURS,
    BODY,
    CORNER,
    FIGURE,
    GAP,
    HAIR,
    HEADING,
    LABEL,
    LEAD,
    LEAST,
    LINE,
    NEAR,
    NUMBER,
    PAPER,
    QUIET,
    RAISED,
    SURFACE,
    TEXT,
    TIGHT,
    fitting,
    font,
    percent,
    shortened,
    text,
    writing,
)
from game.ui.widgets.words import draw_words, fitted, lines_of, readable, type_sizes
from models.recognition.answer import Answer, Reading

_IMAGE = "what the network sees"
BARS = 10  # at most; of more labels the most probable are shown


def draw_panel(
    surface: Surface,
    layout: Layout,
    labels: Sequence[str],
    reading: Reading,
    index: int | None,
    dimmed: bool,
    other: str = "",
) -> None:
    """Draws the panel for one answer of a reading.

    labels: of the network, in its order.
    index: of the answer; None for an empty canvas.
    dimmed: while its ink is being written.
    other: what says how to take another reading of it, "" for none.
    """
    if layout.panel is None:
        return
    answer = None if index is None else reading.answers[index]
    surface.fill(SURFACE, layout.panel)
    surface.fill(LINE, Rect(layout.panel.x, 0, layout.pixels(HAIR), layout.panel.height))
    shown = bars_of(labels, answer)
    lines = len({each.line for each in reading.answers}) if len(reading.answers) > 1 else 0
    parts = panel_layout(layout.panel, layout.scale, len(shown), lines)
    if parts.heading is None or answer is None or index is None:
        _draw_answer(surface, layout, parts.answer, answer, dimmed)
    else:
        _draw_words(surface, layout, parts.answer, reading, index)
        _draw_heading(surface, layout, parts.heading, reading, index, other)
    column = max(font(layout.pixels(FIGURE)).width(label) for label in labels)
    for row, (label, probability) in zip(parts.rows, shown, strict=True):
        best = answer is not None and label == answer.alternatives[0][0]
        winner = answer if best else None
        _draw_bar(surface, layout, row, (label, probability), column, winner)
    _draw_image(surface, layout, parts, answer)


def bars_of(labels: Sequence[str], answer: Answer | None) -> list[tuple[str, float | None]]:
    """Labels and probabilities for the bars: in the network's order where all labels have one.

    Of more labels the most probable come first: no eye keeps 47 places in mind.
    """
    if answer is None:
        return [(label if len(labels) <= BARS else "", None) for label in labels[:BARS]]
    probabilities = answer.probabilities
    order = range(len(labels))
    if len(labels) > BARS:
        order = np.argsort(-np.array(probabilities), kind="stable")[:BARS].tolist()
    return [(labels[i], probabilities[i]) for i in order]


def _draw_words(
    surface: Surface, layout: Layout, place: Rect, reading: Reading, index: int
) -> None:
    """The whole number or word, as large as it fits."""
    sizes = type_sizes(min(place.height, layout.pixels(NUMBER)), layout.pixels(LEAST))
    size, rows = fitted(lines_of(reading), place.size, sizes, readable(layout.scale))
    draw_words(surface, place, size, rows, reading, index)


def _draw_heading(
    surface: Surface, layout: Layout, place: Rect, reading: Reading, index: int, other: str
) -> None:
    """Which of the characters the bars are of, what it reads as, and between them how to take
    another reading, where there is room.
    """
    answer = reading.answers[index]
    size, gap = min(layout.pixels(FIGURE), place.height - 2), layout.pixels(GAP)
    which = text(f"{index + 1} of {len(reading.answers)}", size, QUIET)
    surface.blit(which, which.get_rect(midleft=place.midleft))
    room = place.width - which.get_width() - gap
    caption = shortened(answer.caption(), size, room)
    words = text(caption, size, ANSWER_COLOURS[answer.kind])
    surface.blit(words, words.get_rect(midright=place.midright))
    hint = text(other, size, TEXT)
    between = Rect(
        place.x + which.get_width() + gap, place.y, room - words.get_width(), place.height
    )
    if hint.get_width() + gap <= between.width:
        surface.blit(hint, hint.get_rect(center=between.center))


def _draw_answer(
    surface: Surface, layout: Layout, place: Rect, answer: Answer | None, dimmed: bool
) -> None:
    if answer is None:
        words = text("no ink yet", layout.pixels(BODY), QUIET)
        surface.blit(words, words.get_rect(midleft=place.midleft))
        return
    colour = ANSWER_COLOURS[answer.kind]
    if dimmed:
        colour = writing(colour, SURFACE)
    size = place.height if answer.kind == "sure" else min(place.height, layout.pixels(HEADING))
    caption = answer.caption()
    size = fitting(caption, size, layout.pixels(LEAST), place.width, bold=True)
    words = text(caption, size, colour, bold=True)
    surface.blit(words, words.get_rect(midleft=place.midleft))
    if answer.kind == "sure":
        sure = percent(answer.confidence) if answer.corrected_label is None else "as you said"
        number = text(sure, layout.pixels(LEAD), TEXT)
        surface.blit(number, number.get_rect(midright=place.midright))


def _draw_bar(
    surface: Surface,
    layout: Layout,
    row: Rect,
    shown: tuple[str, float | None],
    column: int,
    winner: Answer | None,
) -> None:
    """One row; that of the best label is bright, has a mark before it and a frame around it.

    shown: label and probability. column: the width of all labels.
    """
    label, probability = shown
    size = min(layout.pixels(FIGURE), row.height - 1)
    letters = TEXT if winner else QUIET
    mark = layout.pixels(GAP)
    name = text(label, size, letters)
    surface.blit(name, name.get_rect(midleft=(row.left + mark + layout.pixels(TIGHT), row.centery)))
    widest = font(size).width("99.9 %")
    if probability is not None:
        number = text(percent(probability), size, letters)
        surface.blit(number, number.get_rect(midright=row.midright))
    left = row.left + mark + column + layout.pixels(GAP)
    right = row.right - widest - layout.pixels(NEAR)
    bar = Rect(left, 0, right - left, max(layout.pixels(TIGHT), row.height * 5 // 9))
    bar.centery = row.centery
    if bar.width <= 0:
        return
    radius = layout.pixels(CORNER)
    pygame.draw.rect(surface, RAISED, bar, border_radius=radius)
    filled = Rect(bar.x, bar.y, round(bar.width * (probability or 0.0)), bar.height)
    colour = ANSWER_COLOURS[winner.kind] if winner else LINE
    if filled.width:
        pygame.draw.rect(surface, colour, filled, border_radius=min(radius, filled.width // 2))
    if winner:
        pygame.draw.rect(surface, TEXT, bar, layout.pixels(HAIR), border_radius=radius)
        x, y, half = row.left, row.centery, mark // 2
        pygame.draw.polygon(surface, TEXT, [(x, y - half), (x + mark - 2, y), (x, y + half)])


def _draw_image(
    surface: Surface, layout: Layout, parts: PanelLayout, answer: Answer | None
) -> None:
    """The 28×28 image, enlarged pixel by pixel."""
    if parts.image is None or parts.caption is None:
        return
    surface.fill(PAPER, parts.image)
    if answer is not None:
        grey = np.round(answer.picture * 255).astype(np.uint8)
        small = pygame.image.frombuffer(np.repeat(grey, 3).tobytes(), grey.shape[::-1], "RGB")
        surface.blit(pygame.transform.scale(small, parts.image.size), parts.image)
    edge = layout.pixels(HAIR)
    frame_rect = parts.image.inflate(2 * edge, 2 * edge)
    pygame.draw.rect(surface, LINE, frame_rect, edge)
    size = fitting(_IMAGE, layout.pixels(LABEL), layout.pixels(LEAST), parts.caption.width)
    words = text(_IMAGE, size, QUIET)
    surface.blit(words, words.get_rect(center=parts.caption.center))
