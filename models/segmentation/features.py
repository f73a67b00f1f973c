"""The features by which a candidate is scored as a character.

The score is a weighted sum of features of the network's output and of the candidate's geometry. The
weights are those of a conditional random field (Lafferty et al. 2001), fitted by `python -m
training grouping` to writers whom the network was not trained on. `search` finds the candidates
with the highest sum of scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.util.arrays import Floats

# The names are keys of grouping.json.
GEOMETRY_FEATURES = (
    "character",  # 1 for each: many small characters against few large ones
    "small",  # log of how much smaller it is than the writing around it
    "large",  # log of how much larger
    "wide",  # how much wider than high, as a ratio less 1
    "touches",  # segments beyond the first that touch or cross another
    "gap",  # length of the gaps that connect the others, in heights of the writing
    "gap squared",
    "overlap",  # shares of the segments' widths that lie above or below another
    "segments",  # beyond the first
    "skips",  # segments that go on where another ends: they neither touch nor leave a gap
    "cuts",  # ends that are cuts
    "dots",  # segments that are the dot of an i or j: their gaps count here alone
    "dot gap",  # length of those gaps, in heights of the writing
    "dot size",  # longest sides of those segments, in heights of the writing
    "dot alone",  # 1 for a candidate with a dot that is all ink: no other line can be meant
    "alone",  # 1 for a candidate of several segments that is all ink
)
CLASSIFIER_FEATURES = (
    "likely",  # log of the best label's probability
    "unlikely",  # log of the probability that it is another
    "segment count",  # log of how often that label is written in so many strokes
    "bare one",  # 1 for a "1" of a single segment: many parts of other characters resemble one
)
MOST_SEGMENTS = 4  # in one character; more only where a whole cluster is one
# The least geometry score of a candidate of several segments. Of the writers that the weights were
# fitted to, none of 615 digits in several strokes scores less, and none of 800 letters.
LEAST_GEOMETRY_SCORE = -4.0
_TOUCHING = 0.05  # heights of the writing: smaller gaps count as contact
LEAST_PROBABILITY = 1e-3  # a network is never surer than this, nor than 1 less this


@dataclass(frozen=True)
class Geometry:
    """How a candidate's segments lie, in the units of their ink.

    width, height: of the segments that are no dots.
    gaps: the lengths of the shortest tree that connects the segments, but for dots and skips.
    overlap: for each segment beyond the first how much of its width another covers, 0..1, summed.
    segments: how many. skips: how many of them go on where another ends. cuts: how many of their
        ends are cuts.
    dots: (gap, longest side) of each segment that lies above another as the dot of an i does
        (`segments.dots`).
    """

    width: float
    height: float
    gaps: tuple[float, ...]
    overlap: float
    segments: int
    skips: int
    cuts: int
    dots: tuple[tuple[float, float], ...] = ()

    @cached_property
    def measures(self) -> tuple[float, ...]:
        """Width, height, overlap, segments, skips, cuts; dots: their number, gaps and sizes
        summed.
        """
        gaps, sizes = sum(gap for gap, _ in self.dots), sum(size for _, size in self.dots)
        own = self.width, self.height, self.overlap, self.segments, self.skips, self.cuts
        return (*own, len(self.dots), gaps, sizes)


def geometry_features(
    geometries: Sequence[Geometry], writing_height: float, all_ink: Sequence[bool]
) -> Floats:
    """GEOMETRY_FEATURES of candidates, (n, 16).

    geometries: of each candidate.
    writing_height: of the writing around them, in the units of the ink.
    all_ink: (n,), whether each candidate is all ink that there is.
    """
    writing_height = max(writing_height, 1e-9)
    table = np.array([geometry.measures for geometry in geometries])
    table /= [writing_height, writing_height, 1, 1, 1, 1, 1, writing_height, writing_height]
    width, height, overlap, segments, skips, cuts = table.T[:6]
    dots = table[:, 6:]
    size = np.log(np.maximum(np.maximum(width, height), 1e-3))
    longest = max(len(each.gaps) for each in geometries)
    padded = np.array([each.gaps + (np.inf,) * (longest - len(each.gaps)) for each in geometries])
    gaps = padded.reshape(len(geometries), longest) / writing_height
    jumps = np.where(np.isfinite(gaps), np.maximum(gaps - _TOUCHING, 0), 0)
    return np.column_stack(
        [
            np.ones(len(geometries)),
            np.maximum(0, -size),
            np.maximum(0, size),
            np.maximum(0, width / np.maximum(height, 0.3) - 1),
            (gaps < _TOUCHING).sum(axis=1),
            jumps.sum(axis=1),
            (jumps**2).sum(axis=1),
            overlap,
            segments - 1,
            skips,
            cuts,
            dots,
            dots[:, 0] * np.array(all_ink) > 0,
            (segments > 1) & np.array(all_ink),
        ]
    )
