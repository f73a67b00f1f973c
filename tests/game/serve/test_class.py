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
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from game.profiles.profile import Profile
from models.ink.jsonl import read_drawings
from models.ink.strokes import Stroke
from tests.helpers.samples import number
from tests.helpers.serve import Client, running

pytest.importorskip("websockets", reason="needs game/requirements-serve.txt")
from websockets.exceptions import ConnectionClosed


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder."""
    folder = tmp_path / "kept"
    monkeypatch.setenv("INKLING_DATA_DIR", str(folder))
    return folder


class Class:
    """A class that is being served."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        assert server.stdout is not None
        self.server = server
        lines = [server.stdout.readline().split() for _ in range(2)]
        assert [line[0] for line in lines] == ["pupils:", "teacher:"]
        self.pupils, self.teacher = (line[1] for line in lines)
        self.port = str(urlsplit(self.pupils).port)

    def table(self) -> dict[str, dict[str, Any]]:
        with urllib.request.urlopen(self.teacher + "table.json", timeout=60) as answer:
            return {row["name"]: row for row in json.load(answer)}


@contextmanager
def lesson(port: str = "0") -> Iterator[Class]:
    with running("--class", "--port", port) as server:
        yield Class(server)


def ink(digit: str) -> list[Stroke]:
    return number(digit)[0]


def write(pupil: Client, times: int = 1) -> list[str]:
    """Writes what is asked for, and goes on each time. Returns what that was."""
    asked = []
    for _ in range(times):
        asked.append(pupil.state["task"]["character"])
        pupil.write(ink(asked[-1]))
        pupil.change(do="task", name="next")
        settled(pupil)
    return asked


def settled(pupil: Client) -> dict[str, Any]:
    """The task, once all that was said is done."""
    while pupil.state["seen"] < pupil.number:
        pupil.wait()
    task: dict[str, Any] = pupil.state["task"]
    return task


def labels(kept: Path, name: str) -> list[str]:
    return [sample.label or "" for sample in Profile(kept / "profiles", name).samples.read()[0]]


def test_what_is_written_is_kept_as_what_was_asked_for(kept: Path) -> None:
    with lesson() as room:
        ada = Client(room.pupils, name="Ada")
        assert ada.state["task"]["of"] == 50 and ada.state["task"]["done"] == 0
        first = write(ada, 3)
        assert labels(kept, "Ada") == first and settled(ada)["done"] == 3
        ada.change(do="task", name="back")
        assert settled(ada)["character"] == first[2] and labels(kept, "Ada") == first[:2]
        ada.change(do="task", name="skip")
        assert settled(ada)["done"] == 3 and labels(kept, "Ada") == first[:2]
        ada.change(do="task", name="next")  # without ink
        assert settled(ada)["done"] == 3
        assert ada.state["answers"] == []  # nothing is judged
        bob = Client(room.pupils, name="Bob")
        write(bob)
        table = room.table()
        assert (table["Ada"]["done"], table["Bob"]["done"]) == (3, 1)
        assert table["Ada"]["last"][0] == first[2] and table["Ada"]["here"]
        ada.leave()
        bob.leave()
    command = [sys.executable, "-m", "game", "export", "--class", "--format", "drawings"]
    subprocess.run([*command, "--output", kept], check=True, timeout=60, capture_output=True)
    (exported,) = kept.glob("class*.jsonl")
    assert [d.writer for d in read_drawings(exported)] == ["Ada", "Ada", "Bob"]


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
