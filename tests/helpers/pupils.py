"""Pupils of a class as their phones are: they write with real strokes, sleep, and lose the network.

Each speaks as the page does (`game/serve/page/connection.js`): what changes the ink is numbered and
kept until it is acknowledged, and sent again after a lost connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from game.modes.practice.round import Rules
from game.profiles.profile import Profile
from game.serve.verdicts import read_verdicts
from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing, Stroke
from tests.helpers.samples import placed

_FRAME = 1 / 60  # seconds between two messages of a pen
_POINTS = 3  # in each, as a pen gives at 180 a second
_REST = (0.2, 0.8)  # seconds between two tasks
_SIZE = [390, 420]
_AGAIN = 0.2  # seconds until the next try to connect
_PATIENCE = 60.0  # seconds for anything that the server owes

Hand = Mapping[str, Sequence[Drawing]]  # what a person wrote, by its label
Points = list[list[float]]


class Pupil:
    """One page of the class, and the person at it.

    milliseconds: from the lifted pen, or from the pressed button, to the answer, wherever the phone
    was awake and connected meanwhile. disturbed: how often it was not.
    written: for each task that was done, by its number, what was written and the ink.
    contested: the answers that had to be contested.
    """

    def __init__(self, address: str, name: str, hand: Hand, seed: int, trouble: float) -> None:
        """trouble: how probable it is, while a task is written, that the phone falls asleep; and
        the same that the network breaks.
        """
        self.name = name
        self.milliseconds: list[float] = []
        self.disturbed = self.drops = self.sleeps = 0
        self.written: dict[int, tuple[str, list[Points]]] = {}
        self.contested: list[str] = []
        self._address, self._hand, self._trouble = address, hand, trouble
        self._random = random.Random(seed)
        self._socket: ClientConnection | None = None
        self._awake, self._new = asyncio.Event(), asyncio.Event()
        self._awake.set()
        self._state: dict[str, Any] = {}
        self._session, self._fresh = "", True
        self._last = self._sent = 0
        self._pending: list[dict[str, Any]] = []
        self._ink: dict[int, Points] = {}  # the strokes on the page, by number
        self._live = 0  # the number of the stroke under the pen
        self._troubles = 0

    async def live(self, seconds: float) -> None:
        """Does tasks for so long, and then waits until all is acknowledged."""
        phone = asyncio.create_task(self._stay_connected())
        end = time.monotonic() + seconds
        await self._until(lambda: "task" in self._state)
        while time.monotonic() < end and not self._is_done:
            await asyncio.sleep(self._random.uniform(*_REST))
            await self._do_task()
        await self._until(lambda: self._socket is not None and not self._pending)
        phone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await phone

    # The person

    @property
    def _task(self) -> dict[str, Any]:
        task: dict[str, Any] = self._state["task"]
        return task

    @property
    def _is_done(self) -> bool:
        return not self._task["steps"] or not self._task.get("character", "?")

    async def _do_task(self) -> None:
        task = self._task
        number = task["number"]
        if "question" not in task:
            await self._write(task["character"])
            await self._press("next")
        elif any(each["name"] == "start" for each in task["steps"]):
            await self._press("start")
        else:
            await self._answer(_solution(task["question"]), number)
        if self._task["number"] != number:
            self._ink.clear()

    async def _write(self, text: str) -> None:
        """Writes characters beside each other, unless something happens to the phone meanwhile."""
        task = self._task["number"]
        side, ink = min(120, 340 // len(text)), []
        for place, each in enumerate(text):
            drawing = self._random.choice(self._hand[each])
            corner = (20 + 1.2 * side * place, self._random.uniform(60, 200))
            ink += placed(drawing, 0.8 * side, corner)
        for stroke in ink:
            await self._stroke(stroke)
        self.written[task] = text, list(self._ink.values())

    async def _stroke(self, stroke: Stroke) -> None:
        now = time.time() * 1000
        points = [[x, y, now + 5 * i] for i, (x, y) in enumerate(stroke.points.tolist())]
        if self._random.random() < self._trouble:
            self._drop()
        if self._random.random() < self._trouble:
            await self._sleep()
        self._live = self._change(do="ink", first=True, last=False, points=points[:1])
        self._ink[self._live] = own = points[:1]
        for first in range(1, len(points), _POINTS):
            await asyncio.sleep(_FRAME)
            part = points[first : first + _POINTS]
            own += part
            self._change(do="ink", first=False, last=False, points=part)
        self._change(do="ink", first=False, last=True, points=[])
        self._live = 0

    async def _answer(self, answer: str, number: int) -> None:
        """Writes an answer, and says what is to be said until its task is done."""
        await self._write(answer)
        await self._measure(lambda: not self._pending and bool(self._state["read"]))
        while self._task["number"] == number and not self._is_over:
            if self._remark in ("right", "shown"):
                await self._press("next")
            elif self._remark:
                await self._press("contest")
                if self._remark == "right" or self._task["number"] != number:
                    self.contested.append(answer)
            else:
                await self._press("done")

    @property
    def _remark(self) -> str:
        return self._task["remark"][0] if self._task["remark"] else ""

    @property
    def _is_over(self) -> bool:
        return any(each["name"] == "start" for each in self._task["steps"])

    async def _press(self, name: str) -> None:
        self._change(do="task", name=name, task=self._task["number"])
        if self._random.random() < self._trouble:
            self._drop()
        await self._measure(lambda: not any(each["do"] == "task" for each in self._pending))

    async def _measure(self, condition: Any) -> None:
        begun, troubles = time.perf_counter(), self._troubles
        quiet = self._socket is not None and self._awake.is_set()
        await self._until(condition)
        if quiet and troubles == self._troubles:
            self.milliseconds.append((time.perf_counter() - begun) * 1000)
        else:
            self.disturbed += 1

    async def _until(self, condition: Any) -> None:
        end = time.monotonic() + _PATIENCE
        while not condition():
            assert time.monotonic() < end, (self.name, self._pending[:3], self._state.get("task"))
            await asyncio.sleep(0.001)

    # The phone

    def _drop(self) -> None:
        """The network breaks, without a word to the server."""
        if self._socket is not None:
            self.drops += 1
            self._troubles += 1
            self._socket.transport.abort()
            self._socket = None

    async def _sleep(self) -> None:
        """The phone sleeps: it neither reads nor writes, and keeps its socket."""
        self.sleeps += 1
        self._troubles += 1
        socket = self._socket
        if socket is not None:
            socket.transport.pause_reading()
        self._awake.clear()
        await asyncio.sleep(self._random.uniform(0.5, 3.0))
        self._awake.set()
        if socket is not None and not socket.transport.is_closing():
            socket.transport.resume_reading()
        self._new.set()

    async def _stay_connected(self) -> None:
        parts = urlsplit(self._address)
        while True:
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                async with connect(
                    f"ws://{parts.netloc}{parts.path}ink",
                    origin=Origin(f"http://{parts.netloc}"),
                    compression=None,
                    proxy=None,
                    ping_interval=None,
                    close_timeout=0.1,
                ) as socket:
                    sending = asyncio.create_task(self._send(socket))
                    try:
                        await self._converse(socket)
                    finally:
                        sending.cancel()
            self._socket = None
            self._troubles += 1
            await asyncio.sleep(_AGAIN)

    async def _converse(self, socket: ClientConnection) -> None:
        hello = {
            "do": "hello", "session": self._session, "fresh": self._fresh, "size": _SIZE,
            "scale": 1, "name": self.name,
        }  # fmt: skip
        if "task" in self._state:
            hello["task"] = self._task["number"]
        await socket.send(json.dumps(hello))
        async for text in socket:
            said = json.loads(text)
            if "session" in said:
                self._welcome(said, socket)
            self._pending = [each for each in self._pending if each["n"] > said.get("seen", 0)]
            self._state |= said
            self._new.set()

    def _welcome(self, said: dict[str, Any], socket: ClientConnection) -> None:
        is_other, was_fresh = self._session != said["session"], self._fresh
        self._session, self._fresh = said["session"], False
        step = next((each for each in self._pending if each["do"] == "task"), None)
        if is_other:
            self._last, self._pending = said["seen"], []
        self._sent, self._socket = said["seen"], socket
        if is_other and not was_fresh:
            self._write_again(step, said["task"]["number"] == self._task["number"])

    def _write_again(self, step: dict[str, Any] | None, is_same: bool) -> None:
        """The server has forgotten the page. is_same: whether it asks for the same task."""
        strokes, live = self._ink if is_same else {}, 0
        self._ink = {}
        for old, points in strokes.items():
            new = 0
            for at in range(0, len(points), 900):
                last = at + 900 >= len(points) and old != self._live
                part = points[at : at + 900]
                number = self._change(do="ink", first=at == 0, last=last, points=part)
                if at == 0:
                    self._ink[number] = points
                    new = number
            if old == self._live:
                live = new
        self._live = live
        if step is not None and is_same:
            self._change(do="task", name=step["name"], task=step["task"])

    def _change(self, **message: Any) -> int:
        self._last += 1
        self._pending.append(message | {"n": self._last})
        self._new.set()
        return self._last

    async def _send(self, socket: ClientConnection) -> None:
        """Sends what was not sent on this socket, whenever the phone is awake."""
        with contextlib.suppress(OSError, WebSocketException):
            while True:
                await self._new.wait()
                self._new.clear()
                await self._awake.wait()
                for each in list(self._pending):
                    if each["n"] > self._sent and self._socket is socket and self._awake.is_set():
                        self._sent = each["n"]
                        await socket.send(json.dumps(each))


def _solution(question: str) -> str:
    """Of a sum."""
    left, sign, right, _ = question.split()
    a, b = int(left), int(right)
    return str({"+": a + b, "–": a - b, "×": a * b}[sign])


def check_samples(pupil: Pupil, profile: Profile) -> int:
    """Each character that a pupil wrote is kept exactly once, as what was asked for, with all of
    its ink. Returns how many there are.
    """
    samples, warning = profile.samples.read()
    assert warning is None
    numbers = [int(str(sample.extra["task"])) for sample in samples]
    assert sorted(numbers) == sorted(pupil.written), (pupil.name, numbers, sorted(pupil.written))
    for sample in samples:
        text, strokes = pupil.written[int(str(sample.extra["task"]))]
        assert sample.label == text and len(sample.strokes) == len(strokes), pupil.name
        for kept, ink in zip(sample.strokes, strokes, strict=True):
            ends = [ink[0][:2], ink[-1][:2]]
            assert np.allclose(kept.points[[0, -1]], ends, atol=0.5), (pupil.name, kept.points, ink)
    return len(samples)


def check_verdicts(pupil: Pupil, profile: Profile, rules: Rules) -> int:
    """Each task that a pupil answered has its verdict, and each contested answer its samples, once.
    Returns how many tasks there are.
    """
    assert profile.folder is not None
    verdicts = read_verdicts(profile.folder, rules)
    assert sorted(verdicts) == sorted(pupil.written), (pupil.name, sorted(pupil.written))
    lines = Counter(
        json.loads(line)["task"]
        for line in (profile.folder / "verdicts.jsonl").read_text().splitlines()
    )
    for number, verdict in verdicts.items():
        assert verdict.answer == pupil.written[number][0] and verdict.right, (pupil.name, verdict)
        assert lines[number] == 1 + (lines[number] > 1 and verdict.answer in pupil.contested)
    kept = "".join(sample.label or "" for sample in profile.samples.read()[0])
    path = profile.folder / "contested.jsonl"
    if path.exists():
        kept += "".join(drawing.label or "" for drawing in read_drawings(path))
    assert sorted(kept) == sorted("".join(pupil.contested)), (pupil.name, kept, pupil.contested)
    return len(verdicts)
