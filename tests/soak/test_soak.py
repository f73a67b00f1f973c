"""`make soak`, shortly: it plays and kills, and notices what goes wrong."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from game.document.autosave import Autosave
from game.document.save import save_drawing
from game.page.board import Board
from models.ink.jsonl import write_drawings
from models.recognition.answer import Reading
from models.recognition.reader import Reader
from models.segmentation.search import InSteps
from models.util.atomic_files import sweep
from tests.helpers.samples import samples
from tests.soak.__main__ import main
from tests.soak.kept import check_files
from tests.soak.page import Page

needs_signals = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs SIGALRM")
needs_window = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)
PLAY = ["--only", "play", "--seed", "4", "--strokes", "5", "--events"]


@pytest.fixture(autouse=True)
def ink_of_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same strokes wherever the tests run."""
    monkeypatch.setenv("DATA_DIR", "/nowhere")


@needs_signals
def test_a_random_player_finds_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([*PLAY, "6000"])
    out = capsys.readouterr().out
    assert status == 0, out
    names = [line.split()[0] for line in out.splitlines()]
    assert names == ["Seed", "seed", "events", "frames", "memory", "strokes", "restarts"]


def _undo_raises(patch: pytest.MonkeyPatch) -> None:
    def undo(board: Board) -> None:
        raise ValueError("no undo today")

    patch.setattr(Board, "undo", undo)


def _frames_are_slow(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tests.soak.watch.SLOW", 0.2)
    patch.setattr(Board, "tick", lambda board, now: time.sleep(0.3))


def _frames_have_no_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tests.soak.watch.SLOW", 0.02)
    patch.setattr(Board, "tick", lambda board, now: time.sleep(1000))


def _ink_is_not_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Autosave, "append", lambda *_: None)


def _other_strokes_are_read(patch: pytest.MonkeyPatch) -> None:
    read: Callable[..., InSteps[Reading]] = Reader.read_in_steps

    def wrong(*arguments: object) -> InSteps[Reading]:
        answers = (yield from read(*arguments)).answers
        return Reading(tuple(replace(answer, strokes=(99,)) for answer in answers))

    patch.setattr(Reader, "read_in_steps", wrong)


def _redo_does_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Board, "redo", lambda board: None)


def _memory_grows(patch: pytest.MonkeyPatch) -> None:
    numbers: Iterator[int] = count()
    patch.setattr("tests.soak.watch._megabytes", lambda: 100 + 5.0 * next(numbers))
    patch.setattr("tests.soak.watch._FRAMES", 1)


@needs_signals
@pytest.mark.parametrize(
    ("breaks", "told"),
    [
        (_undo_raises, "ValueError('no undo today')"),
        (_frames_are_slow, "a frame took 0."),
        (_frames_have_no_end, "a frame had no end"),
        (_ink_is_not_kept, "after a restart "),
        (_other_strokes_are_read, "strokes are read that are not there: {99}"),
        (_redo_does_nothing, "steps of undo and redo other ink"),
        (_memory_grows, "memory keeps growing"),
    ],
)
def test_it_notices_that(
    breaks: Callable[[pytest.MonkeyPatch], None],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    breaks(monkeypatch)
    assert main([*PLAY, "4000"]) == 1
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("Failed: seed 4, event ") and told in line
    assert " --only play --seed 4 --events " in line


def test_what_has_settled_must_be_kept_and_what_was_begun_may_be() -> None:
    page, first, second = Page(), (0, 0), (1, 0)
    page.do(lambda: None, (first,))
    page.do(lambda: time.sleep(0.1), (first, second))
    now = time.monotonic()
    assert page.possible(now - 0.05) == [(), (first,), (first, second)]
    assert page.possible(now + 0.25) == [(first,), (first, second)]
    assert page.possible(now + 0.5) == [(first, second)]
    page.undo(lambda: None)
    assert page.ink == (first,)


@pytest.mark.parametrize("ending", [".png", ".inkml", ".jsonl"])
def test_a_file_that_is_cut_short_is_not_whole(ending: str, tmp_path: Path) -> None:
    strokes = samples()[14].strokes
    saved = save_drawing(strokes, 12.0, (740, 600), Reading(), tmp_path, datetime(2026, 1, 1))
    write_drawings(tmp_path / "canvas-1.jsonl", samples())
    draft = tmp_path / ".inkling-0.tmp"
    draft.write_bytes(b"half")
    assert len(saved) == 2 and check_files(tmp_path) == [draft]
    sweep(tmp_path)
    assert not draft.exists()
    (path,) = tmp_path.glob(f"*{ending}")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(AssertionError, match="is not whole"):
        check_files(tmp_path)


@needs_window
def test_windows_that_are_killed_lose_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--only", "kill", "--seed", "7", "--kills", "2"])
    out = capsys.readouterr().out
    assert status == 0, out
    assert [line.split()[0] for line in out.splitlines()] == ["Seed", "kills", "strokes"]


@needs_window
def test_it_notices_that_ink_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.soak.kills.kept_ink", lambda data: ((99, 99),))
    assert main(["--only", "kill", "--seed", "7", "--kills", "2"]) == 1
    assert "Failed: seed 7, kill 1: lost [" in capsys.readouterr().out
