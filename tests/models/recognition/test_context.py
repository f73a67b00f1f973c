"""The context of a word decides between look-alikes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ink.jsonl import read_drawings
from models.ink.strokes import Box
from models.recognition.context import rescore_lookalikes, small, words
from models.recognition.labels import CHARACTERS, DIGITS, LOOKALIKES
from models.recognition.lookalikes import Lookalikes
from models.recognition.network import load_network, softmax
from models.recognition.reader import Reader
from tests.helpers.data import data_dir
from training.datasets.split import split_of


def seen(text: str, share: float = 0.96) -> np.ndarray:
    """The output for a character alone: all look-alikes of a text such as "0O" alike, but for
    how usual they are.
    """
    rest = (1 - share) / (len(CHARACTERS) - len(text))
    alike = np.array([[share / len(text) if c in text else rest for c in CHARACTERS]])
    own: np.ndarray = softmax(Lookalikes(CHARACTERS, {}).rescale(np.log(alike)))[0]
    return own


def row(*heights: float, gap: float = 0.3, drop: Sequence[float] = ()) -> list[Box]:
    """Boxes on a common line; drop: how far each reaches below it."""
    boxes, x = [], 0.0
    for index, height in enumerate(heights):
        below = drop[index] if drop else 0.0
        boxes.append(Box(x, 1 - height + below, 0.6, height))
        x += 0.6 + gap
    return boxes


def best(rescored: Sequence[np.ndarray]) -> str:
    return "".join(CHARACTERS[int(p.argmax())] for p in rescored)


@pytest.mark.parametrize(
    ("characters", "expected"),
    [
        (["3", "0O", "4", "1IL"], "3041"),
        (["F", "0O", "X"], "FOX"),
        (["7", "5S", "8B"], "758"),
        (["H", "5S", "8B"], "HSB"),
        (["A", "2Z", "T"], "AZT"),
        (["6", "9gq"], "69"),
    ],
)
def test_numbers_hold_digits_and_words_letters(characters: list[str], expected: str) -> None:
    rescored = rescore_lookalikes(
        [seen(c) for c in characters], row(*[1.0] * len(characters)), CHARACTERS
    )
    assert best(rescored) == expected


def test_a_clear_character_is_not_overruled_by_its_neighbours() -> None:
    rescored = rescore_lookalikes([seen(c) for c in "AB3F"], row(1, 1, 1, 1), CHARACTERS)
    assert best(rescored) == "AB3F"


def test_what_stands_alone_stays_in_doubt() -> None:
    (rescored,) = rescore_lookalikes([seen("0O")], row(1), CHARACTERS)
    np.testing.assert_array_equal(rescored, seen("0O"))


def test_a_small_circle_beside_high_letters_is_no_zero() -> None:
    unclear = seen("T4")  # tells neither a number nor a word
    zero, o = CHARACTERS.index("0"), CHARACTERS.index("O")
    low = rescore_lookalikes([unclear, seen("0O")], row(1, 0.5), CHARACTERS)[1]
    high = rescore_lookalikes([unclear, seen("0O")], row(1, 1), CHARACTERS)[1]
    assert low[o] > 3 * low[zero]
    assert high[o] == pytest.approx(high[zero], rel=0.1)


def test_a_g_goes_below_the_line() -> None:
    boxes = row(1, 1, drop=(0, 0.4))
    _, rescored = rescore_lookalikes([seen("T4"), seen("9gq")], boxes, CHARACTERS)
    assert rescored[CHARACTERS.index("g")] > 3 * rescored[CHARACTERS.index("9")]


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=47, max_size=47), min_size=1, max_size=6),
    st.lists(st.floats(0.01, 100), min_size=6, max_size=6),
)
def test_only_look_alikes_are_weighed_against_each_other(
    weights: list[list[float]], heights: list[float]
) -> None:
    given_ = [(np.array(w) + 1e-6) / (np.array(w) + 1e-6).sum() for w in weights]
    rescored = rescore_lookalikes(given_, row(*heights[: len(given_)]), CHARACTERS)
    for before, after in zip(given_, rescored, strict=True):
        assert after.sum() == pytest.approx(1) and (after >= 0).all()
        for group in LOOKALIKES:
            members = [CHARACTERS.index(label) for label in group]
            assert after[members].sum() == pytest.approx(before[members].sum())
        alone = [k for k, label in enumerate(CHARACTERS) if not any(label in g for g in LOOKALIKES)]
        np.testing.assert_array_equal(after[alone], before[alone])


def test_digits_alone_have_no_look_alikes() -> None:
    probabilities = [np.full(10, 0.1), np.eye(10)[3]]
    rescored = rescore_lookalikes(probabilities, row(1, 1), DIGITS)
    np.testing.assert_array_equal(np.stack(rescored), np.stack(probabilities))


@pytest.mark.parametrize(
    ("text", "heights", "expected"),
    [
        ("hEllO".replace("E", "e").replace("l", "L"), (1, 0.6, 1, 1, 0.6), "hello"),
        ("HeLLO", (1, 0.6, 1, 1, 0.6), "Hello"),
        ("Cat", (1, 0.6, 1), "Cat"),
        ("Cat", (0.6, 0.6, 1), "cat"),
        ("FOX", (1, 1, 1), "FOX"),
        ("I7", (1, 1), "I7"),
    ],
)
def test_letters_of_a_small_word_are_small(
    text: str, heights: tuple[float, ...], expected: str
) -> None:
    forms = small(list(text), row(*heights), [False] * len(text))
    shown = [t.lower() if form else t for t, form in zip(text, forms, strict=True)]
    assert "".join(shown) == expected


def test_what_has_a_dot_is_a_small_letter() -> None:
    assert small(["I"], row(1), [True]) == [True]
    assert small(["O", "J"], row(1, 1), [True, True]) == [False, True]
    # And so are the others of its word, where nothing tells that they are capitals.
    assert small(["L", "I", "P"], row(1, 0.9, 1), [False, True, False]) == [False, True, True]


def test_wide_gaps_part_words() -> None:
    boxes = row(1, 1, 1, 1)
    apart = [*boxes[:2], *(Box(b.x + 2, b.y, b.width, b.height) for b in boxes[2:])]
    assert words([0, 1, 2, 3], boxes) == [[0, 1, 2, 3]]
    assert words([0, 1, 2, 3], apart) == [[0, 1], [2, 3]]
    assert words([], []) == []


def test_dots_belong_to_held_out_peoples_letters() -> None:
    folder = data_dir("strokes/unipen-lower.jsonl.gz")
    reader = Reader(load_network("characters"))
    dotted = [
        drawing
        for drawing in read_drawings(folder / "strokes/unipen-lower.jsonl.gz")
        if drawing.label in ("i", "j") and len(drawing.strokes) == 2
        if split_of(drawing.writer or "") == "report"
    ]
    one = [len(reader.read(drawing.strokes, 0.0).answers) == 1 for drawing in dotted]
    assert len(one) > 300 and np.mean(one) > 0.85


def test_held_out_peoples_letters_are_read() -> None:
    folder = data_dir("strokes/unipen-upper.jsonl.gz")
    reader = Reader(load_network("characters"))
    right = count = 0
    for drawing in read_drawings(folder / "strokes/unipen-upper.jsonl.gz"):
        if split_of(drawing.writer or "") != "report":
            continue
        count += 1
        if count % 5:
            continue
        answers = reader.read(drawing.strokes, 0.0).answers
        letters = {
            label: p
            for label, p in zip(reader.labels, answers[0].probabilities, strict=True)
            if label not in DIGITS
        }
        best = max(letters, key=lambda label: letters[label])
        right += len(answers) == 1 and best.upper() == drawing.label
    assert count > 1000 and right / (count // 5) > 0.9
