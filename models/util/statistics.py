"""How sure a measured share is."""

from __future__ import annotations

import math


def wilson_interval(right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The interval that holds a proportion, 95 % by default (Wilson 1927).

    right: how many of n. Returns (low, high), each 0..1; (0, 1) when n is 0: nothing is known.
    """
    if n == 0:
        return 0.0, 1.0
    share = right / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)
