"""The commands about profiles as a shell sees them, and what they write as others read it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from game.modes.practice.results import Result, Results
from game.modes.practice.round import Rules
from game.profiles.profile import Profile
from models.ink.jsonl import read_drawings
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import CHARACTERS
from tests.game.cli.test_commands import ROOT, game
from tests.helpers.samples import samples
from training.datasets.idx import read_idx

_LETTERS = ("A", "a", "c", "ä")  # labels that stand in a picture of something else: never read


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder that the commands see: Ada has 12 digits and 4 letters, Ben one digit."""
    folder = tmp_path / "data"  # as INKLING_DATA_DIR says in tests
    ada, ben = (Profile(folder / "profiles", name) for name in ("Ada", "Ben"))
    drawn = samples()[:12]
    drawn += [replace(one, label=label) for one, label in zip(drawn, _LETTERS, strict=False)]
    for sample in drawn:
        ada.samples.add(replace(sample, id=""))
    (taken_back, *_), _ = ada.samples.read()
    ada.samples.take_back(taken_back.id)
    ada.samples.put_back(taken_back.id)
    ben.samples.add(samples()[0])
    Results(ada).keep(Rules(), Result(5, 9, 2, 60.0))
    return folder


def test_profiles_are_listed_with_what_they_hold(data: Path) -> None:
    ended = game("profiles")
    assert ended.returncode == 0 and ended.stderr == ""
    head, ada, ben, where = ended.stdout.splitlines()
    assert head.split()[:4] == ["profile", "samples", "digits", "letters"]
    assert ada.split()[:4] == ["Ada", "16", "12", "4"] and ben.split()[:4] == ["Ben", "1", "1", "0"]
    assert str(data / "profiles") in where
    first, _ = map(json.loads, game("profiles", "--json").stdout.splitlines())
    assert (first["name"], first["samples"], first["digits"]) == ("Ada", 16, 12)
    assert first["characters"]["a"] == 1


def test_without_profiles_the_list_says_how_to_make_one(tmp_path: Path) -> None:
    ended = game("profiles", INKLING_DATA_DIR=str(tmp_path / "none"))
    assert ended.returncode == 0 and "--profile NAME" in ended.stdout
    assert game("profiles", "--json", INKLING_DATA_DIR=str(tmp_path / "none")).stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["forget", "Eve", "--yes"], "there are Ada, Ben"),
        (["export", "Eve", "--format", "png"], "there are Ada, Ben"),
        (["export", "..", "--format", "png"], "there are Ada, Ben"),
        (["export", "Ada"], "--format"),
        (["export", "Ada", "--format", "gif"], "invalid choice: 'gif'"),
        (["export", "Ada", "--format", "idx", "--output", "/dev/null/x"], "cannot be written"),
        (["forget", "Ada"], "add --yes"),
    ],
)
def test_what_cannot_be_done_has_one_line(data: Path, arguments: list[str], message: str) -> None:
    ended = game(*arguments)
    assert ended.returncode == 2 and message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert (data / "profiles" / "Ada" / "samples.jsonl").exists()


@pytest.mark.parametrize("kind", ["idx", "drawings", "png"])
def test_a_profile_without_samples_has_nothing_to_export(data: Path, kind: str) -> None:
    (data / "profiles" / "Ben" / "samples.jsonl").unlink()
    ended = game("export", "Ben", "--format", kind, "--output", data)
    assert ended.returncode == 2 and "Ben has no samples" in ended.stderr
    assert sorted(one.name for one in data.iterdir()) == ["profiles"]


def test_forgetting_deletes_the_ink_or_everything(data: Path) -> None:
    own = data / "profiles" / "Ada"
    assert game("forget", "Ada", "--samples-only", "--yes").returncode == 0
    assert sorted(one.name for one in own.iterdir() if one.suffix != ".lock") == ["best.json"]
    ended = game("forget", "Ada", "--yes")
    assert ended.returncode == 0 and "Deleted" in ended.stdout
    assert [one.name for one in (data / "profiles").iterdir()] == ["Ben"]


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
@pytest.mark.parametrize(("answer", "stays"), [(b"n\n", True), (b"\n", True), (b"y\n", False)])
def test_forgetting_asks_on_a_terminal(data: Path, answer: bytes, stays: bool) -> None:
    import pty

    terminal, inner = pty.openpty()
    try:
        os.write(terminal, answer)
        ended = subprocess.run(
            [sys.executable, "-m", "game", "forget", "Ada"],
            cwd=ROOT,
            stdin=inner,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        os.close(terminal)
        os.close(inner)
    assert ended.returncode == 0 and "16 samples" in ended.stdout
    assert (data / "profiles" / "Ada").exists() == stays


def test_drawings_are_the_samples_in_force(data: Path, tmp_path: Path) -> None:
    ada = Profile(data / "profiles", "Ada").samples
    (first, *_), _ = ada.read()
    ada.take_back(first.id)
    for name in ("Ada.jsonl", "Ada-2.jsonl"):  # the second time the name is taken
        ended = game("export", "Ada", "--format", "drawings", "--output", tmp_path / "out")
        assert ended.stdout == f"Wrote {tmp_path / 'out' / name}\n"
        assert list(read_drawings(tmp_path / "out" / name)) == list(ada.read()[0])


def test_idx_files_are_what_trainings_reader_wants(data: Path, tmp_path: Path) -> None:
    ended = game("export", "Ada", "--format", "idx", "--output", tmp_path)
    assert ended.returncode == 0 and "ä" in ended.stdout.splitlines()[-1]
    images = read_idx(tmp_path / "Ada-images-idx3-ubyte")
    labels = read_idx(tmp_path / "Ada-labels-idx1-ubyte")
    assert images.shape == (15, 28, 28) and labels.shape == (15,)
    # "c" is one class with "C"; "a" and "A" are two.
    wanted = [*(one.label for one in samples()[:12]), "A", "a", "C"]
    assert [CHARACTERS[int(label)] for label in labels] == wanted
    for image, sample in zip(images, samples()[:12], strict=False):
        same = np.asarray(image, np.float32) / 255
        assert np.abs(same - strokes_to_image(sample.strokes)).max() < 0.003
    pairs = [line.split() for line in (tmp_path / "Ada-mapping.txt").read_text().splitlines()]
    assert [chr(int(code)) for _, code in pairs] == list(CHARACTERS)
    assert [int(index) for index, _ in pairs] == list(range(47))


def test_pictures_stand_in_folders_that_differ_by_more_than_case(
    data: Path, tmp_path: Path
) -> None:
    (tmp_path / "Ada-png").mkdir()  # somebody's own
    ended = game("export", "Ada", "--format", "png", "--output", tmp_path)
    folder = tmp_path / "Ada-png-2"
    assert ended.stdout == f"Wrote {folder}\n" and not list((tmp_path / "Ada-png").iterdir())
    names = [one.name for one in folder.iterdir() if one.is_dir()]
    assert {"A", "a-small", "U+00E4", "0"} <= set(names)
    assert len({name.lower() for name in names}) == len(names)
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = Profile(data / "profiles", "Ada").samples.read()[0]
    assert [(row["label"], row["id"], row["writer"]) for row in rows] == [
        (one.label, one.id, "Ada") for one in kept
    ]
    for row, sample in zip(rows, kept, strict=True):
        picture = cv2.imread(str(folder / row["file"]), cv2.IMREAD_GRAYSCALE)
        assert picture is not None and picture.shape == (28, 28)
        assert np.abs(picture / 255 - strokes_to_image(sample.strokes)).max() < 0.003
    assert not list(tmp_path.glob(".inkling-*"))
