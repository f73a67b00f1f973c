"""Which character is meant: the selected one, the newest, a neighbour."""

from __future__ import annotations

from models.recognition.answer import Answer, Reading
from models.segmentation.edits import Ink


def followed(ink: Ink, reading: Reading) -> int | None:
    """The answer for that ink; where it was regrouped, the first that shares most points with it.

    None where nothing of it is left.
    """
    if not ink:
        return None
    shared = [_shared(ink, answer) for answer in reading.answers]
    most = max(shared, default=0)
    return shared.index(most) if most else None


def newest(reading: Reading) -> int | None:
    """The answer with the last stroke; None without ink."""
    last = [max(answer.strokes, default=0) for answer in reading.answers]
    return last.index(max(last)) if last else None


def moved(selected: int | None, step: int, count: int) -> int | None:
    """The selection, `step` further among `count` answers; it stays at either end.

    Without one, it begins at the first answer for a step forward, at the last for one back.
    """
    if not count:
        return None
    if selected is None:
        return 0 if step > 0 else count - 1
    return min(max(selected + step, 0), count - 1)


def pair(reading: Reading, selected: int | None) -> tuple[int, int] | None:
    """The two neighbours of a line that a player means to join, in reading order.

    The selected and the one to its right; without a selection the newest and the one to its left,
    or to its right where it begins the line. None where there is no such neighbour.
    """
    if selected is not None:
        return (selected, selected + 1) if _neighbours(reading, selected) else None
    last = newest(reading)
    if last is None:
        return None
    return next(((i, i + 1) for i in (last - 1, last) if _neighbours(reading, i)), None)


def _neighbours(reading: Reading, first: int) -> bool:
    """Whether the answer has another to its right in its line."""
    lines = [answer.line for answer in reading.answers[max(first, 0) : first + 2]]
    return first >= 0 and len(lines) == 2 and lines[0] == lines[1]


def _shared(ink: Ink, answer: Answer) -> int:
    return sum(len(stroke) for stroke in answer.ink if stroke in ink)
