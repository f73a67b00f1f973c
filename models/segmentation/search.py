"""The best way to split ink into characters: a search over a lattice of candidates.

A segmentation is worth the sum over its characters. The lattice leads over the smallest pieces of
ink (atoms) from left to right: the leftmost atom that is still free goes, alone or with others,
into the next character. What a candidate is worth takes a call of the network, so it is asked for
only where it may matter: a segmentation that is best, though every other candidate counts as much
as it ever could, is the best of all (an A* search with an admissible bound; Hart et al. 1968).

Rounds and calls are bounded, so that the work grows with the number of atoms and no faster. No
writing comes near these bounds; of what does, the best of what is known is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.util.arrays import Floats

Result = TypeVar("Result")
# Work in small steps: it may rest at each `yield`, and returns its result at the end.
InSteps = Generator[None, None, Result]

_BEAM = 60  # ways to group what lies to the left that are kept while searching
_FARTHEST = 62  # atoms that a candidate may reach over; no writing lies across itself so far
_MOST_ROUNDS = 20
_LAYERS_A_STEP = 16  # of the lattice, between two rests: about a millisecond


def run(steps: InSteps[Result]) -> Result:
    """Does all steps at once."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            result: Result = ended.value
            return result


class Lattice:
    """All ways to group atoms by some candidates.

    count: of atoms.
    """

    def __init__(self, count: int, atoms: Sequence[int]) -> None:
        """atoms: of each candidate, a bit for each of its atoms, the leftmost the
        lowest. Every atom is a candidate by itself, too.
        """
        self.count = count
        starts: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for index, mask in enumerate(atoms):
            first = (mask & -mask).bit_length() - 1
            relative = mask >> first
            if relative.bit_length() <= _FARTHEST:
                starts[first].append((index, relative))
        # Of each atom the candidates that begin with it, and their atoms from there on.
        self._candidates = [np.array([i for i, _ in each], np.intp) for each in starts]
        self._masks = [np.array([mask for _, mask in each], np.int64) for each in starts]
        self._size = len(atoms)

    def best(self, worths: Floats) -> InSteps[tuple[list[int], Floats]]:
        """The best way: its candidates from left to right; and of each candidate, how much the best
        way through it is worth, -inf where the beam holds none.

        worths: (candidates,), -inf for one that must not be taken.
        """
        count = self.count
        # What leads into each layer: covered atoms (the layer's own first atom is bit 0), the
        # worth so far, the state it comes from, the candidate.
        into: list[list[tuple[NDArray[np.int64], Floats, NDArray[np.intp], NDArray[np.intp]]]]
        into = [[] for _ in range(count + 1)]
        into[0].append(
            (np.zeros(1, np.int64), np.zeros(1), np.full(1, -1, np.intp), np.full(1, -1, np.intp))
        )
        arcs: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]] = []
        values: list[Floats] = []
        came: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
        states = 0
        for first in range(count + 1):
            if not into[first]:
                continue
            if first % _LAYERS_A_STEP == _LAYERS_A_STEP - 1:
                yield
            masks, worth, source, candidate = (
                np.concatenate(parts) for parts in zip(*into[first], strict=True)
            )
            into[first] = []
            # The best of all that cover the same, and of those the beam.
            order = np.lexsort((-worth, masks))
            new = np.concatenate([[True], np.diff(masks[order]) != 0])
            chosen = order[new]
            ranked = np.argsort(-worth[chosen], kind="stable")
            kept = chosen[ranked[:_BEAM]]
            place = np.full(len(chosen), -1, np.intp)
            place[ranked[:_BEAM]] = np.arange(len(kept)) + states
            state_of = np.empty(len(order), np.intp)
            state_of[order] = place[np.cumsum(new) - 1]
            arcs.append((source, candidate, state_of))
            values.append(worth[kept])
            came.append((source[kept], candidate[kept]))
            if first < count:
                self._extend(first, masks[kept], worth[kept], states, worths, into)
            states += len(kept)
        way: list[int] = []
        sources, candidates = (np.concatenate(parts) for parts in zip(*came, strict=True))
        state = states - 1  # everything is covered by one state alone
        while candidates[state] >= 0:
            way.append(int(candidates[state]))
            state = int(sources[state])
        return way[::-1], self._through(arcs, np.concatenate(values), worths)

    def _extend(
        self,
        first: int,
        masks: NDArray[np.int64],
        worth: Floats,
        states: int,
        worths: Floats,
        into: list[list[tuple[NDArray[np.int64], Floats, NDArray[np.intp], NDArray[np.intp]]]],
    ) -> None:
        """Leads the states of one layer on by every candidate that begins there."""
        state, which = np.nonzero((masks[:, None] & self._masks[first]) == 0)
        candidate = self._candidates[first][which]
        total = worth[state] + worths[candidate]
        covered = masks[state] | self._masks[first][which]
        # The next layer begins with the lowest atom that is not covered.
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

    def _through(
        self,
        arcs: Sequence[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]],
        before: Floats,
        worths: Floats,
    ) -> Floats:
        """(candidates,): how much the best way through each is worth.

        arcs: by layer, from a state by a candidate to a state, -1 for one that the beam dropped.
        before: of each state, the most that leads to it.
        """
        after = np.full(len(before), -np.inf)
        after[-1] = 0.0
        through = np.full(self._size, -np.inf)
        for source, candidate, state in reversed(arcs[1:]):
            own = state >= 0
            source, candidate, state = source[own], candidate[own], state[own]
            onward = worths[candidate] + after[state]
            np.maximum.at(after, source, onward)
            np.maximum.at(through, candidate, before[source] + onward)
        return through


def best_segmentation(
    lattice: Lattice,
    worths: Floats,
    known: NDArray[np.bool_],
    unasked: Floats,
    calls: int,
    ask: Callable[[Sequence[int]], InSteps[Floats]],
) -> InSteps[list[int]]:
    """The best way, as candidates from left to right.

    worths: (candidates,), what each is worth where that is known, else what it can be worth at
    most. unasked: (candidates,), what those count as that are not asked for in the end, -inf where
    they are not taken then; there must be a way of others. calls: how many are asked for at most.
    ask: what some of them are worth.
    """
    worths, known = worths.copy(), known.copy()
    for number in range(_MOST_ROUNDS):
        way, through = yield from lattice.best(worths)
        asked = [k for k in way if not known[k]]
        if not asked:
            return way
        # Where many are in question a round takes longer than a call: ask also for the next best.
        more = lattice.count // 4 - len(asked) if number else 0
        if more > 0:
            others = np.where(known, -np.inf, through)
            others[asked] = -np.inf
            best = np.argsort(-others)[:more]
            asked += best[others[best] > -np.inf].tolist()
        asked = asked[:calls]
        calls -= len(asked)
        worths[asked] = yield from ask(asked)
        known[asked] = True
        if not calls:
            break
    way, _ = yield from lattice.best(np.where(known, worths, unasked))
    return way
