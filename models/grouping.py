"""Which pieces of ink make up a character: a search over all groupings, by what each is worth.

A character is worth a weighted sum of what the network makes of it and of how its pieces lie; a
grouping is worth the sum over its characters. So the best one is the longest way through a
lattice (dynamic programming): the leftmost piece that is still free goes, alone or with others,
into the next character. The weights are those of a conditional random field (Lafferty et al.
2001), fitted by `training.grouping` to people whom the network was not trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
_BEAM = 60  # ways to group what lies to the left that are kept while searching


@dataclass(frozen=True)
class Shape:
    """How the pieces of a group lie, whatever the writing around them. Lengths in their units.

    gaps: the lengths of the shortest tree that connects the pieces, but for dots. dots: of those
    that lie above another as the dot of an i does (`models.pieces.dots`), the length of the gap
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


def lying(shapes: Sequence[Shape], writing: float, all_ink: Sequence[bool]) -> NDArray[np.float64]:
    """The features LYING of groups, (n, 14).

    writing: the height of the writing around them. all_ink: which are all that is written.
    """
    writing = max(writing, 1e-9)
    table = np.array([(s.width, s.height, s.overlap, s.pieces, s.cuts) for s in shapes])
    width, height, overlap, pieces, cuts = (table / [writing, writing, 1, 1, 1]).T
    size = np.log(np.maximum(np.maximum(width, height), 1e-3))
    longest = max(len(shape.gaps) for shape in shapes)
    padded = np.array([shape.gaps + (np.inf,) * (longest - len(shape.gaps)) for shape in shapes])
    gaps = padded.reshape(len(shapes), longest) / writing
    dots = np.array(
        [
            (len(s.dots), sum(gap for gap, _ in s.dots), sum(size for _, size in s.dots))
            for s in shapes
        ]
    ) / [1, writing, writing]
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
    likely = np.array([1 - _DOUBT, _DOUBT])
    sure = weights[0] * np.log(likely) + weights[1] * np.log(1 - likely)
    return float(sure.max() + (weights[2] * habits).max() + max(weights[3], 0.0))


def best_way_lazily(
    count: int, atoms: Sequence[int], most: Sequence[float], worth: Callable[[int], float]
) -> list[int]:
    """As `best_way`, but asks for what a group is worth only where it may matter.

    most: of each group, what it can be worth at most. worth: what one is worth. A way that is best
    though every group beside it counts as much as it ever could is the best of all.
    """
    worths, known = list(most), [False] * len(most)
    while True:
        way = best_way(count, atoms, worths)
        asked = [group for group in way if not known[group]]
        if not asked:
            return way
        for group in asked:
            worths[group], known[group] = worth(group), True


def best_way(count: int, atoms: Sequence[int], worths: Sequence[float]) -> list[int]:
    """The grouping that is worth most: indices of its groups, from left to right.

    count: of atoms, the smallest pieces. atoms: of each group, a bit for each of its atoms, the
    leftmost the lowest. worths: of each group. Every atom is a group by itself, too.
    """
    by_first: dict[int, list[int]] = {}
    for index, mask in enumerate(atoms):
        by_first.setdefault((mask & -mask).bit_length() - 1, []).append(index)
    # For what is covered: the most that it can be worth, what was before, and the last group.
    layers: list[dict[int, tuple[float, int, int]]] = [{} for _ in range(count + 1)]
    layers[0][0] = (0.0, 0, -1)
    for first in range(count):
        states = sorted(layers[first].items(), key=lambda item: -item[1][0])
        for covered, (worth, _, _) in states[:_BEAM]:
            for index in by_first[first]:
                if atoms[index] & covered:
                    continue
                now = covered | atoms[index]
                layer = layers[min((~now & (now + 1)).bit_length() - 1, count)]
                total = worth + worths[index]
                if now not in layer or total > layer[now][0]:
                    layer[now] = (total, covered, index)
    way: list[int] = []
    covered = (1 << count) - 1
    while covered:
        layer = layers[min((~covered & (covered + 1)).bit_length() - 1, count)]
        _, covered, index = layer[covered]
        way.append(index)
    return way[::-1]
