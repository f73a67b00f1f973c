"""The search for the best segmentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.segmentation.search import InSteps, Lattice, best_segmentation, run
from models.util.arrays import Floats

Groups = tuple[int, list[int], list[float]]  # atoms, masks, worths


@st.composite
def groups(draw: st.DrawFn) -> Groups:
    """Up to seven atoms, each a group by itself, and some larger groups; what each is worth."""
    count = draw(st.integers(1, 7))
    larger = draw(st.sets(st.integers(1, (1 << count) - 1), max_size=25))
    masks = draw(st.permutations(sorted(larger | {1 << k for k in range(count)})))
    worth = st.floats(-20, 20, allow_nan=False)
    return count, masks, draw(st.lists(worth, min_size=len(masks), max_size=len(masks)))


def partitions(masks: Sequence[int], free: int) -> Iterator[list[int]]:
    """Every way to cover what is free, each atom once: indices of masks, the leftmost first."""
    if not free:
        yield []
        return
    for index, mask in enumerate(masks):
        if mask & free & -free and not mask & ~free:
            for rest in partitions(masks, free & ~mask):
                yield [index, *rest]


def best(count: int, masks: Sequence[int], worths: Sequence[float]) -> list[int]:
    way, _ = run(Lattice(count, masks).best(np.array(worths)))
    return way


@given(groups())
def test_the_best_way_is_the_best_of_all_partitions(given_groups: Groups) -> None:
    count, masks, worths = given_groups
    every = list(partitions(masks, (1 << count) - 1))
    way, through = run(Lattice(count, masks).best(np.array(worths)))
    assert way in every  # from left to right, every atom once
    totals = [sum(worths[k] for k in each) for each in every]
    assert sum(worths[k] for k in way) == pytest.approx(max(totals))
    for candidate in range(len(masks)):
        with_it = [total for each, total in zip(every, totals, strict=True) if candidate in each]
        assert through[candidate] == pytest.approx(max(with_it, default=-np.inf))


@given(groups(), st.data())
def test_asking_only_where_it_matters_finds_as_good_a_way(
    given_groups: Groups, data: st.DataObject
) -> None:
    count, masks, worths = given_groups
    over = [data.draw(st.sampled_from([0.0, 0.5, 7.0, 40.0])) for _ in worths]
    known = np.array([data.draw(st.booleans()) for _ in worths])
    asked: list[int] = []

    def ask(some: Sequence[int]) -> InSteps[Floats]:
        asked.extend(some)
        yield
        return np.array([worths[k] for k in some])

    most = np.array(worths) + np.where(known, 0.0, over)
    unasked = np.full(len(masks), -np.inf)
    way = run(best_segmentation(Lattice(count, masks), most, known, unasked, 1000, ask))
    whole = best(count, masks, worths)
    assert sum(worths[k] for k in way) == pytest.approx(sum(worths[k] for k in whole))
    assert {k for k in way if not known[k]} <= set(asked) and len(asked) == len(set(asked))
    assert not any(known[k] for k in asked)


def test_what_cannot_be_the_best_is_never_asked_for() -> None:
    asked: list[int] = []

    def ask(some: Sequence[int]) -> InSteps[Floats]:
        asked.extend(some)
        yield
        return np.full(len(some), 5.0)

    lattice, most = Lattice(2, [0b01, 0b10, 0b11]), np.array([1.0, 2.0, 6.0])
    assert run(best_segmentation(lattice, most, np.zeros(3, bool), most, 9, ask)) == [2]
    assert asked == [2]


@given(groups(), st.integers(0, 5))
def test_no_more_is_asked_for_than_may_be(given_groups: Groups, calls: int) -> None:
    count, masks, worths = given_groups
    asked: list[int] = []

    def ask(some: Sequence[int]) -> InSteps[Floats]:
        asked.extend(some)
        yield
        return np.array([worths[k] for k in some])

    most = np.array(worths) + 50.0
    single = [mask.bit_count() == 1 for mask in masks]
    unasked = np.where(single, -100.0, -np.inf)
    lattice = Lattice(count, masks)
    way = run(best_segmentation(lattice, most, np.zeros(len(masks), bool), unasked, calls, ask))
    assert len(asked) <= calls
    assert all(single[k] or k in asked for k in way)
    assert sum(masks[k] for k in way) == (1 << count) - 1


def test_ways_that_lead_nowhere_are_left() -> None:
    """The second atom alone is never taken, and what begins with the first alone ends there."""
    worths = np.array([9.0, -np.inf, 1.0])
    way, through = run(Lattice(2, [0b01, 0b10, 0b11]).best(worths))
    assert way == [2] and through.tolist() == [-np.inf, -np.inf, 1.0]


def test_a_candidate_far_across_the_ink_is_left_out() -> None:
    masks = [1 << k for k in range(100)] + [1 | 1 << 99]
    assert best(100, masks, [0.0] * 100 + [1000.0]) == list(range(100))
