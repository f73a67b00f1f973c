"""The best segmentation of ink into characters: a search over a lattice of candidates.

The score of a segmentation is the sum over its characters. The lattice leads over the primitive
segments from left to right: the leftmost one that is still free goes, alone or with others, into
the next character. The exact score of a candidate takes a call of the network, so it is computed
only where it may matter: a segmentation that is best, though every other candidate counts as much
as it ever can, is the best of all (an A* search with an admissible bound; Hart et al. 1968).

Rounds and calls are bounded, so that the work grows with the number of primitive segments and no
faster. No writing comes near these bounds; beyond them the best of what is known is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.util.arrays import Floats

Result = TypeVar("Result")
# Work in small steps: it may pause at each `yield`, and returns its result at the end.
InSteps = Generator[None, None, Result]

# What leads into a layer of the lattice: masks of what is covered (the layer's first primitive is
# bit 0), the scores up to there, the states that they come from, the candidates.
_Arrivals = tuple[NDArray[np.int64], Floats, NDArray[np.intp], NDArray[np.intp]]
# Arcs of a layer: from states by candidates to states, -1 for one that the beam dropped.
_Arcs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]
_BEAM = 60  # partial segmentations of each layer that are kept while searching
# Primitive segments that a candidate may reach over; no writing lies across itself so far.
_FARTHEST = 62
_MOST_ROUNDS = 20
_LAYERS_A_STEP = 16  # of the lattice, between two pauses: about a millisecond


def run(steps: InSteps[Result]) -> Result:
    """Does all steps at once, and returns the result."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            result: Result = ended.value
            return result


class Lattice:
    """All segmentations of some primitive segments into candidates."""

    def __init__(self, count: int, masks: Sequence[int]) -> None:
        """count: of primitive segments. masks: of each candidate, a bit for each primitive segment
        that it covers, the leftmost the lowest. Every primitive segment is a candidate by itself,
        too.
        """
        self.count = count
        starts: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for index, mask in enumerate(masks):
            first = (mask & -mask).bit_length() - 1
            relative = mask >> first
            if relative.bit_length() <= _FARTHEST:
                starts[first].append((index, relative))
        # Of each primitive the candidates that begin with it, and their masks from there on.
        self._candidates = [np.array([i for i, _ in each], np.intp) for each in starts]
        self._masks = [np.array([mask for _, mask in each], np.int64) for each in starts]
        self._size = len(masks)

    def best(self, scores: Floats) -> InSteps[tuple[list[int], Floats]]:
        """The best segmentation: its candidates from left to right; and of each candidate the score
        of the best segmentation that holds it, -inf where the beam has none.

        scores: (candidates,), -inf for one that must not be taken.
        """
        count = self.count
        into: list[list[_Arrivals]] = [[] for _ in range(count + 1)]
        into[0].append(
            (np.zeros(1, np.int64), np.zeros(1), np.full(1, -1, np.intp), np.full(1, -1, np.intp))
        )
        arcs: list[_Arcs] = []
        values: list[Floats] = []
        came: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
        states = 0
        for first in range(count + 1):
            if not into[first]:
                continue
            if first % _LAYERS_A_STEP == _LAYERS_A_STEP - 1:
                yield
            masks, score, source, candidate = (
                np.concatenate(parts) for parts in zip(*into[first], strict=True)
            )
            into[first] = []
            # The best of all that cover the same, and of those the beam.
            order = np.lexsort((-score, masks))
            new = np.concatenate([[True], np.diff(masks[order]) != 0])
            chosen = order[new]
            ranked = np.argsort(-score[chosen], kind="stable")
            kept = chosen[ranked[:_BEAM]]
            place = np.full(len(chosen), -1, np.intp)
            place[ranked[:_BEAM]] = np.arange(len(kept)) + states
            state_of = np.empty(len(order), np.intp)
            state_of[order] = place[np.cumsum(new) - 1]
            arcs.append((source, candidate, state_of))
            values.append(score[kept])
            came.append((source[kept], candidate[kept]))
            if first < count:
                self._extend(first, masks[kept], score[kept], states, scores, into)
            states += len(kept)
        path: list[int] = []
        sources, candidates = (np.concatenate(parts) for parts in zip(*came, strict=True))
        state = states - 1  # everything is covered by one state alone
        while candidates[state] >= 0:
            path.append(int(candidates[state]))
            state = int(sources[state])
        return path[::-1], self._through(arcs, np.concatenate(values), scores)

    def _extend(
        self,
        first: int,
        masks: NDArray[np.int64],
        score: Floats,
        states: int,
        scores: Floats,
        into: list[list[_Arrivals]],
    ) -> None:
        """Extends the states of one layer by every candidate that begins there."""
        state, which = np.nonzero((masks[:, None] & self._masks[first]) == 0)
        candidate = self._candidates[first][which]
        total = score[state] + scores[candidate]
        covered = masks[state] | self._masks[first][which]
        # The next layer begins with the lowest primitive that is not covered.
        step = np.log2((~covered & (covered + 1)).astype(np.float64)).astype(np.intp)
        order = np.argsort(step, kind="stable")
        order = order[total[order] > -np.inf]
        step, covered, total = step[order], covered[order], total[order]
        state, candidate = state[order] + states, candidate[order]
        if not len(step):
            return
        ends = np.flatnonzero(np.diff(step)) + 1
        for start, end in pairwise([0, *ends.tolist(), len(step)]):
            ahead = int(step[start])
            own = slice(start, end)
            into[first + ahead].append(
                (covered[own] >> ahead, total[own], state[own], candidate[own])
            )

    def _through(self, arcs: Sequence[_Arcs], before: Floats, scores: Floats) -> Floats:
        """(candidates,): the score of the best segmentation that holds each.

        arcs: by layer. before: (states,), the highest score that leads to each.
        """
        after = np.full(len(before), -np.inf)
        after[-1] = 0.0
        through = np.full(self._size, -np.inf)
        for source, candidate, state in reversed(arcs[1:]):
            own = state >= 0
            source, candidate, state = source[own], candidate[own], state[own]
            onward = scores[candidate] + after[state]
            np.maximum.at(after, source, onward)
            np.maximum.at(through, candidate, before[source] + onward)
        return through


