"""The history of a character: it grows with the stroke, and other ink begins anew."""

from __future__ import annotations

import numpy as np

from game.inspector.prediction_history import PredictionHistory
from models.ink.strokes import Stroke
from tests.helpers.game import reader as new_reader
from tests.helpers.samples import samples

READER = new_reader()


def readings_of(
    history: PredictionHistory, ink: tuple[Stroke, ...]
) -> tuple[np.ndarray, np.ndarray]:
    history.aim(READER, ink, 12, READER.classify(ink, 12).probabilities.tolist())
    history.step(1e9)
    assert not history.busy
    return history.readings()


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
    counts, probabilities = readings_of(PredictionHistory(), ink)
    total = sum(map(len, ink))
    assert counts[-1] == total and 24 <= len(counts) <= 49 and (np.diff(counts) > 0).all()
    for count, row in zip(counts.tolist(), probabilities, strict=True):
        np.testing.assert_allclose(row, READER.classify(first(ink, count), 12).probabilities)


def test_it_grows_with_the_stroke_as_if_it_had_been_there_at_once() -> None:
    ink = samples()[2].strokes
    history, total = PredictionHistory(), sum(map(len, samples()[2].strokes))
    lengths = []
    for count in range(1, total + 1, 3):
        counts, _ = readings_of(history, first(ink, count))
        lengths.append(int(counts[-1]))
    assert lengths == list(range(1, total + 1, 3))
    counts, probabilities = readings_of(history, ink)
    again, same = readings_of(PredictionHistory(), ink)
    np.testing.assert_array_equal(counts, again)
    np.testing.assert_allclose(probabilities, same)


def test_a_stroke_more_keeps_what_was_read_and_another_character_does_not() -> None:
    ink, other = (d.strokes for d in [d for d in samples() if len(d.strokes) > 1][:2])
    history = PredictionHistory()
    readings_of(history, first(ink, len(ink[0])))
    history.aim(READER, ink, 12, [0.1] * 10)
    assert len(history.readings()[0]) > 5
    history.aim(READER, other, 12, [0.1] * 10)
    assert history.readings()[0].tolist() == [sum(map(len, other))]
