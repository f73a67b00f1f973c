"""A class that practises: verdicts of Practice, kept, and what the teacher sees of them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from game.modes.practice.round import TASKS
from game.modes.practice.tasks import tasks_from
from game.profiles.profile import Profile
from models.ink.strokes import Stroke
from tests.helpers.samples import number
from tests.helpers.serve import Client, lesson

pytest.importorskip("websockets", reason="needs game/requirements-serve.txt")
SUMS = ("--tasks", "sums", "--level", "2")
_PATIENCE = 20.0  # seconds to wait at most, on a machine with much else to do


def ink(answer: str) -> list[Stroke]:
    return [stroke for digit in number(answer) for stroke in digit]


def solution(question: str) -> str:
    """Of a sum."""
    return str(eval(question.removesuffix("=").replace("–", "-").replace("×", "*")))


def until(pupil: Client, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The task, as soon as that is so."""
    deadline = time.monotonic() + _PATIENCE
    while not condition(pupil.task):
        assert time.monotonic() < deadline, pupil.task
        pupil.wait()
    return pupil.task


def remark(pupil: Client, kind: str) -> str:
    """Waits for a remark of that kind. Returns its words."""
    task = until(pupil, lambda task: bool(task["remark"]) and task["remark"][0] == kind)
    return str(task["remark"][1])


def solve(pupil: Client, times: int = 1) -> None:
    for _ in range(times):
        before = pupil.task["number"]
        pupil.write(ink(solution(pupil.task["question"])))
        assert remark(pupil, "right") == "Right!"
        if pupil.task["place"][0] < TASKS:
            pupil.step("next")
            until(pupil, lambda task, after=before + 1: task["number"] == after)  # type: ignore[misc]


def test_answers_are_judged_as_in_practice(kept: Path) -> None:
    with lesson("0", *SUMS) as room:
        ada = Client(room.pupils, name="Ada")
        first = ada.task["question"]
        solve(ada)
        assert ada.task["score"] == "1 right, streak 1" and ada.state["strokes"] == []
        wrong = "0" if solution(ada.task["question"]) != "0" else "1"
        ada.write(ink(wrong))
        ada.step("done")
        assert remark(ada, "missed") == f"I read {wrong}: not quite. Try once more!"
        ada.change(do="clear")
        ada.write(ink(wrong))
        ada.step("done")
        assert "The answer is" in remark(ada, "shown")
        ada.step("next")
        assert ada.step("skip")["place"] == [3, TASKS]
        ada.change(do="letters", on=True)
        assert ada.task["number"] == 3 and not ada.state["letters"]
        bob = Client(room.pupils, name="Bob")
        assert bob.task["question"] == first  # everyone has the same tasks
        table = room.whole_table()
        row = table["pupils"][0]
        assert (row["done"], row["of"], row["right"]) == (3, TASKS, 1)
        assert row["newest"]["verdict"] == "wrong" and len(row["newest"]["images"]) == len(wrong)
        assert [(each["wrong"], each["of"]) for each in table["missed"]] == [(1, 1)]
        with urllib.request.urlopen(room.teacher + "results.csv", timeout=60) as page:
            rows = list(csv.reader(io.StringIO(page.read().decode())))
        assert rows[0][:6] == ["name", "tasks", "right", "first try", "seconds", first]
        assert rows[1][:4] == ["Ada", "3", "1", "1"]
        assert rows[1][5:] == ["right", f"wrong: {wrong}", "skipped"]
        ada.leave()
        bob.leave()


def test_what_cannot_be_read_is_never_wrong(kept: Path) -> None:
    with lesson("0", *SUMS) as room:
        ada = Client(room.pupils, name="Ada")
        points = [[100 + 60 * (i % 2) + i, 100 + 3 * i, i] for i in range(60)]
        ada.change(do="ink", first=True, last=True, points=points)  # a scribble
        ada.step("done")
        words = until(ada, lambda task: bool(task["remark"]))["remark"]
        assert words[0] in ("unread", "asked") and ada.task["place"] == [0, TASKS]
        if words[0] == "asked":
            assert len(ada.task["choices"]) == 2
        ada.leave()


