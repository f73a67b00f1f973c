"""Fits how much each feature of a word's reading counts, to people held out of training."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from models.ink.strokes import PAGE_PEN
from models.pictures.characters import characters_in
from models.preprocessing.mnist_form import picture_to_image
from models.recognition.language_model import load_language
from models.recognition.network import Network
from models.recognition.reader import Reader
from models.recognition.word_search import FEATURES, Source, WordSearch, word_parts
from models.segmentation.page import Character, PageSegmenter
from models.segmentation.search import run
from models.segmentation.weights import load_weights
from models.util.arrays import Floats
from models.util.atomic_files import write_whole
from training.evaluation.words import WordMatches, characters_right, read_sample
from training.segmentation.grouping import classifier_of
from training.words.samples import (
    Rng,
    Text,
    WordSample,
    in_picture,
    letters_by_writer,
    random_words,
)

# Texts of each kind that are fitted to: mostly words, since they are what people write. Of the
# letters three of four are left out again, since their ink can be nothing but one character.
_SAMPLES: dict[Text, int] = {
    "words": 480, "words of one height": 160, "other words": 160, "any letters": 160, "codes": 120,
    "numbers": 120, "short words": 160, "letters": 1200,
}  # fmt: skip
_ROUNDS = 2  # the weights decide what is found, and so what they are fitted to
_L2 = 5e-4  # regularisation of the weights
_WRONG = 0.02  # share of the asserted characters of words, at most
_START = (1.0, 1.0, 0.5, 1.0, 1.0, 0.5, -1.0, -1.0, -3.0, 1.0)


@dataclass(frozen=True)
class _Case:
    """A text's readings. features: (readings, 10). right: (readings,), which are as written."""

    features: Floats
    right: NDArray[np.bool_]


def fit_words(
    network: Network, data_dir: Path | None, path: Path, source: Source, log: Callable[[str], None]
) -> None:
    """Fits the weights of `word_search.FEATURES` for a network, and writes them to `path`.

    Maximum likelihood of what was written among the readings that the search finds. network: that
    reads the characters. data_dir: where its sets are. source: what the texts are in. log: takes a
    line on how far it is. Raises InputError where the sets are missing.
    """
    people = letters_by_writer(network, data_dir, "validation")
    language = load_language()
    weights, used = np.array(_START), 0
    for number in range(_ROUNDS):
        rng = np.random.default_rng(number)
        samples = [
            sample
            for kind, count in _SAMPLES.items()
            for sample in random_words(people, language, kind, count, rng)
        ]
        search = WordSearch(network.labels, language, weights)
        found = (_case(_characters(network, each, source, rng), search, each) for each in samples)
        cases = [case for case in found if case]
        weights, used = _fitted(cases, weights), len(cases)
        log(f"Round {number + 1}: fitted to {used} of {len(samples)} texts.")
    own = {
        "fold": int(network.card.training.get("fold", 0)),
        "samples": used,
        "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
    }
    _put(path, source, network.card.name, {**own, "sure_at": network.card.sure_at})
    rng = np.random.default_rng(_ROUNDS)
    # What people seldom write must not make all else unsure, and a letter alone is no word.
    samples = [
        sample
        for kind, count in _SAMPLES.items()
        if kind not in ("any letters", "letters")
        for sample in random_words(people, language, kind, count, rng)
    ]
    sure_at = _sure_at(Reader(network), samples, source, rng)
    log(f"A character of a word is asserted from {sure_at} on.")
    _put(path, source, network.card.name, {"sure_at": sure_at})


def _sure_at(reader: Reader, samples: Sequence[WordSample], source: Source, rng: Rng) -> float:
    """The lowest threshold, in hundredths from 0.5 on, at which few asserted characters are wrong.

    reader: with the weights that were fitted.
    """
    confidence: list[float] = []
    right: list[bool] = []
    for sample in samples:
        reading = read_sample(reader, sample, source, rng)
        if len(reading.answers) > 1:
            confidence += [answer.confidence for answer in reading.answers]
            right += characters_right(reading, sample.line.label)
    sure, flags = np.array(confidence), np.array(right)
    thresholds = (hundredths / 100 for hundredths in range(50, 100))
    enough = (each for each in thresholds if (~flags[sure >= each]).mean() <= _WRONG)
    return next(enough, 0.99)


def keep_measured(path: Path, source: Source, name: str, measured: dict[Text, WordMatches]) -> None:
    """Writes beside a network's weights how accurately words are read with them."""
    _put(
        path, source, name, {"measured": {kind: each.to_json() for kind, each in measured.items()}}
    )


def _put(path: Path, source: Source, name: str, values: dict[str, object]) -> None:
    try:
        content = dict(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        content = {}
    own = content.setdefault(source, {})
    own[name] = {**own.get(name, {}), **values}
    write_whole(path, (json.dumps(content, indent=2) + "\n").encode())


def _characters(
    network: Network, sample: WordSample, source: Source, rng: Rng
) -> Sequence[Character]:
    """The characters that a text's ink is taken for where no words are known."""
    name, labels = network.card.name, network.labels
    if source == "pictures":
        weights = load_weights(name, labels, kind="pictures")
        classify = classifier_of(network, picture_to_image)
        return characters_in(in_picture(sample, rng), classify, weights)
    weights = load_weights(name, labels)
    segmenter = PageSegmenter(classifier_of(network, network.drawn), weights, PAGE_PEN)
    return run(segmenter.in_steps(sample.line.strokes))


def _case(characters: Sequence[Character], search: WordSearch, sample: WordSample) -> _Case | None:
    """None where all readings are right, or none."""
    word = [(each, None) for each in characters if each.kind == "character"]
    parts = word_parts(word)
    if not parts or len(parts) == len(parts[0].options) == 1:  # there is nothing to search
        return None
    readings = [each for _, each in run(search.readings(parts))]
    label = sample.line.label
    # Alone, the forms of most letters look alike.
    alone = len(label) == 1
    right = np.array(
        [each.text == label or (alone and each.text.upper() == label.upper()) for each in readings],
        bool,
    )
    if not right.any() or right.all():
        return None
    return _Case(np.array([each.features for each in readings]), right)


def _fitted(cases: Sequence[_Case], start: Floats) -> Floats:
    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = 0.0, np.zeros_like(weights)
        for case in cases:
            scores = case.features @ weights
            every, right = float(logsumexp(scores)), float(logsumexp(scores[case.right]))
            of_right = np.where(case.right, np.exp(scores - right), 0.0)
            value += every - right
            slope += case.features.T @ (np.exp(scores - every) - of_right)
        value = value / len(cases) + _L2 * float(weights @ weights)
        return value, slope / len(cases) + 2 * _L2 * weights

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x, np.float64)
