"""What took longest in a round."""

from __future__ import annotations

from collections.abc import Sequence

from game.modes.practice.round import Done

_MOST = 3  # of each that are named


def slowest_tasks(done: Sequence[Done]) -> list[Done]:
    """The answered tasks that took longest, the longest first; at most three."""
    return sorted((each for each in done if each.right), key=lambda each: -each.seconds)[:_MOST]


def slowest_digits(done: Sequence[Done]) -> list[tuple[str, float]]:
    """The digits that the pen took longest for, each with its mean seconds; at most three."""
    took: dict[str, list[float]] = {}
    for each in done:
        for digit, seconds in each.characters:
            took.setdefault(digit, []).append(seconds)
    means = [(digit, sum(seconds) / len(seconds)) for digit, seconds in took.items()]
    return sorted(means, key=lambda mean: (-mean[1], mean[0]))[:_MOST]
