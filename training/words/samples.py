"""Texts that people did not write as such, set in the letters that they wrote one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters, ascii_uppercase
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Drawing
from models.pictures.ink import ink_of
from models.recognition.labels import DIGITS
from models.recognition.language_model import LanguageModel
from models.recognition.network import Network
from training.data.pictures import pictured
from training.data.synthetic_lines import LineLayout, SyntheticLine, set_line
from training.datasets.load import LETTERED, load_sets
from training.datasets.split import Split
from training.evaluation.numbers import drawings_in, fold_of

Rng = np.random.Generator
Text = Literal[
    "words", "words of one height", "other words", "any letters", "codes", "numbers",
    "short words", "letters",
]  # fmt: skip
# As on a line of writing, by most people; and as by those who write all letters alike high.
_ON_A_LINE = LineLayout(gap=(0.08, 0.33), size=(0.85, 1.17), lift=(-0.07, 0.07), typographic=True)
_TIGHT = LineLayout(gap=(-0.05, 0.2), size=(0.85, 1.17), lift=(-0.07, 0.07), typographic=True)
_ONE_HEIGHT = LineLayout(gap=(0.08, 0.38), size=(0.8, 1.2))
_TIGHT_SHARE = 0.3  # of the lines
_LENGTHS = 3, 9  # letters of a word
_MOST_USED = 20_000  # words of the language
_MOST_USED_SHORT = 1_000  # … of which those of two letters are words, later ones abbreviations
_LEAST_LETTERS = 20  # different ones of a writer
_LOWER, _CAPITALISED = 0.6, 0.25  # shares of the words; the others are of capitals

# Of each writer the drawings of each character.
People = Mapping[str, Mapping[str, Sequence[Drawing]]]


@dataclass(frozen=True)
class WordSample:
    """A text as strokes. kind: which texts it is of. line: its ink, with the label as it is."""

    kind: Text
    line: SyntheticLine


def in_picture(sample: WordSample, rng: Rng) -> NDArray[np.uint8]:
    """The ink of a text in a picture, as `Reader.read_picture` takes it."""
    return ink_of(pictured(sample.line.strokes, rng))


def letters_by_writer(network: Network, data_dir: Path | None, split: Split) -> People:
    """The letters and digits of writers of one split, of the sets that the network was trained on.

    Writers of few letters are left out. Raises InputError where the sets are missing.
    """
    names = [
        name for name in network.card.training["sets"] if name in LETTERED and name != "emnist"
    ]
    people: dict[str, dict[str, list[Drawing]]] = defaultdict(lambda: defaultdict(list))
    for each in load_sets(names, data_dir, letters=True):
        for drawing in drawings_in(split, each.drawings, fold_of(network)):
            people[drawing.writer or ""][drawing.label or ""].append(drawing)
    return {
        writer: own
        for writer, own in people.items()
        if sum(map(str.isalpha, own)) >= _LEAST_LETTERS
    }


def random_words(
    people: People, language: LanguageModel, kind: Text, count: int, rng: Rng
) -> list[WordSample]:
    """So many texts of one kind, each in one writer's hand.

    people: from `letters_by_writer`. language: whose words they are.
    """
    writers = sorted(people)
    most, (least, longest) = (
        (_MOST_USED_SHORT, (2, 2)) if kind == "short words" else (_MOST_USED, _LENGTHS)
    )
    words = [word for word in language.most_used(most) if least <= len(word) <= longest]
    samples: list[WordSample] = []
    while len(samples) < count:
        own = people[writers[int(rng.integers(len(writers)))]]
        text = _text(kind, words, language, rng)
        if set(text) <= own.keys():
            drawings = [own[label][int(rng.integers(len(own[label])))] for label in text]
            layout = _ON_A_LINE if rng.random() > _TIGHT_SHARE else _TIGHT
            half = kind == "any letters" and len(samples) % 2
            layout = _ONE_HEIGHT if half or kind == "words of one height" else layout
            samples.append(WordSample(kind, set_line(drawings, layout, rng)))
    return samples


def _text(kind: Text, words: Sequence[str], language: LanguageModel, rng: Rng) -> str:
    if kind == "numbers":
        return "".join(rng.choice(DIGITS, int(rng.integers(2, 7))))
    if kind == "letters":
        return str(rng.choice(list(ascii_letters)))
    if kind == "any letters":
        text = "".join(rng.choice(list(ascii_uppercase), int(rng.integers(3, 7))))
        return text.lower() if rng.random() < _LOWER else text
    if kind == "codes":
        letters = rng.choice(list(ascii_uppercase), int(rng.integers(1, 4)))
        return "".join([*letters, *rng.choice(DIGITS, int(rng.integers(1, 4)))])
    word = words[int(rng.integers(len(words)))]
    if kind == "other words":  # the beginning of one and the end of another
        other = words[int(rng.integers(len(words)))]
        word = word[: len(word) // 2] + other[len(other) // 2 :]
        if language.has(word):
            return _text(kind, words, language, rng)
    case = rng.random()
    if case < _LOWER:
        return word.lower()
    return word.capitalize() if case < _LOWER + _CAPITALISED else word
