"""Drawings of a letter's first stroke alone: left out, since nobody can read them.

UNIPEN's letters were cut out of forms by programs, and now and then only the stem of a K or the
bar of a T was kept.
"""

from __future__ import annotations

import numpy as np

from models.ink.strokes import Drawing
from models.recognition.labels import DIGITS, merged

# One straight line may well be one of these: 1, I, i and l. Digits were checked one by one
# (`mislabelled.csv`).
_LINES = (*DIGITS, "I", "L")
# Of straight lines drawn by hand, as far as they bend: root mean square distances across the
# line, relative to those along it. A narrow V, the most line-like of letters, has 0.12.
STRAIGHT = 0.09


def fragment(drawing: Drawing) -> bool:
    """Whether the drawing is one straight line, or a dot, and its label a letter that is not."""
    if drawing.label is None or merged(drawing.label) in _LINES or len(drawing.strokes) > 1:
        return False
    points = drawing.strokes[0].points
    along, across = np.linalg.svd(
        np.vstack([points - points.mean(axis=0), np.zeros((1, 2))]), compute_uv=False
    )
    return bool(across <= STRAIGHT * along)
