"""Fitting the weights of the segmenter, and their file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from models.ink.strokes import Stroke
from models.recognition.labels import CHARACTERS, DIGITS
from models.recognition.network import load_network
from models.segmentation.features import CLASSIFIER_FEATURES, GEOMETRY_FEATURES
from models.segmentation.page import PageSegmenter
from models.segmentation.search import run
from models.segmentation.weights import FILE, Weights, load_weights
from models.util.errors import InputError
from tests.models.segmentation.test_search import Candidates, candidates, partitions
from training.segmentation.grouping import Sample, classifier_of, fit, segment_counts
from training.segmentation.lattice import FullLattice


@given(candidates())
def test_the_lattice_has_every_partition_and_their_probabilities(given_: Candidates) -> None:
    count, masks, scores = given_
    every = list(partitions(masks, (1 << count) - 1))
    lattice = FullLattice.of(count, masks)
    assert sorted(lattice.paths(100_000)) == sorted(every)
    assert len(list(lattice.paths(2))) == min(2, len(every))
    raised = np.exp([sum(scores[k] for k in path) for path in every])
    likely = np.zeros(len(masks))
    for share, path in zip(raised / raised.sum(), every, strict=True):
        likely[path] += share
    total, marginals = lattice.marginals(np.array(scores))
    assert total == pytest.approx(np.log(raised.sum()))
    np.testing.assert_allclose(marginals, likely, atol=1e-9)


def two_lines(rng: np.random.Generator) -> tuple[Stroke, Stroke]:
    """Two upright lines about a third of their height apart."""
    lines = []
    for x in (0.0, 100 * rng.uniform(0.25, 0.4)):
        y = np.linspace(rng.uniform(-5, 5), 100 + rng.uniform(-5, 5), 30)
        lines.append(Stroke(np.column_stack([np.full(30, x), y])))
    return lines[0], lines[1]


@pytest.mark.parametrize("owners", [(0, 0), (0, 1)])
def test_the_fit_finds_how_writers_segment(owners: tuple[int, int]) -> None:
    # Only by the owners is it known whether two lines are one character or two.
    rng = np.random.default_rng(0)
    network = load_network()
    counts = segment_counts((), DIGITS)
    samples = [Sample(two_lines(rng), owners) for _ in range(30)]
    fitted, used = fit(network, counts, samples)
    assert used == 30
    weights = Weights.for_labels(
        DIGITS,
        np.array([fitted[name] for name in GEOMETRY_FEATURES]),
        np.array([fitted[name] for name in CLASSIFIER_FEATURES]),
        counts,
    )
    segmenter = PageSegmenter(classifier_of(network, network.drawn), weights)
    for _ in range(10):
        assert len(run(segmenter.in_steps(two_lines(rng)))) == len(set(owners))


def test_a_network_without_weights_of_its_own_has_those_for_digits(tmp_path: Path) -> None:
    path = tmp_path / "grouping.json"
    networks = json.loads(FILE.read_text())["networks"]
    path.write_text(json.dumps({"networks": {"digits": networks["digits"]}}))
    own = load_weights("characters", CHARACTERS, path)
    digits = load_weights("digits", DIGITS, path)
    assert own.geometry.tolist() == digits.geometry.tolist()
    assert own.segment_counts[: len(DIGITS)].tolist() == digits.segment_counts.tolist()
    letter = own.segment_counts[CHARACTERS.index("A")]
    assert np.ptp(letter) == 0 and np.exp(letter).sum() == pytest.approx(1)


def without(*keys: str) -> str:
    content = json.loads(FILE.read_text())
    part = content
    for key in keys[:-1]:
        part = part[key]
    del part[keys[-1]]
    return json.dumps(content)


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[]",
        '{"networks": 3}',
        without("networks", "digits"),
        without("networks", "digits", "segment_counts"),
        without("networks", "digits", "weights", "gap"),
        FILE.read_text().replace('"character": ', '"character": "much", "old": '),
        FILE.read_text().replace('"character": ', '"character": NaN, "old": '),
    ],
)
def test_a_missing_or_damaged_file_is_an_error_of_one_line(
    content: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "grouping.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError) as error:
        load_weights("digits", DIGITS, path)
    message = str(error.value)
    assert len(message.splitlines()) == 1
    assert str(path) in message and "git checkout models" in message
