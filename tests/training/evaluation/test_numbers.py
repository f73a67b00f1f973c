"""Whole numbers by people who fitted nothing, and the commands that fit and measure."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import training.cli.grouping as commands
from models.ink.jsonl import read_drawings, write_drawings
from models.ink.strokes import Drawing, bounding_box
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.segmentation.weights import FILE, load_weights
from tests.helpers.data import data_dir
from tests.helpers.samples import samples
from training.__main__ import main
from training.data.synthetic_lines import LineLayout, group_by_writer, random_line
from training.datasets.load import load_sets
from training.evaluation import numbers, pictures
from training.evaluation.numbers import (
    APART,
    NUMBERS,
    drawings_in,
    exact_matches,
    load_numbers,
    one_character_matches,
)
from training.segmentation import pictures as grouping_pictures
from training.segmentation import samples as grouping_samples

PENDIGITS = "strokes/pendigits-train.jsonl.gz"
MNIST = "mnist/train-images-idx3-ubyte.gz"
UNIPEN = "unipen/unipen-CDROM-train_r01_v07.tgz"
NETWORK = load_network()
READER = Reader(NETWORK)


def report_digits() -> list[Drawing]:
    """Single digits by the people who are only reported on."""
    folder = data_dir(PENDIGITS, UNIPEN)
    digits = [d for each in load_sets(("unipen", "pendigits"), folder) for d in each.drawings]
    return drawings_in("report", digits, 0)


def test_real_numbers() -> None:
    real = [(d.strokes, d.label or "") for d in load_numbers(data_dir(NUMBERS), "report")]
    assert len(real) == 286
    every = exact_matches(READER, real)
    assert every.best >= 0.92 * every.n
    short = exact_matches(READER, [each for each in real if len(each[1]) in (2, 3)])
    assert short.n > 200 and short.best >= 0.94 * short.n


def test_made_numbers_and_single_digits() -> None:
    held = report_digits()
    writers, rng = group_by_writer(held), np.random.default_rng(7)  # the first that `measure` makes
    lines = [random_line(writers, 4, APART, rng) for _ in range(200)]
    made = exact_matches(READER, [(line.strokes, line.label) for line in lines])
    assert made.best >= 0.97 * made.n
    # That ink may be several characters must cost a single one next to nothing.
    singles = [(drawing.strokes, drawing.label or "") for drawing in held]
    grouped, whole = exact_matches(READER, singles), one_character_matches(NETWORK, singles)
    assert grouped.n == whole.n > 1900
    assert grouped.best >= whole.best - 0.002 * whole.n


def test_a_line_stands_side_by_side_with_an_owner_for_each_stroke() -> None:
    writers = group_by_writer(samples())
    rng = np.random.default_rng(0)
    level = LineLayout(gap=(0.1, 0.5), size=(0.9, 1.1), slant=(0, 0), rise=(0, 0), lift=(0, 0))
    for _ in range(20):
        line = random_line(writers, 5, level, rng)
        assert len(line.label) == 5 and line.writer == "inkling" and not line.joined
        assert sorted(set(line.owners)) == [0, 1, 2, 3, 4]
        boxes = [
            bounding_box([s for s, own in zip(line.strokes, line.owners, strict=True) if own == k])
            for k in range(5)
        ]
        gaps = [b.x - a.right for a, b in pairwise(boxes)]
        assert all(10 - 1e-6 <= gap <= 50 + 1e-6 for gap in gaps)
        assert np.ptp([box.bottom for box in boxes]) < 1e-6
        assert exact_matches(READER, [(line.strokes, line.label)]).best == 1


def test_joined_digits_share_a_stroke() -> None:
    line = random_line(
        group_by_writer(samples()), 2, LineLayout(joined=1.0), np.random.default_rng(0)
    )
    assert line.joined and set(line.owners) >= {1}
    widest = max(bounding_box([stroke]).width for stroke in line.strokes)
    assert widest > 0.8 * bounding_box(line.strokes).width


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with pendigits alone, and commands that are soon done."""
    (tmp_path / PENDIGITS).parent.mkdir()
    (tmp_path / PENDIGITS).symlink_to(data_dir(PENDIGITS) / PENDIGITS)
    monkeypatch.setattr(numbers, "SETS", ("pendigits",))
    monkeypatch.setattr(grouping_samples, "_SETS", ("pendigits",))
    monkeypatch.setattr(numbers, "_LINES", 5)
    monkeypatch.setattr(grouping_samples, "_LINES", 30)
    monkeypatch.setattr(grouping_samples, "_JOINED_LINES", 5)
    return tmp_path


