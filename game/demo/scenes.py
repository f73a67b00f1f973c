"""What the animated picture of the README shows, scene after scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from game.app import Game
from game.demo.film import Film
from models.ink.strokes import Drawing, Stroke, bounding_box

NUMBER = "2026"
_HEIGHT, _GAP = 140.0, 46.0  # page units, of its digits

Scene = Callable[[Film, Sequence[Drawing]], None]


def write_a_number(film: Film, drawings: Sequence[Drawing]) -> None:
    """Stroke by stroke; it is read meanwhile."""
    film.wait(0.5)
    film.write(number(drawings))
    film.wait(0.8)


def open_the_views(film: Film, _drawings: Sequence[Drawing]) -> None:
    """By their button."""
    film.press("views")
    film.wait(1.4)


def select_another_digit(film: Film, _drawings: Sequence[Drawing]) -> None:
    """A click on its caption."""
    film.choose(0)
    film.wait(1.0)


def see_more_views(film: Film, _drawings: Sequence[Drawing]) -> None:
    """By the arrow at their right."""
    for _ in range(4):
        film.press("views after")
        film.wait(0.5)
    film.wait(1.2)


def correct(film: Film, _drawings: Sequence[Drawing]) -> None:
    """A narrow 7 is read as a 1; that is corrected, and the next one is read right."""
    film.press("views")
    film.press("clear")
    film.write([_narrow_seven(42, 0, 15, (120, 110))])
    film.wait(0.8)
    film.press("correct")
    film.wait(0.6)
    film.press("7")
    film.wait(0.8)
    film.write([_narrow_seven(46, 2, 12, (330, 116))])
    film.wait(1.6)


SCENES: tuple[Scene, ...] = (
    write_a_number,
    open_the_views,
    select_another_digit,
    see_more_views,
    correct,
)


def filmed(game: Game, drawings: Sequence[Drawing]) -> Film:
    """Plays all scenes in a game with an empty page. drawings: with a digit for each of NUMBER."""
    film = Film(game)
    for scene in SCENES:
        scene(film, drawings)
    return film


def number(drawings: Sequence[Drawing]) -> tuple[Stroke, ...]:
    """The number, made of the drawings, in the upper left of the page."""
    by_label = {drawing.label: drawing for drawing in reversed(drawings)}
    strokes: list[Stroke] = []
    left = _GAP
    for label in NUMBER:
        digit = by_label[label]
        box = bounding_box(digit.strokes)
        scale = _HEIGHT / box.height
        place = (left - box.x * scale, 2 * _HEIGHT - box.bottom * scale)
        strokes += [stroke.moved(scale, place) for stroke in digit.strokes]
        left += box.width * scale + _GAP
    return tuple(strokes)


def _narrow_seven(width: float, rise: float, lean: float, corner: tuple[float, float]) -> Stroke:
    """A bar that rises to the right, and a stem 150 units high that leans to the left."""
    bar = np.linspace([0, rise], [width, 0], 14)
    stem = np.linspace([width, 0], [width - lean, 150], 26)
    return Stroke(np.vstack([bar, stem[1:]]) + corner)
