"""Fits the segmenter's weights to writers whom the network was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from models.ink.strokes import Drawing, Stroke
from models.pictures.components import PictureGraph
from models.preprocessing.mnist_form import picture_to_image
from models.recognition.labels import lookalike
from models.recognition.network import Network
from models.segmentation.features import CLASSIFIER_FEATURES, GEOMETRY_FEATURES, MOST_SEGMENTS
from models.segmentation.page import PageSegmenter
from models.segmentation.segmenter import CandidateFeatures, Classification, Segmenter
from models.segmentation.segments import surrounding_box
from models.segmentation.weights import Weights
from models.util.arrays import Floats
from training.data.synthetic_lines import SyntheticLine
from training.segmentation.lattice import FullLattice

Ink = TypeVar("Ink")
_MOST_PATHS = 3000  # segmentations of a cluster; a sample with more is left out
_L2 = 1e-3  # regularisation of the weights
# No label is more rarely written in some number of strokes, and letters are not all that there is.
_LEAST_COUNT = 0.5


@dataclass(frozen=True)
class Sample:
    """Ink whose segmentation, or whose label, is known.

    strokes: the ink. owners: which character each stroke belongs to; None: all segmentations that
    read as `label` are right. weight: of the sample in the fit.
    """

    strokes: tuple[Stroke, ...]
    owners: tuple[int, ...] | None
    label: str = ""
    weight: float = 1.0

    @classmethod
    def single(cls, drawing: Drawing, weight: float = 1.0) -> Sample:
        """All strokes of a drawing are one character, whatever it reads as."""
        return cls(drawing.strokes, (0,) * len(drawing.strokes), weight=weight)

    @classmethod
    def synthetic(cls, line: SyntheticLine) -> Sample:
        """A synthetic line, whose characters are known."""
        return cls(line.strokes, line.owners)


@dataclass(frozen=True, eq=False)
class PictureSample:
    """A picture and its label.

    ink: (height, width) uint8, 0 for paper to 255 for ink. label: all segmentations that read as
    this are right. weight: of the sample in the fit.
    """

    ink: NDArray[np.uint8]
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class _Case:
    """A sample's clusters.

    features: (candidates, 20) of each cluster. lattices: of each. right: the right segmentations,
    each with the candidates of every cluster. weight: of the sample.
    """

    features: list[Floats]
    lattices: list[FullLattice]
    right: list[tuple[list[int], ...]]
    weight: float


def segment_counts(drawings: Sequence[Drawing], labels: Sequence[str]) -> Floats:
    """(classes, MOST_SEGMENTS): how often each label is written in 1, 2, … strokes, shares 0..1."""
    table = np.full((len(labels), MOST_SEGMENTS), _LEAST_COUNT)
    for drawing in drawings:
        if drawing.label in labels:
            count = min(len(drawing.strokes), MOST_SEGMENTS)
            table[labels.index(drawing.label), count - 1] += 1
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def fit(
    network: Network,
    counts: Floats,
    samples: Sequence[Sample | PictureSample],
    without: Sequence[str] = (),
) -> tuple[dict[str, float], int]:
    """The weights under which the right segmentations are most likely, by the names of the
    features, and the number of samples that they were fitted to.

    Maximum likelihood of a conditional random field; where several segmentations of a sample are
    right, of their sum. A sample whose right segmentation is not among the candidates is left out.

    network: whose weights they are. counts: from `segment_counts`. samples: to fit to. without:
    features that count nothing.
    """
    zero = Weights.for_labels(
        network.labels, np.zeros(len(GEOMETRY_FEATURES)), np.zeros(len(CLASSIFIER_FEATURES)), counts
    )
    cases = [case for sample in samples if (case := _case(zero, network, sample))]
    every = sum(case.weight for case in cases)
    names = (*GEOMETRY_FEATURES, *CLASSIFIER_FEATURES)
    counted = np.array([name not in without for name in names])

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = 0.0, np.zeros_like(weights)
        for case in cases:
            scores = [features @ weights for features in case.features]
            right = np.array([_score(scores, path) for path in case.right])
            value -= case.weight * float(logsumexp(right))
            for share, path in zip(np.exp(right - logsumexp(right)), case.right, strict=True):
                for features, chosen in zip(case.features, path, strict=True):
                    slope -= case.weight * share * features[chosen].sum(axis=0)
            for features, lattice, score in zip(case.features, case.lattices, scores, strict=True):
                total, likely = lattice.marginals(score)
                value += case.weight * total
                slope += case.weight * (likely @ features)
        value += every * _L2 / 2 * float(weights @ weights)
        return value / every, counted * (slope / every + _L2 * weights)

    start = np.zeros(len(names))
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    weights = {name: round(float(w), 4) for name, w in zip(names, fitted.x, strict=True)}
    return weights, len(cases)


def classifier_of(
    network: Network, to_image: Callable[[Ink], NDArray[np.float32]]
) -> Callable[[Ink], Classification]:
    """How a segmenter classifies ink with this network; to_image: what it is given of ink."""

    def classify(ink: Ink) -> Classification:
        image = to_image(ink)
        return Classification(image, network.probabilities(image[np.newaxis])[0])

    return classify


def _score(scores: Sequence[Floats], path: Sequence[Sequence[int]]) -> float:
    return float(sum(own[chosen].sum() for own, chosen in zip(scores, path, strict=True)))


def _case(weights: Weights, network: Network, sample: Sample | PictureSample) -> _Case | None:
    """None where there is nothing to choose between, or nothing that is right."""
    clusters = _clusters(weights, network, sample)
    lattices = [FullLattice.of(each.cluster.count, each.cluster.masks) for each in clusters]
    if isinstance(sample, PictureSample) or sample.owners is None:
        right = list(_paths_that_read(clusters, lattices, network, sample.label))
    else:
        owners = dict(zip(map(id, sample.strokes), sample.owners, strict=True))
        paths = [_owned(each, owners) for each in clusters]
        path = tuple(each for each in paths if each is not None)
        # Apart where they belong together: no path through these lattices is right.
        apart = None in paths or sum(map(len, path)) > len(set(sample.owners))
        right = [] if apart else [path]
    if not right or all(len(each.cluster.candidates) == 1 for each in clusters):
        return None
    return _Case([each.features for each in clusters], lattices, right, sample.weight)


def _clusters(
    weights: Weights, network: Network, sample: Sample | PictureSample
) -> list[CandidateFeatures[Any]]:
    """The clusters of a sample's ink, with the features of their candidates."""
    if isinstance(sample, Sample):
        page = PageSegmenter(classifier_of(network, network.drawn), weights)
        return [page.segmenter.features(each) for each in page.clusters(sample.strokes)]
    classify = classifier_of(network, picture_to_image)
    graph = PictureGraph(sample.ink, classify, weights.dotted)
    segmenter = Segmenter(graph, graph.classify, weights)
    return [segmenter.features(each) for each in graph.clusters()]


