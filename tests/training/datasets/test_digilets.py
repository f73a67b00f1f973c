"""DigiLeTs: what its publisher's archive holds, without the bad drawings and the test writers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing, Stroke
from models.util.errors import InputError
from tests.helpers.data import data_dir
from training.datasets import digilets
from training.datasets.digilets import (
    FOLDER,
    LABELS,
    NEVER_TRAIN_WRITERS,
    find_digilets,
    read_digilets,
    without_stray_dots,
)

INFO = "- Missing\n    - 003\n        - b 0 (missing)\n        - b 1 (is d)\n"
# Set down at the top left, without the pressure of that point; lifted; and set down once more.
LINE = "0.1 0.9 0 1 0 0.1 0.5 0.3 0 0.1 0.2 0.5 0 0 0.2 0.3 0.4 0.2 1 0.3 0.3 0.2 0.2 0 0.4 "


def of(label: str) -> str:
    return " ".join("1.0" if each == label else "0.0" for each in LABELS) + "\n"


def files() -> dict[str, str]:
    """By name, the files of three writers, of whom one is kept for tests."""
    raw = "data/raw"
    return {
        f"{raw}/complete/002-f-22-right_x": f"{LINE}\n{of('a')}{LINE}\n{of('A')}",
        f"{raw}/complete/001-f-22-right_x": f"{LINE}\n{of('a')}",
        f"{raw}/corrupted/003-m-20-left_x": f"\n{of('b')}{LINE}\n{of('b')}{LINE}\n{of('b')}",
        f"{raw}/corrupted/info": INFO,
        "README.md": "DigiLeTs",
    }


def archive(folder: Path, content: dict[str, str]) -> Path:
    path = folder / "digilets" / f"{FOLDER}.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as written:
        for name, text in content.items():
            written.writestr(f"{FOLDER}/{name}", text)
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole set is as small as `files`."""
    monkeypatch.setattr(digilets, "COUNT", 3)


@pytest.mark.usefixtures("small")
def test_drawings_are_read_without_the_bad_ones_and_the_writers_kept_for_tests(
    tmp_path: Path,
) -> None:
    path = archive(tmp_path, files())
    assert find_digilets(tmp_path) == path
    drawings = read_digilets(path)
    assert [drawing.id for drawing in drawings] == [
        "digilets/002/a/0", "digilets/002/A/0", "digilets/003/b/2"
    ]  # fmt: skip
    assert [drawing.label for drawing in drawings] == ["a", "A", "b"]
    first, second = drawings[0].strokes
    assert first.points.tolist() == [[100, 100], [100, 500]]
    assert second.points.tolist() == [[300, 600], [300, 800]]


@pytest.mark.usefixtures("small")
def test_the_unpacked_archive_holds_the_same(tmp_path: Path) -> None:
    path = archive(tmp_path, files())
    with zipfile.ZipFile(path) as packed:
        packed.extractall(path.parent)
    path.unlink()
    folder = find_digilets(tmp_path)
    assert folder is not None and folder.is_dir()
    assert [each.id for each in read_digilets(folder)][-1] == "digilets/003/b/2"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("data/raw/complete/002-f-22-right_x", f"0.1 0.2\n{of('a')}", ":1: expected 5 numbers"),
        ("data/raw/complete/002-f-22-right_x", f"{LINE}\n1 0 0\n", ":2: expected 62 numbers"),
        ("data/raw/complete/002-f-22-right_x", f"{LINE}\n{of('a')}", "2 drawings, expected 3"),
        ("data/raw/corrupted/info", "", ":1: expected 5 numbers"),
    ],
)
def test_a_damaged_archive_is_refused_in_one_line(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    path = archive(tmp_path, files() | {name: text})
    with pytest.raises(InputError) as caught:
        read_digilets(path)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.usefixtures("small")
def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, files())
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="damaged or cut archive"):
        read_digilets(path)


def test_stray_dots_go_and_those_of_i_stay() -> None:
    line, dot = Stroke(np.array([(50.0, 0), (50, 100)])), Stroke(np.array([(80.0, 90), (81, 91)]))
    assert without_stray_dots(Drawing((line, dot), label="1")).strokes == (line,)
    assert without_stray_dots(Drawing((line, dot), label="i")).strokes == (line, dot)
    assert without_stray_dots(Drawing((dot,), label="1")).strokes == (dot,)
    bar = Stroke(np.array([(45.0, 50), (58, 50)]))
    assert without_stray_dots(Drawing((line, bar), label="f")).strokes == (line, bar)


def test_the_archive_gives_the_drawings_that_are_known() -> None:
    folder = data_dir("digilets", "strokes/digilets.jsonl.gz")
    path = find_digilets(folder)
    assert path is not None
    drawings = read_digilets(path)
    known = list(read_drawings(folder / "strokes" / "digilets.jsonl.gz"))
    assert [each.id for each in drawings] == [each.id for each in known]
    assert not {str(each.writer)[-3:] for each in drawings} & NEVER_TRAIN_WRITERS
    for ours, theirs in zip(drawings, known, strict=True):
        assert (ours.label, ours.writer) == (theirs.label, theirs.writer)
        assert len(ours.strokes) == len(theirs.strokes)
        for one, other in zip(ours.strokes, theirs.strokes, strict=True):
            np.testing.assert_allclose(one.points, other.points)
