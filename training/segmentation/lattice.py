"""All segmentations of a cluster of ink, and how likely each is: for fitting weights to some."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.util.arrays import Floats

_NEVER = -1e30


@dataclass(frozen=True)
class FullLattice:
    """All segmentations of a cluster, without the beam of `models.segmentation.search.Lattice`.

    steps: (from, to, candidate), states numbered from 0 for no ink, in an order in which no step
        leads back. end: the state of all ink.
    """

    steps: tuple[tuple[int, int, int], ...]
    end: int

    @classmethod
    def of(cls, count: int, masks: Sequence[int]) -> FullLattice:
        """count, masks: as for `models.segmentation.search.Lattice`."""
        by_first: dict[int, list[int]] = {}
        for candidate, mask in enumerate(masks):
            by_first.setdefault((mask & -mask).bit_length() - 1, []).append(candidate)
        number = {0: 0}
        layers: list[list[int]] = [[] for _ in range(count + 1)]
        layers[0].append(0)
        steps = []
        for first in range(count):
            for covered in layers[first]:
                for candidate in by_first[first]:
                    if masks[candidate] & covered:
                        continue
                    now = covered | masks[candidate]
                    if now not in number:
                        number[now] = len(number)
                        layers[min((~now & (now + 1)).bit_length() - 1, count)].append(now)
                    steps.append((number[covered], number[now], candidate))
        return cls(tuple(steps), number[(1 << count) - 1])

    def marginals(self, scores: Floats) -> tuple[float, Floats]:
        """The log partition function, and the probability of each candidate, (candidates,) 0..1.

        A segmentation is as likely as the exponential of its score says. Forward and backward over
        the lattice (Baum et al. 1970). scores: (candidates,).
        """
        values: list[float] = scores.tolist()
        states = 1 + max(max(a, b) for a, b, _ in self.steps)
        ahead, behind = [_NEVER] * states, [_NEVER] * states
        ahead[0] = behind[self.end] = 0.0
        for a, b, candidate in self.steps:
            ahead[b] = _log_add(ahead[b], ahead[a] + values[candidate])
        for a, b, candidate in reversed(self.steps):
            behind[a] = _log_add(behind[a], behind[b] + values[candidate])
        total = ahead[self.end]
        likely = np.zeros(len(scores))
        for a, b, candidate in self.steps:
            likely[candidate] += math.exp(ahead[a] + values[candidate] + behind[b] - total)
        return total, likely

    def paths(self, most: int) -> Iterator[list[int]]:
        """The candidates of each segmentation, up to so many segmentations."""
        onward: dict[int, list[tuple[int, int]]] = {}
        for a, b, candidate in self.steps:
            onward.setdefault(a, []).append((b, candidate))
        begun: list[tuple[int, list[int]]] = [(0, [])]
        while begun and most:
            state, path = begun.pop()
            if state == self.end:
                most -= 1
                yield path
                continue
            begun += [(after, [*path, candidate]) for after, candidate in onward.get(state, ())]


def _log_add(one: float, other: float) -> float:
    """log(exp(one) + exp(other))."""
    high, low = max(one, other), min(one, other)
    return high if low <= _NEVER / 2 else high + math.log1p(math.exp(low - high))