def _owned(features: CandidateFeatures[Any], owners: dict[int, int]) -> list[int] | None:
    """The candidates that hold each character's ink, and nothing else."""
    cluster = features.cluster
    masks: dict[int, int] = {}
    for members, mask in zip(cluster.candidates, cluster.masks, strict=True):
        if len(members) == 1:
            owner = owners[id(cluster.segments[members[0]].whole)]
            masks[owner] = masks.get(owner, 0) | mask
    place = {mask: k for k, mask in enumerate(cluster.masks)}
    found = [place.get(mask) for mask in masks.values()]
    return None if None in found else [k for k in found if k is not None]


def _paths_that_read(
    clusters: Sequence[CandidateFeatures[Any]],
    lattices: Sequence[FullLattice],
    network: Network,
    label: str,
) -> Iterator[tuple[list[int], ...]]:
    """The segmentations that read as the label, from left to right, up to look-alikes."""
    written = [lookalike(text) for text in label]
    each = [list(lattice.paths(_MOST_PATHS)) for lattice in lattices]
    if np.prod([float(len(paths)) for paths in each]) >= _MOST_PATHS:
        return
    read = [
        [(_centre(c, k), network.labels[best]) for k, best in enumerate(c.best)] for c in clusters
    ]
    for path in product(*each):
        texts = sorted(read[c][k] for c, chosen in enumerate(path) for k in chosen)
        if [lookalike(text) for _, text in texts] == written:
            yield path


def _centre(features: CandidateFeatures[Any], candidate: int) -> float:
    cluster = features.cluster
    box = surrounding_box([cluster.segments[k] for k in cluster.candidates[candidate]])
    return box.x + box.width / 2