def test_a_contested_verdict_keeps_samples(kept: Path) -> None:
    with lesson("0", *SUMS) as room:
        ada = Client(room.pupils, name="Ada")
        answer = solution(ada.task["question"])
        wrong = "".join("7" if digit != "7" else "3" for digit in answer)
        ada.write(ink(wrong))
        ada.step("done")
        remark(ada, "missed")
        ada.step("contest")
        assert remark(ada, "right") == "Then it is right, and my mistake."
        samples, _ = Profile(kept / "profiles", "Ada").samples.read()
        assert [sample.label for sample in samples] == list(answer)
        assert samples[0].source == "Inkling, practice"
        ada.leave()
    command = [sys.executable, "-m", "game", "export", "--class", "--format", "drawings"]
    subprocess.run([*command, "--output", kept], check=True, timeout=60, capture_output=True)
    assert len(list(kept.glob("class*.jsonl"))) == 1


def test_it_goes_on_after_the_server_was_killed(kept: Path) -> None:
    with lesson("0", *SUMS) as room:
        ada = Client(room.pupils, name="Ada")
        solve(ada, 3)
        ada.step("skip")
        before = ada.task
        room.server.kill()
        room.server.wait()
        ada.leave()
    with lesson(room.port, *SUMS) as again:
        row = again.table()["Ada"]
        assert (row["done"], row["right"], row["here"]) == (4, 3, False)
        ada = Client(again.pupils, fresh=False, name="Ada", task=before["number"])
        for same in ("number", "question", "place", "done"):
            assert ada.task[same] == before[same]
        assert ada.task["score"].startswith("3 right")
        solve(ada, 6)
        task = until(ada, lambda task: task["question"].endswith("right"))
        assert task["question"] == "9 of 10 right"
        assert task["remark"] == ["right", "Your best so far!"]
        assert json.loads((kept / "profiles" / "Ada" / "best.json").read_text())["best"]
        asked = ada.step("start")["question"]
        assert ada.task["number"] == TASKS and asked != before["question"]
        solve(ada)
        room.server.kill()
        ada.leave()
        assert again.table()["Ada"]["of"] == 2 * TASKS


def test_a_damaged_line_costs_no_other(kept: Path) -> None:
    with lesson("0", *SUMS) as room:
        ada = Client(room.pupils, name="Ada")
        solve(ada, 2)
        ada.leave()
    path = kept / "profiles" / "Ada" / "verdicts.jsonl"
    path.write_bytes(path.read_bytes() + b'{"kind": "sums"}\n{"kin')
    with lesson(room.port, *SUMS) as again:
        ada = Client(again.pupils, name="Ada")
        assert ada.task["place"] == [2, TASKS]
        solve(ada)
        assert len(path.read_bytes().splitlines()) == 4
        ada.leave()


@pytest.mark.parametrize(
    "options, words",
    [
        (["--tasks", "sums"], "add --class"),
        (["--class", "--level", "2"], "add --tasks"),
        (["--class", "--tasks", "sums", "--level", "6"], "1 to 5"),
        (["--class", "--tasks", "sums", "--characters"], "leave --characters out"),
    ],
)
def test_options_that_do_not_fit(options: list[str], words: str) -> None:
    command = [sys.executable, "-m", "game", "serve", "--port", "0", *options]
    ended = subprocess.run(command, timeout=60, capture_output=True, text=True, check=False)
    assert ended.returncode == 2 and words in ended.stderr and len(ended.stderr.splitlines()) == 1


def test_rounds_have_different_tasks() -> None:
    seeds = Random("x")
    rounds = [
        [next(tasks).question for _ in range(TASKS)]
        for tasks in (tasks_from(Random(seeds.randrange(10**6)), "sums", 2) for _ in range(2))
    ]
    assert rounds[0] != rounds[1]
