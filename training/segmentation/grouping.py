"""Fits what grouping goes by to people whom the network was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from models.ink.strokes import Drawing, Stroke
from models.pictures.components import Page
from models.preprocessing.mnist_form import picture_to_image, strokes_to_image
from models.recognition.labels import lookalike
from models.recognition.network import Network
from models.segmentation.candidates import AnyPart
from models.segmentation.features import LYING, MOST_PIECES, READ
from models.segmentation.segmenter import Candidates, Classification, Segmenter
from models.segmentation.segments import Piece
from models.segmentation.weights import Weights, alike, dotted
from models.util.arrays import Floats
from training.data.synthetic_lines import SyntheticLine
from training.segmentation.lattice import Lattice

_MOST_WAYS = 3000  # of grouping a cluster; a sample with more is left out
_PULL = 1e-3  # of the weights to 0
# A label is never so rarely written in some number of pieces, and letters are not all there are.
_LEAST_HABIT = 0.5


@dataclass(frozen=True)
class Sample:
    """Ink whose grouping is known, or what it says.

    owners: which character each stroke belongs to; or None: all groupings that read as `label`
    are right. counts: how much it weighs.
    """

    strokes: tuple[Stroke, ...]
    owners: tuple[int, ...] | None
    label: str = ""
    counts: float = 1.0

    @classmethod
    def single(cls, drawing: Drawing, counts: float = 1.0) -> Sample:
        """All strokes of a drawing are one character, whatever it reads as."""
        return cls(drawing.strokes, (0,) * len(drawing.strokes), counts=counts)

    @classmethod
    def made(cls, row: SyntheticLine) -> Sample:
        return cls(row.strokes, row.owners)


@dataclass(frozen=True, eq=False)
class PictureSample:
    """A picture's ink, (height, width) uint8, 0 for paper to 255, and what it says.

    All groupings that read as `label` are right. counts: how much it weighs.
    """

    ink: NDArray[np.uint8]
    label: str
    counts: float = 1.0


@dataclass(frozen=True)
class _Case:
    """A sample's clusters: features and lattice of each; groups of each for every right way."""

    features: list[Floats]
    lattices: list[Lattice]
    right: list[tuple[list[int], ...]]
    counts: float


def habits(drawings: Sequence[Drawing], labels: Sequence[str]) -> Floats:
    """(classes, MOST_PIECES): how often people write each label in 1, 2, … strokes, shares."""
    table = np.full((len(labels), MOST_PIECES), _LEAST_HABIT)
    for drawing in drawings:
        if drawing.label in labels:
            count = min(len(drawing.strokes), MOST_PIECES)
            table[labels.index(drawing.label), count - 1] += 1
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def fit(
    network: Network, habit: Floats, samples: Sequence[Sample | PictureSample]
) -> tuple[dict[str, float], int]:
    """The weights under which the right groupings are most likely, and of how many samples.

    Maximum likelihood of a conditional random field; where several groupings of a sample are
    right, of their sum. A sample whose right grouping is not among the candidates is left out.
    """
    one = network.labels.index("1")
    labels = network.labels
    nothing = Weights(
        np.zeros(len(LYING)),
        np.zeros(len(READ)),
        np.log(habit),
        one,
        alike(labels),
        dotted(labels),
    )
    segmenter = Segmenter(look_of(network), nothing)
    cases = [
        case
        for sample in samples
        if (
            case := _case(segmenter, network, sample)
            if isinstance(sample, Sample)
            else _case_of_picture(nothing, network, sample)
        )
    ]

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = 0.0, np.zeros_like(weights)
        for case in cases:
            worths = [features @ weights for features in case.features]
            right = np.array([_worth(worths, way) for way in case.right])
            value -= case.counts * float(logsumexp(right))
            for share, way in zip(np.exp(right - logsumexp(right)), case.right, strict=True):
                for features, groups in zip(case.features, way, strict=True):
                    slope -= case.counts * share * features[groups].sum(axis=0)
            for features, lattice, worth in zip(case.features, case.lattices, worths, strict=True):
                total, likely = lattice.shares(worth)
                value += case.counts * total
                slope += case.counts * (likely @ features)
        every = sum(case.counts for case in cases)
        value += every * _PULL / 2 * float(weights @ weights)
        return value / every, slope / every + _PULL * weights

    start = np.zeros(len(LYING) + len(READ))
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    named = zip((*LYING, *READ), fitted.x, strict=True)
    return {name: round(float(weight), 4) for name, weight in named}, len(cases)


