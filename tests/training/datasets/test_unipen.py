"""UNIPEN: the parser gives exactly the oracle's drawings, and refuses what is not whole."""

from __future__ import annotations

import gzip
import json
import tarfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from models.util.errors import InputError
from tests.helpers.data import data_dir
from training.datasets import unipen
from training.datasets.unipen import ARCHIVE, find_unipen, read_unipen
from training.datasets.unipen_text import components_of, cut, statements

ORACLES = {
    "1a": "strokes/unipen-digits.jsonl.gz",
    "1b": "strokes/unipen-upper.jsonl.gz",
    "1c": "strokes/unipen-lower.jsonl.gz",
}

PEN = """\
.COMMENT a dot inside .PEN_DOWN text begins no statement
.WRITER_ID anna
.PEN_DOWN
10 20
13 24
.PEN_UP
.START_BOX
.PEN_DOWN
  5 30 900
  7 28 910
  9 26 920
.PEN_UP
0 0
.PEN_DOWN
1 1
"""
SEGMENTS = """\
.VERSION 1.0
.INCLUDE aga/site.doc
.INCLUDE aga/data/anna.dat
.SEGMENT CHARACTER 0-1 OK "4"
.SEGMENT CHARACTER 1:1-3,0:1 ? "7"
"""


def archive(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(f"train_r01_v07/{name}")
            member.size = len(text)
            tar.addfile(member, BytesIO(text.encode()))
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The files of an archive with two drawings by Anna, and one of a site kept for tests."""
    monkeypatch.setattr(unipen, "COUNTS", {"1a": 2})
    return {
        "data/1a/aga/anna.dat": SEGMENTS,
        "data/1a/tos/tom.dat": SEGMENTS.replace("aga/", "tos/"),
        "include/aga/data/anna.dat": PEN,
        "include/tos/data/anna.dat": PEN,
        "include/aga/site.doc": ".COORD X Y\n",
        "include/tos/site.doc": ".COORD X Y\n",
    }


def test_every_drawing_is_the_oracles() -> None:
    folder = data_dir(f"unipen/{ARCHIVE}", *ORACLES.values())
    every = read_unipen(folder / "unipen" / ARCHIVE, tuple(ORACLES))
    for category, oracle in ORACLES.items():
        with gzip.open(folder / oracle, "rt", encoding="utf-8") as lines:
            for drawing, line in zip(every[category], lines, strict=True):
                expected = json.loads(line)
                strokes = expected.pop("strokes")
                assert expected == {
                    "id": drawing.id,
                    "label": drawing.label,
                    "writer": drawing.writer,
                    "source": drawing.source,
                    "quality": drawing.extra["quality"],
                }
                assert [stroke.points.tolist() for stroke in drawing.strokes] == strokes


def test_segments_are_cut_out_flipped_and_moved_to_the_corner(
    tmp_path: Path, small: dict[str, str]
) -> None:
    four, seven = read_unipen(archive(tmp_path / "small.tgz", small), ("1a",))["1a"]
    assert (four.id, four.label, four.writer, four.source, four.extra) == (
        "1a/aga/data/anna.dat#0", "4", "aga/anna", "unipen/aga", {"quality": "OK"}
    )  # fmt: skip
    assert [stroke.points.tolist() for stroke in four.strokes] == [
        [[5, 10], [8, 6]],
        [[0, 0], [2, 2], [4, 4]],
    ]
    # From point 1 of component 1 on, then component 3; component 2 is the pen in the air.
    assert [stroke.points.tolist() for stroke in seven.strokes] == [
        [[6, 0], [8, 2]],
        [[0, 27]],
        [[12, 4]],
    ]


def test_an_unpacked_archive_reads_alike(tmp_path: Path, small: dict[str, str]) -> None:
    packed = read_unipen(archive(tmp_path / "small.tgz", small), ("1a",))
    folder = tmp_path / "unipen" / "train_r01_v07"
    for name, text in small.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    assert find_unipen(tmp_path) == folder
    assert read_unipen(folder, ("1a",)) == packed


def test_the_sites_kept_for_tests_are_never_read(tmp_path: Path, small: dict[str, str]) -> None:
    small["data/1a/imp/ida.dat"] = "no UNIPEN at all"
    drawings = read_unipen(archive(tmp_path / "small.tgz", small), ("1a",))["1a"]
    assert {drawing.source for drawing in drawings} == {"unipen/aga"}


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("data/1a/aga/anna.dat", "0-1 OK", "0-9 OK", "names components that are not there"),
        ("data/1a/aga/anna.dat", "1:1-3", "1:1-3:5", "names point 5 of component 3, which has 1"),
        ("data/1a/aga/anna.dat", "0-1 OK", "zero OK", "should be like 5, 5-6 or 5:0-6:12"),
        ("data/1a/aga/anna.dat", ' "4"', "", "anna.dat:4: expected .SEGMENT LEVEL COMPONENTS"),
        ("data/1a/aga/anna.dat", "a/site", "a/x", "includes aga/x.doc, which is not in include/"),
        ("include/aga/data/anna.dat", "7 28", "7 up", "anna.dat:8: points should be lines of 3"),
        ("data/1a/aga/anna.dat", SEGMENTS[-34:], "", "1 drawings of category 1a, expected 2"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, small: dict[str, str], file: str, old: str, new: str, reason: str
) -> None:
    assert old in small[file]
    small[file] = small[file].replace(old, new)
    with pytest.raises(InputError) as error:
        read_unipen(archive(tmp_path / "small.tgz", small), ("1a",))
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_cut_archive_is_never_half_used(
    tmp_path: Path, small: dict[str, str], share: float
) -> None:
    whole = archive(tmp_path / "small.tgz", small)
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InputError, match=r"small\.tgz: damaged or cut archive"):
        read_unipen(whole, ("1a",))


def test_a_cut_text_in_a_component_without_a_segment_does_no_harm() -> None:
    components = components_of(list(statements(PEN + ".PEN_DOWN\nill eg ible\n")), "pen.dat")
    (stroke,) = cut(components, "0", "pen.dat")
    np.testing.assert_array_equal(stroke, [[10, 20], [13, 24]])
