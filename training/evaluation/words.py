"""How often words of people held out of training are read right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from tabulate import tabulate

from models.ink.strokes import PAGE_PEN
from models.recognition.answer import Reading
from models.recognition.language_model import load_language
from models.recognition.network import Network
from models.recognition.reader import Reader
from models.recognition.word_search import Source
from training.datasets.split import Split
from training.evaluation.records import rounded_interval
from training.words.samples import (
    Text,
    WordSample,
    in_picture,
    letters_by_writer,
    random_words,
)

KINDS: tuple[Text, ...] = (
    "words", "words of one height", "other words", "any letters", "codes", "numbers",
    "short words", "letters",
)  # fmt: skip


@dataclass(frozen=True)
class WordMatches:
    """How often a text is read exactly as it was written.

    n: how many there are. best: how many match by the best label of each character, case apart.
    asserted: how many match, case included, by what is asserted, without any "?". letters, wrong:
    how many characters are asserted, and how many of them are none of those written, case apart.
    """

    n: int
    best: int
    asserted: int
    letters: int
    wrong: int

    def to_json(self) -> dict[str, object]:
        """The shares, the accuracy with its 95 % interval."""
        return {
            "n": self.n,
            "accuracy": round(self.best / max(self.n, 1), 4),
            "interval": rounded_interval(self.best, self.n),
            "asserted_and_right": round(self.asserted / max(self.n, 1), 4),
            "asserted_letters": self.letters,
            "asserted_letters_right": round(1 - self.wrong / max(self.letters, 1), 4),
        }


def measure_words(
    network: Network, data_dir: Path | None, split: Split, source: Source, count: int = 400
) -> dict[Text, WordMatches]:
    """How often made words, other words, codes and numbers are read right.

    network: to measure; it reads letters. data_dir: where its sets are. split: "report", or
    "validation" for the writers that weights were fitted to. source: what the texts are in. count:
    texts of each kind. Raises InputError where the sets are missing.
    """
    people = letters_by_writer(network, data_dir, split)
    reader, language = Reader(network), load_language()
    rng = np.random.default_rng(11)
    measured = {}
    for kind in KINDS:
        samples = random_words(people, language, kind, count, rng)
        read = [(each, read_sample(reader, each, source, rng)) for each in samples]
        measured[kind] = count_word_matches(read)
    return measured


def read_sample(
    reader: Reader, sample: WordSample, source: Source, rng: np.random.Generator
) -> Reading:
    """Reads a text as strokes, or in a picture of it."""
    if source == "pictures":
        return reader.read_picture(in_picture(sample, rng))
    return reader.read(sample.line.strokes, PAGE_PEN)


def count_word_matches(read: Sequence[tuple[WordSample, Reading]]) -> WordMatches:
    """How often readings match what was written."""
    best = asserted = letters = wrong = 0
    for sample, reading in read:
        label = sample.line.label
        found = "".join(answer.alternatives[0][0] for answer in reading.answers)
        best += found.upper() == label.upper()
        asserted += reading.text == label
        flags = characters_right(reading, label)
        sure = [answer.text != "?" for answer in reading.answers]
        letters += sum(sure)
        wrong += sum(is_sure and not flag for is_sure, flag in zip(sure, flags, strict=True))
    return WordMatches(len(read), best, asserted, letters, wrong)


def characters_right(reading: Reading, label: str) -> list[bool]:
    """Which characters of a reading are among those written, in their order, case apart."""
    found = "".join(answer.alternatives[0][0] for answer in reading.answers).upper()
    right = [False] * len(found)
    for block in SequenceMatcher(None, found, label.upper(), False).get_matching_blocks():
        right[block.a : block.a + block.size] = [True] * block.size
    return right


def as_text(measured: Mapping[Text, WordMatches]) -> str:
    """A table of what `measure_words` found, a line for each kind of text."""
    rows = []
    for kind, each in measured.items():
        values = each.to_json()
        shares = (
            values["accuracy"],
            values["asserted_and_right"],
            values["asserted_letters_right"],
        )
        rows.append((kind, each.n, *(f"{share:.1%}" for share in shares)))
    heads = ("", "n", "right, case apart", "asserted, with case", "asserted letters right")
    return str(tabulate(rows, heads, "plain", disable_numparse=True))
