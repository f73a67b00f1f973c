"""From a cluster of ink to its characters: its candidates are scored, and the best are found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box
from models.segmentation.candidates import Cluster, InkGraph, geometry_of
from models.segmentation.features import LEAST_GEOMETRY_SCORE, Geometry, geometry_features
from models.segmentation.search import InSteps, Lattice, best_segmentation, run
from models.segmentation.segments import AnySegment, surrounding_box
from models.segmentation.weights import Weights
from models.util.arrays import Floats

_CANDIDATES_A_STEP = 16  # about a millisecond
# Classifications for a cluster, and for each primitive segment more. Of two lines of real
# characters that touch, in lines that do, as many are segmented right as with 25 for each.
_MOST_CLASSIFICATIONS, _MOST_CLASSIFICATIONS_EACH = 90, 3
_MOST_BEHIND = 6.0  # in score, a segmentation whose characters are options
_MOST_MEASURED = 12  # segments of a candidate whose geometry is computed


@dataclass(frozen=True, eq=False)
class Classification:
    """Some ink as one character.

    image: (28, 28) or (28, 28, 9) float32, what the network was given (`Network`).
    probabilities: (classes,), its calibrated output, 0..1.
    """

    image: NDArray[np.float32]
    probabilities: Floats


@dataclass(eq=False)
class Candidate(Generic[AnySegment]):
    """Segments that may be one character.

    geometry: None for a sketch. classification: None until it is needed.
    """

    segments: tuple[AnySegment, ...]
    geometry: Geometry | None
    classification: Classification | None = None

    @cached_property
    def box(self) -> Box:
        """Around the segments' boxes, in the units of the ink."""
        return surrounding_box(self.segments)

    @property
    def dotted(self) -> bool:
        """Whether some of it lies above the rest as the dot of an i does."""
        return self.geometry is not None and bool(self.geometry.dots)


Found = TypeVar("Found")  # candidates, or the characters that they are


@dataclass(frozen=True, eq=False)
class Option(Generic[Found]):
    """A candidate that a good segmentation of its cluster may hold.

    mask: a bit for each primitive segment that it covers, the leftmost the lowest. score: the
    higher, the more likely it is a character; a segmentation's score is the sum over its options.
    """

    mask: int
    score: float
    candidate: Found


@dataclass(frozen=True, eq=False)
class Segmentation(Generic[Found]):
    """The best segmentation of a cluster, and what others are nearly as good.

    found: its characters, those that a person merged first. options: of all segmentations that are
    not much worse; none where a person merged or split ink.
    """

    found: tuple[Found, ...]
    options: tuple[Option[Found], ...] = ()


@dataclass(frozen=True, eq=False)
class CandidateFeatures(Generic[AnySegment]):
    """A cluster with the candidates that may be characters, as weights are fitted to them.

    features: (candidates, 20), GEOMETRY_FEATURES and CLASSIFIER_FEATURES of each.
    best: (candidates,), the class that each most likely is.
    """

    cluster: Cluster[AnySegment]
    features: Floats
    best: NDArray[np.int64]


