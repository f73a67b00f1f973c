"""Makes a language's file out of a list of words and how often each is used."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from models.recognition.card import sha256_of
from models.recognition.language_model import START, UNIT, language_bytes
from models.util.arrays import Floats
from models.util.atomic_files import write_whole
from models.util.errors import InputError

WORDFREQ = "3.1.1"
_LONGEST = 20  # letters of a word
# Rare words are not as rare among those that people try as in all texts: frequencies to this power.
_FLATTENED = 0.75
_FOLLOWING = (10.0, 20.0, 20.0)  # how much fewer letters before count: for three, two, one


def words_of_package(language: str) -> list[tuple[str, float]]:
    """The words of the package `wordfreq` with their frequencies, 0..1, the most frequent first.

    language: its code, "en". Raises InputError where the package or the language is missing.
    """
    try:
        import wordfreq
    except ModuleNotFoundError:
        raise InputError(
            f"wordfreq is missing: `pip install wordfreq=={WORDFREQ}`, or name a list by --list."
        ) from None
    try:
        frequencies = wordfreq.get_frequency_dict(language, wordlist="best")
    except LookupError:
        raise InputError(f"wordfreq has no language {language!r}.") from None
    return sorted(frequencies.items(), key=lambda each: -each[1])


def words_of_file(path: Path) -> list[tuple[str, float]]:
    """The words of a text file, one a line, each with a blank and how often it is used.

    Raises InputError, one line that names the place, where it cannot be read.
    """
    found = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            word, _, count = line.rpartition(" ")
            if not word or not float(count) > 0:
                raise ValueError(f"line {number}: a word, a blank and a number above 0 are needed")
            found.append((word, float(count)))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error}).") from None
    return sorted(found, key=lambda each: -each[1])


def make_language(words: Iterable[tuple[str, float]], most: int) -> bytes:
    """A language's file; words: with their frequencies, the most frequent first. most: that are
    taken, of those that Latin letters can write. Raises InputError where there are none.
    """
    plain = [(word, f) for word, f in words if word and set(word) <= set(ascii_lowercase)]
    taken = sorted((word.upper(), f) for word, f in plain[:most] if len(word) <= _LONGEST)
    if not taken:
        raise InputError("The list has no word of the letters a to z.")
    listed = [word for word, _ in taken]
    frequencies = np.array([f for _, f in taken])
    costs = _costs((frequencies / frequencies.max()) ** _FLATTENED)
    return language_bytes(listed, costs, _letters(listed, np.sqrt(frequencies)))


def _letters(words: Iterable[str], weights: Floats) -> NDArray[np.uint8]:
    """(27, 27, 27, 26): what each letter after three others costs.

    Where three others are rare, fewer of them count (interpolation with a Dirichlet prior; MacKay
    and Peto 1995). weights: of the words.
    """
    counts = np.zeros((START + 1, START + 1, START + 1, START))
    for word, weight in zip(words, (weights / weights.mean()).tolist(), strict=True):
        places = [START] * 3 + [ord(letter) - ord("A") for letter in word]
        for k in range(3, len(places)):
            counts[tuple(places[k - 3 : k + 1])] += weight
    sums = [counts, counts.sum(axis=0), counts.sum(axis=(0, 1)), counts.sum(axis=(0, 1, 2))]
    share = (sums[3] + 1) / (sums[3] + 1).sum()
    for own, strength in zip(reversed(sums[:3]), reversed(_FOLLOWING), strict=True):
        share = (own + strength * share) / (own.sum(axis=-1, keepdims=True) + strength)
    return _costs(share)


def _costs(shares: Floats) -> NDArray[np.uint8]:
    return np.clip(np.round(-np.log(shares) / UNIT), 0, 255).astype(np.uint8)


def write_language(
    folder: Path, name: str, content: bytes, source: str, licence: str, words: int
) -> None:
    """Writes `NAME.npz` and its card `NAME.json`.

    source, licence: of the list. words: the most that were taken.
    """
    card = {
        "name": name,
        "words": words,
        "source": source,
        "licence": licence,
        "flattened": _FLATTENED,
        "sha256": sha256_of(content),
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{name}.npz", content)
    write_whole(folder / f"{name}.json", (json.dumps(card, indent=2) + "\n").encode())
