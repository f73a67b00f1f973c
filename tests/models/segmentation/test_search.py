"""The search for the best segmentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.segmentation.search import InSteps, Lattice, best_segmentation, run
from models.util.arrays import Floats

# Of primitive segments; masks and scores of the candidates.
Candidates = tuple[int, list[int], list[float]]


@st.composite
def candidates(draw: st.DrawFn) -> Candidates:
    """Up to seven primitive segments, each a candidate by itself, and some larger ones."""
    count = draw(st.integers(1, 7))
    larger = draw(st.sets(st.integers(1, (1 << count) - 1), max_size=25))
    masks = draw(st.permutations(sorted(larger | {1 << k for k in range(count)})))
    score = st.floats(-20, 20, allow_nan=False)
    return count, masks, draw(st.lists(score, min_size=len(masks), max_size=len(masks)))


def partitions(masks: Sequence[int], free: int) -> Iterator[list[int]]:
    """Every way to cover the bits of `free`, each once: indices of masks, the leftmost first."""
    if not free:
        yield []
        return
    for index, mask in enumerate(masks):
        if mask & free & -free and not mask & ~free:
            for rest in partitions(masks, free & ~mask):
                yield [index, *rest]


def best(count: int, masks: Sequence[int], scores: Sequence[float]) -> list[int]:
    path, _ = run(Lattice(count, masks).best(np.array(scores)))
    return path


@given(candidates())
def test_the_best_path_is_the_best_of_all_partitions(given_: Candidates) -> None:
    count, masks, scores = given_
    every = list(partitions(masks, (1 << count) - 1))
    path, through = run(Lattice(count, masks).best(np.array(scores)))
    assert path in every  # from left to right, every primitive once
    totals = [sum(scores[k] for k in each) for each in every]
    assert sum(scores[k] for k in path) == pytest.approx(max(totals))
    for candidate in range(len(masks)):
        with_it = [total for each, total in zip(every, totals, strict=True) if candidate in each]
        assert through[candidate] == pytest.approx(max(with_it, default=-np.inf))


@given(candidates(), st.data())
def test_evaluating_only_where_it_matters_finds_as_good_a_path(
    given_: Candidates, data: st.DataObject
) -> None:
    count, masks, scores = given_
    over = [data.draw(st.sampled_from([0.0, 0.5, 7.0, 40.0])) for _ in scores]
    exact = np.array([data.draw(st.booleans()) for _ in scores])
    evaluated: list[int] = []

    def evaluate(some: Sequence[int]) -> InSteps[Floats]:
        evaluated.extend(some)
        yield
        return np.array([scores[k] for k in some])

    most = np.array(scores) + np.where(exact, 0.0, over)
    fallback = np.full(len(masks), -np.inf)
    path, behind = run(
        best_segmentation(Lattice(count, masks), most, exact, fallback, 1000, evaluate)
    )
    known = np.flatnonzero(exact | np.isin(np.arange(len(masks)), evaluated))
    assert all(behind[k] == pytest.approx(0) for k in path)
    assert np.flatnonzero(np.isfinite(behind)).tolist() == known.tolist()
    whole = best(count, masks, scores)
    assert sum(scores[k] for k in path) == pytest.approx(sum(scores[k] for k in whole))
    assert {k for k in path if not exact[k]} <= set(evaluated)
    assert len(evaluated) == len(set(evaluated))
    assert not any(exact[k] for k in evaluated)


def test_what_cannot_be_the_best_is_never_evaluated() -> None:
    evaluated: list[int] = []

    def evaluate(some: Sequence[int]) -> InSteps[Floats]:
        evaluated.extend(some)
        yield
        return np.full(len(some), 5.0)

    lattice, most = Lattice(2, [0b01, 0b10, 0b11]), np.array([1.0, 2.0, 6.0])
    path, _ = run(best_segmentation(lattice, most, np.zeros(3, bool), most, 9, evaluate))
    assert path == evaluated == [2]


@given(candidates(), st.integers(0, 5))
def test_no_more_is_evaluated_than_may_be(given_: Candidates, calls: int) -> None:
    count, masks, scores = given_
    evaluated: list[int] = []

    def evaluate(some: Sequence[int]) -> InSteps[Floats]:
        evaluated.extend(some)
        yield
        return np.array([scores[k] for k in some])

    most = np.array(scores) + 50.0
    single = [mask.bit_count() == 1 for mask in masks]
    fallback = np.where(single, -100.0, -np.inf)
    lattice = Lattice(count, masks)
    exact = np.zeros(len(masks), bool)
    path, _ = run(best_segmentation(lattice, most, exact, fallback, calls, evaluate))
    assert len(evaluated) <= calls
    assert all(single[k] or k in evaluated for k in path)
    assert sum(masks[k] for k in path) == (1 << count) - 1


def test_paths_that_lead_nowhere_are_left() -> None:
    """The second primitive is never taken alone, and no candidate follows the first alone."""
    scores = np.array([9.0, -np.inf, 1.0])
    path, through = run(Lattice(2, [0b01, 0b10, 0b11]).best(scores))
    assert path == [2] and through.tolist() == [-np.inf, -np.inf, 1.0]


def test_a_candidate_far_across_the_ink_is_left_out() -> None:
    masks = [1 << k for k in range(100)] + [1 | 1 << 99]
    assert best(100, masks, [0.0] * 100 + [1000.0]) == list(range(100))
