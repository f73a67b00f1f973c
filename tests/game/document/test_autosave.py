from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from game.document.autosave import Autosave
from models.ink.strokes import Stroke
from models.segmentation.edits import SegmentationEdits
from tests.helpers.disk import no_room

FIRST = Stroke(np.array([[1.0, 2.0], [3.25, -4.0]]), np.array([0.0, 16.5]))
SECOND = Stroke(np.array([[9.0, 9.0]]))
THIRD = Stroke(np.array([[7.0, 0.1]]), np.array([5.0]))


def _kept(folder: Path, *strokes: Stroke) -> Path:
    """Ink that a window has left in the folder. Returns the slot's file."""
    autosave = Autosave(folder)
    for stroke in strokes:
        autosave.append(stroke, 12.0)
    assert autosave._path is not None
    path = autosave._path
    autosave.close()
    return path


def _found(folder: Path) -> tuple[tuple[Stroke, ...], float | None, str | None]:
    autosave = Autosave(folder)
    autosave.close()
    return autosave.strokes, autosave.pen, autosave.error


def test_strokes_come_back_to_the_last_bit(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    assert _found(folder) == ((), None, None)
    _kept(folder, FIRST, SECOND)
    assert _found(folder) == ((FIRST, SECOND), 12.0, None)
    _kept(folder, THIRD)
    assert _found(folder) == ((FIRST, SECOND, THIRD), 12.0, None)


def test_every_other_change_comes_back_too(tmp_path: Path) -> None:
    autosave = Autosave(tmp_path)
    autosave.append(FIRST, 12.0)
    autosave.append(SECOND, 12.0)
    autosave.rewrite([SECOND], 15.0)
    autosave.append(THIRD, 15.0)
    autosave.close()
    assert _found(tmp_path) == ((SECOND, THIRD), 15.0, None)
    autosave = Autosave(tmp_path)
    autosave.rewrite([], 8.0)
    autosave.close()
    assert _found(tmp_path) == ((), None, None)


def _kept_edits(folder: Path) -> SegmentationEdits:
    autosave = Autosave(folder)
    autosave.close()
    return autosave.edits


def test_what_the_player_said_about_characters_comes_back(tmp_path: Path) -> None:
    edits = SegmentationEdits().with_merged([[FIRST], [SECOND]]).with_split([THIRD])
    autosave = Autosave(tmp_path)
    autosave.rewrite([FIRST, SECOND], 12.0, edits)
    autosave.append(THIRD, 12.0)
    autosave.close()
    again = Autosave(tmp_path)
    assert (again.strokes, again.edits, again.error) == ((FIRST, SECOND, THIRD), edits, None)
    again.rewrite([], 12.0, edits)
    again.append(FIRST, 12.0)
    again.close()
    assert _kept_edits(tmp_path) == edits
    again = Autosave(tmp_path)
    again.rewrite([], 12.0)
    again.close()
    assert _kept_edits(tmp_path) == SegmentationEdits()


def test_a_pen_chosen_on_an_empty_page_is_kept_with_the_first_stroke(tmp_path: Path) -> None:
    autosave = Autosave(tmp_path)
    autosave.rewrite([], 40.0)
    autosave.append(FIRST, 40.0)
    autosave.close()
    assert _found(tmp_path) == ((FIRST,), 40.0, None)


def test_two_windows_have_their_own_ink(tmp_path: Path) -> None:
    one, two = Autosave(tmp_path), Autosave(tmp_path)
    one.append(FIRST, 12.0)
    two.append(SECOND, 12.0)
    three = Autosave(tmp_path)
    assert three.strokes == ()
    three.close()
    one.close()
    # While the second is still open, a new window gets the first one's ink.
    assert _found(tmp_path)[0] == (FIRST,)
    two.close()


def test_of_several_free_slots_the_newest_with_ink_is_taken(tmp_path: Path) -> None:
    windows = [Autosave(tmp_path) for _ in range(3)]
    paths = []
    for window, stroke in zip(windows, (FIRST, SECOND, THIRD), strict=True):
        window.append(stroke, 12.0)
        assert window._path is not None
        paths.append(window._path)
    windows[2].rewrite([], 12.0)
    for window in windows:
        window.close()
    os.utime(paths[0], (2_000_000_000,) * 2)
    os.utime(paths[1], (1_000_000_000,) * 2)
    assert _found(tmp_path)[0] == (FIRST,)
    os.utime(paths[1], (2_100_000_000,) * 2)
    assert _found(tmp_path)[0] == (SECOND,)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_window_leaves_its_ink_and_its_slot(tmp_path: Path) -> None:
    program = (
        "import sys, time; import numpy as np; from pathlib import Path\n"
        "from game.document.autosave import Autosave; from models.ink.strokes import Stroke\n"
        "kept = Autosave(Path(sys.argv[1]))\n"
        "for x in (1.0, 3.0): kept.append(Stroke(np.array([[x, x + 1]])), 12.0)\n"
        "print('written', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE
    ) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == b"written\n"
        assert _found(tmp_path)[0] == ()  # the slot is the window's as long as it lives
        window.send_signal(signal.SIGKILL)
    strokes, _, notice = _found(tmp_path)
    assert [stroke.points.tolist() for stroke in strokes] == [[[1, 2]], [[3, 4]]]
    assert notice is None


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        (lambda content: content[:-7], 2),
        (lambda content: content[:-7] + b"\n", 2),
        (lambda content: b"garbage\xff\n" + content, 3),
        (lambda content: content.replace(b"9", b"NaN"), 2),
        (lambda content: content.replace(b"9", b"1e300"), 2),
        (lambda content: content + b'{"pen": -1}\n', 3),
        (lambda content: content + b'{"else": 1}\n[]\n', 3),
        (lambda content: content + b"[" * 100_000, 3),
        (lambda content: content + b'{"together": []}\n', 3),
        (lambda content: content + b'{"apart": [[[1, "2"]]]}\n', 3),
        (lambda content: bytes(500), 0),
        (lambda content: b"\x1f\x8b\x08" + content[30:40], 0),
    ],
)
def test_a_damaged_file_gives_every_whole_stroke_and_is_set_aside(
    tmp_path: Path, damage: object, left: int
) -> None:
    path = _kept(tmp_path, FIRST, SECOND, THIRD)
    content = damage(path.read_bytes())  # type: ignore[operator]
    path.write_bytes(content)
    strokes, pen, notice = _found(tmp_path)
    assert len(strokes) == left
    assert set(strokes) <= {FIRST, SECOND, THIRD}
    aside = tmp_path / "canvas-1-damaged-1.txt"
    assert aside.read_bytes() == content
    assert notice is not None and "\n" not in notice
    assert str(aside) in notice and ("no stroke" in notice if left == 0 else str(left) in notice)
    # The next start finds nothing wrong any more.
    assert _found(tmp_path) == (strokes, pen, None)


