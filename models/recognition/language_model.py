"""How likely writing is as text: a word of a language, a name, a number, a code.

Text is a mixture of four kinds: words of a list by how frequent they are; other words, by which
letter follows which three; numbers; and codes of any letters and digits. Case does not count. A
single character is as likely as any other. `python -m training language` makes the files.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.recognition.card import FOLDER, sha256_of
from models.recognition.labels import DIGITS
from models.util.errors import InputError, explain_os_error
from models.util.installation import how_to_restore

LANGUAGES = FOLDER / "languages"
ENGLISH, NONE = "english", "none"
SYMBOLS = (*DIGITS, *ascii_uppercase)  # what text is made of here, whatever its case
START = len(ascii_uppercase)  # stands for the beginning of a word in the table of letters
UNIT = 0.1  # of the tables, which hold negative logarithms: 25 stands for exp(-2.5)
_IMPOSSIBLE = -1e30
# How often a word is of the list, is another, is a number, is a code.
_KINDS = tuple(math.log(share) for share in (0.72, 0.08, 0.15, 0.05))
_SINGLE = math.log(0.3 / len(SYMBOLS))  # of each single character
# What it costs to go on and to end: numbers and codes have 3 symbols on average, words 7.
_GOES_ON, _NUMBER_ENDS = -math.log(2 / 3), -math.log(1 / 3)
# In codes letters and digits come in runs: what it costs to stay with them, to change, to begin.
_STAYS, _CHANGES, _BEGINS = -math.log(0.8), -math.log(0.2), -math.log(0.5)
_LETTER_GOES_ON, _LETTER_ENDS = -math.log(6 / 7), -math.log(1 / 7)
_FIX = how_to_restore("models")


class Prefix(NamedTuple):
    """The beginning of a word.

    text: in capitals. start, end: the range of the list's words that begin so. by_kind: the
    logarithm of how likely it is, by each kind of text. likelihood: the same, by all.
    """

    text: str
    start: int
    end: int
    by_kind: tuple[float, float, float, float]
    likelihood: float


class LanguageModel:
    """A language's words and letters."""

    def __init__(
        self, words: Sequence[str], costs: NDArray[np.uint8], letters: NDArray[np.uint8]
    ) -> None:
        """words: in capitals, sorted. costs: (words,), of each the negative logarithm of how
        frequent it is, in UNITs. letters: (27, 27, 27, 26), the same of each letter after three.
        """
        self._words = words
        self._costs = costs
        mass = np.cumsum(np.exp(-UNIT * costs.astype(float)))
        self._mass: list[float] = [0.0, *(mass / mass[-1:]).tolist()]
        self._letters = letters
        self.start = _prefix("", 0, len(words), *_KINDS)

    def most_used(self, count: int) -> list[str]:
        """So many words of the list, the most frequent first."""
        return [self._words[k] for k in np.argsort(self._costs, kind="stable")[:count].tolist()]

    def has(self, word: str) -> bool:
        """Whether the list has a word; in capitals."""
        place = bisect_left(self._words, word)
        return place < len(self._words) and self._words[place] == word

    def after(self, prefix: Prefix, symbol: str) -> Prefix:
        """The beginning of a word that one more symbol, of SYMBOLS, makes."""
        listed, other, number, code = prefix.by_kind
        text = prefix.text + symbol
        is_digit = symbol in DIGITS
        each = _GOES_ON + math.log(len(DIGITS) if is_digit else START)
        turn = _STAYS if (text[-2:-1] in DIGITS) == is_digit else _CHANGES
        code -= each + (turn if prefix.text else _BEGINS)
        if is_digit:
            return _prefix(text, 0, 0, _IMPOSSIBLE, _IMPOSSIBLE, number - each, code)
        start, end = (
            bisect_left(self._words, bound, prefix.start, prefix.end)
            for bound in (text, prefix.text + chr(ord(symbol) + 1))
        )
        listed += self._log_share(start, end, prefix)
        if other > _IMPOSSIBLE:
            place = [START] * 3 + [ord(each) - ord("A") for each in text[-4:]]
            other -= UNIT * float(self._letters[tuple(place[-4:])]) + _LETTER_GOES_ON
        return _prefix(text, start, end, listed, other, _IMPOSSIBLE, code)

    def likelihood(self, word: Prefix) -> float:
        """The logarithm of how likely that is a whole word."""
        if len(word.text) == 1:
            return _SINGLE
        listed, other, number, code = word.by_kind
        whole = int(word.start < word.end and self._words[word.start] == word.text)
        listed += self._log_share(word.start, word.start + whole, word)
        return _log_sum((listed, other - _LETTER_ENDS, number - _NUMBER_ENDS, code - _NUMBER_ENDS))

    def _log_share(self, start: int, end: int, within: Prefix) -> float:
        """The logarithm of the share that some words have among those of a prefix."""
        if start >= end:
            return _IMPOSSIBLE
        own = self._mass[end] - self._mass[start]
        every = self._mass[within.end] - self._mass[within.start]
        return math.log(own / every) if own > 0 else _IMPOSSIBLE


def language_bytes(
    words: Sequence[str], costs: NDArray[np.uint8], letters: NDArray[np.uint8]
) -> bytes:
    """A language's file; arguments as for `LanguageModel`."""
    file = io.BytesIO()
    listed = np.frombuffer("\n".join(words).encode("ascii"), np.uint8)
    np.savez_compressed(file, words=listed, costs=costs, letters=letters)
    return file.getvalue()


def languages(folder: Path = LANGUAGES) -> tuple[str, ...]:
    """The names of the languages that there are; the last is NONE, which knows no words."""
    return (*sorted(path.stem for path in folder.glob("*.npz")), NONE)


def load_language(name: str = ENGLISH, folder: Path = LANGUAGES) -> LanguageModel:
    """Loads `NAME.npz`, checked against its card `NAME.json`; for NONE all letters are alike.

    Raises InputError, one line that says what to do, where either is missing or damaged.
    """
    if name == NONE:
        alike = np.full((START + 1,) * 3 + (START,), round(math.log(START) / UNIT), np.uint8)
        return LanguageModel((), np.zeros(0, np.uint8), alike)
    path = folder / f"{name}.npz"
    if not path.exists():
        there = ", ".join(languages(folder))
        raise InputError(f"{path}: no such language; there are {there}; {_FIX}.")
    try:
        content = path.read_bytes()
        sha256 = json.loads((folder / f"{name}.json").read_text())["sha256"]
        if sha256_of(content) != sha256:
            raise ValueError("not what its card describes")
        with np.load(io.BytesIO(content)) as tables:
            words = tables["words"].tobytes().decode("ascii").split("\n")
            return LanguageModel(words, tables["costs"], tables["letters"])
    except OSError as error:
        why = explain_os_error(error)
        raise InputError(f"{error.filename or path}: cannot be read, {why}; {_FIX}.") from None
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: damaged ({error}); {_FIX}.") from None


def _prefix(
    text: str, start: int, end: int, listed: float, other: float, number: float, code: float
) -> Prefix:
    by_kind = listed, other, number, code
    return Prefix(text, start, end, by_kind, _log_sum(by_kind))


def _log_sum(values: Sequence[float]) -> float:
    highest = max(values)
    return highest + math.log(sum([math.exp(each - highest) for each in values]))
