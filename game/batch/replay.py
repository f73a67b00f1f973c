"""Drawings from a file, written into the running game as mouse events.

python -m game replay game/samples/digits.jsonl --headless
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path

import pygame
from pygame.event import Event

from game.app import Game, stop_signals
from game.batch.correction_experiment import CorrectionExperiment
from game.batch.report import Report, Result
from game.document.open import fit
from game.window.events import take
from game.window.window import Window
from models.ink.jsonl import read_drawings
from models.ink.strokes import Drawing, Stroke
from models.recognition.reader import Reader

_EVENTS_A_FRAME = 4_000  # SDL's queue holds 65,535; a usual stroke is one frame
_LONGEST = 1.5  # seconds that one watches a drawing being written
_USUAL_STEP = 0.008  # seconds between points whose times are not known
_PAUSE = 0.6  # seconds to look at the answer, in a window
_FRAME = 1 / 60


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
    game = Game(window, reader, Path("drawings"))
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
                report.add(_named(result, f"{path.name}, drawing {number}"))
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

    watched: in about the time that the writer took. Returns None when the player quits meanwhile.
    """
    game.controller.rest = math.inf  # a dot of the file is a dot, wherever it falls
    _give(game, [_key(pygame.K_c, "c")])
    game.board.document.forget_steps()  # else all drawings of a long file would stay in memory
    strokes = fit(drawing, game.board.document.size)
    if watched:
        _write_slowly(game, strokes)
    else:
        for stroke in strokes:
            for events in _chunks(_events(pixels_of(game, stroke))):
                _give(game, events)
    while game.running and not game.board.is_read:
        _give(game, [])
    if not game.running:
        return None
    took = (game.shown_at - game.controller.lifted_at) * 1000
    result = Result(drawing.id, game.board.reading, drawing.label, took)
    if watched:
        _wait(game, _PAUSE)
    return result


def _correct(game: Game, experiment: CorrectionExperiment, drawing: Drawing) -> None:
    """Makes the corrections to a drawing on the canvas: each character selected, T, its key."""
    for index, label in experiment.mistakes(game.board, drawing):
        game.board.select(index)
        _give(game, [_key(pygame.K_t, "t")])
        _give(game, [_key(pygame.key.key_code(label.lower()), label)])
    game.board.select(None)


def _give(game: Game, events: Sequence[Event]) -> None:
    """One frame with these events, and those of the player that concern the window."""
    for event in events:
        pygame.event.post(event)
    game.frame([event for event in take() if _counts(event)])


def _counts(event: Event) -> bool:
    """Whether an event is the replay's own, or one that the window needs."""
    if getattr(event, "replayed", False) or event.type in (pygame.QUIT, pygame.VIDEOEXPOSE):
        return True
    return event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_F11)


def pixels_of(game: Game, stroke: Stroke) -> list[tuple[int, int]]:
    """The window's pixels that the mouse visits, without resting on any."""
    viewport = game.screen.viewport
    path: list[tuple[int, int]] = []
    for x, y in stroke.points.tolist():
        across, down = viewport.to_window(x, y)
        pixel = (round(across), round(down))
        if not path or pixel != path[-1]:
            path.append(pixel)
    return path


def _events(path: Sequence[tuple[int, int]]) -> Iterator[Event]:
    yield button_event(pygame.MOUSEBUTTONDOWN, path[0])
    for last, place in pairwise(path):
        yield motion_event(place, last, held=True)
    yield button_event(pygame.MOUSEBUTTONUP, path[-1])


def motion_event(place: tuple[int, int], last: tuple[int, int], held: bool) -> Event:
    """The mouse comes from one pixel of the window to another. held: with its left button down."""
    rel = (place[0] - last[0], place[1] - last[1])
    moved = {"pos": place, "rel": rel, "buttons": (int(held), 0, 0)}
    return Event(pygame.MOUSEMOTION, moved | {"touch": False, "replayed": True})


def button_event(kind: int, pixel: tuple[int, int]) -> Event:
    """The left button at a pixel of the window. kind: MOUSEBUTTONDOWN or MOUSEBUTTONUP."""
    return Event(kind, {"pos": pixel, "button": 1, "touch": False, "replayed": True})


def _key(key: int, unicode: str) -> Event:
    pressed = {"key": key, "unicode": unicode, "mod": 0, "scancode": 0}
    return Event(pygame.KEYDOWN, pressed | {"replayed": True})


def _chunks(events: Iterator[Event]) -> Iterator[list[Event]]:
    while chunk := list(islice(events, _EVENTS_A_FRAME)):
        yield chunk


def _write_slowly(game: Game, strokes: Sequence[Stroke]) -> None:
    """Writes in the writer's own time, or quicker where that is long, frame by frame."""
    timed = _timed(strokes)
    speed = max(1.0, timed[-1][-1] / _LONGEST)
    start = time.monotonic()
    for stroke, times in zip(strokes, timed, strict=True):
        path = pixels_of(game, stroke)
        events = list(_events(path))
        for i, event in enumerate(events):
            share = i / max(1, len(events) - 1)
            due = start + (times[0] + share * (times[-1] - times[0])) / speed
            _wait(game, due - time.monotonic())
            if not game.running:
                return
            pygame.event.post(event)
        _give(game, [])


def _timed(strokes: Sequence[Stroke]) -> list[tuple[float, float]]:
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


def _wait(game: Game, seconds: float) -> None:
    """Goes on with frames for so long; none where it is shorter than a frame."""
    end = time.monotonic() + seconds
    while game.running and end - time.monotonic() > _FRAME / 2:
        _give(game, [])
        time.sleep(max(0.0, min(_FRAME, end - time.monotonic())))


def _named(result: Result, name: str) -> Result:
    return result if result.id else Result(name, result.reading, result.label, result.milliseconds)