class Segmenter(Generic[AnySegment]):
    """Segments clusters of ink into characters; remembers each candidate that it has met."""

    def __init__(
        self,
        graph: InkGraph[AnySegment],
        classify: Callable[[Sequence[AnySegment]], Classification],
        weights: Weights,
    ) -> None:
        """graph: of the ink. classify: some segments as one character. weights: of features."""
        self._graph = graph
        self._classify = classify
        self._weights = weights
        self._candidates: dict[tuple[AnySegment, ...], Candidate[AnySegment]] = {}

    def best(
        self,
        cluster: Cluster[AnySegment],
        split: Collection[int] = (),
        merged: Iterable[tuple[int, Sequence[int]]] = (),
    ) -> InSteps[Segmentation[Candidate[AnySegment]]]:
        """The best segmentation of a cluster.

        split: masks of candidates that are none. merged: mask and indices of the segments of what
        is one character; no two overlap.
        """
        cluster, candidates, features = yield from self._plausible(cluster)
        yield
        found, taken = [], 0
        for mask, members in merged:
            taken |= mask
            same = next((k for k, other in enumerate(cluster.masks) if other == mask), None)
            segments = members if same is None else cluster.candidates[same]
            found.append(self.candidate([cluster.segments[k] for k in segments]))
        left = [k for k, mask in enumerate(cluster.masks) if mask not in split and not mask & taken]
        if not left:
            return Segmentation(tuple(found))
        by_geometry = (features @ self._weights.geometry)[left]
        candidates = [candidates[k] for k in left]

        def evaluate(some: Sequence[int]) -> InSteps[Floats]:
            for k in some:
                yield from self.classify(candidates[k])
            by_classifier = self._classifier_features([candidates[k] for k in some])
            return np.asarray(by_geometry[list(some)] + by_classifier @ self._weights.classifier)

        least, most = self._weights.classifier_range
        scores = by_geometry + most
        exact = np.array([each.classification is not None for each in candidates], bool)
        if exact.any():
            scores[exact] = yield from evaluate(np.flatnonzero(exact).tolist())
        # Only single segments are characters that the network has not seen.
        alone = [len(each.segments) == 1 for each in candidates]
        free = [bit for bit in range(cluster.count) if not taken >> bit & 1]
        masks = _renumbered([cluster.masks[k] for k in left], free)
        path, behind = yield from best_segmentation(
            Lattice(len(free), masks),
            scores,
            exact,
            np.where(alone, by_geometry + least, -np.inf),
            _MOST_CLASSIFICATIONS + _MOST_CLASSIFICATIONS_EACH * len(free),
            evaluate,
        )
        found += [candidates[k] for k in path]
        if taken or split:
            return Segmentation(tuple(found))
        near = sorted({*path, *np.flatnonzero(behind < _MOST_BEHIND).tolist()})
        exact_scores = yield from evaluate(near)
        options = (
            Option(masks[k], score, candidates[k])
            for k, score in zip(near, exact_scores.tolist(), strict=True)
        )
        return Segmentation(tuple(found), tuple(options))

    def features(self, cluster: Cluster[AnySegment]) -> CandidateFeatures[AnySegment]:
        """All candidates that may be characters, with their features."""
        cluster, candidates, by_geometry = run(self._plausible(cluster))
        probabilities = np.array([run(self.classify(each)).probabilities for each in candidates])
        features = np.hstack([by_geometry, self._classifier_features(candidates)])
        return CandidateFeatures(cluster, features, probabilities.argmax(axis=1))

    def candidate(self, segments: Sequence[AnySegment]) -> Candidate[AnySegment]:
        """The candidate of some segments, with their geometry."""
        key = tuple(segments)
        if key not in self._candidates:
            # Only what a person merged has so many; no score depends on its geometry.
            measured = key if len(key) <= _MOST_MEASURED else key[:1]
            self._candidates[key] = Candidate(key, geometry_of(self._graph, measured))
        return self._candidates[key]

    def classify(self, candidate: Candidate[AnySegment]) -> InSteps[Classification]:
        """The candidate as one character; computed once."""
        if candidate.classification is None:
            candidate.classification = self._classify(candidate.segments)
            yield
        return candidate.classification

    def keep_only(self, kept: Callable[[Iterable[AnySegment]], bool]) -> None:
        """Forgets the candidates whose segments are not to be kept."""
        self._candidates = {k: each for k, each in self._candidates.items() if kept(k)}

    def _plausible(
        self, cluster: Cluster[AnySegment]
    ) -> InSteps[tuple[Cluster[AnySegment], list[Candidate[AnySegment]], Floats]]:
        """The cluster with the candidates that may be characters by their geometry, the candidates,
        and their GEOMETRY_FEATURES, (candidates, 16).
        """
        candidates = []
        for number, members in enumerate(cluster.candidates, start=1):
            candidates.append(self.candidate([cluster.segments[k] for k in members]))
            if number % _CANDIDATES_A_STEP == 0:
                yield
        yield
        geometries = [each.geometry for each in candidates if each.geometry]
        features = geometry_features(geometries, cluster.writing_height, cluster.all_ink)
        likely = features @ self._weights.geometry >= LEAST_GEOMETRY_SCORE
        kept = [k for k, each in enumerate(candidates) if len(each.segments) == 1 or likely[k]]
        return cluster.only(kept), [candidates[k] for k in kept], features[kept]

    def _classifier_features(self, candidates: Sequence[Candidate[AnySegment]]) -> Floats:
        """CLASSIFIER_FEATURES of candidates that are classified, (n, 4)."""
        known = [each.classification for each in candidates if each.classification]
        probabilities = np.array([each.probabilities for each in known])
        # A stroke that skips counts as one.
        counts = [
            len(each.segments) - (each.geometry.skips if each.geometry else 0)
            for each in candidates
        ]
        return self._weights.classifier_features(probabilities, counts)


def _renumbered(masks: Sequence[int], kept: Sequence[int]) -> list[int]:
    """The masks in bits of their own: the n-th is that of the n-th that is kept."""
    place = {bit: number for number, bit in enumerate(kept)}
    if len(kept) == max(kept) + 1:
        return list(masks)
    return [sum(1 << place[bit] for bit in kept if mask >> bit & 1) for mask in masks]
