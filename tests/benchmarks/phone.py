"""From pen-up to the answer on the window, by mouse and by a phone on the loopback.

python -m tests.benchmarks.phone
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

os.environ["SDL_VIDEODRIVER"] = "dummy"
from game.window.start import import_pygame

import_pygame()

import numpy as np  # noqa: E402 (after what keeps pygame quiet)
import pygame  # noqa: E402

from game.app import freeze_garbage_collector  # noqa: E402
from game.batch.pilot import down, move, up  # noqa: E402
from game.serve.phone import Phone  # noqa: E402
from game.window.events import take, wake  # noqa: E402
from models.ink.strokes import Stroke  # noqa: E402
from tests.helpers.game import new_game  # noqa: E402
from tests.helpers.samples import number  # noqa: E402
from tests.helpers.serve import Client  # noqa: E402

_ROUNDS = 20  # through the ten digits, each by mouse and by phone
_REST = 0.03  # seconds, in which all is read but the last stroke's end


def main() -> None:
    """Prints one line for each pen: n, the median, and 95 %."""
    with tempfile.TemporaryDirectory() as folder:
        game = new_game(Path(folder))
        phone = Phone(wake, "127.0.0.1")
        shown, finished = threading.Event(), threading.Event()
        wanted = [0]  # strokes
        took: dict[str, list[float]] = {"mouse": [], "phone": []}

        def write(pen: str, client: Client, strokes: list[Stroke]) -> None:
            for stroke in strokes:
                path = [(round(x), round(y)) for x, y in stroke.points]
                points = [[x, y, 1e9 + 8 * i] for i, (x, y) in enumerate(path)]
                if pen == "mouse":
                    for event in [down(path[0]), *(move(at, 1) for at in path[1:])]:
                        pygame.event.post(event)
                else:
                    client.change(do="ink", first=True, last=False, points=points)
                time.sleep(_REST)
                wanted[0] += 1
                shown.clear()
                begun = time.perf_counter()
                if pen == "mouse":
                    pygame.event.post(up(path[-1]))
                else:
                    client.change(do="ink", first=False, last=True, points=[])
                shown.wait()
                took[pen].append((game.shown_at - begun) * 1000)

        def drive() -> None:
            client = Client(phone.address)
            threading.Thread(target=_drain, args=(client,), daemon=True).start()
            for at in range(_ROUNDS * 10):
                for pen in took:
                    write(pen, client, number(str(at % 10), 150, (200, 200))[0])
                    client.change(do="clear")
                    time.sleep(_REST)
                    wanted[0] = 0
            client.leave()
            finished.set()

        freeze_garbage_collector()
        threading.Thread(target=drive, daemon=True).start()
        page = game.board.document
        while not finished.is_set():
            events = take(0.0 if game.busy else 0.25)
            phone.update(game.controller, True)
            game.frame(events)
            if len(page.strokes) == wanted[0] > 0 and page.live is None and game.board.is_read:
                shown.set()
        phone.close(wait=True)
        game.close()
    for pen, times in took.items():
        half, most = np.percentile(times, [50, 95])
        print(f"{pen}: n {len(times)}, median {half:.1f} ms, 95 % within {most:.1f} ms")


def _drain(client: Client) -> None:
    """Takes what the window says, as a browser does."""
    try:
        while True:
            client.wait()
    except Exception:
        return  # it has left


if __name__ == "__main__":
    main()
