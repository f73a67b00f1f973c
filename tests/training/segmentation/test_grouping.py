"""What grouping is fitted to, and the file that it goes by."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from models.ink.strokes import Stroke
from models.recognition.labels import CHARACTERS, DIGITS
from models.recognition.network import load_network
from models.segmentation.features import LYING, READ
from models.segmentation.segmenter import Segmenter
from models.segmentation.weights import FILE, Weights, alike, load_weights
from models.util.errors import InputError
from tests.models.segmentation.test_search import Groups, groups, partitions
from training.segmentation.grouping import Sample, fit, habits, look_of
from training.segmentation.lattice import Lattice


@given(groups())
def test_the_lattice_has_every_partition_and_their_shares(given_groups: Groups) -> None:
    count, masks, worths = given_groups
    every = list(partitions(masks, (1 << count) - 1))
    lattice = Lattice.of(count, masks)
    assert sorted(lattice.ways(100_000)) == sorted(every)
    assert len(list(lattice.ways(2))) == min(2, len(every))
    raised = np.exp([sum(worths[k] for k in way) for way in every])
    likely = np.zeros(len(masks))
    for share, way in zip(raised / raised.sum(), every, strict=True):
        likely[way] += share
    total, shares = lattice.shares(np.array(worths))
    assert total == pytest.approx(np.log(raised.sum()))
    np.testing.assert_allclose(shares, likely, atol=1e-9)


def two_lines(rng: np.random.Generator) -> tuple[Stroke, Stroke]:
    """Two upright lines about a third of their height apart."""
    lines = []
    for x in (0.0, 100 * rng.uniform(0.25, 0.4)):
        y = np.linspace(rng.uniform(-5, 5), 100 + rng.uniform(-5, 5), 30)
        lines.append(Stroke(np.column_stack([np.full(30, x), y])))
    return lines[0], lines[1]


@pytest.mark.parametrize("owners", [(0, 0), (0, 1)])
def test_the_fit_finds_what_people_do(owners: tuple[int, int]) -> None:
    # Only the ink's owners tell whether two lines are a character or two.
    rng = np.random.default_rng(0)
    network = load_network()
    habit = habits((), DIGITS)
    samples = [Sample(two_lines(rng), owners) for _ in range(30)]
    fitted, used = fit(network, habit, samples)
    assert used == 30
    weights = Weights(
        np.array([fitted[name] for name in LYING]),
        np.array([fitted[name] for name in READ]),
        np.log(habit),
        DIGITS.index("1"),
        alike(DIGITS),
        dotted=False,
    )
    segmenter = Segmenter(look_of(network), weights)
    for _ in range(10):
        assert len(segmenter.characters(two_lines(rng))) == len(set(owners))


def test_a_network_without_weights_of_its_own_goes_by_those_for_digits(tmp_path: Path) -> None:
    path = tmp_path / "grouping.json"
    networks = json.loads(FILE.read_text())["networks"]
    path.write_text(json.dumps({"networks": {"digits": networks["digits"]}}))
    own = load_weights("characters", CHARACTERS, path)
    digits = load_weights("digits", DIGITS, path)
    assert own.lying.tolist() == digits.lying.tolist()
    assert own.habits[: len(DIGITS)].tolist() == digits.habits.tolist()
    letter = own.habits[CHARACTERS.index("A")]
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
        without("networks", "digits", "habits"),
        without("networks", "digits", "weights", "gap"),
        FILE.read_text().replace('"character": ', '"character": "much", "old": '),
        FILE.read_text().replace('"character": ', '"character": NaN, "old": '),
    ],
)
def test_a_missing_or_damaged_file_is_told_in_one_line(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "grouping.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError) as error:
        load_weights("digits", DIGITS, path)
    told = str(error.value)
    assert len(told.splitlines()) == 1
    assert str(path) in told and "git checkout models" in told
