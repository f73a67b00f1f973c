"""Synthetic lines, their batches, calibration, and the command that measures."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest

from models.lines.strip import HEIGHT
from models.recognition.labels import DIGITS
from tests.helpers.number_pictures import number_picture
from tests.helpers.samples import samples
from training.__main__ import main
from training.data.paper import Papers
from training.lines import allographs
from training.lines.batches import LineBatches, batched, readable
from training.lines.calibration import choose_threshold, fit_temperature
from training.lines.fit import LineAccuracy, built
from training.lines.synthesis import random_line
from training.lines.writers import Writer, Writers, drawn_shape


def writers() -> Writers:
    """The writers of the project's own samples."""
    writer = Writer("unipen", "samples")
    for drawing in samples():
        writer.shapes.setdefault(drawing.label or "", []).append(drawn_shape(drawing.strokes))
    return Writers({"unipen": [writer]}, {})


def test_lines_are_pictures_of_their_labels_ink_and_always_the_same() -> None:
    papers = Papers(0, patterns=4)
    first, second = (
        [random_line(writers(), papers, rng) for _ in range(40)]
        for rng in (np.random.default_rng(1), np.random.default_rng(1))
    )
    for a, b in zip(first, second, strict=True):
        assert a.label == b.label and np.array_equal(a.picture, b.picture)
        assert len(a.label) <= 10 and set(a.label) <= set(DIGITS)
        assert a.picture.dtype == np.uint8 and np.ptp(a.picture) > 10
    assert len({len(each.label) for each in first}) > 4


def test_every_form_of_a_digit_is_as_high_as_other_digits_and_no_wider_than_two() -> None:
    rng = np.random.default_rng(0)
    forms = {digit: set[int]() for digit in allographs.SHARES}
    for _ in range(400):
        for digit, form in allographs.chosen(set(DIGITS), rng).items():
            forms[digit].add(form)
            shape = allographs.allograph(digit, form, rng)
            assert shape.height == 1 and 0.1 < shape.width < 2
            assert min(stroke.min() for stroke in shape.strokes) >= 0
    assert all(len(found) > 1 for found in forms.values())


@pytest.mark.parametrize("count", [2, 5])
def test_noughts_in_one_stroke_stand_side_by_side_on_the_base_line(count: int) -> None:
    rng = np.random.default_rng(count)
    for _ in range(50):
        x, y = allographs.noughts(count, rng).T
        assert x.min() > -0.1 and 0.25 < x.max() / count < 1.6
        assert y.min() > -0.4 and 0.9 < y.max() < 1.1


def test_an_epoch_has_other_lines_and_the_same_again() -> None:
    batches = LineBatches(writers(), Papers(0, patterns=4), 64, 4, seed=3)
    assert len(batches) == 16
    strips, labels = batches[5]
    assert strips.shape[:2] == (4, HEIGHT) and strips.shape[3] == 1 and labels.shape == (4, 10)
    assert strips.min() >= 0 and 0.5 < strips.max() <= 1 and labels.max() <= 10
    batches.epoch = 1
    assert batches[5][0].shape != strips.shape or not np.array_equal(batches[5][0], strips)
    batches.epoch = 0
    assert np.array_equal(batches[5][0], strips)
    # Keras learns from the first two that widths differ.
    assert batches[0][0].shape[2] < batches[1][0].shape[2]


def test_a_strip_needs_columns_for_each_digit_and_between_equal_ones() -> None:
    strip = np.zeros((HEIGHT, 16), np.uint8)
    assert readable(strip, "1212121") and not readable(strip, "11111")


def test_exact_lines_are_counted() -> None:
    logits = np.random.default_rng(0).normal(0, 1, (200, 6, 11)).astype(np.float32)
    logits[..., :3] += 2
    labels = np.random.default_rng(1).integers(1, 3, (200, 10))
    labels[np.arange(10) >= np.random.default_rng(2).integers(0, 4, 200)[:, None]] = 0
    read = [[k for k, _ in groupby(row) if k] for row in logits.argmax(axis=2).tolist()]
    right = [a == [k for k in b if k] for a, b in zip(read, labels.tolist(), strict=True)]
    accuracy = LineAccuracy()
    accuracy.update_state(labels, logits)  # type: ignore[no-untyped-call]
    assert 0 < float(accuracy.result()) == pytest.approx(np.mean(right))


def test_the_network_learns_a_line() -> None:
    picture = number_picture("42", 30)[:, :, None]
    strip = cv2.resize(255 - picture, (64, HEIGHT))
    (batch,) = batched([(np.asarray(strip, np.uint8), "42")] * 8, 8)
    keras.utils.set_random_seed(0)
    model = built("float32")
    assert model.count_params() <= 1_500_000
    model.compile(keras.optimizers.AdamW(2e-3), keras.losses.CTC())
    losses = [float(model.train_on_batch(*batch)) for _ in range(6)]
    assert losses[-1] < 0.5 * losses[0]


def test_temperature_and_threshold() -> None:
    rng = np.random.default_rng(0)
    lines = []
    for _ in range(60):
        logits = np.zeros((3, 11))
        label = 1 + int(rng.integers(10))
        shown = label if rng.random() < 0.7 else 1 + int(rng.integers(10))
        logits[:, 0] = 9
        logits[1, [0, shown]] = 0, 9
        lines.append((logits, (label,)))
    # Nine is far too sure of what is right 73 times of 100.
    assert fit_temperature([lines]) > 1.5
    chances = np.linspace(1, 0.5, 100).tolist()
    assert choose_threshold(chances, [i < 80 for i in range(100)]) == pytest.approx(
        chances[80], 0.02
    )


def test_a_folder_of_pictures_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["file,number"]
    for digits in ("4683", "905", "72051"):
        assert cv2.imwrite(str(tmp_path / f"{digits}.png"), number_picture(digits))
        rows.append(f"{digits}.png,{digits}")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    assert main(["lines", "--measure", str(tmp_path), "--json"]) == 0
    lines, segmenter, _ = json.loads(capsys.readouterr().out)
    assert lines["reader"] == "lines" and segmenter["reader"] == "segmenter"
    assert lines["n"] == 3 and lines["exact"] == 1 and lines["asserted"] == 1


@pytest.mark.parametrize("table", [None, "name,number\na.png,1\n", "file,number\na.png,x\n"])
def test_a_folder_without_labels_is_told_in_one_line(
    table: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if table is not None:
        (tmp_path / "labels.csv").write_text(table)
    assert main(["lines", "--measure", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(tmp_path / "labels.csv") in line
