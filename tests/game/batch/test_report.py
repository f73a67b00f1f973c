"""What `replay` and `read` say of drawings with several characters."""

from __future__ import annotations

import json

import numpy as np
import pytest

from game.batch.report import Report, Result
from models.ink.strokes import Box
from models.recognition.answer import Answer, Kind, Reading


def answer(label: str, line: int = 0, kind: Kind = "sure") -> Answer:
    return Answer(
        kind=kind,
        box=Box(1, 2, 3, 4),
        confidence=0.9,
        alternatives=((label, 0.9), ("Z", 0.06), ("8", 0.01)),
        probabilities=(0.9, 0.06, 0.01),
        image=np.zeros((28, 28), np.float32),
        line=line,
    )


def reading(*lines: str) -> Reading:
    """Sure answers, a word for each line; a "?" for one that is not."""
    return Reading(
        tuple(
            answer("4", number, "unsure") if label == "?" else answer(label, number)
            for number, line in enumerate(lines)
            for label in line
        )
    )


def test_a_lone_character_says_its_caption_and_several_say_their_text() -> None:
    assert "4 or Z?" in Result("a", reading("?")).to_row()
    assert " 12?5 " in Result("a", reading("12?5")).to_row()
    row = Result("a", reading("12", "34"), "12\n34").to_row()
    assert row.count("12 / 34") == 2
    assert "wrong" not in row and "\n" not in row
    assert "(no ink)" in Result("a", Reading()).to_row()


def test_json_has_the_text_of_all_lines_and_each_answer() -> None:
    record = json.loads(Result("a", reading("12", "?"), "12\n4").to_json())
    assert record["text"] == "12\n?" and record["label"] == "12\n4"
    assert record["confidence"] == pytest.approx(0.9**3)
    assert [each["text"] for each in record["answers"]] == ["1", "2", "?"]
    assert record["answers"][2]["alternatives"][0] == ["4", 0.9]
    assert record["answers"][0]["box"] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "label", "right"),
    [
        ("1234", "1234", True),
        ("1234", "12 34", True),
        ("123", "1234", False),
        ("12?4", "1234", False),
        ("COW", "Cow", True),
        ("Ab", "AB", False),
        ("hi", "HI", False),
        ("hI", "hi", True),
        ("", "1", False),
    ],
)
def test_a_label_is_met_by_all_its_characters(text: str, label: str, right: bool) -> None:
    assert Result("a", reading(text), label).is_right == right


def test_nothing_without_a_label_is_right_or_wrong() -> None:
    assert not Result("a", reading("1")).is_right
    assert "wrong" not in Result("a", reading("1")).to_row()


def test_accuracy_counts_whole_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(as_json=False, timed=False)
    for said, label in (("12", "12"), ("1?", "12"), ("345", "345"), ("99", None)):
        report.add(Result("a", reading(said), label))
    report.finish()
    printed = capsys.readouterr().out
    assert "4 read; answers: 8 sure, 1 unsure" in printed
    assert "2 of 3 right" in printed
