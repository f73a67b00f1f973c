"""One appearance for all of the window: colours, type sizes and spacings by their roles.

Lengths are pixels at scale 1; `Layout.pixels` makes the window's own of them.
"""

from __future__ import annotations

from functools import lru_cache

from pygame import Surface

from game.document.rasterize import INK as INK
from game.document.rasterize import PAPER as PAPER
from game.ui.typeface import Typeface

Colour = tuple[int, int, int]


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with `share` (0..1) of `other` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


# Type sizes.
FINE = 11  # the numbers of points and axes
SMALL = 12  # captions, and keys below words
LABEL = 14  # buttons of the toolbar, titles of views
FIGURE = 15  # probabilities, and the state of a round
BODY = 16  # messages, buttons, all that is read as a sentence
LEAD = 19  # what stands out from it
HEADING = 24
TITLE = 30
SCORE = 36
QUESTION = 45
NUMBER = 56  # the whole number, at most
CAPTIONS = (41, 34, 28, 23, 19, 16, 13, 11, 10)  # answers over their ink: as large as has room
LEAST = 9  # what else would have no room at all

# Spacings, and the widths of lines.
HAIR = 1
EDGE = 2  # the line around what stands out
TIGHT = 4
NEAR = 6  # between what belongs together
GAP = 8
MARGIN = 12
WIDE = 24
RADIUS = 6
CORNER = 4  # the radius of what is small
TARGET = 32  # the height of whatever is pressed, where there is room for it
LEAST_TARGET = 24  # and where there is little (WCAG 2.2, 2.5.8)

# Grounds. Ink lies on PAPER.
SURFACE: Colour = (27, 29, 36)
RAISED: Colour = (44, 47, 57)
LINE: Colour = (70, 75, 89)
BLACK: Colour = (0, 0, 0)
PLATE: Colour = mixed(PAPER, BLACK, 0.4)  # below a caption that ink may cross
SHADE = (*BLACK, 150)  # over what has to wait; the fourth part is how much it covers, of 255

# Words.
TEXT: Colour = (232, 234, 239)
QUIET: Colour = (160, 166, 180)
IDLE: Colour = mixed(QUIET, SURFACE, 0.24)  # what does nothing now
FAINT: Colour = mixed(QUIET, PAPER, 0.5)  # lines around what is not read
INVITING: Colour = mixed(QUIET, PAPER, 0.25)  # what an empty canvas says

# Okabe and Ito's colours, which are distinguishable with every kind of colour blindness. No meaning
# hangs on colour alone: each kind of answer has its own words and its own line as well.
SKY: Colour = (86, 180, 233)
ORANGE: Colour = (230, 159, 0)
VERMILION: Colour = (213, 94, 0)
GREEN: Colour = (0, 158, 115)
PURPLE: Colour = (204, 121, 167)
YELLOW: Colour = (240, 228, 66)
ALARM: Colour = mixed(VERMILION, INK, 0.25)  # VERMILION for words

ANSWER_COLOURS: dict[str, Colour] = {"sure": SKY, "unsure": ORANGE, "refused": QUIET}
CHOSEN: Colour = mixed(SKY, SURFACE, 0.72)  # the ground of what is on
# One for each digit's line; every line has its class written beside it as well.
CLASS_COLOURS: tuple[Colour, ...] = (
    SKY,
    ORANGE,
    GREEN,
    PURPLE,
    VERMILION,
    YELLOW,
    QUIET,
    (150, 130, 255),
    (170, 220, 150),
    (255, 170, 160),
)
_WRITING = 0.24  # of its ground in an answer while its ink is being written
_MARKED = 0.8  # of the surface below the shown character of several


def writing(colour: Colour, ground: Colour) -> Colour:
    """The colour of an answer whose ink is still being written: it may change."""
    return mixed(colour, ground, _WRITING)


def marked(colour: Colour) -> Colour:
    """The ground of the shown character among several, in the colour of its kind."""
    return mixed(colour, SURFACE, _MARKED)


# All words and the grounds that they stand on: tests hold each pair to a contrast of 4.5 to 1.
PAIRS: tuple[tuple[Colour, Colour], ...] = (
    *(
        (words, ground)
        for words in (TEXT, QUIET, SKY, ORANGE, ALARM)
        for ground in (SURFACE, PAPER)
    ),
    *((words, RAISED) for words in (TEXT, QUIET, ALARM, SKY)),
    *((TEXT, ground) for ground in (CHOSEN, LINE)),
    (IDLE, SURFACE),
    (INVITING, PAPER),
    *((colour, PAPER) for colour in CLASS_COLOURS),
    *(
        pair
        for colour in ANSWER_COLOURS.values()
        for pair in (
            (colour, PLATE),
            (writing(colour, PAPER), PLATE),
            (PAPER, colour),
            (PAPER, writing(colour, PAPER)),
            (writing(colour, SURFACE), SURFACE),
            (colour, marked(colour)),
            (TEXT, marked(colour)),
        )
    ),
    (TEXT, PLATE),
    (writing(TEXT, PAPER), PLATE),
)


def percent(probability: float) -> str:
    """ "97.3 %"; never more than "99.9 %", since no reading is certain."""
    return f"{min(100 * probability, 99.9):.1f} %"


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> Typeface:
    """The typeface in a size in pixels."""
    return Typeface(max(LEAST, size), bold)


@lru_cache(maxsize=512)
def text(words: str, size: int, colour: Colour, bold: bool = False) -> Surface:
    """`words` as a surface to blit; kept, since a screen shows the same words again and again.

    All words of one size are equally high, so that those with one middle stand on one base line.
    """
    return font(size, bold).render(words, colour)


def tight_height(size: int) -> int:
    """Of a line of type that has no accents, in pixels; for words that stand alone."""
    return round(1.05 * size)


def fitting(words: str, largest: int, smallest: int, width: int, bold: bool = False) -> int:
    """The largest type size in which `words` are at most `width` pixels wide, if one is."""
    wide = font(largest, bold).width(words)
    size = largest
    if wide > width:  # not far above the size sought: each that is tried loads its letters
        size = max(smallest, min(largest, largest * max(0, width) // max(1, wide) + 2))
    while size > smallest and font(size, bold).width(words) > width:
        size -= 1
    return size


@lru_cache(maxsize=256)
def shortened(words: str, size: int, width: int, bold: bool = False) -> str:
    """`words`, or their two ends with "…" between, so that they are at most `width` pixels wide."""
    measure = font(size, bold).width
    if measure(words) <= width:
        return words
    for kept in range(len(words) - 1, 1, -1):
        tried = f"{words[: kept // 2]}…{words[len(words) - (kept - kept // 2) :]}"
        if measure(tried) <= width:
            return tried
    return "…"


def wrapped(words: str, size: int, width: int, lines: int, bold: bool = False) -> list[str]:
    """`words` broken at spaces into at most `lines` lines, each at most `width` pixels wide."""
    measure = font(size, bold).width
    broken: list[str] = []
    for word in words.split():
        if broken and measure(f"{broken[-1]} {word}") <= width:
            broken[-1] += f" {word}"
        else:
            broken.append(word)
    if len(broken) > lines:
        broken[lines - 1 :] = [" ".join(broken[lines - 1 :])]
    return [shortened(line, size, width, bold) for line in broken]
