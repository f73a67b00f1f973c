"""How likely text is."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.recognition.card import sha256_of
from models.recognition.language_model import (
    SYMBOLS,
    LanguageModel,
    Prefix,
    language_bytes,
    load_language,
)
from models.util.errors import InputError

ENGLISH = load_language()


def prefix(text: str, model: LanguageModel = ENGLISH) -> Prefix:
    found = model.start
    for symbol in text:
        found = model.after(found, symbol)
    return found


def likelihood(text: str) -> float:
    return ENGLISH.likelihood(prefix(text))


def test_words_are_likelier_than_names_and_those_than_jumbles() -> None:
    assert likelihood("HOUSE") > likelihood("HAUSO") > likelihood("HXQZO")
    assert likelihood("1984") > likelihood("I984")
    assert likelihood("B2B") > -25  # a code is possible


def test_single_characters_are_all_alike() -> None:
    assert len({likelihood(symbol) for symbol in SYMBOLS}) == 1


@given(st.text(st.sampled_from(SYMBOLS), min_size=1, max_size=8))
def test_a_prefix_is_as_likely_as_all_that_goes_on_from_it_at_most(text: str) -> None:
    before = prefix(text)
    going_on = sum(math.exp(ENGLISH.after(before, symbol).likelihood) for symbol in SYMBOLS)
    assert going_on <= math.exp(before.likelihood) * 1.05


def test_frequencies_count() -> None:
    """Of two words, the one that is e times as frequent is as much likelier."""
    letters = np.full((27, 27, 27, 26), 250, np.uint8)
    words, costs = ["AB", "ABC", "B"], np.array([0, 10, 20], np.uint8)
    model = LanguageModel(words, costs, letters)
    both = [model.likelihood(prefix(word, model)) for word in ("AB", "ABC")]
    assert both[0] - both[1] == pytest.approx(1.0, abs=0.01)


def test_all_words_are_found() -> None:
    words = sorted({"".join(each) for n in (2, 3) for each in product("AMZ", repeat=n)})
    letters = np.full((27, 27, 27, 26), 250, np.uint8)
    model = LanguageModel(words, np.zeros(len(words), np.uint8), letters)
    found = [prefix(word, model) for word in words]
    assert [words[each.start] for each in found] == words


def test_a_file_that_is_not_what_its_card_describes_is_one_line(tmp_path: Path) -> None:
    content = language_bytes(["A"], np.zeros(1, np.uint8), np.zeros((27, 27, 27, 26), np.uint8))
    (tmp_path / "latin.npz").write_bytes(content)
    (tmp_path / "latin.json").write_text(f'{{"sha256": "{sha256_of(content)}"}}')
    assert load_language("latin", tmp_path).start.end == 1
    (tmp_path / "latin.npz").write_bytes(content[:-9])
    with pytest.raises(InputError, match=r"latin\.npz: damaged"):
        load_language("latin", tmp_path)
    (tmp_path / "latin.json").unlink()
    with pytest.raises(InputError, match=r"latin\.json: cannot be read"):
        load_language("latin", tmp_path)
    with pytest.raises(InputError, match="there are latin, none"):
        load_language("greek", tmp_path)


def test_without_a_language_all_letters_are_alike() -> None:
    none = load_language("none")
    assert not none.has("HOUSE")
    words = [none.likelihood(prefix(word, none)) for word in ("HOUSE", "XQZVK")]
    assert words[0] == pytest.approx(words[1])
    assert words[0] < likelihood("HOUSE")
