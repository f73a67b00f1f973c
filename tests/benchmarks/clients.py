"""Thirty pages at once: from the last message of a character to its finished answer.

python -m tests.benchmarks.clients [--clients N] [--seconds S]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from models.ink.strokes import Drawing
from tests.helpers.samples import placed, samples
from tests.helpers.serve import served

_FRAME = 1 / 60  # seconds between two messages of a pen
_POINTS = 3  # in each, as a pen gives at 180 a second
_REST = (0.3, 1.5)  # seconds between two characters
_SIZE = [390, 420]


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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clients")
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    with served() as address:
        took = asyncio.run(measure(address, options.clients, options.seconds))
    half, most, worst = np.percentile(took, [50, 95, 100])
    print(
        f"{options.clients} clients, {len(took)} characters: median {half:.0f} ms, "
        f"95 % within {most:.0f} ms, the slowest {worst:.0f} ms"
    )


if __name__ == "__main__":
    main()
