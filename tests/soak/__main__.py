"""Plays at random for long, then kills the window again and again while ink is written.

python -m tests.soak [--only play|kill] [--seed N] [--events N] [--seconds S] [--kills N]
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys

from game.window.start import import_pygame


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0, or 1 where anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--only", choices=("play", "kill"), help="only one of the two parts")
    parser.add_argument("--seed", type=int, help="of all that is done (default: a random one)")
    parser.add_argument("--events", type=int, default=100_000, help="to play (default: 100000)")
    parser.add_argument("--seconds", type=float, help="to play, in the place of --events")
    parser.add_argument("--strokes", type=int, default=150, help="on a page (default: 150)")
    parser.add_argument("--kills", type=int, default=200, help="of a window (default: 200)")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(1 << 31) if options.seed is None else options.seed
    print(f"Seed {seed}", flush=True)
    status = 0
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    import_pygame()
    if options.only != "kill":
        from tests.soak.player import play

        if options.seconds is None:
            status |= play(seed, options.strokes, events=options.events)
        else:
            status |= play(seed, options.strokes, seconds=options.seconds)
    if options.only != "play":
        from tests.soak.kills import kill_windows

        status |= kill_windows(seed, options.strokes, options.kills)
    return status


if __name__ == "__main__":
    sys.exit(main())
