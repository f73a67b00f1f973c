"""The drawings that ship with the game, for tests that need real ink."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing, Stroke

SAMPLES = Path(__file__).parents[2] / "game" / "samples" / "digits.jsonl"


def samples() -> list[Drawing]:
    """Twenty drawings by the project itself: every digit in two styles."""
    return list(read_drawings(SAMPLES))


def placed(drawing: Drawing, side: float, corner: tuple[float, float]) -> list[Stroke]:
    """The drawing as a mouse would give it: longest side `side` pixels, upper left at `corner`."""
    every = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = every.min(axis=0), every.max(axis=0)
    scale = side / (high - low).max()
    return [
        Stroke(np.rint((stroke.points - low) * scale + np.array(corner)))
        for stroke in drawing.strokes
    ]


def number(
    digits: str,
    height: float = 100,
    corner: tuple[float, float] = (60, 60),
    gap: float = 0.35,
    style: int = 1,
) -> list[list[Stroke]]:
    """The strokes of each digit of a number, set side by side.

    height: in pixels. corner: the upper left. gap: between neighbours' boxes, in heights; below 0
    they overlap. style: 0 or 1, which of the two drawings of each digit.
    """
    drawings = samples()
    x, y = corner
    written = []
    for digit in digits:
        strokes = placed(drawings[2 * int(digit) + style], height, (round(x), round(y)))
        written.append(strokes)
        x = max(stroke.points[:, 0].max() for stroke in strokes) + gap * height
    return written
