"""The characters of a picture in reading order: its ink, or its segmented components."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import covered_box
from models.pictures.components import PictureGraph, PictureSegment
from models.pictures.ruled_lines import without_rules
from models.pictures.whole import is_one
from models.segmentation.page import Character
from models.segmentation.search import run
from models.segmentation.segmenter import (
    Candidate,
    Classification,
    Option,
    Segmentation,
    Segmenter,
)
from models.segmentation.text_lines import in_lines
from models.segmentation.weights import Weights

Ink = NDArray[np.uint8]
_DUST = 0.4  # of the usual size: ink that is smaller and joins no other is no character
_SMALL = 32  # pixels, the longest side of pictures that are of one character always


def characters_in(
    ink: Ink, classify: Callable[[Ink], Classification], weights: Weights
) -> list[Character]:
    """The characters of a picture in reading order, boxes in its pixels. No ink, no characters.

    All ink of a picture of up to 32 pixels, as data sets have them, is one character.

    ink: (height, width) uint8, 0 for paper to 255 for ink.
    classify: such ink as one character.
    weights: of the segmenter.
    """
    if not ink.any():
        return []
    # Most often all is one character, be it broken or among specks.
    box, every = covered_box(ink), classify(ink)
    likely = float(every.probabilities.max())
    if max(ink.shape) <= _SMALL or is_one(ink, box, likely):
        return [Character((), (), box, every)]
    graph = PictureGraph(without_rules(ink), classify, weights.dotted)
    segmenter = Segmenter(graph, graph.classify, weights)
    found = [
        each
        for cluster in graph.clusters()
        for each in _with_segmentation(run(segmenter.best(cluster)), graph)
    ]
    boxes = [each.box for each in found]
    sizes = np.array([max(box.width, box.height) for box in boxes])
    usual = np.percentile(sizes[sizes >= 0.25 * sizes.max()], 75)
    kept = np.flatnonzero(sizes >= _DUST * usual).tolist()
    return [
        replace(found[kept[k]], line=number)
        for number, line in enumerate(in_lines([boxes[k] for k in kept]))
        for k in line
    ]


def _with_segmentation(
    best: Segmentation[Candidate[PictureSegment]], graph: PictureGraph
) -> list[Character]:
    """The characters that were found in a cluster, with the options that it has."""
    candidates = dict.fromkeys((*best.found, *(option.candidate for option in best.options)))
    known = {
        each: Character(
            ink=(),
            strokes=(),
            box=graph.ink_box(each.segments),
            classification=each.classification or graph.classify(each.segments),
            dotted=each.dotted,
        )
        for each in candidates
    }
    found = tuple(known[each] for each in best.found)
    options = tuple(Option(each.mask, each.score, known[each.candidate]) for each in best.options)
    segmentation = Segmentation(found, options)
    return [replace(each, segmentation=segmentation) for each in found]
