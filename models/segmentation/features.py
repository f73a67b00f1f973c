"""What a group of pieces of ink is worth as a character.

That is a weighted sum of what the network makes of it and of how its pieces lie. The weights are
those of a conditional random field (Lafferty et al. 2001), fitted by `python -m training grouping`
to people whom the network was not trained on. `search` finds the groups that are worth most
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

LYING = (  # how a group's pieces lie
    "character",  # 1 for each: many small ones against few large ones
    "small",  # log of how much smaller than the writing around it is
    "large",  # log of how much larger
    "wide",  # how much wider than high, as a ratio less 1
    "touches",  # pieces beyond the first that touch or cross another
    "gap",  # length of the gaps that connect the others, in heights of the writing
    "gap squared",
    "overlap",  # shares of the pieces' widths that lie above or below another
    "pieces",  # beyond the first
    "cuts",  # ends that are cuts
    "dots",  # pieces that lie above another as the dot of an i does: their gaps are no others
    "dot gap",  # length of those gaps
    "dot size",  # longest sides of those pieces
    "dot alone",  # 1 for a group with a dot that is all that is written: that is no other line
)
READ = (  # what the network makes of it
    "likely",  # log of the best label's probability
    "doubtful",  # log of the probability that it is another
    "habit",  # log of how often people write that label in so many pieces
    "bare one",  # 1 for a "1" of a single piece: parts of other characters look like that
)
MOST_PIECES = 4  # in one character; more only where everything that hangs together is one
# What several pieces must be worth at least by how they lie. Of people that the weights were fitted
# to, none of 615 digits in several strokes is worth less, and none of 800 letters.
HOPELESS = -4.0
_TOUCHING = 0.05  # heights of the writing: gaps up to this are none
_DOUBT = 1e-3  # probabilities are not trusted beyond this


@dataclass(frozen=True)
class Shape:
    """How the pieces of a group lie, whatever the writing around them. Lengths in their units.

    gaps: the lengths of the shortest tree that connects the pieces, but for dots. dots: of those
    that lie above another as the dot of an i does (`pieces.dots`), the length of the gap
    and the longest side; width, height and overlap are of the others.
    overlap: for each piece beyond the first how much of its width another covers, summed.
    """

    width: float
    height: float
    gaps: tuple[float, ...]
    overlap: float
    pieces: int
    cuts: int
    dots: tuple[tuple[float, float], ...] = ()

    @cached_property
    def figures(self) -> tuple[float, ...]:
        """Width, height, overlap, pieces, cuts; the number of dots, their gaps and sizes summed."""
        gaps, sizes = sum(gap for gap, _ in self.dots), sum(size for _, size in self.dots)
        own = self.width, self.height, self.overlap, self.pieces, self.cuts
        return (*own, len(self.dots), gaps, sizes)


def lying(shapes: Sequence[Shape], writing: float, all_ink: Sequence[bool]) -> NDArray[np.float64]:
    """The features LYING of groups, (n, 14).

    writing: the height of the writing around them. all_ink: which are all that is written.
    """
    writing = max(writing, 1e-9)
    table = np.array([shape.figures for shape in shapes])
    table /= [writing, writing, 1, 1, 1, 1, writing, writing]
    width, height, overlap, pieces, cuts = table.T[:5]
    dots = table[:, 5:]
    size = np.log(np.maximum(np.maximum(width, height), 1e-3))
    longest = max(len(shape.gaps) for shape in shapes)
    padded = np.array([shape.gaps + (np.inf,) * (longest - len(shape.gaps)) for shape in shapes])
    gaps = padded.reshape(len(shapes), longest) / writing
    jumps = np.where(np.isfinite(gaps), np.maximum(gaps - _TOUCHING, 0), 0)
    return np.column_stack(
        [
            np.ones(len(shapes)),
            np.maximum(0, -size),
            np.maximum(0, size),
            np.maximum(0, width / np.maximum(height, 0.3) - 1),
            (gaps < _TOUCHING).sum(axis=1),
            jumps.sum(axis=1),
            (jumps**2).sum(axis=1),
            overlap,
            pieces - 1,
            cuts,
            dots,
            dots[:, 0] * np.array(all_ink) > 0,
        ]
    )


def read(
    probabilities: NDArray[np.float64],
    pieces: NDArray[np.int64],
    habits: NDArray[np.float64],
    one: int,
    alike: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The features READ of groups, (n, 4).

    probabilities: (n, classes), what the network makes of each. pieces: (n,), how many each has.
    habits: (classes, MOST_PIECES), the log of how often each label is written in 1, 2, … pieces.
    one: the class of the digit 1. alike: (classes, classes), 1 where two classes are look-alikes,
    which count as one here: a circle that is 0 or O is surely a character.
    """
    best = probabilities.argmax(axis=1)
    likely = np.clip((probabilities @ alike).max(axis=1), _DOUBT, 1 - _DOUBT)
    count = np.minimum(pieces, MOST_PIECES)
    return np.column_stack(
        [np.log(likely), np.log(1 - likely), habits[best, count - 1], (best == one) & (pieces == 1)]
    )


def most_read(weights: NDArray[np.float64], habits: NDArray[np.float64]) -> float:
    """The most that the features READ can be worth.

    weights: (4,), of those. habits: as in `read`.
    """
    surest = _by_probability(weights).max()
    return float(surest + (weights[2] * habits).max() + max(weights[3], 0.0))


def least_read(weights: NDArray[np.float64], habits: NDArray[np.float64]) -> float:
    """The least that the features READ can be worth; arguments as for `most_read`."""
    least = _by_probability(weights).min()
    return float(least + (weights[2] * habits).min() + min(weights[3], 0.0))


def _by_probability(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the surest and the most doubtful label are worth, but for habits."""
    likely = np.array([1 - _DOUBT, _DOUBT])
    return np.asarray(weights[0] * np.log(likely) + weights[1] * np.log(1 - likely))