def look_of(network: Network) -> Callable[[tuple[Stroke, ...]], Classification]:
    """How a segmenter looks at ink with this network, as it would stand on a canvas."""

    def classify(ink: tuple[Stroke, ...]) -> Classification:
        image = strokes_to_image(ink)
        return Classification(image, network.probabilities(image[np.newaxis])[0])

    return classify


def _worth(worths: Sequence[Floats], way: Sequence[Sequence[int]]) -> float:
    return float(sum(worth[groups].sum() for worth, groups in zip(worths, way, strict=True)))


def _case(segmenter: Segmenter, network: Network, sample: Sample) -> _Case | None:
    candidates = segmenter.candidates(sample.strokes)
    lattices = [Lattice.of(c.cluster.count, c.cluster.atoms) for c in candidates]
    if sample.owners is not None:
        owned = dict(zip(map(id, sample.strokes), sample.owners, strict=True))
        way = [_owned(each, owned) for each in candidates]
        characters = sum(len(groups) for groups in way if groups is not None)
        # Apart where they belong together: no way through these lattices is right.
        if None in way or characters > len(set(sample.owners)):
            return None
        right = [tuple(groups for groups in way if groups is not None)]
    else:
        right = list(_reading(candidates, lattices, network, sample.label))
    if not right or all(len(each.cluster.groups) == 1 for each in candidates):
        return None
    return _Case([each.features for each in candidates], lattices, right, sample.counts)


def _case_of_picture(weights: Weights, network: Network, sample: PictureSample) -> _Case | None:
    def classify(ink: NDArray[np.uint8]) -> Classification:
        image = picture_to_image(ink)
        return Classification(image, network.probabilities(image[np.newaxis])[0])

    page = Page(sample.ink, classify, weights.dotted)
    candidates = [page.candidates(members, around, weights) for members, around in page.clusters()]
    lattices = [Lattice.of(c.cluster.count, c.cluster.atoms) for c in candidates]
    right = list(_reading(candidates, lattices, network, sample.label))
    if not right or all(len(each.cluster.groups) == 1 for each in candidates):
        return None
    return _Case([each.features for each in candidates], lattices, right, sample.counts)


def _owned(candidates: Candidates[Piece], owners: dict[int, int]) -> list[int] | None:
    """The groups that hold each character's ink, and nothing else."""
    cluster = candidates.cluster
    atoms: dict[int, int] = {}
    for members, covered in zip(cluster.groups, cluster.atoms, strict=True):
        if len(members) == 1:
            owner = owners[id(cluster.pieces[members[0]].whole)]
            atoms[owner] = atoms.get(owner, 0) | covered
    place = {covered: k for k, covered in enumerate(cluster.atoms)}
    found = [place.get(covered) for covered in atoms.values()]
    return None if None in found else [k for k in found if k is not None]


def _reading(
    candidates: Sequence[Candidates[AnyPart]],
    lattices: Sequence[Lattice],
    network: Network,
    label: str,
) -> Iterator[tuple[list[int], ...]]:
    """The ways to group that read as the label, from left to right, up to look-alikes."""
    written = [lookalike(text) for text in label]
    each = [list(lattice.ways(_MOST_WAYS)) for lattice in lattices]
    if np.prod([float(len(ways)) for ways in each]) >= _MOST_WAYS:
        return
    read = [
        [(_centre(c, k), network.labels[best]) for k, best in enumerate(c.best)] for c in candidates
    ]
    for way in product(*each):
        words = sorted(read[c][k] for c, groups in enumerate(way) for k in groups)
        if [lookalike(text) for _, text in words] == written:
            yield way


def _centre(candidates: Candidates[AnyPart], group: int) -> float:
    boxes = [candidates.cluster.pieces[k].box for k in candidates.cluster.groups[group]]
    return (min(box.x for box in boxes) + max(box.right for box in boxes)) / 2
