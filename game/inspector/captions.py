"""The title of each view, and the line below it that says what it shows."""

from __future__ import annotations

import numpy as np

from game.inspector.occlusion import PATCH
from game.inspector.state import Inspector, View

TITLES: dict[View, str] = {
    "strokes": "1 Strokes",
    "box": "2 Box, scale, centre",
    "directions": "3 Directions",
    "older": "4 Older recipes",
    "first": "5 First convolution",
    "last": "6 Last convolution",
    "occlusion": "7 For and against",
    "history": "8 While it is written",
}
NO_MAPS = "This network was exported without feature maps."


def caption(view: View, inspector: Inspector) -> str:
    """One line; what it counts is of the character that the views are about."""
    if view in ("first", "last"):
        return _of_maps(view, inspector)
    if view == "strokes":
        if inspector.trace is None:
            return "The pen's points in their order."
        strokes, points = len(inspector.trace.strokes), inspector.trace.count
        return f"{strokes} stroke{'s' * (strokes > 1)}, {points} points, blue to yellow in order"
    if view == "box":
        return "Longest side to 20 pixels, then the centre of mass (+) to the middle of 28×28"
    if view == "directions":
        if not inspector.sees_directions:
            return "This network sees the image alone."
        return "Around the image: where the pen went each way"
    if view == "older":
        return "The same ink for the same network, by other recipes"
    if view == "occlusion":
        answer = (
            f"log p({inspector.heat.label})" if inspector.heat else "the answer's log-probability"
        )
        return f"Occlusion (Zeiler & Fergus 2014): drop of {answer} under a {PATCH}×{PATCH} patch"
    return "Probability of each class, from the first point to the last"


def _of_maps(view: View, inspector: Inspector) -> str:
    if not inspector.has_activations:
        return NO_MAPS
    if inspector.activations is None:
        return "Where the strongest filters respond"
    maps = inspector.activations.first if view == "first" else inspector.activations.last
    active = int(np.count_nonzero(maps.max(axis=(0, 1)) > 0))
    height, width, channels = maps.shape
    return f"Where {active} of {channels} filters respond: maps of {width}×{height}"
