"""What a word most likely is: a search over the segmentations of its ink and the labels of its
characters, with what is known of words, and of how letters stand on a line.

A beam goes from left to right over the ink. Each whole word that it finds is looked at in the cases
that it may be in. How much each of FEATURES counts is fitted to held-out people by `python -m
training words`, so that the readings' scores are logarithms of how likely they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import numpy as np

from models.ink.strokes import Box
from models.recognition.card import FOLDER
from models.recognition.labels import merged
from models.recognition.language_model import SYMBOLS, LanguageModel, Prefix
from models.recognition.letter_heights import fit_to_line, stands_at
from models.recognition.lookalikes import Lookalikes
from models.segmentation.page import Character
from models.segmentation.search import InSteps, run
from models.segmentation.segmenter import Classification
from models.util.arrays import Floats
from models.util.errors import InputError, explain_os_error
from models.util.installation import how_to_restore

FILE = FOLDER / "words.json"
Source = Literal["strokes", "pictures"]  # what words are written in; keys of words.json
# The names are keys of words.json.
FEATURES = (
    "segmentation",  # its score
    "image",  # log of the symbols' probabilities
    "language",  # log of how likely it is as text
    "length",  # symbols
    "form",  # log of the probability of each letter's form, where small ones look otherwise
    "heights",  # how well heights and places on the line fit its letters
    "initial",  # 1 where the first letter alone is a capital
    "capitals",  # 1 where all letters are
    "mixed",  # 1 where some are
    "alone",  # 1 where it is a single character
)
_BEAM = 14  # beginnings that are kept at each place
_WORDS = 12  # whole words that are looked at in each case
_SYMBOLS = 8  # that a character may be, at most
# What the network holds to be less likely a character is not, whatever the word: what is surely
# written stays.
_LEAST = 0.002
_LEAST_FORM = 0.01
# The ratio of width to height from which an l is an L, and how quickly: logistic regression on
# 4,771 of UNIPEN's and DigiLeTs' l and L.
_BROAD_L, _SLOPE_OF_L = 0.54, 6.2


class Readable(Protocol):
    """A candidate that is classified, or a character."""

    @property
    def box(self) -> Box: ...
    @property
    def dotted(self) -> bool: ...
    @property
    def classification(self) -> Classification | None: ...


class ReadableOption(Protocol):
    """As `segmenter.Option`."""

    @property
    def mask(self) -> int: ...
    @property
    def score(self) -> float: ...
    @property
    def candidate(self) -> Readable: ...


@dataclass(frozen=True, eq=False)
class FixedOption:
    """A character whose ink is known."""

    candidate: Readable
    mask: int = 1
    score: float = 0.0


@dataclass(frozen=True, eq=False)
class WordPart:
    """Ink of a word that is segmented by itself.

    options: what its characters may be, from segmentations of all of it. best: those of the best
    segmentation. label: a person's correction of a character.
    """

    options: tuple[ReadableOption, ...]
    best: tuple[ReadableOption, ...]
    label: str | None = None


@dataclass(frozen=True, eq=False)
class WordReading:
    """What a word may be.

    characters: from left to right. text: their labels, with case. features: (10,), FEATURES of it.
    """

    characters: tuple[Readable, ...]
    text: str
    features: Floats


class _Beginning(NamedTuple):
    """The beginning of a word, with the sums of the features that it has so far."""

    characters: tuple[Readable, ...]
    prefix: Prefix
    segmentation: float
    image: float
    score: float


class WordSearch:
    """Searches for what words are. weights: (10,), of FEATURES."""

    def __init__(self, labels: Sequence[str], language: LanguageModel, weights: Floats) -> None:
        """labels: of the network that reads the characters."""
        self.weights = weights
        self._of_beginnings: list[float] = weights[:4].tolist()
        self._labels = tuple(labels)
        self._language = language
        self._lookalikes = Lookalikes(labels, {})
        # (classes, symbols), 1 where a class is a form of a symbol.
        forms = [[float(label.upper() == symbol) for symbol in SYMBOLS] for label in labels]
        self._symbol_of = np.array(forms)

    def probabilities(self, character: Readable, label: str | None = None) -> Floats:
        """(classes,), of a character among others. label: a person's, which then is certain."""
        if label is not None and merged(label) in self._labels:
            return np.array([float(each == merged(label)) for each in self._labels])
        assert character.classification is not None
        own = character.classification.probabilities
        return np.asarray(self._lookalikes.without_prior(own[np.newaxis])[0])

    def readings(self, parts: Sequence[WordPart]) -> InSteps[list[tuple[float, WordReading]]]:
        """What a word may be, with how likely each is, 0..1, the likeliest first.

        parts: its ink from left to right; at least one.
        """
        begun = [_Beginning((), self._language.start, 0.0, 0.0, 0.0)]
        known: dict[Readable, Floats] = {}
        for part in parts:
            for option in part.options:
                known[option.candidate] = self.probabilities(option.candidate, part.label)
            begun = yield from self._extended(begun, part, known)
        words = [each for word in begun[:_WORDS] for each in self._in_cases(word, known)]
        yield
        scores = np.array([word.features for word in words]) @ self.weights
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        order = np.argsort(-scores, kind="stable").tolist()
        return [(float(shares[k]), words[k]) for k in order]

    def aligned(self, parts: Sequence[WordPart], text: str) -> tuple[Readable, ...] | None:
        """The characters of a word that a person says is this text, as many as it is long; None
        where its ink cannot be divided so. parts: its ink from left to right.
        """
        begun = [_Beginning((), self._language.start, 0.0, 0.0, 0.0)]
        for part in parts:
            known = {
                option.candidate: self.probabilities(option.candidate) for option in part.options
            }
            begun = run(self._extended(begun, part, known, text.upper()))
        found = (each.characters for each in begun if len(each.characters) == len(text))
        return next(found, None)

    def _extended(
        self,
        begun: Sequence[_Beginning],
        part: WordPart,
        known: Mapping[Readable, Floats],
        text: str | None = None,
    ) -> InSteps[list[_Beginning]]:
        """The best of all beginnings with the characters of one more part.

        known: the probabilities of each. text: what all of the word is, where that is known.
        """
        by_first: dict[int, list[tuple[ReadableOption, list[tuple[str, float]]]]] = {}
        for option in part.options:
            first = (option.mask & -option.mask).bit_length() - 1
            symbols = self._symbols(known[option.candidate], text)
            by_first.setdefault(first, []).append((option, symbols))
        count = max(option.mask.bit_length() for option in part.options)
        # By the first primitive segment that is free, what is covered with each beginning.
        layers: list[list[tuple[int, _Beginning]]] = [[] for _ in range(count + 1)]
        layers[0] = [(0, each) for each in begun]
        for first in range(count):
            layers[first].sort(key=lambda state: -state[1].score)
            for covered, each in layers[first][:_BEAM]:
                for option, symbols in by_first.get(first, ()):
                    if option.mask & covered:
                        continue
                    now = covered | option.mask
                    ahead = (~now & (now + 1)).bit_length() - 1
                    place = len(each.characters)
                    for symbol, likely in symbols:
                        if text is not None and text[place : place + 1] != symbol:
                            continue
                        longer = self._longer(each, option, symbol, likely)
                        layers[ahead].append((now, longer))
            yield
        found = sorted((each for _, each in layers[count]), key=lambda each: -each.score)[:_BEAM]
        if not found and begun and len(part.options) > len(part.best):
            # What the beam kept leads nowhere; the best segmentation by itself is whole.
            alone = WordPart(part.best, part.best, part.label)
            found = yield from self._extended(begun, alone, known, text)
        return found

    def _longer(
        self, begun: _Beginning, option: ReadableOption, symbol: str, likely: float
    ) -> _Beginning:
        prefix = self._language.after(begun.prefix, symbol)
        segmentation, image = begun.segmentation + option.score, begun.image + likely
        characters = (*begun.characters, option.candidate)
        of_segmentation, of_image, of_language, of_length = self._of_beginnings
        score = (
            of_segmentation * segmentation
            + of_image * image
            + of_language * prefix.likelihood
            + of_length * len(characters)
        )
        return _Beginning(characters, prefix, segmentation, image, score)

    def _symbols(self, probabilities: Floats, text: str | None) -> list[tuple[str, float]]:
        """What a character may be, with the logarithms of the probabilities, likeliest first; of a
        known text all that it has.
        """
        own = probabilities @ self._symbol_of
        if text is not None:
            least = 1e-6
            of_text = sorted({SYMBOLS.index(symbol) for symbol in text})
            return [(SYMBOLS[k], math.log(max(float(own[k]), least))) for k in of_text]
        order = np.argsort(-own, kind="stable")[:_SYMBOLS].tolist()
        least = min(_LEAST, float(own[order[0]]))
        return [(SYMBOLS[k], math.log(own[k])) for k in order if own[k] >= least]

    def _in_cases(self, word: _Beginning, known: Mapping[Readable, Floats]) -> list[WordReading]:
        """A word in each case that it may be in."""
        capitals = word.prefix.text
        forms = [
            self._forms(symbol, known[character], character.box)
            for symbol, character in zip(capitals, word.characters, strict=True)
        ]
        # Each letter as it looks; those whose forms look alike as most others.
        seen = [form is not None and form[0] > form[1] for form in forms]
        lower = 2 * sum(seen) >= sum(form is not None for form in forms)
        mixed = "".join(
            symbol.lower() if (lower if form is None else small) else symbol
            for symbol, form, small in zip(capitals, forms, seen, strict=True)
        )
        cases = {capitals.lower(): (0, 0, 0)}
        cases.setdefault(capitals.capitalize(), (1, 0, 0))
        cases.setdefault(capitals, (0, 1, 0))
        cases.setdefault(mixed, (0, 0, 1))
        standing = np.array(
            [
                [stands_at(k, each.dotted) for k, each in zip(text, word.characters, strict=True)]
                for text in cases
            ]
        )
        heights = fit_to_line([each.box for each in word.characters], standing).tolist()
        own = word.segmentation, word.image, self._language.likelihood(word.prefix), len(capitals)
        alone = float(len(capitals) == 1)
        return [
            WordReading(
                word.characters,
                text,
                np.array([*own, _log_of_forms(text, forms), height, *case, alone], np.float64),
            )
            for (text, case), height in zip(cases.items(), heights, strict=True)
        ]

    def _forms(self, symbol: str, probabilities: Floats, box: Box) -> tuple[float, float] | None:
        """How likely a letter is small and is a capital, 0..1; None where both look alike."""
        small = symbol.lower()
        if symbol == "L":
            broad = _SLOPE_OF_L * (box.width / max(box.height, 1e-9) - _BROAD_L)
            small_l = 1 / (1 + math.exp(min(broad, 30.0)))
            return max(small_l, _LEAST_FORM), max(1 - small_l, _LEAST_FORM)
        if small == symbol or small not in self._labels:
            return None
        both = [probabilities[self._labels.index(form)] for form in (small, symbol)]
        first, second = (max(float(p / sum(both)), _LEAST_FORM) for p in both)
        return first, second