def test_the_command_that_measures(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["numbers", "--json", "--data-dir", str(small)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and NUMBERS in err
    some = list(read_drawings(data_dir(NUMBERS) / NUMBERS))[::10]
    write_drawings(small / NUMBERS, some)
    assert main(["numbers", "--json", "--data-dir", str(small)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    result: dict[str, Any] = json.loads(line)
    assert (result["model"], result["part"]) == ("digits", "report")
    every = result["measured"]["numbers"]
    low, high = every["interval"]
    assert 10 < every["n"] < 53 and low < every["accuracy"] < high
    assert every["asserted_and_right"] <= every["accuracy"]
    assert main(["numbers", "--part", "validation", "--data-dir", str(small)]) == 0
    head, *table = capsys.readouterr().out.splitlines()
    assert "95 % interval" in head
    n = next(int(line.split()[1]) for line in table if line.startswith("numbers  "))
    assert n == len(load_numbers(small, "validation"))
    assert any(line.startswith("single digits, all ink as one ") for line in table)


def test_the_command_that_fits(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / UNIPEN).parent.mkdir()
    (small / UNIPEN).symlink_to(data_dir(UNIPEN) / UNIPEN)
    path = small / "grouping.json"
    content = json.loads(FILE.read_text())
    before = content["networks"]
    path.write_text(json.dumps(content | {"networks": before | {"other": before["digits"]}}))
    monkeypatch.setattr(commands, "FILE", path)
    assert main(["grouping", "--data-dir", str(small)]) == 0  # without whole numbers
    err = capsys.readouterr().err
    assert "made ones only" in err and "Fitted to " in err and str(path) in err
    written = json.loads(path.read_text())
    assert written["pictures"] == content["pictures"]
    fitted = written["networks"]
    assert fitted["other"] == before["digits"]
    assert fitted["digits"]["samples"] > 100
    assert fitted["digits"]["weights"] != before["digits"]["weights"]
    counts = load_weights("digits", NETWORK.labels, path).segment_counts
    assert np.exp(counts).sum(axis=1) == pytest.approx(np.ones(10), abs=1e-3)
    assert counts[5].argmax() == 1 and counts[0].argmax() == 0  # strokes of most people's 5 and 0


def test_the_command_that_fits_pictures(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "mnist").symlink_to(data_dir(MNIST) / "mnist")
    for name in ("SINGLES", "APART", "TOUCHING", "SCANS"):
        monkeypatch.setattr(grouping_pictures, f"_{name}", 40)
    for name in ("_LINES", "_SINGLES", "_PHOTOGRAPHS"):
        monkeypatch.setattr(pictures, name, 5)
    path = small / "grouping.json"
    path.write_text(FILE.read_text())
    monkeypatch.setattr(commands, "FILE", path)
    assert main(["grouping", "--pictures", "--data-dir", str(small)]) == 0
    out, err = capsys.readouterr()
    assert "Fitted to " in err and str(path) in err
    assert any(line.startswith("8 digits, touching or overlapping ") for line in out.splitlines())
    assert any(line.startswith("single digits, a shadow across ") for line in out.splitlines())
    before, after = json.loads(FILE.read_text()), json.loads(path.read_text())
    assert after["networks"] == before["networks"]
    assert after["pictures"]["digits"]["samples"] > 40
    assert after["pictures"]["digits"]["weights"] != before["pictures"]["digits"]["weights"]
