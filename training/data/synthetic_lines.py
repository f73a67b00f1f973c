"""Numbers made of single digits: several drawings by one person, set side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.ink.strokes import Drawing, Stroke, bounding_box

Rng = np.random.Generator
HEIGHT = 100.0  # of made writing, in the units of its strokes


@dataclass(frozen=True)
class Row:
    """A made number. strokes: in the order written; owners: which character each belongs to.

    joined: whether a stroke goes on into the next character; it is the later one's, then.
    """

    strokes: tuple[Stroke, ...]
    owners: tuple[int, ...]
    joined: bool
    label: str
    writer: str


@dataclass(frozen=True)
class Setting:
    """How digits are set; lengths in heights of the writing, each drawn uniformly from its range.

    gap: between neighbours' boxes; below 0 they overlap. size: factor of each digit's height.
    slant: of the whole row, degrees. rise: of the line it stands on, degrees. lift: of single
    digits off that line. joined: how often, 0..1, the pen stays down between neighbours.
    """

    gap: tuple[float, float] = (0.12, 0.6)
    size: tuple[float, float] = (0.8, 1.2)
    slant: tuple[float, float] = (-15.0, 15.0)
    rise: tuple[float, float] = (-5.0, 5.0)
    lift: tuple[float, float] = (-0.08, 0.08)
    joined: float = 0.0


def by_writer(drawings: Sequence[Drawing]) -> dict[str, list[Drawing]]:
    """The drawings of each person, in their order."""
    people: dict[str, list[Drawing]] = {}
    for drawing in drawings:
        people.setdefault(drawing.writer or "", []).append(drawing)
    return people


def random_row(
    people: Mapping[str, Sequence[Drawing]], length: int, setting: Setting, rng: Rng
) -> Row:
    """A row of so many digits by one person, each as likely as the person's others.

    people: at least one, each with at least one drawing.
    """
    names = sorted(people)
    writer = names[int(rng.integers(len(names)))]
    chosen = [people[writer][int(i)] for i in rng.integers(len(people[writer]), size=length)]
    slant, rise = np.tan(np.deg2rad([rng.uniform(*setting.slant), rng.uniform(*setting.rise)]))
    strokes: list[Stroke] = []
    owners: list[int] = []
    right = 0.0
    joined = False
    for index, drawing in enumerate(chosen):
        box = bounding_box(drawing.strokes)
        # A one that lies down or a dot has no height of its own to go by.
        height = max(box.height, 0.5 * box.width, 1e-9)
        scale = rng.uniform(*setting.size) / height
        left = right + (rng.uniform(*setting.gap) if index else 0.0)
        lift = rng.uniform(*setting.lift)
        for number, stroke in enumerate(drawing.strokes):
            points = (stroke.points - (box.x, box.bottom)) * scale + (left, -lift)
            if index and not number and rng.random() < setting.joined:
                points = np.concatenate([strokes.pop().points, points])
                owners.pop()
                joined = True
            strokes.append(Stroke(points))
            owners.append(index)
        right = left + box.width * scale
    turn = np.array([[1.0, -rise], [-slant, 1.0]])  # x leans with y, y rises with x
    return Row(
        tuple(Stroke(stroke.points @ turn * HEIGHT) for stroke in strokes),
        tuple(owners),
        joined,
        "".join(drawing.label or "?" for drawing in chosen),
        writer,
    )
