"""The network and its card: real answers, and one clear line for everything that may be wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.recognition.answer import decide
from models.recognition.card import FOLDER
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.util.errors import InputError
from tests.helpers.samples import placed, samples


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for ending in ("tflite", "json"):
        shutil.copy(FOLDER / f"digits.{ending}", tmp_path)
    return tmp_path


def complaint(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_network("digits", folder)
    text = str(caught.value)
    assert "\n" not in text and str(folder) in text and "make train" in text
    return text


def test_reads_every_sample_and_says_how_sure_it_is() -> None:
    reader = Reader(load_network())
    for drawing in samples():
        reading = reader.read(drawing.strokes, pen=12)
        (answer,) = reading.answers
        assert reading.text == answer.text == drawing.label, drawing.id
        assert answer.caption() == drawing.label
        assert 0.5 < reading.confidence == answer.confidence <= 1
        assert sum(answer.probabilities) == pytest.approx(1)
        chances = [chance for _, chance in answer.alternatives]
        assert len(chances) == 3 and chances == sorted(chances, reverse=True)
        assert answer.strokes == tuple(range(len(drawing.strokes)))


def test_an_empty_canvas_has_no_answer() -> None:
    reading = Reader(load_network()).read([], pen=12)
    assert (reading.answers, reading.text, reading.confidence) == ((), "", 0.0)


def test_the_box_holds_ink_and_brush() -> None:
    (answer,) = Reader(load_network()).read(placed(samples()[0], 100, (50, 70)), 10).answers
    assert (answer.box.x, answer.box.y) == (45, 65)
    assert max(answer.box.width, answer.box.height) == pytest.approx(110, abs=1)


def test_two_close_answers_are_both_named_and_none_is_asserted() -> None:
    card = load_network().card
    spread = np.full(10, 0.001)
    four_or_nine, nothing, sure = spread.copy(), np.full(10, 0.1), spread.copy()
    four_or_nine[[4, 9]] = 0.496
    sure[8] = 0.991
    kinds = [decide(row, card) for row in (four_or_nine, nothing, sure)]
    assert kinds == ["unsure", "refused", "sure"]


def test_loading_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    load_network()
    assert capfd.readouterr() == ("", "")


def test_missing_files_are_named(tmp_path: Path, copy: Path) -> None:
    (copy / "digits.tflite").unlink()
    assert "digits.tflite" in complaint(copy)
    (copy / "digits.json").unlink()
    assert "digits.json" in complaint(copy)


@pytest.mark.parametrize("kept", [0, 1, 1000])
def test_a_cut_network_is_not_used(copy: Path, kept: int) -> None:
    path = copy / "digits.tflite"
    path.write_bytes(path.read_bytes()[:kept])
    assert "digits.tflite" in complaint(copy)


def test_a_cut_network_with_a_matching_card_is_not_used(copy: Path) -> None:
    from models.recognition.card import sha256_of

    path, card = copy / "digits.tflite", copy / "digits.json"
    for content in (b"", b"no network at all", path.read_bytes()[:2000]):
        path.write_bytes(content)
        card.write_text(json.dumps(json.loads(card.read_text()) | {"sha256": sha256_of(content)}))
        assert "digits.tflite" in complaint(copy)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": None},
        {"labels": ["0"]},
        {"labels": ["0"] * 10},
        {"temperature": 0},
        {"temperature": "hot"},
        {"temperature": True},
        {"sure_at": 7},
        {"input_contract": 99},
        {"unknown": 1},
        {"trust": {"ab": 0.5}},
        {"trust": {"0O": 0}},
        {"trust": {"0O": "much"}},
        {"trust": [1]},
    ],
)
def test_a_wrong_card_is_not_used(copy: Path, change: dict[str, object]) -> None:
    card = copy / "digits.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | change))
    assert "digits.json" in complaint(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"name": "digits"}'])
def test_a_damaged_card_is_not_used(copy: Path, text: str) -> None:
    (copy / "digits.json").write_text(text)
    assert "digits.json" in complaint(copy)


def test_a_card_for_other_labels_is_not_used(copy: Path) -> None:
    card = copy / "digits.json"
    values = json.loads(card.read_text())
    card.write_text(json.dumps(values | {"labels": values["labels"][:9]}))
    complaint(copy)
