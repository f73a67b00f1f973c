"""The server of the page for tests, and a client that speaks as the page does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from models.ink.strokes import Stroke

_ROOT = Path(__file__).parents[2]
SIZE = [740, 640]


@contextmanager
def served(*options: str) -> Iterator[str]:
    """The address of the page, from the line that `python -m game serve` prints."""
    with running(*options) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[0]


@contextmanager
def running(*options: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m game serve`, ended by Ctrl+C unless it was killed before."""
    pytest.importorskip("uvicorn", reason="needs game/requirements-serve.txt")
    command = [sys.executable, "-m", "game", "serve", "--port", "0", *options]
    server = subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        yield server
        if os.name == "nt":
            server.terminate()  # a process there cannot be sent Ctrl+C alone
        elif server.poll() is None:
            server.send_signal(signal.SIGINT)
            printed, errors = server.communicate(timeout=60)
            # It goes on to the end, and has nothing to say of whatever clients did.
            assert (printed, errors, server.returncode) == ("", "", 130)
    finally:
        server.kill()
        server.communicate()


class Class:
    """A class that is being served."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        assert server.stdout is not None
        self.server = server
        lines = [server.stdout.readline().split() for _ in range(2)]
        assert [line[0] for line in lines] == ["pupils:", "teacher:"]
        self.pupils, self.teacher = (line[1] for line in lines)
        self.port = str(urlsplit(self.pupils).port)

    def whole_table(self) -> dict[str, Any]:
        with urllib.request.urlopen(self.teacher + "table.json", timeout=60) as answer:
            table: dict[str, Any] = json.load(answer)
        return table

    def table(self) -> dict[str, dict[str, Any]]:
        """The row of each name."""
        return {row["name"]: row for row in self.whole_table()["pupils"]}

    def remove(self, name: str, removed: bool, origin: str = "") -> int:
        """What the teacher's page asks for. Returns the status."""
        own = f"http://{urlsplit(self.teacher).netloc}"
        request = urllib.request.Request(
            self.teacher + "remove",
            json.dumps({"name": name, "removed": removed}).encode(),
            {"Origin": origin or own},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@contextmanager
def lesson(port: str = "0", *options: str) -> Iterator[Class]:
    with running("--class", "--port", port, *options) as server:
        yield Class(server)


class Client:
    """A page without a browser.

    state: all that the server has said by now, its parts under their names.
    """

    def __init__(
        self,
        address: str,
        session: str = "",
        fresh: bool = True,
        name: str = "",
        task: int | None = None,
    ) -> None:
        """name: in a class. task: the number of the one that the page shows there."""
        from websockets.sync.client import connect
        from websockets.typing import Origin

        parts = urlsplit(address)
        self._left = ExitStack()
        self.socket = self._left.enter_context(
            connect(
                f"ws://{parts.netloc}{parts.path}ink",
                origin=Origin(f"http://{parts.netloc}"),
                compression=None,
                proxy=None,
                open_timeout=60,
                close_timeout=1,
            )
        )
        self.state: dict[str, Any] = {}
        self.number = 0
        pupil: dict[str, object] = {"name": name} if name else {}
        if task is not None:
            pupil["task"] = task
        self.say(do="hello", session=session, fresh=fresh, size=SIZE, scale=1, **pupil)
        self.wait()
        self.number = self.state["seen"]

    def say(self, **message: object) -> None:
        self.socket.send(json.dumps(message))

    def change(self, **message: object) -> int:
        """Says what has a number. Returns it."""
        self.number += 1
        self.say(n=self.number, **message)
        return self.number

    def step(self, name: str) -> dict[str, Any]:
        """Presses a button of the task. Returns the task, once all that was said is done."""
        self.change(do="task", name=name, task=self.state["task"]["number"])
        return self.task

    @property
    def task(self) -> dict[str, Any]:
        """The task of a class, once all that was said is done."""
        while self.state["seen"] < self.number:
            self.wait()
        task: dict[str, Any] = self.state["task"]
        return task

    def write(self, strokes: Sequence[Stroke]) -> None:
        """Each stroke in one message, ten milliseconds from point to point."""
        for stroke in strokes:
            points = [[x, y, 1e9 + 10 * i] for i, (x, y) in enumerate(stroke.points.tolist())]
            for at in range(0, len(points), 1000):
                part, first, last = points[at : at + 1000], at == 0, at + 1000 >= len(points)
                self.change(do="ink", first=first, last=last, points=part)

    def wait(self) -> dict[str, Any]:
        """What the server says next."""
        said: dict[str, Any] = json.loads(self.socket.recv(timeout=15))
        self.state |= said
        return said

    @property
    def text(self) -> str:
        """What is asserted, once all that was said is done and read."""
        while self.state["seen"] < self.number or not self.state["read"]:
            self.wait()
        return "".join(answer["text"] for answer in self.state["answers"])

    def end(self) -> tuple[int, str]:
        """Waits until the server ends it. Returns the code and the reason."""
        from websockets.exceptions import ConnectionClosed

        try:
            while True:
                self.socket.recv(timeout=15)
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code, closed.rcvd.reason

    def leave(self) -> None:
        self._left.close()
