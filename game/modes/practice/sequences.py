"""Sequences of numbers to go on with, of which only one continuation is sensible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

Terms = tuple[int, ...]

# The largest number at each level, 1 to 5.
MOST = (9, 50, 100, 200, 999)


def new_sequence(random: Random, level: int) -> Terms:
    """Terms of which the last is the answer; all from 0 to the level's largest number.

    level: 1..5. The terms before the last can be gone on with in one way only, as far as
    `continuations` knows.
    """
    while True:
        terms = random.choice(_FAMILIES[level - 1])(random)
        fits = min(terms) >= 0 and max(terms) <= MOST[level - 1]
        if fits and continuations(terms[:-1]) == {terms[-1]}:
            return terms


def continuations(terms: Sequence[int]) -> set[int]:
    """All numbers that can come next, by the rules that come to mind first.

    terms: at least three. The rules: the same step each time; a step that itself grows by the same
    each time (from four terms on); the same factor; the sum of the last two (from four on); two
    steps in turn (from five on).
    """
    steps = [b - a for a, b in pairwise(terms)]
    if len(set(steps)) == 1:
        return {terms[-1] + steps[0]}  # what is that plain needs no other rule
    found = set()
    growth = {b - a for a, b in pairwise(steps)}
    if len(terms) >= 4 and len(growth) == 1:
        found.add(terms[-1] + steps[-1] + growth.pop())
    if terms[0] and not terms[1] % terms[0]:
        factor = terms[1] // terms[0]
        if all(b == a * factor for a, b in pairwise(terms)):
            found.add(terms[-1] * factor)
    triples = zip(terms, terms[1:], terms[2:], strict=False)
    if len(terms) >= 4 and all(a + b == c for a, b, c in triples):
        found.add(terms[-2] + terms[-1])
    if len(terms) >= 5 and len(set(steps[::2])) == len(set(steps[1::2])) == 1:
        found.add(terms[-1] + steps[len(steps) % 2])
    return found


def _counting(steps: Sequence[int], first: tuple[int, int]) -> Callable[[Random], Terms]:
    """The same step each time. first: where it may begin."""

    def made(random: Random) -> Terms:
        start, step = random.randint(*first), random.choice(steps)
        return tuple(start + step * i for i in range(4))

    return made


def _growing(random: Random) -> Terms:
    """1, 2, 4, 7, 11"""
    terms, step, growth = [random.randint(0, 20)], random.randint(1, 6), random.randint(1, 4)
    for i in range(4):
        terms.append(terms[-1] + step + growth * i)
    return tuple(terms)


def _multiplied(factors: Sequence[int], first: tuple[int, int]) -> Callable[[Random], Terms]:
    """3, 6, 12, 24"""

    def made(random: Random) -> Terms:
        start, factor = random.randint(*first), random.choice(factors)
        return tuple(start * factor**i for i in range(4))

    return made


def _added(random: Random) -> Terms:
    """2, 5, 7, 12, 19: the sum of the last two."""
    terms = [random.randint(1, 30), random.randint(1, 30)]
    for _ in range(3):
        terms.append(terms[-2] + terms[-1])
    return tuple(terms)


def _in_turn(random: Random) -> Terms:
    """5, 9, 8, 12, 11, 15: up and down in turn."""
    terms, ups, downs = [random.randint(5, 60)], random.randint(3, 20), random.randint(1, 9)
    for i in range(5):
        terms.append(terms[-1] + (-downs if i % 2 else ups))
    return tuple(terms)


_FAMILIES: tuple[tuple[Callable[[Random], Terms], ...], ...] = (
    (_counting((1, 2), (0, 6)), _counting((-1,), (3, 9))),
    (_counting((2, 3, 4, 5, 10), (0, 20)),),
    (_counting((-10, -5, -4, -3, -2), (20, 99)), _counting((3, 4, 6, 7, 8, 9, 11), (0, 60))),
    (_growing, _multiplied((2, 3), (1, 9)), _counting((-12, -9, -8, -7, -6), (60, 199))),
    (_added, _in_turn, _growing, _multiplied((2, 3, 4, 5), (2, 12))),
)
