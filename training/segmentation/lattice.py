"""Every grouping of a cluster of ink, and how likely each is: for fitting weights to some."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NEVER = -1e30


@dataclass(frozen=True)
class Lattice:
    """Ways from no ink to all ink. steps: (from, to, group), states numbered from 0 on, in an order
    in which no step leads back. end: the state of all ink.
    """

    steps: tuple[tuple[int, int, int], ...]
    end: int

    @classmethod
    def of(cls, count: int, atoms: Sequence[int]) -> Lattice:
        """count, atoms: as for `models.segmentation.search.Lattice`, without its beam."""
        by_first: dict[int, list[int]] = {}
        for group, mask in enumerate(atoms):
            by_first.setdefault((mask & -mask).bit_length() - 1, []).append(group)
        number = {0: 0}
        layers: list[list[int]] = [[] for _ in range(count + 1)]
        layers[0].append(0)
        steps = []
        for first in range(count):
            for covered in layers[first]:
                for group in by_first[first]:
                    if atoms[group] & covered:
                        continue
                    now = covered | atoms[group]
                    if now not in number:
                        number[now] = len(number)
                        layers[min((~now & (now + 1)).bit_length() - 1, count)].append(now)
                    steps.append((number[covered], number[now], group))
        return cls(tuple(steps), number[(1 << count) - 1])

    def shares(self, worths: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Log of the sum over all ways of exp(their worth), and how likely each group is, 0..1.

        Forward and backward over the lattice (Baum et al. 1970). worths: (groups,).
        """
        values: list[float] = worths.tolist()
        states = 1 + max(max(a, b) for a, b, _ in self.steps)
        ahead, behind = [_NEVER] * states, [_NEVER] * states
        ahead[0] = behind[self.end] = 0.0
        for a, b, group in self.steps:
            ahead[b] = _added(ahead[b], ahead[a] + values[group])
        for a, b, group in reversed(self.steps):
            behind[a] = _added(behind[a], behind[b] + values[group])
        total = ahead[self.end]
        likely = np.zeros(len(worths))
        for a, b, group in self.steps:
            likely[group] += math.exp(ahead[a] + values[group] + behind[b] - total)
        return total, likely

    def ways(self, most: int) -> Iterator[list[int]]:
        """The groups of each way, in the order of the lattice, up to so many ways."""
        onward: dict[int, list[tuple[int, int]]] = {}
        for a, b, group in self.steps:
            onward.setdefault(a, []).append((b, group))
        begun: list[tuple[int, list[int]]] = [(0, [])]
        while begun and most:
            state, way = begun.pop()
            if state == self.end:
                most -= 1
                yield way
                continue
            begun += [(after, [*way, group]) for after, group in onward.get(state, ())]


def _added(one: float, other: float) -> float:
    """log(exp(one) + exp(other))."""
    high, low = max(one, other), min(one, other)
    return high if low <= _NEVER / 2 else high + math.log1p(math.exp(low - high))
