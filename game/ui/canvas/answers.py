"""The answers over their ink: OpenCV's box, what it reads as, and how probable that is."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import pygame
from pygame import Rect, Surface

from game.ui.canvas.placing import Captions, Ground, place_frames
from game.ui.canvas.viewport import Viewport
from game.ui.layout import Layout
from game.ui.theme import (
    ANSWER_COLOURS,
    CAPTIONS,
    EDGE,
    FAINT,
    FIGURE,
    HAIR,
    LABEL,
    NEAR,
    PAPER,
    PLATE,
    TEXT,
    font,
    mixed,
    percent,
    text,
    tight_height,
    writing,
)
from game.ui.widgets.shapes import frame, plate
from models.recognition.answer import Answer, Reading
from models.recognition.labels import DIGITS

# How much of the paper shines through a frame while its ink is still being written.
_DIMMED = 0.55
_ON_LINE = (11, 9)  # in a crowd, on the frames' own lines
_WORDS = 0.62  # type size of a caption of several words, beside that of one character
_OF_BOX = 0.6  # most of a box's height that its caption's type takes, where there are several
_MARGINS, _MARGIN_OF_BOX = (2.0, 5.0), 0.04  # pixels between ink and frame, and share of its height
_PLAIN = LABEL  # type size, below which captions have no line around them
_SMALL = 32  # pixels; smaller frames have thinner lines
_SPECK = 6  # pixels; the ring around a smaller one is as large as if it were so


@dataclass(frozen=True)
class Wording:
    """A caption in one of its sizes. figures: beside it, "" where there is no room for them."""

    words: str
    size: int
    figures: str
    figures_size: int

    def extent(self, scale: float) -> tuple[int, int]:
        """Width and height of its plate, in pixels."""
        pad = self.pad(scale)
        width = _width(self.words, self.size, bold=True)
        if self.figures:
            width += round(8 * scale) + _width(self.figures, self.figures_size)
        return width + 2 * pad, tight_height(self.size)

    def pad(self, scale: float) -> int:
        """Room at its left and right."""
        return max(round(2 * scale), min(round(8 * scale), self.size // 5))


@dataclass(frozen=True)
class Placed:
    """An answer on the window: its frame, its caption's plate, and how that is worded.

    members: the indices of all answers that the caption is of, one or those of a word.
    """

    answer: Answer
    frame: Rect
    plate: Rect
    wording: Wording
    members: range


def place_answers(
    reading: Reading, layout: Layout, viewport: Viewport, below: bool, captions: Captions
) -> tuple[Placed, ...]:
    """Where each answer of a reading stands, in the reading's order; see `placing`.

    A word that is sure has one caption. captions: knows where they stood before, on this canvas.
    """
    boxes = viewport.boxes_to_window([answer.box for answer in reading.answers])
    usual = statistics.median(box.height for box in boxes) / layout.scale if boxes else 0.0
    margin = min(max(usual * _MARGIN_OF_BOX, _MARGINS[0]), _MARGINS[1])
    frames = place_frames(boxes, layout.pixels(margin), layout.canvas)
    most = _OF_BOX * usual if len(boxes) > 1 else CAPTIONS[0]
    # Where all boxes are tiny, the smallest type it is.
    usable = [size for size in CAPTIONS if size <= most] or CAPTIONS[-1:]
    type_sizes = tuple(layout.pixels(size) for size in usable)
    wordings, sizes, around = [], [], []
    captioned = list(_captioned(reading.answers))
    for members in captioned:
        own = [reading.answers[k] for k in members]
        words, extents = _wordings(_forms(own), own[0].kind == "sure", type_sizes, layout.scale)
        wordings.append(words)
        sizes.append(extents)
        around.append(frames[members[0]].unionall([frames[k] for k in members[1:]]))
    on_line = len(sizes[0]) - len(_ON_LINE) if sizes else 0
    counts = list(map(len, captioned))
    ground = Ground(around, layout.canvas, layout.pixels(NEAR), below, on_line, counts)
    places = captions.place(ground, sizes)
    return tuple(
        Placed(reading.answers[k], frames[k], caption.place, wording[caption.level], members)
        for members, caption, wording in zip(captioned, places, wordings, strict=True)
        for k in members
    )


def _captioned(answers: Sequence[Answer]) -> Iterator[range]:
    """The answers that have a caption together: those of a word where all are sure, else one."""
    start = 0
    for _, group in groupby(answers, key=lambda answer: (answer.line, answer.word)):
        own = list(group)
        whole = len(own[0].probabilities) > len(DIGITS) and all(a.kind == "sure" for a in own)
        size = len(own) if whole else 1
        yield from (range(k, k + size) for k in range(start, start + len(own), size))
        start += len(own)


def _forms(answers: Sequence[Answer]) -> tuple[str, str, str]:
    """The caption of an answer or of a word, the figures beside it, and its short form."""
    if len(answers) == 1:
        (answer,) = answers
        return answer.caption(), likely(answer), short(answer)
    word = "".join(answer.text for answer in answers)
    if all(answer.corrected_label for answer in answers):
        return word, "as you said", word
    return word, percent(math.prod(answer.confidence for answer in answers)), word


@lru_cache(maxsize=1024)  # a page full of characters is worded anew with each stroke
def _wordings(
    forms: tuple[str, str, str], sure: bool, sizes: tuple[int, ...], scale: float
) -> tuple[tuple[Wording, ...], tuple[tuple[int, int], ...]]:
    """A caption's sizes: the whole of it, then without figures, then shorter and smaller.

    forms: the caption, the figures beside it, and the short caption.
    sure: whether the answer is.
    sizes: of type, in pixels.
    Returns the wordings with their widths and heights.
    """
    caption, figures, brief = forms
    whole = sizes[0] if sure else max(sizes[-1], round(sizes[0] * _WORDS))
    figures_size = min(max(1, round(FIGURE * scale)), sizes[0])
    on_line = (max(1, round(size * scale)) for size in _ON_LINE)
    wordings = (
        Wording(caption, whole, figures, figures_size),
        Wording(caption, whole, "", 0),
        *(Wording(brief, size, "", 0) for size in (*sizes, *on_line)),
    )
    return wordings, tuple(each.extent(scale) for each in wordings)


def likely(answer: Answer) -> str:
    """The figures beside the caption: the best label's probability, or the best two's."""
    (best, first), (second, other) = answer.alternatives[:2]
    if answer.corrected_label is not None:
        return "as you said"
    if answer.kind == "sure":
        return percent(first)
    if answer.kind == "unsure":
        return f"{best} {percent(first)}  {second} {percent(other)}"
    return f"{best}? {percent(first)}"


def short(answer: Answer) -> str:
    """The caption where there is little room: "8", "4?" for "4 or 9?", "?" for none of them."""
    if answer.kind == "unsure":
        return f"{answer.alternatives[0][0]}?"
    return answer.text


def draw_answers(
    surface: Surface,
    placed: Sequence[Placed],
    layout: Layout,
    selected: int | None,
    outdated: Set[int],
) -> None:
    """Draws a frame and a caption for each answer.

    selected: the answer that stands out. outdated: those that may still change; they are dimmed.
    """
    edge_width, hair, small, plain = map(layout.pixels, (EDGE, HAIR, _SMALL, _PLAIN))
    for index, each in enumerate(placed):
        colour, figures_colour = ANSWER_COLOURS[each.answer.kind], TEXT
        line = colour
        if not outdated.isdisjoint(each.members):
            line = mixed(colour, PAPER, _DIMMED)
            colour, figures_colour = writing(colour, PAPER), writing(TEXT, PAPER)
        chosen = index == selected
        width = edge_width if min(each.frame.size) >= small else hair
        if chosen:
            _tint(surface, line, each.frame)
            width += hair
        frame(surface, line, each.frame, each.answer.kind, width)
        if index != each.members[-1]:
            continue  # a word's caption comes after all its frames
        ground = PLATE if not chosen or len(each.members) > 1 else colour
        plate(surface, each.plate, ground, line if each.wording.size >= plain else None, hair)
        words = PAPER if ground == colour else colour
        figures = PAPER if ground == colour else figures_colour
        _write(surface, each, layout, words, figures)


def draw_specks(surface: Surface, boxes: Iterable[Rect], layout: Layout) -> None:
    """A faint ring around ink that is no character, which shows that it was not overlooked."""
    for box in boxes:
        side = max(*box.size, layout.pixels(_SPECK)) + 2 * layout.pixels(NEAR)
        ring = Rect(0, 0, side, side)
        ring.center = box.center
        pygame.draw.ellipse(surface, FAINT, ring, layout.pixels(HAIR))


def _write(
    surface: Surface,
    each: Placed,
    layout: Layout,
    colour: tuple[int, int, int],
    figures_colour: tuple[int, int, int],
) -> None:
    wording, pad = each.wording, each.wording.pad(layout.scale)
    large = text(wording.words, wording.size, colour, bold=True)
    left = (each.plate.left + pad, each.plate.centery)
    surface.blit(large, large.get_rect(midleft=left))
    if wording.figures:
        small = text(wording.figures, wording.figures_size, figures_colour)
        right = (each.plate.right - pad, each.plate.centery)
        surface.blit(small, small.get_rect(midright=right))


def _tint(surface: Surface, colour: tuple[int, int, int], place: Rect) -> None:
    """A little colour over ink and paper."""
    tint = Surface(place.size, pygame.SRCALPHA)
    # Less than its frame, whose corners are round.
    tint.fill((*colour, 40), tint.get_rect().inflate(-4, -4))
    surface.blit(tint, place)


@lru_cache(maxsize=4096)
def _width(words: str, size: int, bold: bool = False) -> int:
    return font(size, bold).width(words)
