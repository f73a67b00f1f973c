"""The history of a character: it grows with the stroke, and other ink begins anew."""

from __future__ import annotations

import numpy as np

from game.inspector.prediction_history import PredictionHistory
from models.ink.strokes import Stroke
from tests.helpers.game import reader as new_reader
from tests.helpers.samples import samples

READER = new_reader()


def grown(growth: PredictionHistory, ink: tuple[Stroke, ...]) -> tuple[np.ndarray, np.ndarray]:
    growth.aim(READER, ink, 12, READER.classify(ink, 12).probabilities.tolist())
    growth.step(1e9)
    assert not growth.busy
    return growth.history()


def first(strokes: tuple[Stroke, ...], count: int) -> tuple[Stroke, ...]:
    """The ink after so many points."""
    begun = []
    for stroke in strokes:
        if count > 0:
            begun.append(Stroke(stroke.points[:count]))
        count -= len(stroke)
    return tuple(begun)


def test_each_reading_is_of_the_ink_so_far() -> None:
    ink = next(d for d in samples() if len(d.strokes) > 1).strokes
    counts, probabilities = grown(PredictionHistory(), ink)
    total = sum(map(len, ink))
    assert counts[-1] == total and 24 <= len(counts) <= 49 and (np.diff(counts) > 0).all()
    for count, row in zip(counts.tolist(), probabilities, strict=True):
        np.testing.assert_allclose(row, READER.classify(first(ink, count), 12).probabilities)


def test_it_grows_with_the_stroke_as_if_it_had_been_there_at_once() -> None:
    ink = samples()[2].strokes
    growth, total = PredictionHistory(), sum(map(len, samples()[2].strokes))
    lengths = []
    for count in range(1, total + 1, 3):
        counts, _ = grown(growth, first(ink, count))
        lengths.append(int(counts[-1]))
    assert lengths == list(range(1, total + 1, 3))
    counts, probabilities = grown(growth, ink)
    again, same = grown(PredictionHistory(), ink)
    np.testing.assert_array_equal(counts, again)
    np.testing.assert_allclose(probabilities, same)


def test_a_stroke_more_keeps_what_was_read_and_another_character_does_not() -> None:
    ink, other = (d.strokes for d in [d for d in samples() if len(d.strokes) > 1][:2])
    growth = PredictionHistory()
    grown(growth, first(ink, len(ink[0])))
    growth.aim(READER, ink, 12, [0.1] * 10)
    assert len(growth.history()[0]) > 5
    growth.aim(READER, other, 12, [0.1] * 10)
    assert growth.history()[0].tolist() == [sum(map(len, other))]