def best_segmentation(
    lattice: Lattice,
    scores: Floats,
    exact: NDArray[np.bool_],
    fallback: Floats,
    most_evaluations: int,
    evaluate: Callable[[Sequence[int]], InSteps[Floats]],
) -> InSteps[tuple[list[int], Floats]]:
    """The candidates of the best segmentation, from left to right; and of each candidate whose
    score is known exactly by how much the best segmentation that holds it is worse than the best of
    all, inf for the others.

    scores: (candidates,), of each the exact score or an upper bound. exact: (candidates,), which.
    fallback: (candidates,), what counts in the end for those without an exact score, -inf where
        they are not taken; there must be a segmentation into others.
    most_evaluations: how many are evaluated at most. evaluate: the exact scores of some.
    """
    scores, exact = scores.copy(), exact.copy()
    for number in range(_MOST_ROUNDS):
        path, through = yield from lattice.best(scores)
        chosen = [k for k in path if not exact[k]]
        if not chosen:
            return path, _behind(through, exact)
        # Where many are in question a round takes longer than a call: the next best go with them.
        more = lattice.count // 4 - len(chosen) if number else 0
        if more > 0:
            others = np.where(exact, -np.inf, through)
            others[chosen] = -np.inf
            best = np.argsort(-others)[:more]
            chosen += best[others[best] > -np.inf].tolist()
        chosen = chosen[:most_evaluations]
        most_evaluations -= len(chosen)
        scores[chosen] = yield from evaluate(chosen)
        exact[chosen] = True
        if not most_evaluations:
            break
    path, through = yield from lattice.best(np.where(exact, scores, fallback))
    return path, _behind(through, exact)


def _behind(through: Floats, exact: NDArray[np.bool_]) -> Floats:
    return np.where(exact, through.max() - through, np.inf)
