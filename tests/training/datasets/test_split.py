"""The split keeps people apart, and is the same tomorrow."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.helpers.data import data_dir
from training.datasets.split import FOLDS, split_of, splits_of


def writers_of(path: Path) -> Counter[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return Counter(json.loads(line)["writer"] for line in lines)


def test_the_usual_split_is_the_one_that_figures_were_measured_with() -> None:
    parts = {w: split_of(w) for w in ("pendigits/tra12", "ced/JIKA4257", "pri/0", "gmd/kast")}
    assert parts == {
        "pendigits/tra12": "train",
        "ced/JIKA4257": "validation",
        "pri/0": "report",
        "gmd/kast": "train",
    }


@pytest.mark.parametrize("fold", range(FOLDS))
def test_one_person_is_in_one_part_under_all_of_their_names(fold: int) -> None:
    assert split_of("cea/gb2911", fold) == split_of("ceb/gb2911", fold)
    assert split_of("ibm/r01-04", fold) == split_of("ibm/r04-04", fold)


def test_over_all_folds_everybody_is_held_out_exactly_once() -> None:
    for number in range(200):
        parts = [split_of(f"site/writer{number}", fold) for fold in range(FOLDS)]
        assert sorted(parts).count("train") == FOLDS - 1
    for index in range(20):
        parts = [splits_of(None, 20, fold)[index] for fold in range(FOLDS)]
        assert parts.count("validation") == (index % 2 == 0)


def test_images_without_writers_give_every_tenth_to_validation() -> None:
    parts = splits_of(None, 60_000)
    assert [i for i, part in enumerate(parts) if part == "validation"] == list(range(0, 60_000, 10))
    assert "report" not in parts


def test_a_fold_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        split_of("ced/JIKA4257", FOLDS)


@pytest.mark.parametrize("fold", range(FOLDS))
def test_the_real_sets_are_split_sensibly(fold: int) -> None:
    strokes = data_dir("strokes/unipen-digits.jsonl.gz", "strokes/pendigits-train.jsonl.gz")
    unipen = writers_of(strokes / "strokes/unipen-digits.jsonl.gz")
    pendigits = writers_of(strokes / "strokes/pendigits-train.jsonl.gz")
    for part in ("validation", "report"):
        held_out = {w: n for w, n in unipen.items() if split_of(w, fold) == part}
        assert 0.05 < sum(held_out.values()) / unipen.total() < 0.16
        assert len({writer.split("/")[0] for writer in held_out}) >= 6
        assert 2 <= sum(split_of(writer, fold) == part for writer in pendigits) <= 5
