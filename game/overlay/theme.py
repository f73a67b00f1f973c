"""Colours, type and how a probability is written."""

from __future__ import annotations

from functools import lru_cache

import pygame

from game.rendering import PAPER as PAPER

Colour = tuple[int, int, int]

SURFACE: Colour = (27, 29, 36)
RAISED: Colour = (44, 47, 57)
LINE: Colour = (70, 75, 89)
TEXT: Colour = (232, 234, 239)
QUIET: Colour = (160, 166, 180)

# Okabe and Ito's colours, told apart with every kind of colour blindness; and no meaning hangs on
# colour alone: each kind of answer has its own words and its own line as well.
SKY: Colour = (86, 180, 233)
ORANGE: Colour = (230, 159, 0)
VERMILION: Colour = (213, 94, 0)

ANSWER_COLOURS: dict[str, Colour] = {"sure": SKY, "unsure": ORANGE, "refused": QUIET}


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with `share` (0..1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def percent(probability: float) -> str:
    """ "97.3 %"; never more than "99.9 %", since no reading is certain."""
    return f"{min(100 * probability, 99.9):.1f} %"


@lru_cache(maxsize=32)
def font(size: int) -> pygame.font.Font:
    """pygame's own font, `size` pixels high: it is there on every system."""
    return pygame.font.Font(pygame.font.get_default_font(), max(7, size))


@lru_cache(maxsize=512)
def text(words: str, size: int, colour: Colour) -> pygame.Surface:
    """`words` as a surface to blit; kept, since a screen says the same things again and again."""
    return font(size).render(words, True, colour)


def shortened(words: str, size: int, width: int) -> str:
    """`words`, or their two ends with "…" between, so that they are at most `width` pixels wide."""
    measure = font(size).size
    if measure(words)[0] <= width:
        return words
    for kept in range(len(words) - 1, 1, -1):
        tried = f"{words[: kept // 2]}…{words[len(words) - (kept - kept // 2) :]}"
        if measure(tried)[0] <= width:
            return tried
    return "…"


def wrapped(words: str, size: int, width: int, lines: int) -> list[str]:
    """`words` broken at spaces into at most `lines` lines, each at most `width` pixels wide."""
    measure = font(size).size
    broken: list[str] = []
    for word in words.split():
        if broken and measure(f"{broken[-1]} {word}")[0] <= width:
            broken[-1] += f" {word}"
        else:
            broken.append(word)
    if len(broken) > lines:
        broken[lines - 1 :] = [" ".join(broken[lines - 1 :])]
    return [shortened(line, size, width) for line in broken]
