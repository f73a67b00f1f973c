"""`python -m training evaluate`: all kinds of targets, the report, and what may be wrong."""

from __future__ import annotations

import gzip
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from game.document.rasterize import draw_strokes
from game.profiles.export import export
from models.ink.jsonl import write_drawings
from models.ink.strokes import Drawing
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.labels import CHARACTERS
from models.recognition.network import load_network
from tests.helpers.data import data_dir
from tests.helpers.samples import SAMPLES, placed, samples
from training.__main__ import main
from training.data.examples import render
from training.datasets.load import load_mnist_test, load_sets
from training.evaluation.robustness import robustness
from training.evaluation.scores import score
from training.evaluation.sets import load_evaluation_set

DIGITS = tuple("0123456789")
Pair = tuple[NDArray[np.uint8], NDArray[np.uint8]]


@pytest.fixture
def images() -> Pair:
    drawings = samples()
    stack = np.stack([strokes_to_image(drawing.strokes) for drawing in drawings])
    return (stack * 255).astype(np.uint8), np.array(
        [int(d.label or "") for d in drawings], np.uint8
    )


def idx(array: NDArray[np.generic]) -> bytes:
    head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return head + array.tobytes()


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main(["evaluate", *map(str, arguments), "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    result: dict[str, Any] = json.loads(line)
    return result


def test_a_drawings_file(capsys: pytest.CaptureFixture[str]) -> None:
    result = evaluated(capsys, SAMPLES)
    assert (result["set"], result["n"], result["model"]) == ("digits.jsonl", 20, "digits")
    assert result["accuracy"] == 1.0
    low, high = result["interval"]
    assert 0.8 < low < high == 1.0
    assert result["writers"] == [{"writer": "inkling", "n": 20, "accuracy": 1.0}]
    assert result["classes"]["4"]["support"] == 2


def test_a_set_of_paper_that_nothing_was_trained_on(capsys: pytest.CaptureFixture[str]) -> None:
    result = evaluated(capsys, "optdigits")
    assert (result["set"], result["n"]) == ("optdigits", 1797)
    assert result["accuracy"] > 0.99


def test_for_people_it_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", str(SAMPLES)]) == 0
    out = capsys.readouterr().out
    assert "precision" in out and "100.00% of 20 (95 % interval" in out


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_an_idx_file_with_its_labels_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], images: Pair, ending: str
) -> None:
    pictures, labels = images
    pack = gzip.compress if ending else bytes
    path = tmp_path / f"my-images-idx3-ubyte{ending}"
    path.write_bytes(pack(idx(pictures)))
    (tmp_path / f"my-labels-idx1-ubyte{ending}").write_bytes(pack(idx(labels)))
    result = evaluated(capsys, path)
    assert (result["n"], result["accuracy"]) == (20, 1.0)


@pytest.mark.parametrize("names", [("x_test", "y_test"), ("images", "labels")])
def test_an_npz_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], images: Pair, names: tuple[str, str]
) -> None:
    pictures, labels = images
    for grey in (pictures, pictures / 255):
        arrays: dict[str, Any] = dict(zip(names, (grey, labels), strict=True))
        np.savez(tmp_path / "my.npz", **arrays)
        assert evaluated(capsys, tmp_path / "my.npz")["accuracy"] == 1.0


