"""What stands on the page as an answer to a task, taken from the board's reading."""

from __future__ import annotations

from dataclasses import dataclass

from models.recognition.answer import Answer, Kind, Reading


@dataclass(frozen=True)
class Character:
    """One character of the answer.

    text: the best label. other: the second best. seconds: how long the pen wrote it, from touching
    down to the last lifting; None where the times are not known.
    """

    text: str
    other: str
    kind: Kind
    seconds: float | None = None


@dataclass(frozen=True)
class Written:
    """All that is written, in reading order; several lines are one number.

    strokes: how many. ink: compares unequal to that of a page whose ink or its grouping differs.
    """

    characters: tuple[Character, ...] = ()
    strokes: int = 0
    ink: object = None


def written(reading: Reading, strokes: int, ink: object) -> Written:
    """What a reading says is written; `strokes` and `ink` as in `Written`."""
    return Written(tuple(map(_character, reading.answers)), strokes, ink)


def _character(answer: Answer) -> Character:
    (best, _), (other, _) = answer.alternatives[:2]
    times = [stroke.times for stroke in answer.ink]
    known = [each for each in times if each is not None]
    took = None
    if known and len(known) == len(times):
        took = (max(each[-1] for each in known) - min(each[0] for each in known)) / 1000
    return Character(best, other, answer.kind, took)
