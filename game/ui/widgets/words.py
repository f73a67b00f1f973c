"""All that is read on the page, in reading order: a number, a word, several lines of them."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame
from pygame import Rect, Surface

from game.ui.theme import ANSWER_COLOURS, QUIET, TEXT, font, marked, text, tight_height
from models.recognition.answer import Reading

_FRONT = "…"  # stands for what there is no room for
_BETWEEN_LINES = " / "  # where all lines stand in one row
_READABLE = 16  # type size at scale 1; smaller than this, words are broken into rows instead


@dataclass(frozen=True)
class Letter:
    """What stands for one answer. answer: its index in the reading; None for what is between."""

    words: str
    answer: int | None = None


LetterRow = tuple[Letter, ...]


def lines_of(reading: Reading) -> tuple[LetterRow, ...]:
    """The letters of each line of writing."""
    lines: dict[int, LetterRow] = {}
    for index, answer in enumerate(reading.answers):
        lines[answer.line] = (*lines.get(answer.line, ()), Letter(answer.text, index))
    return tuple(lines.values())


def in_one_row(lines: Sequence[LetterRow]) -> LetterRow:
    """All lines behind one another."""
    row: LetterRow = ()
    for line in lines:
        row = (*row, Letter(_BETWEEN_LINES), *line) if row else line
    return row


def fitted(
    lines: Sequence[LetterRow], room: tuple[int, int], sizes: Sequence[int], readable: int
) -> tuple[int, tuple[LetterRow, ...]]:
    """The type size, and the rows, in which lines fit into (width, height).

    sizes: to choose from, the largest first. Lines stay whole where they fit in type of `readable`
    or more; else they are broken into rows; what even then has no room is left out at the front,
    where "…" stands for it.
    """
    width = room[0]
    for size in sizes:
        if size >= readable and _fit(lines, room, size):
            return size, tuple(lines)
    for size in sizes:
        if not _stand(len(lines), room[1], size):
            continue  # nor would more rows
        rows = _broken(lines, width, size)
        if _fit(rows, room, size):
            return size, rows
    size = sizes[-1]
    count = sum(len(line) for line in lines)
    left_out = bisect.bisect(
        range(1, count), False, key=lambda n: _fit(_without(lines, n, width, size), room, size)
    )
    return size, _without(lines, left_out + 1, width, size)


def draw_words(
    surface: Surface,
    place: Rect,
    size: int,
    rows: Sequence[LetterRow],
    reading: Reading,
    shown: int | None,
) -> None:
    """Writes rows into a place, half way between its top and bottom, and marks the shown answer."""
    height = tight_height(size)
    top = place.centery - height * len(rows) // 2
    for row in rows:
        left = place.left
        for letter in row:
            across = _across(letter.words, size)
            colour = QUIET
            if letter.answer is not None:
                kind = reading.answers[letter.answer].kind
                colour = TEXT if kind == "sure" else ANSWER_COLOURS[kind]
                if letter.answer == shown:
                    _mark(surface, Rect(left, top, across, height), ANSWER_COLOURS[kind])
            words = text(letter.words, size, colour, bold=True)
            surface.blit(words, words.get_rect(midleft=(left, top + height // 2)))
            left += across
        top += height


def width_of(row: LetterRow, size: int) -> int:
    """Pixels across."""
    return sum(_across(letter.words, size) for letter in row)


def type_sizes(largest: int, smallest: int) -> list[int]:
    """Sizes to choose from, the largest first, each at most an eighth smaller than the last."""
    sizes = [largest]
    while sizes[-1] > smallest:
        sizes.append(max(smallest, min(sizes[-1] - 1, sizes[-1] * 7 // 8)))
    return sizes


def readable(scale: float) -> int:
    """The type size from which on words stay in one row, in pixels."""
    return round(_READABLE * scale)


def _mark(surface: Surface, place: Rect, colour: tuple[int, int, int]) -> None:
    pygame.draw.rect(surface, marked(colour), place, border_radius=place.height // 6)
    line = Rect(place.left, place.bottom - max(1, place.height // 12), place.width, 0)
    line.height = place.bottom - line.top
    surface.fill(colour, line)


@lru_cache(maxsize=2048)
def _across(words: str, size: int) -> int:
    return font(size, bold=True).width(words)


def _fit(rows: Sequence[LetterRow], room: tuple[int, int], size: int) -> bool:
    """Whether the rows stand in (width, height); a single one may be higher."""
    width, height = room
    return _stand(len(rows), height, size) and all(width_of(row, size) <= width for row in rows)


def _stand(count: int, height: int, size: int) -> bool:
    """Whether so many rows are no higher than `height`; a single one may be."""
    return count == 1 or count * tight_height(size) <= height


def _without(
    lines: Sequence[LetterRow], count: int, width: int, size: int
) -> tuple[LetterRow, ...]:
    """Lines broken into rows, without their first `count` letters."""
    left: list[LetterRow] = []
    for line in lines:
        if count < len(line):
            left.append(line[count:])
        count = max(0, count - len(line))
    if not left:
        return ((Letter(_FRONT),),)
    return _broken([(Letter(_FRONT), *left[0]), *left[1:]], width, size)


def _broken(lines: Sequence[LetterRow], width: int, size: int) -> tuple[LetterRow, ...]:
    """Lines broken wherever they become wider than `width`."""
    rows: list[LetterRow] = []
    for line in lines:
        row: list[Letter] = []
        across = 0
        for letter in line:
            across += _across(letter.words, size)
            if row and across > width:
                rows.append(tuple(row))
                row, across = [], _across(letter.words, size)
            row.append(letter)
        rows.append(tuple(row))
    return tuple(rows)
