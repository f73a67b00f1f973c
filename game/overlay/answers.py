"""The answers over their ink: OpenCV's box, what it reads as, and how probable that is."""

from __future__ import annotations

from pygame import Rect, Surface

from game.overlay.layout import Layout, caption_place
from game.overlay.shapes import frame, plate
from game.overlay.theme import ANSWER_COLOURS, PAPER, TEXT, mixed, percent, text
from game.overlay.view import View
from models.reader import Answer, Reading

# How much of the paper shines through while the pen is down and the answer may still change.
DIMMED = 0.55


def draw_answers(
    surface: Surface, reading: Reading, layout: Layout, view: View, dimmed: bool
) -> None:
    """Draws a box and a caption for each answer. dimmed: while the pen is down."""
    for answer in reading.answers:
        share = DIMMED if dimmed else 0.0
        colour = mixed(ANSWER_COLOURS[answer.kind], PAPER, share)
        words = mixed(TEXT, PAPER, share)
        margin = layout.pixels(5)
        box = view.box_to_window(answer.box).inflate(2 * margin, 2 * margin).clip(layout.canvas)
        frame(surface, colour, box, answer.kind, layout.pixels(2))
        large = text(answer.caption(), layout.pixels(_caption_size(answer)), colour)
        small = text(likely(answer), layout.pixels(14), words)
        pad, gap = layout.pixels(8), layout.pixels(8)
        width = large.get_width() + gap + small.get_width() + 2 * pad
        size = (width, large.get_height() + pad // 2)
        place = caption_place(box, size, layout.pixels(6), layout.canvas)
        plate(surface, place, mixed(PAPER, (0, 0, 0), 0.4), colour, layout.pixels(1))
        _side_by_side(surface, place, large, small, pad)


def likely(answer: Answer) -> str:
    """The figures beside the caption: the best label's probability, or the best two's."""
    (best, first), (second, other) = answer.alternatives[:2]
    if answer.kind == "sure":
        return percent(first)
    if answer.kind == "unsure":
        return f"{best} {percent(first)}  {second} {percent(other)}"
    return f"{best}? {percent(first)}"


def _caption_size(answer: Answer) -> int:
    return 40 if answer.kind == "sure" else 25


def _side_by_side(surface: Surface, place: Rect, large: Surface, small: Surface, pad: int) -> None:
    surface.blit(large, large.get_rect(midleft=(place.left + pad, place.centery + pad // 8)))
    surface.blit(small, small.get_rect(midright=(place.right - pad, place.centery)))