def test_a_damaged_slot_without_ink_does_not_hide_another(tmp_path: Path) -> None:
    one, two = Autosave(tmp_path), Autosave(tmp_path)
    one.append(FIRST, 12.0)
    one.close()
    two.close()
    broken = tmp_path / "canvas-2.jsonl"
    broken.write_bytes(b"garbage")
    os.utime(broken, (2_000_000_000,) * 2)
    strokes, _, notice = _found(tmp_path)
    assert strokes == (FIRST,)
    assert notice is not None and "damaged" in notice


def test_a_last_line_without_its_newline_is_whole(tmp_path: Path) -> None:
    path = _kept(tmp_path, FIRST)
    path.write_bytes(path.read_bytes().rstrip())
    _kept(tmp_path, SECOND)
    assert _found(tmp_path) == ((FIRST, SECOND), 12.0, None)


def test_a_full_disk_is_reported_once_and_kept_again_when_there_is_room(tmp_path: Path) -> None:
    long = Stroke(np.random.default_rng(0).uniform(0, 500, (500, 2)))
    autosave = Autosave(tmp_path)
    autosave.append(FIRST, 12.0)
    with no_room(2000):
        autosave.append(long, 12.0)
        assert autosave.error is not None and "not kept after closing" in autosave.error
        autosave.error = None
        autosave.append(SECOND, 12.0)
        autosave.rewrite([FIRST, long, SECOND], 12.0)
        assert autosave.error is None
    autosave.append(THIRD, 12.0)
    autosave.close()
    assert _found(tmp_path) == ((FIRST, long, SECOND, THIRD), 12.0, None)
    assert {path.suffix for path in tmp_path.iterdir()} == {".jsonl", ".lock"}


def test_a_damaged_file_on_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = _kept(tmp_path, FIRST, SECOND)
    content = path.read_bytes()[:-3]
    path.write_bytes(content)
    with no_room(10):
        autosave = Autosave(tmp_path)
        assert autosave.strokes == (FIRST,)
        assert autosave.error is not None and "damaged" in autosave.error
    assert (tmp_path / "canvas-1-damaged-1.txt").read_bytes() == content
    autosave.append(THIRD, 12.0)
    autosave.close()
    assert _found(tmp_path) == ((FIRST, THIRD), 12.0, None)


def _use(autosave: Autosave) -> None:
    autosave.append(FIRST, 12.0)
    autosave.rewrite([FIRST, SECOND], 12.0)
    autosave.append(THIRD, 12.0)
    autosave.close()


def test_without_a_folder_there_is_a_notice_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (None, tmp_path / "file", tmp_path / "file" / "below"):
        autosave = Autosave(folder)
        assert autosave.error is not None and "\n" not in autosave.error
        assert autosave.strokes == ()
        _use(autosave)


def test_a_folder_that_is_only_to_be_read_gives_a_notice(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write everything")
        autosave = Autosave(tmp_path)
        assert autosave.error is not None and "no permission" in autosave.error
        _use(autosave)
    finally:
        tmp_path.chmod(0o700)


def test_things_in_a_slots_place_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "canvas-1.jsonl").mkdir()
    (tmp_path / "canvas-2.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "canvas-3.lock").mkdir()
    _kept(tmp_path, FIRST)
    assert _found(tmp_path) == ((FIRST,), 12.0, None)


def test_a_folder_that_vanishes_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    autosave = Autosave(folder)
    autosave.append(FIRST, 12.0)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    autosave.rewrite([FIRST, SECOND], 12.0)
    assert autosave.error is not None and "does not exist" in autosave.error
    autosave.close()


def test_one_more_stroke_is_added_to_the_file_not_a_new_one(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    page = [Stroke(generator.uniform(0, 500, (50, 2))) for _ in range(1000)]
    autosave = Autosave(tmp_path)
    autosave.rewrite(page, 12.0)
    (path,) = (each for each in tmp_path.iterdir() if each.stat().st_size > 100_000)
    before, place = path.read_bytes(), path.stat().st_ino
    autosave.append(FIRST, 12.0)
    after = path.read_bytes()
    assert path.stat().st_ino == place and after.startswith(before)
    assert 0 < len(after) - len(before) < 1000
    autosave.close()
