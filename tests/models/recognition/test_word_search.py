"""What is known of words, and of how letters stand, decides between what characters may be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ink.jsonl import read_drawings
from models.ink.strokes import Box
from models.recognition.labels import CHARACTERS, DIGITS
from models.recognition.language_model import load_language
from models.recognition.lookalikes import Lookalikes
from models.recognition.network import load_network, softmax
from models.recognition.reader import Reader
from models.recognition.word_search import (
    FILE,
    FixedOption,
    WordPart,
    WordReading,
    WordSearch,
    load_word_weights,
)
from models.segmentation.search import run
from models.segmentation.segmenter import Classification
from models.util.errors import InputError
from tests.helpers.data import data_dir
from training.datasets.split import split_of

SEARCH = WordSearch(CHARACTERS, load_language(), load_word_weights("characters").features)


@dataclass(frozen=True, eq=False)
class Seen:
    """A character as the network sees it."""

    classification: Classification
    box: Box
    dotted: bool = False


def seen(text: str, share: float = 0.96) -> np.ndarray:
    """The output for a character alone: all of a text such as "0O" alike, but for how usual they
    are.
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


def readings(
    outputs: Sequence[np.ndarray],
    boxes: Sequence[Box],
    dotted: Sequence[bool] = (),
    labels: Sequence[str | None] = (),
) -> list[tuple[float, WordReading]]:
    dotted = dotted or [False] * len(boxes)
    labels = labels or [None] * len(boxes)
    image = np.zeros((28, 28), np.float32)
    return run(
        SEARCH.readings(
            [
                WordPart((one,), (one,), label)
                for own, box, dot, label in zip(outputs, boxes, dotted, labels, strict=True)
                for one in (FixedOption(Seen(Classification(image, own), box, dot)),)
            ]
        )
    )


def best(texts: Sequence[str], boxes: Sequence[Box], dotted: Sequence[bool] = ()) -> str:
    (_, reading), *_ = readings([seen(text) for text in texts], boxes, dotted)
    return reading.text


@pytest.mark.parametrize(
    ("characters", "expected"),
    [
        (["3", "0O", "4", "1IL"], "3041"),
        (["F", "0O", "X"], "FOX"),
        (["7", "5S", "8B"], "758"),
        (["A", "5S", "K"], "ASK"),
        (["6", "9gq"], "69"),
        (["T", "HA", "E"], "THE"),
        (["C", "HA", "T"], "CAT"),
    ],
)
def test_numbers_hold_digits_and_words_letters(characters: list[str], expected: str) -> None:
    assert best(characters, row(*[1.0] * len(characters))) == expected


@pytest.mark.parametrize("code", ["AB3F", "INK42", "B2", "QXZ", "R2D2", "07", "1984"])
def test_what_is_surely_written_is_not_overruled_by_words(code: str) -> None:
    outputs = [seen(character, 0.9995) for character in code]
    (likely, reading), *_ = readings(outputs, row(*[1.0] * len(code)))
    assert reading.text == code and likely > 0.5


def test_a_g_goes_below_the_line() -> None:
    shown = {
        low: {r.text: p for p, r in readings([seen("T4"), seen("9gq")], row(1, 1, drop=(0, low)))}
        for low in (0.0, 0.35)
    }
    digit, letter = (sum(p for t, p in shown[low].items() if t[1] == "9") for low in (0.0, 0.35))
    assert digit > letter


@pytest.mark.parametrize(
    ("characters", "heights", "expected"),
    [
        (["h", "e", "L", "L", "O"], (1, 0.6, 1, 1, 0.6), "hello"),
        (["H", "e", "L", "L", "O"], (1, 0.6, 1, 1, 0.6), "Hello"),
        (["C", "a", "t"], (1, 0.6, 0.95), "Cat"),
        (["C", "a", "t"], (0.6, 0.6, 0.9), "cat"),
        (["F", "O", "X"], (1, 1, 1), "FOX"),
        (["L", "a", "d", "I", "n", "gq"], (1, 0.6, 1, 0.95, 0.6, 0.9), "lading"),
    ],
)
def test_height_and_word_tell_small_letters(
    characters: list[str], heights: tuple[float, ...], expected: str
) -> None:
    drop = [0.3 * (character == "gq") for character in characters]
    assert best(characters, row(*heights, drop=drop)) == expected


def test_a_dot_tells_a_small_letter() -> None:
    assert best(["L", "I", "P"], row(1, 0.95, 0.9, drop=(0, 0, 0.3)), [False, True, False]) == "lip"


def test_a_corrected_character_is_certain_and_its_neighbours_follow() -> None:
    outputs, boxes = [seen("S"), seen("0O"), seen("B8")], row(1, 1, 1)
    (_, letters), *_ = readings(outputs, boxes, labels=[None, "O", None])
    (_, digits), *_ = readings([seen("5S"), *outputs[1:]], boxes, labels=["5", None, None])
    assert letters.text.upper() == "SOB" and digits.text == "508"


def test_a_beam_that_leads_nowhere_falls_back_to_the_best_segmentation() -> None:
    """Twenty ways to take the first two of three segments, and none goes on with the third."""
    image, boxes = np.zeros((28, 28), np.float32), row(1, 1, 1)

    def option(mask: int, score: float) -> FixedOption:
        character = Seen(Classification(image, seen("A")), boxes[0])
        return FixedOption(character, mask, score)

    blocking = tuple(option(0b011, 9.0) for _ in range(20))
    best = option(0b001, -50.0), option(0b110, -50.0)
    (_, reading), *_ = run(SEARCH.readings([WordPart((*blocking, *best), best)]))
    assert reading.characters == tuple(each.candidate for each in best)


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=47, max_size=47), min_size=1, max_size=5),
    st.lists(st.floats(0.01, 100), min_size=5, max_size=5),
)
def test_readings_are_whole_words_and_their_likelihoods_sum_to_one(
    weights: list[list[float]], heights: list[float]
) -> None:
    outputs = [(np.array(w) + 1e-6) / (np.array(w) + 1e-6).sum() for w in weights]
    found = readings(outputs, row(*heights[: len(outputs)]))
    assert sum(likely for likely, _ in found) == pytest.approx(1)
    assert [likely for likely, _ in found] == sorted((p for p, _ in found), reverse=True)
    assert all(len(each.text) == len(each.characters) == len(outputs) for _, each in found)


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


@pytest.mark.parametrize("content", ["", "{}", '{"strokes": {"characters": {}}}', "[1]"])
def test_a_damaged_file_of_weights_is_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "words.json").write_text(content)
    with pytest.raises(InputError, match=r"words\.json: damaged") as error:
        load_word_weights("characters", tmp_path / "words.json")
    assert "\n" not in str(error.value)


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    own = json.loads(FILE.read_text())
    own["strokes"]["characters"]["weights"]["image"] = float("nan")
    (tmp_path / "words.json").write_text(json.dumps(own))
    with pytest.raises(InputError, match="not finite"):
        load_word_weights("characters", tmp_path / "words.json")
