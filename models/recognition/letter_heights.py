"""How high letters stand on a line of writing, and how well a word's boxes bear that out.

Heights are in x-heights, that of a small x, from the line on which the letters stand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.ink.strokes import Box
from models.util.arrays import Floats

_TOP = {**dict.fromkeys("bdfhkl", 1.6), "t": 1.4, **dict.fromkeys("ij", 1.5)}
_BOTTOM = {**dict.fromkeys("gjpqy", -0.5), "Q": -0.1}
_CAPITAL = 1.5  # the top of capitals and digits
_SPREAD = 0.2  # the usual error of a top or a bottom, in x-heights
_RISE = 0.15  # how steeply a line may rise, as a ratio; more is unusual
_ROUNDS = 4  # of the fit


def stands_at(label: str, dotted: bool) -> tuple[float, float]:
    """Where a character's ink begins and ends above the line, in x-heights: top and bottom.

    label: with its case, "c" or "C". dotted: whether there is a dot above it.
    """
    if label in "ij" and not dotted:
        return 1.0, _BOTTOM.get(label, 0.0)
    top = _TOP.get(label, 1.0) if label.islower() else _CAPITAL
    return top, _BOTTOM.get(label, 0.0)


def fit_to_line(boxes: Sequence[Box], standing: Floats) -> Floats:
    """(n,): how well the boxes of a word fit, 0 at best; the logarithm of a likelihood.

    boxes: of its characters. standing: (n, characters, 2), n ways in which they may stand. The
    line, its slope and the x-height are those that fit best, by least squares with Cauchy's weights
    (Holland and Welsch 1977), since some letters always stand out.
    """
    height = max(box.height for box in boxes) or 1.0
    x = np.array([box.x + box.width / 2 for box in boxes]) / height
    y = np.array([(box.y, box.bottom) for box in boxes]) / height
    count, letters = standing.shape[:2]
    # y = base + rise * x - unit * standing, for tops and bottoms.
    system = np.empty((count, letters, 2, 3))
    system[..., 0] = 1.0
    system[..., 1] = (x - x.mean())[:, None]
    system[..., 2] = -standing
    flat, target = system.reshape(count, -1, 3), np.broadcast_to(y.ravel(), (count, 2 * letters))
    weights = np.ones_like(target)
    unit = np.full(count, 0.6)
    for _ in range(_ROUNDS):
        weighted = flat * weights[..., None]
        normal = weighted.transpose(0, 2, 1) @ flat
        normal[:, 1, 1] += (_SPREAD * unit / _RISE) ** 2
        normal[:, [0, 2], [0, 2]] += 1e-6
        solved = np.linalg.solve(normal, (weighted * target[..., None]).sum(axis=1)[..., None])
        unit = np.clip(solved[:, 2, 0], 0.25, 2.0)
        error = (target - (flat @ solved)[..., 0]) / (_SPREAD * unit)[:, None]
        weights = 1 / (1 + error**2)
    rise = solved[:, 1, 0] / _RISE
    return np.asarray(-np.log1p(error**2).sum(axis=1) - np.log1p(rise**2))
