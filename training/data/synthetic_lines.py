"""Synthetic lines of writing: several characters by one writer, set side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.ink.strokes import Drawing, Stroke, bounding_box
from models.recognition.letter_heights import stands_at

Rng = np.random.Generator
HEIGHT = 100.0  # of synthetic writing, in the units of its strokes


@dataclass(frozen=True)
class SyntheticLine:
    """A line of characters that were written one by one.

    strokes: in the order written.
    owners: the index of the character that each stroke belongs to.
    joined: whether a stroke goes on into the next character; it is the later one's, then.
    label: of all characters.
    writer: of them all.
    """

    strokes: tuple[Stroke, ...]
    owners: tuple[int, ...]
    joined: bool
    label: str
    writer: str


@dataclass(frozen=True)
class LineLayout:
    """How characters are set; lengths in heights of the writing, each uniform over its range.

    gap: between neighbours' boxes; below 0 they overlap.
    size: factor of each character's height.
    slant: of the whole line, degrees.
    rise: of the baseline, degrees.
    lift: of single characters off the baseline.
    joined: how often, 0..1, the pen stays down between neighbours.
    typographic: whether small letters, their ascenders and descenders are as high as on a line of
        writing (`letter_heights`); else all characters are of one height.
    """

    gap: tuple[float, float] = (0.12, 0.6)
    size: tuple[float, float] = (0.8, 1.2)
    slant: tuple[float, float] = (-15.0, 15.0)
    rise: tuple[float, float] = (-5.0, 5.0)
    lift: tuple[float, float] = (-0.08, 0.08)
    joined: float = 0.0
    typographic: bool = False


def group_by_writer(drawings: Sequence[Drawing]) -> dict[str, list[Drawing]]:
    """The drawings of each writer, in their order."""
    writers: dict[str, list[Drawing]] = {}
    for drawing in drawings:
        writers.setdefault(drawing.writer or "", []).append(drawing)
    return writers


def random_line(
    writers: Mapping[str, Sequence[Drawing]], length: int, layout: LineLayout, rng: Rng
) -> SyntheticLine:
    """A line of characters by one writer, each as likely as that writer's others.

    writers: at least one, each with at least one drawing.
    length: number of characters.
    layout, rng: how they are set.
    """
    names = sorted(writers)
    own = writers[names[int(rng.integers(len(names)))]]
    return set_line([own[int(i)] for i in rng.integers(len(own), size=length)], layout, rng)


def set_line(drawings: Sequence[Drawing], layout: LineLayout, rng: Rng) -> SyntheticLine:
    """One writer's characters, at least one, side by side; layout, rng: how they are set."""
    slant, rise = np.tan(np.deg2rad([rng.uniform(*layout.slant), rng.uniform(*layout.rise)]))
    strokes: list[Stroke] = []
    owners: list[int] = []
    right = 0.0
    joined = False
    for index, drawing in enumerate(drawings):
        box = bounding_box(drawing.strokes)
        top, bottom = _standing(drawing) if layout.typographic else (1.0, 0.0)
        # A one that lies down or a dot has no height of its own to go by.
        height = max(box.height, 0.5 * box.width, 1e-9)
        scale = (top - bottom) * rng.uniform(*layout.size) / height
        left = right + (rng.uniform(*layout.gap) if index else 0.0)
        lift = rng.uniform(*layout.lift) + bottom
        for number, stroke in enumerate(drawing.strokes):
            points = (stroke.points - (box.x, box.bottom)) * scale + (left, -lift)
            if index and not number and rng.random() < layout.joined:
                points = np.concatenate([strokes.pop().points, points])
                owners.pop()
                joined = True
            strokes.append(Stroke(points))
            owners.append(index)
        right = left + box.width * scale
    turn = np.array([[1.0, -rise], [-slant, 1.0]])  # x leans with y, y rises with x
    return SyntheticLine(
        tuple(Stroke(stroke.points @ turn * HEIGHT) for stroke in strokes),
        tuple(owners),
        joined,
        "".join(drawing.label or "?" for drawing in drawings),
        drawings[0].writer or "",
    )


def _standing(drawing: Drawing) -> tuple[float, float]:
    """Where a character begins and ends above the line, in heights of a capital."""
    top, bottom = stands_at(drawing.label or "?", dotted=len(drawing.strokes) > 1)
    capital, _ = stands_at("H", dotted=False)
    return top / capital, bottom / capital