def word_parts(word: Sequence[tuple[Character, str | None]]) -> list[WordPart]:
    """The ink of a word: clusters that lie whole in it and are not corrected may be segmented
    otherwise. word: characters, each with a person's label or None.
    """
    parts: list[WordPart] = []
    for _, pairs in groupby(word, key=lambda pair: id(pair[0].segmentation)):
        own = list(pairs)
        segmentation = own[0][0].segmentation
        corrected = any(label for _, label in own)
        whole = segmentation is not None and len(own) == len(segmentation.found)
        if segmentation is not None and segmentation.options and whole and not corrected:
            best = (each for each in segmentation.options if each.candidate in segmentation.found)
            parts.append(WordPart(segmentation.options, tuple(best)))
        else:
            fixed = (((FixedOption(each),), label) for each, label in own)
            parts += [WordPart(only, only, label) for only, label in fixed]
    return parts


def _log_of_forms(text: str, forms: Sequence[tuple[float, float] | None]) -> float:
    return sum(
        math.log(form[label.isupper()])
        for label, form in zip(text, forms, strict=True)
        if form is not None
    )


@dataclass(frozen=True, eq=False)
class WordWeights:
    """What is fitted for words. features: (10,), weights of FEATURES. sure_at: the probability from
    which a character of a word is asserted, 0..1.
    """

    features: Floats
    sure_at: float


def load_word_weights(name: str, path: Path = FILE, source: Source = "strokes") -> WordWeights:
    """What is fitted for words that the network of that name reads, in strokes or in pictures.

    Raises InputError, one line that says what to do, where the file is missing or damaged.
    """
    fix = how_to_restore("models")
    try:
        own = json.loads(path.read_text())[source][name]
        weights = np.array([own["weights"][feature] for feature in FEATURES], np.float64)
        sure_at = float(own["sure_at"])
        if not np.isfinite([*weights, sure_at]).all():
            raise ValueError("numbers that are not finite")
    except OSError as error:
        raise InputError(f"{path}: cannot be read, {explain_os_error(error)}; {fix}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: damaged ({type(error).__name__}: {error}); {fix}.") from None
    return WordWeights(weights, sure_at)
