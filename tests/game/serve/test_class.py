"""A class: names, characters that are asked for, samples in profiles, and what the teacher sees."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from game.profiles.profile import Profile
from models.ink.jsonl import read_drawings
from models.ink.strokes import Stroke
from tests.helpers.samples import number
from tests.helpers.serve import Class, Client, lesson
from training.datasets.mine import read_mine

pytest.importorskip("websockets", reason="needs game/requirements-serve.txt")
from websockets.exceptions import ConnectionClosed


def ink(digit: str) -> list[Stroke]:
    return number(digit)[0]


def write(pupil: Client, times: int = 1) -> list[str]:
    """Writes what is asked for, and goes on each time. Returns what that was."""
    asked = []
    for _ in range(times):
        asked.append(pupil.state["task"]["character"])
        pupil.write(ink(asked[-1]))
        pupil.step("next")
    return asked


def labels(kept: Path, name: str) -> list[str]:
    return [sample.label or "" for sample in Profile(kept / "profiles", name).samples.read()[0]]


def test_what_is_written_is_kept_as_what_was_asked_for(kept: Path) -> None:
    with lesson() as room:
        ada = Client(room.pupils, name="Ada")
        assert ada.state["task"]["of"] == 50 and ada.state["task"]["done"] == 0
        first = write(ada, 3)
        assert labels(kept, "Ada") == first and ada.task["done"] == 3
        assert ada.step("back")["character"] == first[2] and labels(kept, "Ada") == first[:2]
        assert ada.step("skip")["done"] == 3 and labels(kept, "Ada") == first[:2]
        assert ada.step("next")["done"] == 3  # without ink
        ada.change(do="letters", on=True)
        assert ada.task["done"] == 3 and not ada.state["letters"]
        assert ada.state["answers"] == []  # nothing is judged
        bob = Client(room.pupils, name="Bob")
        write(bob)
        table = room.table()
        assert (table["Ada"]["done"], table["Bob"]["done"]) == (3, 1)
        assert table["Ada"]["newest"]["words"] == first[2] and table["Ada"]["here"]
        ada.leave()
        bob.leave()
    command = [sys.executable, "-m", "game", "export", "--class", "--format", "drawings"]
    subprocess.run([*command, "--output", kept], check=True, timeout=60, capture_output=True)
    (exported,) = kept.glob("class*.jsonl")
    assert [d.writer for d in read_drawings(exported)] == ["Ada", "Ada", "Bob"]
    assert [drawing.writer for drawing in read_mine(letters=False)] == ["Ada", "Ada", "Bob"]


def test_a_class_goes_on_after_its_server_was_killed(kept: Path) -> None:
    with lesson() as room:
        ada = Client(room.pupils, name="Ada")
        session = ada.state["session"]
        asked = write(ada, 2)
        room.server.kill()
        room.server.wait()
        ada.leave()
    with lesson(room.port) as again:
        assert (again.pupils, again.teacher) == (room.pupils, room.teacher)
        assert again.table()["Ada"]["done"] == 2 and not again.table()["Ada"]["here"]
        ada = Client(again.pupils, session, fresh=False, name="Ada")
        assert ada.state["task"]["done"] == 2 and ada.number == 0
        asked += write(ada, 2)
        assert labels(kept, "Ada") == asked
        ada.leave()


def test_ink_that_outlives_the_server_is_of_the_same_task(kept: Path) -> None:
    """What a page shows when the server goes is asked for again, and a step counts once."""
    with lesson() as room:
        ada = Client(room.pupils, name="Ada")
        ada.step("skip")
        write(ada)
        ada.step("skip")
        shown = ada.task
        room.server.kill()
        room.server.wait()
        ada.leave()
    with lesson(room.port) as again:
        ada = Client(again.pupils, fresh=False, name="Ada", task=shown["number"])
        assert all(ada.task[each] == shown[each] for each in ("number", "character", "request"))
        before = shown["number"]
        asked = write(ada)
        ada.write(ink("3"))
        ada.change(do="task", name="next", task=before)  # was done already
        assert ada.task["number"] != before and labels(kept, "Ada")[1:] == asked
        assert len(ada.state["strokes"]) == len(ink("3"))
        ada.leave()


def test_names_that_write_nothing_take_no_place(kept: Path) -> None:
    with lesson() as room:
        for at in range(120):
            Client(room.pupils, name=f"Nobody {at}").leave()
        ada = Client(room.pupils, name="Ada")
        write(ada)
        assert json.loads((kept / "class.json").read_text())["names"] == ["Ada"]
        bob = Client(room.pupils, name="Bob")
        again = Client(room.pupils, ada.state["session"], name="Eve")  # Ada's page, another name
        assert again.state["session"] != ada.state["session"]
        assert set(room.table()) == {"Ada", "Bob", "Eve"}
        for pupil in (ada, bob, again):
            pupil.leave()


def test_one_device_cannot_take_all_names(kept: Path) -> None:
    with lesson() as room:
        for at in range(51):
            pupil = Client(room.pupils, name=f"Name {at}")
            pupil.write(ink("1"))
            task = pupil.step("next")
            pupil.leave()
            assert task["done"] == (at < 50)
        assert "too many names" in pupil.state["toast"][2]
        assert len(json.loads((kept / "class.json").read_text())["names"]) == 50


def test_the_teacher_takes_a_name_out_and_back(kept: Path) -> None:
    with lesson() as room:
        ada = Client(room.pupils, name="Ada")
        write(ada, 2)
        assert room.remove("Ada", True, origin="http://evil.example") == 404
        assert room.remove("Bob", True) == 400
        assert room.remove("Ada", True) == 204
        assert ada.end() == (4001, "Ada is out of the class.")
        with pytest.raises(ConnectionClosed, match="not free"):
            Client(room.pupils, name="Ada")
        assert room.table()["Ada"]["removed"] and len(labels(kept, "Ada")) == 2
        assert room.remove("Ada", False) == 204
        ada = Client(room.pupils, name="Ada")
        assert ada.state["task"]["done"] == 2
        ada.leave()


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "<b>Ada</b>", "x" * 41, " Ada", "Ada\n", "\u202eada", 7]
)
def test_names_that_are_none_are_refused(kept: Path, room: Class, name: str) -> None:
    with pytest.raises(ConnectionClosed) as closed:
        Client(room.pupils, name=name).leave()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008
    assert name not in room.table()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    patch = pytest.MonkeyPatch()
    patch.setenv("INKLING_DATA_DIR", str(tmp_path_factory.mktemp("kept")))
    with lesson() as room:
        patch.undo()
        yield room


def test_a_name_is_one_persons(kept: Path) -> None:
    (kept / "profiles" / "me").mkdir(parents=True)
    with lesson() as room:
        ada = Client(room.pupils, name="Ada")
        for taken, why in (("Ada", "is here already"), ("me", "is not free")):
            with pytest.raises(ConnectionClosed, match=why):
                Client(room.pupils, name=taken)
        again = Client(room.pupils, ada.state["session"], name="Ada")
        assert again.state["session"] == ada.state["session"]
        ada.leave()
        again.leave()


def test_the_teachers_page_is_the_teachers_alone(kept: Path) -> None:
    with lesson() as room:
        ada = Client(room.pupils, name="Ada")
        asked = write(ada, 2)
        for place in ("table.json", "results.csv", "class.js", "class.html"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(room.pupils + place, timeout=60)
        with urllib.request.urlopen(room.teacher, timeout=60) as page:
            assert b"Class" in page.read() and "default-src 'none'" in str(page.headers)
        with urllib.request.urlopen(room.teacher + "results.csv", timeout=60) as page:
            rows = list(csv.DictReader(io.StringIO(page.read().decode())))
        assert rows[0]["name"] == "Ada" and rows[0]["samples"] == "2"
        assert all(int(rows[0][each]) == asked.count(each) for each in asked)
        if os.name != "nt":
            assert stat.S_IMODE((kept / "class.json").stat().st_mode) == 0o600
        ada.leave()


def test_what_is_no_character_is_not_kept_for_long(kept: Path, room: Class) -> None:
    pupil = Client(room.pupils, name="Eve")
    for _ in range(60):
        pupil.change(do="ink", first=True, last=True, points=[[100, 100, 1], [200, 200, 2]])
    while pupil.state["seen"] < pupil.number:
        pupil.wait()
    assert len(pupil.state["strokes"]) == 40
    pupil.leave()
