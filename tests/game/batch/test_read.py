"""Reading drawings and pictures without the event loop."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from game.__main__ import main
from game.batch.read import PAGE, FileReader, read_drawing, read_files
from game.batch.replay import replay
from game.document.open import fit
from game.document.save import save_drawing
from game.page.board import Board
from game.page.files import PageFiles
from game.ui.layout import USUAL, layout_of
from models.ink.jsonl import drawing_to_json
from models.ink.strokes import Drawing
from models.pictures.files import is_picture
from models.recognition.card import FOLDER
from tests.helpers.game import reader
from tests.helpers.number_pictures import number_picture
from tests.helpers.samples import SAMPLES, samples


def records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def photo(drawing: Drawing, path: Path) -> Path:
    """The drawing as dark ink on light paper."""
    paper = np.full((300, 350), 235, np.uint8)
    for stroke in drawing.strokes:
        points = np.rint(stroke.points / 2).astype(np.int32)
        cv2.polylines(paper, [points], False, 40, 7, cv2.LINE_AA)
    assert cv2.imwrite(str(path), paper)
    return path


def test_read_gives_the_answers_of_the_event_loop(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(SAMPLES, reader(), headless=True, as_json=True, limit=None) == 0
    replayed = records(capsys)
    assert read_files([SAMPLES], FileReader("digits"), as_json=True) == 0
    read = records(capsys)
    assert [r["text"] for r in read] == [r["text"] for r in replayed]
    # A mouse is on whole pixels, a file need not be.
    assert all(
        abs(a["confidence"] - b["confidence"]) < 0.1  # type: ignore[operator]
        for a, b in zip(read, replayed, strict=True)
    )
    assert "pen_up_to_answer_ms" not in read[0]


def test_the_page_is_the_canvas_of_a_new_window() -> None:
    assert layout_of(USUAL, 1.0, show_panel=True).canvas.size == PAGE


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "tiff", "webp", "pgm"])
def test_pictures_are_read_by_their_content(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = photo(samples()[4], tmp_path / f"two.{ending}")
    unnamed = path.rename(tmp_path / "two")
    assert is_picture(unnamed)
    assert read_files([unnamed], FileReader("digits"), as_json=True) == 0
    (record,) = records(capsys)
    assert record["id"] == "two" and record["text"] == "2"


def test_a_photograph_is_turned_as_its_camera_says_and_may_have_a_film_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upright = Image.open(photo(samples()[4], tmp_path / "two.png"))
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    exif = lying.getexif()
    exif[0x0112] = 6  # the picture's left side is the upper one's right
    path = tmp_path / "lying.jpg"
    lying.save(path, exif=exif, quality=90)
    path.write_bytes(path.read_bytes() + bytes(10_000))
    assert read_files([path], FileReader("digits"), as_json=True) == 0
    assert [record["text"] for record in records(capsys)] == ["2"]


def test_what_the_game_saves_is_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = PageFiles(Board(reader(), PAGE), tmp_path)
    page.open(SAMPLES)
    page.save()
    files = sorted(tmp_path.glob("*.inkml")) + sorted(tmp_path.glob("*.png"))
    assert len(files) == 2
    assert read_files(files, FileReader("digits"), as_json=True) == 0
    assert [record["text"] for record in records(capsys)] == ["0", "0"]


def test_a_bad_file_has_its_line_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = photo(samples()[4], tmp_path / "half.png")
    half.write_bytes(half.read_bytes()[:100])
    text = tmp_path / "text.jsonl"
    text.write_text("hello\n")
    cut = photo(samples()[4], tmp_path / "cut.jpg")
    cut.write_bytes(cut.read_bytes()[:-400])
    heic = tmp_path / "new.heic"
    heic.write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    good = tmp_path / "good.jsonl"
    good.write_text(drawing_to_json(samples()[0]) + "\n")
    files = [half, text, tmp_path / "missing.png", tmp_path, cut, heic, good]
    assert read_files(files, FileReader("digits"), as_json=True) == 2
    printed = capsys.readouterr()
    assert [json.loads(line)["text"] for line in printed.out.splitlines()] == ["0"]
    lines = printed.err.splitlines()
    assert len(lines) == 6
    assert "cut short" in lines[4] and "convert it to JPEG" in lines[5]
    assert all(str(file) in line for file, line in zip(files, lines, strict=False))


def test_without_the_network_for_lines_digits_are_read_one_by_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [photo(samples()[4], tmp_path / name) for name in ("one.png", "two.png")]
    (tmp_path / "lines.json").write_bytes((FOLDER / "lines.json").read_bytes())
    (tmp_path / "lines.tflite").write_bytes(b"damaged")
    monkeypatch.setattr("models.lines.network.FOLDER", tmp_path)
    monkeypatch.setattr("game.batch.read._own", threading.local())
    assert read_files(paths, FileReader("digits"), as_json=True) == 0
    printed = capsys.readouterr()
    assert [json.loads(line)["text"] for line in printed.out.splitlines()] == ["2", "2"]
    (line,) = printed.err.splitlines()
    assert str(tmp_path / "lines.tflite") in line and "one by one" in line
    # A picture that holds one number has no other reader.
    assert read_files(paths[:1], FileReader("digits", as_numbers=True), as_json=True) == 2
    assert str(tmp_path / "lines.tflite") in capsys.readouterr().err


def test_an_empty_picture_has_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "white.png"
    assert cv2.imwrite(str(path), np.full((90, 90), 255, np.uint8))
    assert read_files([path], FileReader("digits"), as_json=True) == 0
    (record,) = records(capsys)
    assert (record["text"], record["answers"]) == ("", [])


def test_a_picture_of_a_number_is_read_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "amount.png"
    assert cv2.imwrite(str(path), number_picture("4683", framed=True))
    for options in (["--number"], []):
        assert main(["read", str(path), "--json", *options]) == 0
        (record,) = records(capsys)
        if options:
            assert record["text"] == "4683" and 0.5 < record["confidence"] <= 1  # type: ignore[operator]
            answers = record["answers"]
            assert [answer["text"] for answer in answers] == list("4683")  # type: ignore[attr-defined]
            boxes = [answer["box"] for answer in answers]  # type: ignore[attr-defined]
            assert boxes == sorted(boxes)
            assert all(len(answer["alternatives"]) == 3 for answer in answers)  # type: ignore[attr-defined]
    assert main(["read", "--number", "--characters", str(path)]) == 2
    assert "--number" in capsys.readouterr().err


def test_drawings_are_read_as_ever_where_pictures_hold_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for as_numbers in (False, True):
        assert read_files([SAMPLES], FileReader("digits", as_numbers=as_numbers), as_json=True) == 0
    half = [record["text"] for record in records(capsys)]
    assert half[: len(half) // 2] == half[len(half) // 2 :]


def test_boxes_are_in_the_units_of_the_file() -> None:
    drawing = samples()[0]
    (answer,) = read_drawing(drawing, reader()).answers
    every = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = every.min(axis=0), every.max(axis=0)
    assert answer.box.x < low[0] < answer.box.right
    assert abs(answer.box.x + answer.box.width / 2 - (low[0] + high[0]) / 2) < 1
    assert abs(answer.box.height - (high[1] - low[1])) < 20


def test_saved_pictures_are_read_like_their_strokes(tmp_path: Path) -> None:
    from datetime import datetime

    from models.pictures.files import read_picture
    from models.pictures.ink import ink_of

    right = 0
    for i, drawing in enumerate(samples()):
        strokes = fit(drawing, PAGE)
        reading = reader().read(strokes, 12.0)
        folder = tmp_path / str(i)
        picture, _ = save_drawing(strokes, 12.0, PAGE, reading, folder, datetime(2026, 1, 2))
        right += reader().read_picture(ink_of(read_picture(picture))).text == drawing.label
    assert right >= 19


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_reported_instead_of_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_files([tmp_path / "pipe"], FileReader("digits"), as_json=True) == 2
    assert "is a pipe or a device" in capsys.readouterr().err


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checked

    path, side = tmp_path / "huge.png", 10_400  # of one bit each
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + side // 8) * side))
    parts = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))
    command = [sys.executable, "-m", "game", "read", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{path}: larger than 100 megapixels; make it smaller.\n"
