"""Replay: a file's drawings through the event loop, and what is printed of them."""

from __future__ import annotations

import gc
import json
import time
import weakref
from pathlib import Path

import numpy as np
import pytest

from game.app import Game
from game.batch.replay import replay, replay_drawing
from game.document.open import fit
from game.window.window import Window
from models.ink.jsonl import write_drawings
from models.ink.strokes import Drawing, Stroke
from models.util.errors import InputError
from tests.helpers.data import data_dir
from tests.helpers.game import reader
from tests.helpers.samples import SAMPLES, samples


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def run(path: Path, limit: int | None = None, as_json: bool = True) -> int:
    return replay(path, reader(), headless=True, as_json=as_json, limit=limit)


def test_the_shipped_drawings_are_read_and_each_has_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(SAMPLES) == 0
    records = lines(capsys)
    assert [record["id"] for record in records] == [drawing.id for drawing in samples()]
    assert all(record["text"] == record["label"] for record in records)
    for record in records:
        assert list(record) == [
            "id",
            "label",
            "text",
            "confidence",
            "pen_up_to_answer_ms",
            "answers",
        ]
        answers = record["answers"]
        assert isinstance(answers, list) and len(answers) == 1
        answer = answers[0]
        assert list(answer) == ["text", "box", "confidence", "alternatives"]
        assert len(answer["box"]) == 4 and len(answer["alternatives"]) == 3
        assert answer["alternatives"][0][0] == answer["text"]
        assert 0 < record["pen_up_to_answer_ms"] < 1000  # type: ignore[operator]


def test_ink_arrives_where_the_drawing_has_it(tmp_path: Path) -> None:
    game = Game(Window(1.0), reader(), tmp_path)
    for drawing in samples()[3:8]:
        replay_drawing(game, drawing, watched=False)
        meant = fit(drawing, game.board.document.size)
        assert len(game.board.document.strokes) == len(meant), "the one before was not cleared"
        for ink, wanted in zip(game.board.document.strokes, meant, strict=True):
            assert abs(ink.points[0] - wanted.points[0]).max() <= 0.5
            assert abs(ink.points[-1] - wanted.points[-1]).max() <= 0.5
            assert (ink.points == ink.points.round()).all(), "no mouse is between pixels"
    game.close()


def test_the_table_ends_in_accuracy_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(SAMPLES, as_json=False) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1 + 20 + 4
    assert printed[-1].startswith("accuracy 100.00 % (95 % interval 83.89 to 100.00 %)")


def test_limit_takes_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(SAMPLES, limit=3) == 0
    assert len(lines(capsys)) == 3


def test_a_broken_line_stops_after_the_results_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "two.jsonl"
    first = SAMPLES.read_text().splitlines()[0]
    path.write_text(first + "\n" + '{"strokes": [[[1, NaN]]]}' + "\n" + first + "\n")
    with pytest.raises(InputError, match=r"two\.jsonl, line 2"):
        run(path)
    assert len(lines(capsys)) == 1


def test_drawings_without_a_name_are_numbered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plain.jsonl"
    write_drawings(path, [Drawing(drawing.strokes) for drawing in samples()[:2]])
    assert run(path) == 0
    records = lines(capsys)
    assert [record["id"] for record in records] == [
        "plain.jsonl, drawing 1",
        "plain.jsonl, drawing 2",
    ]
    assert all("label" not in record for record in records)


@pytest.mark.slow
def test_a_dot_and_a_stroke_of_a_hundred_thousand_points_are_replayed(tmp_path: Path) -> None:
    game = Game(Window(1.0), reader(), tmp_path)
    dot = Drawing((Stroke(np.array([[5.0, 5.0]])),))
    result = replay_drawing(game, dot, watched=False)
    assert result is not None and len(result.reading.answers) == 1
    count = np.arange(100_000.0)
    scribble = Stroke(np.column_stack([count % 700, count * 7 % 500]))
    long = Drawing((scribble,), width=728, height=608)
    result = replay_drawing(game, long, watched=False)
    assert result is not None and len(game.board.document.strokes[0]) == 100_000
    game.close()


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    game = Game(Window(1.0), reader(), tmp_path)
    kept = []
    for drawing in samples()[:2]:
        replay_drawing(game, drawing, watched=False)
        kept += [weakref.ref(stroke) for stroke in game.board.document.strokes]
    last = game.board.document.strokes
    gc.collect()
    assert [stroke for ink in kept if (stroke := ink()) is not None] == list(last)
    game.close()


def test_the_players_own_ink_is_left_alone(tmp_path: Path) -> None:
    assert run(SAMPLES, limit=1) == 0
    assert not (tmp_path / "data").exists()


def test_someone_can_watch(tmp_path: Path) -> None:
    game = Game(Window(1.0), reader(), tmp_path)
    drawing = samples()[2]
    start = time.monotonic()
    result = replay_drawing(game, drawing, watched=True)
    assert result is not None and result.reading.text == "1"
    assert time.monotonic() - start > 0.5
    game.close()


def test_real_handwriting_is_read_through_the_event_loop(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = data_dir("strokes/pendigits-train.jsonl.gz") / "strokes" / "pendigits-train.jsonl.gz"
    assert run(path, limit=500) == 0
    records = lines(capsys)
    right = sum(record["text"] == record["label"] for record in records)
    assert len(records) == 500
    assert right >= 475
