"""What a profile keeps: best results and contested ink, whatever happens to the files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from game.modes.practice.results import Result, Results
from game.modes.practice.round import Rules
from game.profiles.profile import Profile
from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing
from models.util.errors import InputError, StorageError
from tests.helpers.samples import samples

RULES = Rules("sums", 2, "tasks")
_WRITES = """
import sys
from pathlib import Path
from game.modes.practice.results import Result, Results
from game.modes.practice.round import Rules
from game.profiles.profile import Profile
profile, score = Results(Profile(Path(sys.argv[1]))), 1
print("writing", flush=True)
while True:
    profile.keep(Rules("sums", 2, "tasks"), Result(score, score, 1, 1.0))
    score += 1
"""


def test_the_best_result_of_each_kind_of_round_is_kept_for_each_profile(tmp_path: Path) -> None:
    profile, other = Results(Profile(tmp_path, "Ada")), Results(Profile(tmp_path, "Ben"))
    assert profile.best(RULES) is None
    good, better, worse = Result(5, 9, 2, 60.0), Result(5, 9, 3, 61.0), Result(4, 4, 4, 3.0)
    for result in (good, better, worse):
        profile.keep(RULES, result)
    assert Results(Profile(tmp_path, "Ada")).best(RULES) == better
    assert profile.best(Rules("sums", 2, "seconds")) is None
    assert other.best(RULES) is None


def test_nothing_right_is_no_best_result() -> None:
    assert not Result(0, 3, 0, 9.0).beats(None)
    assert Result(1, 3, 1, 9.0).beats(None)
    assert Result(3, 3, 3, 8.0).beats(Result(3, 3, 3, 9.0))


def test_results_survive_a_kill_while_they_are_written(tmp_path: Path) -> None:
    least = 0
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITES, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None and process.stdout.readline() == "writing\n"
            while not (tmp_path / "me" / "best.json").exists():
                pass
            process.kill()
        best = Results(Profile(tmp_path)).best(RULES)
        assert best is not None and best.score >= max(least, 1)
        least = best.score
        Results(Profile(tmp_path)).keep(RULES, Result(least + 1, least + 1, 1, 1.0))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no JSON",
        "[]",
        '{"best": [{"kind": "sums"}]}',
        '{"best": [{"kind": "sums", "level": 9, "length": "tasks", "score": 1, "tasks": 1,'
        ' "streak": 1, "seconds": 1}]}',
        '{"best": [{"kind": "sums", "level": 1, "length": "tasks", "score": -1, "tasks": 1,'
        ' "streak": 1, "seconds": 1}]}',
        "[" * 100_000,
    ],
)
def test_damaged_results_are_told_of_in_one_line_and_stay(tmp_path: Path, content: str) -> None:
    path = tmp_path / "me" / "best.json"
    path.parent.mkdir()
    path.write_text(content)
    profile = Results(Profile(tmp_path))
    with pytest.raises(InputError) as unread:
        profile.best(RULES)
    with pytest.raises(StorageError) as unkept:
        profile.keep(RULES, Result(3, 3, 3, 3.0))
    for line in (str(unread.value), str(unkept.value)):
        assert str(path) in line and "\n" not in line
    assert path.read_text() == content


def test_a_folder_that_cannot_be_used_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "me").write_text("a file in the folder's place")
    drawing = samples()[0]
    for profile in (Results(Profile(tmp_path)), Results(Profile(None))):
        with pytest.raises(StorageError, match=r"^The result is not kept[^\n]*$"):
            profile.keep(RULES, Result(3, 3, 3, 3.0))
        with pytest.raises(StorageError, match=r"^Your ink is not kept[^\n]*$"):
            profile.keep_contested(drawing)


def test_contested_ink_is_a_drawings_file(tmp_path: Path) -> None:
    profile = Results(Profile(tmp_path, "Ada"))
    kept = [
        Drawing(one.strokes, label="12", writer="Ada", width=500.0, height=300.0)
        for one in samples()[:3]
    ]
    for drawing in kept:
        profile.keep_contested(drawing)
    path = tmp_path / "Ada" / "contested.jsonl"
    assert list(read_drawings(path)) == kept
    path.write_bytes(path.read_bytes().rstrip(b"\n"))  # as an editor may leave it
    profile.keep_contested(kept[0])
    assert list(read_drawings(path)) == [*kept, kept[0]]


def test_damaged_contested_ink_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "me" / "contested.jsonl"
    path.parent.mkdir()
    path.write_text('{"strokes": [[[1, 2')
    with pytest.raises(StorageError) as error:
        Results(Profile(tmp_path)).keep_contested(samples()[0])
    assert str(path) in str(error.value) and "line 1" in str(error.value)
    assert path.read_text() == '{"strokes": [[[1, 2'


def test_the_file_of_results_is_plain_json(tmp_path: Path) -> None:
    Results(Profile(tmp_path)).keep(RULES, Result(3, 4, 2, 20.5))
    record = json.loads((tmp_path / "me" / "best.json").read_text())
    assert record == {
        "best": [
            {
                "kind": "sums",
                "level": 2,
                "length": "tasks",
                "score": 3,
                "tasks": 4,
                "streak": 2,
                "seconds": 20.5,
            }
        ]
    }
