"""Words can be read: the contrast of each colour of words with each ground that it stands on."""

from __future__ import annotations

import sys

import pygame
import pytest
from pygame.event import Event

from game.app import Game
from game.batch.pilot import down, letter, move, press, stroke, up
from game.ui import theme
from game.ui.theme import PAIRS, Colour
from tests.helpers.game import draw, give
from tests.helpers.samples import samples

NO_DIGIT = [(300, 100), (340, 260), (380, 100), (420, 260), (460, 100), (500, 260), (540, 100)]


def contrast(front: Colour, back: Colour) -> float:
    """As WCAG 2 has it: (L1 + 0.05) / (L2 + 0.05), L the relative luminance."""

    def luminance(colour: Colour) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (part / 255 for part in colour)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(front), luminance(back)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("front", "back"), sorted(set(PAIRS)))
def test_words_stand_out_from_their_ground(front: Colour, back: Colour) -> None:
    assert contrast(front, back) >= 4.5


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[Colour, str]:
    """The colours of all words from now on, with some of the words."""
    seen: dict[Colour, str] = {}

    def text(words: str, size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
        seen[colour] = words
        return theme.text(words, size, colour, bold)

    for name, module in list(sys.modules.items()):
        if name.startswith("game.ui.") and module is not theme and hasattr(module, "text"):
            monkeypatch.setattr(module, "text", text)
    return seen


def test_no_words_have_a_colour_that_was_not_looked_at(game: Game, said: dict[Colour, str]) -> None:
    give(game, letter("b"), letter("b"))  # a page without ink
    draw(game, samples()[4])
    give(game, press(pygame.K_LEFT), letter("p"))
    give(game, letter("p"), *stroke(NO_DIGIT), down((60, 60)), move((90, 160), 1))
    give(game, up((90, 160)))
    give(game, Event(pygame.DROPFILE, file="missing.inkml"))
    give(game, letter("v"))
    while game.inspector.busy or game.inspector.place < game.inspector.last:
        give(game, *([] if game.inspector.busy else [letter(".")]))
    give(game, letter("h"))
    give(game, letter("g"))
    for key in (press(pygame.K_RETURN), letter("n"), letter("s")):
        give(game, key)
        give(game)
    known = {front for front, _ in PAIRS}
    assert len(said) > 8
    assert {colour: words for colour, words in said.items() if colour not in known} == {}
