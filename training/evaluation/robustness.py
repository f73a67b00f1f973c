"""Accuracy of the same drawings at other sizes, with other pens, slanted, turned, reversed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing, Stroke, bounding_box
from models.preprocessing.mnist_form import picture_to_image
from models.recognition.labels import merged
from models.recognition.network import Network
from training.data.examples import subsample

Strokes = Sequence[Stroke]
Image = NDArray[np.float32]

MOST = 2000  # drawings; all variations show the same ones, so that small differences count
_PICTURE_SIDE = 200.0  # pixels, the longest side of the ink in a picture


@dataclass(frozen=True)
class Variation:
    """One thing that is varied.

    name, unit, values: what, in which unit, and how far. draw: makes what the network is given of a
    drawing at a value.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    draw: Callable[[Network, Strokes, float], Image]


def sized(strokes: Strokes, side: float) -> list[Stroke]:
    """The strokes as a mouse gives them: longest side `side` pixels, points on whole pixels."""
    box = bounding_box(strokes)
    scale = side / max(box.width, box.height, 1e-9)
    corner = np.array([box.x, box.y])
    return [Stroke(np.rint((stroke.points - corner) * scale)) for stroke in strokes]


def slanted(strokes: Strokes, degrees: float) -> list[Stroke]:
    """The strokes sheared so that uprights lean to the right by so many degrees."""
    matrix = np.array([[1, -np.tan(np.deg2rad(degrees))], [0, 1]])
    return [Stroke(stroke.points @ matrix.T) for stroke in strokes]


def turned(strokes: Strokes, degrees: float) -> list[Stroke]:
    """The strokes turned clockwise by so many degrees."""
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return [
        Stroke(stroke.points @ np.array([[cosine, sine], [-sine, cosine]])) for stroke in strokes
    ]


def reversed_strokes(strokes: Strokes, percent: float) -> list[Stroke]:
    """The strokes, all of them drawn the other way round for 100, as they are for 0."""
    return [Stroke(stroke.points[:: -1 if percent else 1]) for stroke in strokes]


def pictured(_network: Network, strokes: Strokes, brush: float) -> Image:
    """The 28×28 image of a picture of the strokes, 200 pixels, drawn with a brush in pixels."""
    margin = brush + 4
    side = int(_PICTURE_SIDE + 2 * margin)
    picture = np.zeros((side, side), np.uint8)
    for stroke in sized(strokes, _PICTURE_SIDE):
        line = (stroke.points + margin).astype(np.int32)
        line = line if len(line) > 1 else np.repeat(line, 2, axis=0)
        cv2.polylines(picture, [line], False, 255, round(brush), cv2.LINE_AA)
    return picture_to_image(picture)


VARIATIONS = (
    Variation(
        "size",
        "pixels",
        (24, 32, 48, 64, 96, 140, 200, 280, 400, 560),
        lambda network, strokes, side: network.drawn(sized(strokes, side)),
    ),
    Variation("pen", "pixels of 28", (1.4, 1.65, 2.0, 2.45, 3.0, 3.84, 4.2), Network.drawn),
    Variation("brush of a picture", "pixels of 200", (2, 4, 8, 12, 16, 24, 32, 40), pictured),
    Variation(
        "slant",
        "degrees",
        (-20, -15, -10, -5, 0, 5, 10, 15, 20),
        lambda network, strokes, angle: network.drawn(slanted(strokes, angle)),
    ),
    Variation(
        "turn",
        "degrees",
        (-20, -15, -10, -5, 0, 5, 10, 15, 20),
        lambda network, strokes, angle: network.drawn(turned(strokes, angle)),
    ),
    Variation(
        "strokes the other way round",
        "percent",
        (0, 100),
        lambda network, strokes, percent: network.drawn(reversed_strokes(strokes, percent)),
    ),
)


@dataclass(frozen=True)
class Robustness:
    """Accuracy (0..1) of the same n drawings as they are, and at each value of a variation."""

    variation: Variation
    n: int
    plain: float
    accuracies: tuple[float, ...]

    @property
    def largest_loss(self) -> float:
        """How much accuracy the worst value costs, 0..1; below 0 where every value helps."""
        return self.plain - min(self.accuracies)


def robustness(network: Network, drawings: Sequence[Drawing]) -> list[Robustness]:
    """Measures all variations on at most `MOST` labelled drawings, chosen by chance."""
    chosen = subsample(drawings, MOST, seed=0)
    if not chosen:
        return []
    truth = np.array([network.labels.index(merged(drawing.label or "")) for drawing in chosen])

    def accuracy(draw: Callable[[Strokes], Image]) -> float:
        images = np.stack([draw(drawing.strokes) for drawing in chosen])
        return float((network.logits(images).argmax(axis=1) == truth).mean())

    plain = accuracy(network.drawn)
    return [
        Robustness(
            variation,
            len(chosen),
            plain,
            tuple(
                accuracy(lambda strokes, v=value, d=variation.draw: d(network, strokes, v))  # type: ignore[misc]
                for value in variation.values
            ),
        )
        for variation in VARIATIONS
    ]