def test_a_folder_of_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for index, drawing in enumerate(samples()):
        paper = np.full((200, 240), 235, np.uint8)
        ink = np.zeros_like(paper)
        draw_strokes(ink, placed(drawing, 120, (60, 40)), 6)
        folder = tmp_path / "hand" / str(drawing.label)
        folder.mkdir(parents=True, exist_ok=True)
        ending = ("png", "jpg", "bmp")[index % 3]
        cv2.imwrite(str(folder / f"{index}.{ending}"), paper - ink // 255 * 190)
    result = evaluated(capsys, tmp_path / "hand")
    assert (result["set"], result["n"], result["accuracy"]) == ("hand", 20, 1.0)


def wrong(capsys: pytest.CaptureFixture[str], target: Path, expected: str) -> None:
    assert main(["evaluate", str(target), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and str(target) in err and expected in err


def test_wrong_targets_are_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], images: Pair
) -> None:
    pictures, labels = images
    wrong(capsys, tmp_path / "nowhere.jsonl", "nowhere.jsonl")
    wrong(capsys, tmp_path, "0/")

    unlabelled = tmp_path / "unlabelled.jsonl"
    write_drawings(unlabelled, [Drawing(samples()[0].strokes, id="mine")])
    wrong(capsys, unlabelled, "mine")
    letters = tmp_path / "letters.jsonl"
    write_drawings(letters, [Drawing(samples()[0].strokes, label="Q")])
    wrong(capsys, letters, "'Q'")

    alone = tmp_path / "alone-images-idx3-ubyte"
    alone.write_bytes(idx(pictures))
    wrong(capsys, alone, "alone-labels-idx1-ubyte")
    (tmp_path / "alone-labels-idx1-ubyte").write_bytes(idx(labels[:-1]))
    wrong(capsys, alone, "(19,)")

    cut = tmp_path / "cut.npz"
    np.savez(tmp_path / "whole.npz", images=pictures, labels=labels)
    cut.write_bytes((tmp_path / "whole.npz").read_bytes()[:500])
    wrong(capsys, cut, "NPZ")
    np.savez(tmp_path / "other.npz", ink=pictures)
    wrong(capsys, tmp_path / "other.npz", "ink")

    (tmp_path / "pictures" / "3").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "pictures" / "3" / "blank.png"), np.full((40, 40), 255, np.uint8))
    assert main(["evaluate", str(tmp_path / "pictures")]) == 2
    assert "blank.png" in capsys.readouterr().err


def test_the_shipped_network_reads_people_it_has_never_seen() -> None:
    """The promise of the README: real strokes of writers held out of training, MNIST's test."""
    folder = data_dir("mnist", "unipen", "strokes")
    network = load_network()
    people = render(load_sets(("unipen", "pendigits"), folder), "report", DIGITS)
    for name, least, most_unsure in (("unipen", 0.985, 0.03), ("pendigits", 0.98, 0.05)):
        summary = score(network, people.of(name)).summary()
        assert summary.accuracy >= least, (name, summary)
        assert (summary.right_but_unsure or 0) <= most_unsure, (name, summary)
    test = score(network, render([load_mnist_test(folder)], None, DIGITS)).summary()
    assert test.n == 10_000 and test.accuracy >= 0.994


def test_who_draws_the_other_way_round_is_read_as_well() -> None:
    """The network of characters sees directions, but does not rely on a usual one."""
    folder = data_dir("mnist", "unipen", "strokes")
    network = load_network("characters")
    assert network.channels > 1
    letters = load_evaluation_set("unipen", network, folder).drawings[::3]
    digits = load_evaluation_set("pendigits", network, folder).drawings
    for drawings in (letters, digits):
        by_name = {each.variation.name: each for each in robustness(network, drawings)}
        assert by_name["strokes the other way round"].largest_loss <= 0.02


def test_mnist_by_name() -> None:
    folder = data_dir("mnist")
    target = load_evaluation_set("mnist", load_network(), folder)
    assert target.name == "mnist" and len(target.rendered) == 10_000
    assert np.bincount(target.rendered.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_held_out_writers_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    folder = data_dir("strokes")
    parts = {}
    for part, count in (("report", 749), ("validation", 750)):
        result = evaluated(capsys, "pendigits", "--part", part, "--data-dir", folder)
        assert result["n"] == count and result["accuracy"] > 0.985
        assert part in result["set"]
        parts[part] = {row["writer"] for row in result["writers"]}
        assert len(parts[part]) == 3
    assert not parts["report"] & parts["validation"]


def test_pictures_that_a_profile_exports_are_evaluated_small_letters_too(tmp_path: Path) -> None:
    labels = ("7", "A", "a", "c")
    ink = [replace(one, label=label) for one, label in zip(samples(), labels, strict=False)]
    (folder,), _ = export("Ada", ink, "png", tmp_path)
    target = load_evaluation_set(str(folder), load_network("characters"), None).rendered
    assert sorted(CHARACTERS[number] for number in target.labels) == ["7", "A", "C", "a"]
