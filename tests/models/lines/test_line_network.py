"""The network for lines and its card: one clear line for everything that may be wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.lines.network import load_line_network
from models.recognition.card import FOLDER, sha256_of
from models.util.errors import InputError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for ending in ("tflite", "json"):
        shutil.copy(FOLDER / f"lines.{ending}", tmp_path)
    return tmp_path


def complaint(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_line_network(folder)
    text = str(caught.value)
    assert "\n" not in text and str(folder) in text and "training lines" in text
    return text


def change(folder: Path, **values: object) -> None:
    path = folder / "lines.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_missing_and_damaged_files_are_named(copy: Path) -> None:
    (copy / "lines.tflite").write_bytes(b"no network")
    assert "not the network that its card describes" in complaint(copy)
    change(copy, sha256=sha256_of(b"no network"))
    assert "not a network for lines of digits" in complaint(copy)
    (copy / "lines.tflite").unlink()
    assert "the network is missing" in complaint(copy)
    (copy / "lines.json").write_text("{")
    assert "cannot be read" in complaint(copy)
    (copy / "lines.json").unlink()
    assert "card is missing" in complaint(copy)


@pytest.mark.parametrize(
    "values",
    [{"temperature": 0}, {"sure_at": "high"}, {"labels": ["0", "1"]}, {"extra": 1}, {"sha256": 5}],
)
def test_an_incomplete_card_is_refused(copy: Path, values: dict[str, object]) -> None:
    change(copy, **values)
    assert "not a complete card" in complaint(copy)


def test_strips_of_another_version_are_refused(copy: Path) -> None:
    change(copy, strip_contract=99)
    assert "strips of version 99" in complaint(copy)


def test_another_network_is_refused(copy: Path) -> None:
    content = (FOLDER / "digits.tflite").read_bytes()
    (copy / "lines.tflite").write_bytes(content)
    change(copy, sha256=sha256_of(content))
    assert "not a network for lines of digits" in complaint(copy)


def test_any_width_has_two_columns_for_four_pixels() -> None:
    network = load_line_network()
    for width in (16, 100, 384):
        strip = np.zeros((32, width), np.uint8)
        columns = network.log_probabilities(strip)
        assert columns.shape == (-(-width // 32) * 16, 11)
        np.testing.assert_allclose(np.exp(columns).sum(axis=1), 1)
        # Paper alone is no digit.
        assert (columns.argmax(axis=1) == 0).all()
    with pytest.raises(ValueError, match="400"):
        network.logits(np.zeros((32, 400), np.uint8))
