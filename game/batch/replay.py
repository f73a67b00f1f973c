"""Drawings from a file, written into the running game as mouse events.

python -m game replay game/samples/digits.jsonl --headless
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from game.app import Game, stop_signals
from game.batch.correction_experiment import CorrectionExperiment
from game.batch.pilot import Pilot, letter
from game.batch.report import Report, Result
from game.document.folder import drawings_folder
from game.document.open import fit
from game.window.window import Window
from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing, Stroke
from models.recognition.reader import Reader

_LONGEST = 1.5  # seconds that one watches a drawing being written
_USUAL_STEP = 0.008  # seconds between points whose times are not known
_PAUSE = 0.6  # seconds to look at the answer, in a window


def replay(
    path: Path,
    reader: Reader,
    headless: bool,
    as_json: bool,
    limit: int | None,
    experiment: CorrectionExperiment | None = None,
) -> int:
    """Replays a file's drawings, and prints what the screen says. Returns the exit status.

    headless: without pauses, as fast as it goes.
    as_json: one JSON line for each drawing, and nothing else on standard output.
    limit: how many drawings at most; None for all.
    experiment: each writer makes corrections; its summary is printed at the end.

    Raises InputError at a line that cannot be used, after the results before it.
    """
    window = Window(1.0 if headless else None)
    game = Game(window, reader, drawings_folder())
    report = Report(as_json, timed=True)
    try:
        with stop_signals() as signals:
            for number, drawing in enumerate(islice(read_drawings(path), limit), start=1):
                if experiment is not None:
                    experiment.begin(game.board, drawing)
                result = replay_drawing(game, drawing, watched=not headless)
                if signals:
                    return 130
                if result is None:
                    break
                report.add(replace(result, id=result.id or f"{path.name}, drawing {number}"))
                if experiment is not None:
                    _correct(game, experiment, drawing)
    finally:
        report.finish()
        if experiment is not None:
            print(experiment.summary(), file=sys.stderr if as_json else sys.stdout)
        game.close()
    return 0


def replay_drawing(game: Game, drawing: Drawing, watched: bool) -> Result | None:
    """Clears the canvas, writes one drawing on it, and returns what the screen then says.

    watched: in the writer's own time, or quicker where that is long. Returns None when the player
    quits meanwhile.
    """
    pilot = Pilot(game)
    pilot.frame(letter("c"))
    game.board.document.forget_steps()  # else all drawings of a long file would stay in memory
    strokes = fit(drawing, game.board.document.size)
    spans = _spans(strokes)
    speed = max(1.0, spans[-1][1] / _LONGEST) if watched else math.inf
    begun = time.monotonic()
    for stroke, (start, end) in zip(strokes, spans, strict=True):
        pilot.wait(begun + start / speed - time.monotonic())
        pilot.write(stroke, (end - start) / speed)
    while game.running and not game.board.is_read:
        pilot.frame()
    result = Result(drawing.id, game.board.reading, drawing.label, pilot.milliseconds)
    if watched:
        pilot.wait(_PAUSE)
    return result if game.running else None


def _correct(game: Game, experiment: CorrectionExperiment, drawing: Drawing) -> None:
    """Makes the corrections to a drawing on the canvas: each character selected, T, its key."""
    pilot = Pilot(game)
    for index, label in experiment.mistakes(game.board, drawing):
        game.board.select(index)
        pilot.frame(letter("t"))
        pilot.frame(letter(label))
    game.board.select(None)


def _spans(strokes: Sequence[Stroke]) -> list[tuple[float, float]]:
    """Start and end of each stroke, in seconds since the first began."""
    spans: list[tuple[float, float]] = []
    if all(stroke.times is not None for stroke in strokes):
        times = [stroke.times for stroke in strokes if stroke.times is not None]
        first = float(times[0][0])
        return [((float(t[0]) - first) / 1000, (float(t[-1]) - first) / 1000) for t in times]
    now = 0.0
    for stroke in strokes:
        spans.append((now, now + len(stroke) * _USUAL_STEP))
        now = spans[-1][1] + 0.1
    return spans
