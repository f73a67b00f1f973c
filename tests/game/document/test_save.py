from __future__ import annotations

from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from game.document.save import save_drawing
from models.ink.inkml import read_inkml
from models.ink.strokes import Stroke
from models.recognition.answer import Reading
from models.recognition.network import load_network
from models.recognition.reader import Reader
from tests.helpers.disk import no_room

NOW = datetime(2026, 11, 21, 14, 3, 22)
SIZE = (740.0, 640.0)
READER = Reader(load_network())
ONE = (
    Stroke(np.array([[300.25, 100.0], [301.5, 400.0]]), np.array([0.0, 416.5])),
    Stroke(np.array([[500.0, 50.0]]), np.array([900.0])),
)


def _save(folder: Path, strokes: tuple[Stroke, ...] = ONE) -> tuple[Path, Path]:
    return save_drawing(strokes, 12.0, SIZE, READER.read(strokes, 12.0), folder, NOW)


def test_files_are_named_by_time_and_never_overwritten(tmp_path: Path) -> None:
    first, second = _save(tmp_path / "a" / "b"), _save(tmp_path / "a" / "b")
    assert [path.name for path in first] == [
        "2026-11-21_14-03-22.png",
        "2026-11-21_14-03-22.inkml",
    ]
    assert [path.name for path in second] == [
        "2026-11-21_14-03-22-2.png",
        "2026-11-21_14-03-22-2.inkml",
    ]
    assert len(list((tmp_path / "a" / "b").iterdir())) == 4


def test_the_picture_is_the_page(tmp_path: Path) -> None:
    picture = cv2.imread(str(_save(tmp_path)[0]))
    assert picture is not None and picture.shape == (640, 740, 3)
    assert picture[250, 301].tolist() == [255, 255, 255]
    assert picture[50, 500].tolist() == [255, 255, 255]
    blue, green, red = picture[600, 100].tolist()
    assert red < green < blue < 40
    assert 12 * 300 < (picture[..., 0] > 127).sum() < 13 * 320 + 130


def test_the_strokes_are_kept_to_the_last_bit_with_what_they_say(tmp_path: Path) -> None:
    drawing = read_inkml(_save(tmp_path)[1])
    assert drawing.strokes == ONE
    assert (drawing.width, drawing.height) == SIZE
    reading = READER.read(ONE, 12.0)
    assert drawing.extra == {
        "program": "Inkling",
        "answer": reading.text,
        "confidence": f"{reading.confidence:.4f}",
        "pen": 12.0,
    }


def test_where_one_of_both_does_not_fit_neither_is_left(tmp_path: Path) -> None:
    sizes = [path.stat().st_size for path in _save(tmp_path / "fits")]
    assert sizes[0] != sizes[1]
    with no_room(min(sizes)), pytest.raises(OSError):
        _save(tmp_path / "full")
    assert not list((tmp_path / "full").iterdir())


def test_a_file_in_the_folders_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(OSError):
        _save(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_the_picture_of_a_huge_page_is_smaller_and_its_strokes_are_whole(tmp_path: Path) -> None:
    far = (Stroke(np.array([[10.0, 20.0], [130_000.0, 90_000.0]])),)
    picture, inkml = save_drawing(far, 12.0, (140_000.0, 100_000.0), Reading(), tmp_path, NOW)
    pixels = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None and pixels.size == pytest.approx(9_000_000, rel=1e-3)
    scale = pixels.shape[1] / 140_000
    assert pixels.shape[0] == pytest.approx(100_000 * scale, abs=1)
    assert pixels[round(45_010 * scale), round(65_005 * scale)] > 100
    assert np.array_equal(read_inkml(inkml).strokes[0].points, far[0].points)
