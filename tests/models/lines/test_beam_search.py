"""Beam search, likelihood and alignment against all paths, one by one."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, product

import numpy as np
import pytest

from models.lines.beam_search import alignment, beam_search, log_likelihood
from models.util.arrays import Floats

Labels = tuple[int, ...]


def columns(count: int, classes: int, seed: int, sharp: float = 1.0) -> Floats:
    logits = np.random.default_rng(seed).normal(0, sharp, (count, classes))
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))


def labels_of(path: Labels) -> Labels:
    return tuple(label for label, _ in groupby(path) if label)


def by_all_paths(logarithms: Floats) -> dict[Labels, float]:
    """The probability of every sequence of labels, as the sum over its paths."""
    found: dict[Labels, float] = defaultdict(float)
    for path in product(range(logarithms.shape[1]), repeat=len(logarithms)):
        chance = np.exp(sum(logarithms[i, label] for i, label in enumerate(path)))
        found[labels_of(path)] += float(chance)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_wide_search_finds_every_number_with_its_probability(seed: int) -> None:
    logarithms = columns(5, 3, seed)
    expected = by_all_paths(logarithms)
    found = beam_search(logarithms, width=10_000)
    assert {labels for labels, _ in found} == set(expected)
    for labels, logarithm in found:
        assert np.exp(logarithm) == pytest.approx(expected[labels])
        assert log_likelihood(logarithms, labels) == pytest.approx(logarithm)
    chances = [logarithm for _, logarithm in found]
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize("seed", range(6))
def test_a_narrow_search_finds_the_best_of_clear_columns(seed: int) -> None:
    logarithms = columns(6, 4, seed, sharp=3)
    expected = by_all_paths(logarithms)
    (best, logarithm), *_ = beam_search(logarithms, width=30)
    assert best == max(expected, key=lambda labels: expected[labels])
    assert np.exp(logarithm) == pytest.approx(expected[best], rel=0.01)


@pytest.mark.parametrize("seed", range(6))
def test_alignment_is_the_likeliest_path(seed: int) -> None:
    logarithms = columns(6, 3, seed)
    for labels in ((1,), (1, 1), (2, 1, 2)):
        paths = [p for p in product(range(3), repeat=6) if labels_of(p) == labels]
        best = max(paths, key=lambda p: sum(logarithms[i, label] for i, label in enumerate(p)))
        spans = alignment(logarithms, labels)
        redrawn = [0] * 6
        for (first, last), label in zip(spans, labels, strict=True):
            redrawn[first : last + 1] = [label] * (last + 1 - first)
        assert tuple(redrawn) == best


def test_equal_neighbours_take_a_column_between() -> None:
    with pytest.raises(ValueError, match="too few"):
        alignment(columns(2, 3, 0), (1, 1))
    assert log_likelihood(columns(2, 3, 0), (1, 1)) == -np.inf


def test_long_lines_do_not_vanish() -> None:
    logarithms = columns(400, 11, 1, sharp=4)
    (labels, logarithm), *_ = beam_search(logarithms)
    assert np.isfinite(logarithm)
    assert log_likelihood(logarithms, labels) == pytest.approx(logarithm, rel=0.03)
