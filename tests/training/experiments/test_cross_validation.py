"""Cross-validation: held-out people read by networks that never saw them, and labels in doubt."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import pytest

from models.ink.strokes import Drawing
from models.pictures.files import read_picture
from models.recognition.card import FOLDER
from tests.helpers.data import data_dir
from tests.training.experiments.test_ablation import many_writers
from training.__main__ import main
from training.datasets.load import Dataset, load_sets
from training.datasets.mislabelled import COLUMNS, LIST, mislabelled
from training.datasets.split import split_of
from training.experiments.cross_validation import (
    FoldResult,
    cross_validate,
    doubtful_labels,
    hard_writers,
    summarize,
)
from training.report.cross_validation import as_text, write_report

SPOILT = 3  # held-out drawings that are given another digit's label


def numbered(digits: Dataset, drawings: tuple[Drawing, ...]) -> Dataset:
    labels = tuple(drawing.label or "" for drawing in drawings)
    return dataclasses.replace(digits, drawings=drawings, labels=labels)


@pytest.fixture(scope="module")
def spoilt() -> tuple[Dataset, list[str]]:
    """Drawings of many writers, and the ids of those drawings whose label is wrong."""
    digits = many_writers(40)
    drawings = [
        dataclasses.replace(drawing, id=f"hands#{number}")
        for number, drawing in enumerate(digits.drawings)
    ]
    held_out = [
        n for n, drawing in enumerate(drawings) if split_of(drawing.writer or "") != "train"
    ]
    wrong = held_out[:: len(held_out) // SPOILT][:SPOILT]
    for number in wrong:
        label = str((int(drawings[number].label or "") + 5) % 10)
        drawings[number] = dataclasses.replace(drawings[number], label=label)
    return numbered(digits, tuple(drawings)), [f"hands#{number}" for number in wrong]


@pytest.fixture(scope="module")
def folds(spoilt: tuple[Dataset, list[str]]) -> list[FoldResult]:
    return cross_validate([FOLDER], [spoilt[0]])


def test_only_people_that_training_held_out_are_judged(folds: list[FoldResult]) -> None:
    assert [each.split for each in folds] == ["report", "validation"]
    for each in folds:
        assert len(each.drawings) == len(each.scores.truth) > 20
        assert {split_of(drawing.writer or "") for drawing in each.drawings} == {each.split}


def test_wrong_labels_are_doubted_first(
    folds: list[FoldResult], spoilt: tuple[Dataset, list[str]]
) -> None:
    found = doubtful_labels(folds, 0.5)
    assert {doubt.drawing.id for doubt in found[:SPOILT]} == set(spoilt[1])
    assert all(doubt.read_as != doubt.drawing.label for doubt in found[:SPOILT])
    assert len(found) < 0.1 * sum(len(each.drawings) for each in folds)


def test_the_sums_are_those_of_the_drawings(folds: list[FoldResult]) -> None:
    twice = [*folds, *folds]  # as if a second run had read the same people
    for row, each in zip(summarize(twice), folds, strict=True):
        right = each.scores.right
        assert row.n == 2 * len(right) and row.mistakes == 2 * int((~right).sum())
        assert row.accuracy == row.mean == round(float(right.mean()), 4)
        assert row.deviation == 0 and row.runs == 2
        assert row.people == len({drawing.writer for drawing in each.drawings})
        assert f"{row.accuracy:.2%} of {row.n}" in as_text([row])


def test_a_writer_who_is_misread_is_named(spoilt: tuple[Dataset, list[str]]) -> None:
    digits, _ = spoilt
    writer = next(d.writer for d in digits.drawings if split_of(d.writer or "") == "report")
    relabelled = tuple(
        dataclasses.replace(d, label=str((int(d.label or "") + 5) % 10))
        if d.writer == writer
        else d
        for d in digits.drawings
    )
    worst = hard_writers(cross_validate([FOLDER], [numbered(digits, relabelled)]))[0]
    assert worst.name == writer and worst.accuracy < 0.3
    assert worst.n == sum(drawing.writer == writer for drawing in relabelled)


def test_the_report_lists_and_shows_the_doubts(
    folds: list[FoldResult], spoilt: tuple[Dataset, list[str]], tmp_path: Path
) -> None:
    written = write_report(folds, tmp_path / "new" / "report")
    with (tmp_path / "new" / "report" / "doubts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows[:SPOILT]} == set(spoilt[1])
    assert json.loads(written[0].read_text())["sets"] == json.loads(
        json.dumps([dataclasses.asdict(each) for each in summarize(folds)])
    )
    pictures = [path for path in written if path.suffix == ".png"]
    assert len(pictures) == 2
    assert all(read_picture(path).std() > 5 for path in pictures)


def test_wrong_use_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["crossed", str(FOLDER), "--sets", "optdigits"]) == 2
    assert "optdigits" in (line := capsys.readouterr().err) and line.count("\n") == 1
    folder = data_dir("strokes/pendigits-train.jsonl.gz")
    options = ["--sets", "pendigits", "--data-dir", str(folder)]
    assert main(["crossed", str(tmp_path / "nothing"), *options]) == 2
    assert "nothing" in (line := capsys.readouterr().err) and line.count("\n") == 1


def test_the_list_of_wrong_labels_fits_the_published_sets() -> None:
    folder = data_dir("unipen", "strokes/pendigits-train.jsonl.gz")
    with LIST.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert len({(row["set"], row["id"]) for row in rows}) == len(rows) > 50
    assert all(row["why"] for row in rows)
    names = ("unipen", "pendigits")
    for published, cleaned in zip(
        load_sets(names, folder, as_published=True), load_sets(names, folder), strict=True
    ):
        wrong = mislabelled(published.name)
        labels = {drawing.id: drawing.label for drawing in published.drawings}
        mine = [row for row in rows if row["set"] == published.name]
        assert all(labels[row["id"]] == row["label"] for row in mine)
        assert len(published) - len(cleaned) == cleaned.left_out == len(wrong) == len(mine)
        assert not {drawing.id for drawing in cleaned.drawings} & set(wrong)
