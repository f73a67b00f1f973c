"""Thirty pages at once: from the last message of a character to its finished answer.

python -m tests.benchmarks.clients [--clients N] [--seconds S] [--class collect|practice]

With --class they are those of a class, written on by held-out people where the data sets are there
(--data-dir, DATA_DIR): phones fall asleep, the network breaks, and the server is killed twice and
started again. Each sample, and each verdict, must be kept exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from game.modes.practice.round import Rules
from game.profiles.profile import Profile
from models.ink.strokes import Drawing
from tests.helpers.pupils import Hand, Pupil, check_samples, check_verdicts
from tests.helpers.samples import placed, samples
from tests.helpers.serve import lesson, served

_FRAME = 1 / 60  # seconds between two messages of a pen
_POINTS = 3  # in each, as a pen gives at 180 a second
_REST = (0.3, 1.5)  # seconds between two characters
_SIZE = [390, 420]
_KILLS = 2  # of the server of a class
_TROUBLE = 0.05  # see `Pupil`; for each stroke and each button


class Writer:
    """A person at a page, who writes digits one beside the other and clears a full page."""

    def __init__(self, socket: ClientConnection, seed: int) -> None:
        self._socket = socket
        self._random = random.Random(seed)
        self._state: dict[str, Any] = {}
        self._number = 0
        self.milliseconds: list[float] = []

    async def write(self, seconds: float) -> None:
        """Writes for so long."""
        hello = {"do": "hello", "session": "", "fresh": True, "size": _SIZE, "scale": 1}
        await self._socket.send(json.dumps(hello))
        listening = asyncio.create_task(self._listen())
        await asyncio.sleep(self._random.uniform(0.1, 2.0))
        end = time.perf_counter() + seconds
        at = 0
        while time.perf_counter() < end:
            if at == 8:
                await self._change({"do": "clear"})
                at = 0
            corner = 20 + 90 * (at % 4), 60 + 160 * (at // 4)
            await self._character(self._random.choice(samples()), corner)
            at += 1
            await asyncio.sleep(self._random.uniform(*_REST))
        listening.cancel()

    async def _character(self, drawing: Drawing, corner: tuple[int, int]) -> None:
        for stroke in placed(drawing, 70, corner):
            points = [[x, y, 1e9 + 5 * i] for i, (x, y) in enumerate(stroke.points.tolist())]
            for first in range(0, len(points), _POINTS):
                part = points[first : first + _POINTS]
                await self._ink(part, first == 0, False)
                await asyncio.sleep(_FRAME)
            begun = time.perf_counter()
            await self._ink([], False, True)
        while self._state.get("seen", 0) < self._number or not self._state["read"]:
            await asyncio.sleep(0.001)
        self.milliseconds.append((time.perf_counter() - begun) * 1000)

    async def _ink(self, points: list[list[float]], first: bool, last: bool) -> None:
        await self._change({"do": "ink", "first": first, "last": last, "points": points})

    async def _change(self, message: dict[str, object]) -> None:
        self._number += 1
        await self._socket.send(json.dumps(message | {"n": self._number}))

    async def _listen(self) -> None:
        async for said in self._socket:
            self._state |= json.loads(said)


async def measure(address: str, clients: int, seconds: float) -> list[float]:
    """Milliseconds of all characters that so many write at the same time."""
    parts = urlsplit(address)
    url = f"ws://{parts.netloc}{parts.path}ink"

    async def one(seed: int) -> list[float]:
        async with connect(
            url, origin=Origin(f"http://{parts.netloc}"), compression=None, proxy=None
        ) as socket:
            writer = Writer(socket, seed)
            await writer.write(seconds)
            return writer.milliseconds

    return [ms for each in await asyncio.gather(*map(one, range(clients))) for ms in each]


@dataclass(frozen=True)
class Lesson:
    """What came of a class. milliseconds: of answers that nothing disturbed. kept: samples, or
    verdicts with the samples that were contested.
    """

    pupils: Sequence[Pupil]
    milliseconds: list[float]
    kept: int
    kills: int


async def measure_class(
    practises: bool, clients: int, seconds: float, trouble: float, hands: Sequence[Hand]
) -> Lesson:
    """A class for so long, in a folder of its own. trouble: see `Pupil`. hands: of the people.

    Raises AssertionError where anything was lost, or counted twice.
    """
    options = ("--tasks", "sums", "--level", "2") if practises else ()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        before = os.environ.get("INKLING_DATA_DIR")
        stack.callback(_put_back, before)
        os.environ["INKLING_DATA_DIR"] = name
        room = stack.enter_context(lesson("0", *options))
        pupils = [
            Pupil(room.pupils, f"Pupil {at}", hands[at % len(hands)], at, trouble)
            for at in range(clients)
        ]
        writing = [asyncio.create_task(pupil.live(seconds)) for pupil in pupils]
        for _ in range(_KILLS):
            await asyncio.sleep(seconds / (_KILLS + 1))
            room.server.kill()
            await asyncio.to_thread(room.server.wait)
            again = lesson(room.port, *options)
            room = await asyncio.to_thread(stack.enter_context, again)
        await asyncio.gather(*writing)
        kept = 0
        for pupil in pupils:
            profile = Profile(Path(name) / "profiles", pupil.name)
            if practises:
                kept += check_verdicts(pupil, profile, Rules("sums", 2, "tasks"))
            else:
                kept += check_samples(pupil, profile)
    return Lesson(pupils, [ms for pupil in pupils for ms in pupil.milliseconds], kept, _KILLS)


def hands_of_people(data_dir: Path | None) -> tuple[Sequence[Hand], str]:
    """Held-out people's digits, and who they are; the shipped samples where there are no data."""
    if data_dir is None:
        digits: dict[str, list[Drawing]] = {}
        for drawing in samples():
            digits.setdefault(drawing.label or "", []).append(drawing)
        return [digits], "the shipped samples"
    from tests.sheets.simulate import writers

    people = list(writers(data_dir, "report", least=1).values())
    return people, f"the digits of {len(people)} people who were held out"


def _put_back(before: str | None) -> None:
    if before is None:
        del os.environ["INKLING_DATA_DIR"]
    else:
        os.environ["INKLING_DATA_DIR"] = before


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clients")
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--class", dest="lesson", choices=("collect", "practice"))
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("DATA_DIR"))
    options = parser.parse_args()
    if options.lesson is not None:
        hands, people = hands_of_people(options.data_dir)
        came = asyncio.run(
            measure_class(
                options.lesson == "practice", options.clients, options.seconds, _TROUBLE, hands
            )
        )
        took = came.milliseconds
        kind = "verdicts" if options.lesson == "practice" else "samples"
        count = {
            what: sum(getattr(pupil, what) for pupil in came.pupils)
            for what in ("sleeps", "drops", "disturbed")
        }
        print(
            f"{options.lesson}, {people}: {came.kept} {kind} of {options.clients} clients, each "
            f"kept once; {came.kills} kills, {count['drops']} broken connections, "
            f"{count['sleeps']} sleeps, which disturbed {count['disturbed']} answers"
        )
    else:
        with served() as address:
            took = asyncio.run(measure(address, options.clients, options.seconds))
    half, most, worst = np.percentile(took, [50, 95, 100])
    print(
        f"{options.clients} clients, {len(took)} answers: median {half:.0f} ms, "
        f"95 % within {most:.0f} ms, the slowest {worst:.0f} ms"
    )


if __name__ == "__main__":
    main()
