"""From ink to answers: segmentation, the 28×28 recipe, the network, and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Stroke
from models.pictures.characters import characters_in
from models.preprocessing.mnist_form import (
    Steps,
    picture_to_image,
    strokes_in_steps,
)
from models.recognition.answer import Answer, Kind, OtherWord, Reading, decide
from models.recognition.labels import DIGITS, merged
from models.recognition.language_model import ENGLISH, LanguageModel, load_language
from models.recognition.network import Network
from models.recognition.word_search import (
    Readable,
    Source,
    WordPart,
    WordReading,
    WordSearch,
    load_word_weights,
    word_parts,
)
from models.segmentation.edits import AS_READ, Ink, SegmentationEdits
from models.segmentation.page import Character, PageSegmenter
from models.segmentation.search import InSteps, run
from models.segmentation.segmenter import Candidate, Classification
from models.segmentation.text_lines import in_words
from models.segmentation.weights import load_weights
from models.util.arrays import Floats

_LEAST_OTHER = 0.02  # likelihood of another word that is offered


class _Words(NamedTuple):
    """How words are read. sure_at: probability from which a character of one is asserted."""

    search: WordSearch
    sure_at: float


class Reader:
    """Reads ink with one network. Pure: the same ink gives the same reading.

    plain: the network without a person's corrections. language: whose words are known.
    """

    def __init__(self, network: Network, language: str = ENGLISH) -> None:
        """language: whose words are known where letters are read; see `load_language`."""
        self.language = language
        self.plain = self._network = network
        self._weights = load_weights(network.card.name, network.labels)
        self._picture_weights = load_weights(network.card.name, network.labels, kind="pictures")
        self._words_of_strokes: _Words | None = None
        self._words_of_pictures: _Words | None = None
        if network.labels != DIGITS:
            known = load_language(language)
            self._words_of_strokes = self._words_in("strokes", known)
            self._words_of_pictures = self._words_in("pictures", known)
        self._pen = -1.0
        self._segmenter: PageSegmenter
        # The words read so far: their characters, which keep alive what the keys identify, and
        # their answers.
        self._read: dict[object, tuple[list[Character], Reading]] = {}

    def _words_in(self, source: Source, language: LanguageModel) -> _Words:
        weights = load_word_weights(self.name, source=source)
        return _Words(WordSearch(self.labels, language, weights.features), weights.sure_at)

    def for_another_page(self) -> Reader:
        """A reader of the same network, without a person's corrections, and the same words.

        It takes no time and little memory, and remembers nothing of what this one has read.
        """
        other = copy(self)
        other._network = self.plain
        other._pen, other._read = -1.0, {}
        return other

    @property
    def name(self) -> str:
        return self._network.card.name

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of `Answer.probabilities`."""
        return self._network.labels

    @property
    def network(self) -> Network:
        """The network in use; it may be replaced by one with the same labels."""
        return self._network

    @network.setter
    def network(self, network: Network) -> None:
        self._network = network
        self._pen = -1.0  # forgets the classifications of the other network

    def read(
        self, strokes: Sequence[Stroke], pen: float, edits: SegmentationEdits = AS_READ
    ) -> Reading:
        """Reads the strokes of a canvas.

        strokes: in any units. pen: width of the brush, in the same units. edits: corrections of the
        segmentation.
        """
        return run(self.read_in_steps(strokes, pen, edits))

    def read_in_steps(
        self, strokes: Sequence[Stroke], pen: float, edits: SegmentationEdits = AS_READ
    ) -> InSteps[Reading]:
        """As `read`, in steps of about a millisecond. To begin another reading ends this one."""
        if pen != self._pen:
            self._pen = pen
            self._segmenter = PageSegmenter(partial(self.classify, pen=pen), self._weights, pen)
        characters = yield from self._segmenter.in_steps(strokes, edits)
        words = self._words_of_strokes
        return (yield from self._reading(characters, words, pen / 2, dict(edits.labels)))

    def _reading(
        self,
        characters: Sequence[Character],
        words: _Words | None,
        margin: float = 0.0,
        corrections: Mapping[Ink, str] | None = None,
    ) -> InSteps[Reading]:
        """The answers for characters in their context.

        words: how they are read, None where there are none. margin: from their points to the box.
        corrections: a person's labels, by their ink.
        """
        corrections = corrections or {}
        specks = tuple(each.box.grown(margin) for each in characters if each.kind == "speck")
        characters = [each for each in characters if each.kind != "speck"]
        boxes = [character.box for character in characters]
        known = self._read
        kept: dict[object, tuple[list[Character], Reading]] = {}
        answers: list[Answer] = []
        others: list[OtherWord] = []
        for line in _lines(characters):
            # A number is one, however wide its gaps are.
            parts = [line] if words is None else in_words(line, boxes)
            for number, members in enumerate(parts):
                word = [characters[i] for i in members]
                labels = [corrections.get(frozenset(c.ink)) if corrections else None for c in word]
                # A word of the same characters as before has the same answers.
                key = tuple(map(id, word)), tuple(labels), number, margin
                if key not in known:
                    found = yield from self._read_word(word, labels, words, number, margin)
                    known[key] = word, found
                kept[key] = known[key]
                answers += known[key][1].answers
                others += known[key][1].others
        self._read = kept
        return Reading(tuple(answers), specks, tuple(others))

    def aligned(self, answer: Answer, text: str) -> OtherWord | None:
        """The word of an answer of the last reading, as a person says that it is; None where its
        ink cannot be divided so. text: letters and digits.
        """
        words = self._words_of_strokes
        for word, read in self._read.values():
            if words is not None and answer in read.answers:
                parts = word_parts([(each, None) for each in word])
                characters = words.search.aligned(parts, text)
                if characters is not None:
                    inks = (self._character(each, answer.line).ink for each in characters)
                    return OtherWord(tuple(zip(inks, text, strict=True)), 1.0)
        return None

    def _read_word(
        self,
        word: Sequence[Character],
        labels: Sequence[str | None],
        words: _Words | None,
        number: int = 0,
        margin: float = 0.0,
    ) -> InSteps[Reading]:
        """The answers for the characters of a word.

        labels: a person's for each, or None. words: as for `_reading`. number: of the word in its
        line.
        """
        answers: list[Answer] = []
        others: list[OtherWord] = []
        together = groupby(zip(word, labels, strict=True), lambda pair: pair[0].kind == "sketch")
        for is_sketch, pairs in together:
            own = list(pairs)
            parts = word_parts(own)
            alone = len(parts) == len(parts[0].options) == 1
            if is_sketch or alone or words is None:
                answers += [self._answer(each, label=label) for each, label in own]
                continue
            readings = yield from words.search.readings(parts)
            answers += self._answers(readings, parts, word[0].line, words.sure_at)
            others += self._other_words(readings, parts, word[0].line)
        placed = (replace(each, word=number, box=each.box.grown(margin)) for each in answers)
        return Reading(tuple(placed), others=tuple(others))

    def _answers(
        self,
        readings: Sequence[tuple[float, WordReading]],
        parts: Sequence[WordPart],
        line: int,
        sure_at: float,
    ) -> list[Answer]:
        """The answers of the likeliest reading of a word.

        readings: what it may be, each with how likely it is, the likeliest first. parts: that they
        are of. line: of the writing. sure_at: probability from which a character is asserted.
        """
        (_, best), *_ = readings
        found = {each: self._character(each, line) for each in best.characters}
        corrected = {part.options[0].candidate: part.label for part in parts if part.label}
        if len(best.characters) == 1 and not corrected:
            return [self._answer(found[best.characters[0]])]
        answers = []
        for character, text in zip(best.characters, best.text, strict=True):
            if character in corrected:
                answers.append(self._answer(found[character], label=corrected[character]))
                continue
            probabilities = np.zeros(len(self.labels))
            for likely, reading in readings:
                if character in reading.characters:
                    label = reading.text[reading.characters.index(character)]
                    # Which letter it is, not in which case, is what may be in doubt.
                    same = label.upper() == text.upper()
                    probabilities[self._class_of(text if same else label)] += likely
            # In other readings the ink belongs to other characters.
            own = found[character].classification.probabilities
            probabilities += max(0.0, 1 - probabilities.sum()) * own
            answers.append(self._answer(found[character], probabilities, text, sure_at=sure_at))
        return answers

    def _other_words(
        self,
        readings: Sequence[tuple[float, WordReading]],
        parts: Sequence[WordPart],
        line: int,
    ) -> list[OtherWord]:
        """The likeliest reading with another text than the best; none where that is unlikely."""
        (_, best), *others = readings
        corrected = {part.options[0].candidate: part.label for part in parts if part.label}
        for likely, other in others:
            labels = zip(other.characters, other.text, strict=True)
            if any(corrected.get(each, label) != label for each, label in labels):
                continue
            usual = other.text in (other.text.lower(), other.text.upper(), other.text.capitalize())
            if other.text != best.text and usual and likely >= _LEAST_OTHER:
                inks = (self._character(each, line).ink for each in other.characters)
                return [OtherWord(tuple(zip(inks, other.text, strict=True)), likely)]
        return []

    def _character(self, readable: Readable, line: int) -> Character:
        """A candidate of the page, or a character, as a character of that line."""
        if isinstance(readable, Character):
            return replace(readable, line=line)
        assert isinstance(readable, Candidate)
        return self._segmenter.character(readable, line)

    def _class_of(self, label: str) -> int:
        return self.labels.index(label if label in self.labels else merged(label))

    def classify(self, ink: Sequence[Stroke], pen: float) -> Classification:
        """At least one stroke as one character, whatever else is on the page."""
        return self._classify(self._network.drawn(ink, smallest=_smallest(pen)))

    def steps(self, ink: Sequence[Stroke], pen: float) -> Steps:
        """The steps from that ink to the network's input."""
        return strokes_in_steps(ink, smallest=_smallest(pen))

    def _classify(self, image: NDArray[np.float32]) -> Classification:
        return Classification(image, self._network.probabilities(image[np.newaxis])[0])

    def read_picture(self, ink: NDArray[np.uint8]) -> Reading:
        """Reads a picture of writing; boxes are in its pixels.

        ink: (height, width) uint8, 0 for paper to 255 for ink; up to 32 pixels are one character.
        """
        found = characters_in(ink, self._classify_picture, self._picture_weights)
        return run(self._reading(found, self._words_of_pictures))

    def read_word(self, characters: Sequence[Character]) -> Reading:
        """Reads characters of pictures, at least one, that are known to be a word."""
        labels = [None] * len(characters)
        return run(self._read_word(characters, labels, self._words_of_pictures))

    def _classify_picture(self, ink: NDArray[np.uint8]) -> Classification:
        return self._classify(picture_to_image(ink))

    def _answer(
        self,
        character: Character,
        probabilities: Floats | None = None,
        text: str = "",
        label: str | None = None,
        sure_at: float | None = None,
    ) -> Answer:
        """The answer for a character.

        probabilities: (classes,), by what is known of its word; None for what the network alone
        says. text: what it is in its word, with case. label: a person's correction. sure_at: from
        which probability it is asserted, None for the network's own.
        """
        own = character.classification.probabilities
        shown = own if probabilities is None else probabilities
        order = np.argsort(-shown, kind="stable").tolist()
        best = self._class_of(text) if text else order[0]
        order = [best, *(k for k in order if k != best)][:3]
        labels = self.labels
        text = text or labels[best]
        return Answer(
            kind=self._kind(character, shown, label, sure_at),
            box=character.box,
            confidence=float(shown[best]),
            alternatives=tuple((labels[i], float(shown[i])) for i in order),
            probabilities=tuple(shown.tolist()),
            image=character.classification.image,
            ink=character.ink,
            strokes=character.strokes,
            line=character.line,
            small=text.islower() or (probabilities is None and text in "IJ" and character.dotted),
            corrected_label=label,
            sketch=character.kind == "sketch",
        )

    def _kind(
        self, character: Character, probabilities: Floats, label: str | None, sure_at: float | None
    ) -> Kind:
        if label:
            return "sure"
        if character.kind == "sketch":
            return "refused"
        card = self._network.card
        own = decide(character.classification.probabilities, card)
        if sure_at is None:
            return own
        kind = decide(probabilities, replace(card, sure_at=sure_at))
        # Ink that is no character stays none, whatever word it stands in.
        return "unsure" if kind == "sure" and own == "refused" else kind


def _smallest(pen: float) -> float:
    """The least size of ink, in its units: below half the brush it is a blot, not a small digit."""
    return pen / 2


def _lines(characters: Sequence[Character]) -> list[list[int]]:
    lines: dict[int, list[int]] = {}
    for index, character in enumerate(characters):
        lines.setdefault(character.line, []).append(index)
    return list(lines.values())
