"""From ink to answers: segmentation, the 28×28 recipe, the network, and its thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke
from models.pictures.components import characters_in
from models.preprocessing.mnist_form import (
    Steps,
    picture_to_image,
    strokes_in_steps,
    strokes_to_image,
)
from models.recognition.card import Card
from models.recognition.context import rescore_lookalikes, small, words
from models.recognition.labels import DIGITS, merged
from models.recognition.network import Network
from models.segmentation.edits import AS_READ, Ink, SegmentationEdits
from models.segmentation.page import Character, PageSegmenter
from models.segmentation.search import InSteps, run
from models.segmentation.segmenter import Classification
from models.segmentation.weights import load_weights
from models.util.arrays import Floats

Kind = Literal["sure", "unsure", "refused"]


@dataclass(frozen=True, eq=False)
class Answer:
    """The network's answer for one character.

    kind: "sure" asserts the best label, "unsure" offers the best two, "refused" asserts none.
    box: around the ink, brush included, in the ink's own units.
    confidence: calibrated probability that the best label is right, 0..1.
    alternatives: the three best labels with their probabilities, best first.
    probabilities: one for each label of the network, in its order; they sum to 1.
    image: (28, 28) float32, the network's input, 0 for paper to 1 for ink.
    ink: its strokes, or the stretches of strokes that were cut. strokes: the indices of those
        strokes. Both are empty where a picture was read.
    line, word: of the writing, 0 for the topmost and for the leftmost of a line. Digits alone are
        never split into words.
    small: whether a letter is small, where its class stands for both forms.
    corrected_label: a person's correction, which then is asserted; None without one.
    sketch: whether the ink is no writing but a drawing.
    """

    kind: Kind
    box: Box
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    probabilities: tuple[float, ...]
    image: NDArray[np.float32]
    ink: tuple[Stroke, ...] = ()
    strokes: tuple[int, ...] = ()
    line: int = 0
    word: int = 0
    small: bool = False
    corrected_label: str | None = None
    sketch: bool = False

    @property
    def text(self) -> str:
        """The best label where it is asserted, else "?"."""
        return self._best if self.kind == "sure" else "?"

    @property
    def _best(self) -> str:
        if self.corrected_label is not None:
            return self.corrected_label
        best = self.alternatives[0][0]
        return best.lower() if self.small else best

    def caption(self) -> str:
        """The text on the screen: "8", "4 or 9?", "not a digit", "not a character"."""
        if self.kind == "refused":
            digits = len(self.probabilities) <= len(DIGITS)
            return "not a digit" if digits else "not a character"
        return self._best if self.kind == "sure" else f"{self._best} or {self.alternatives[1][0]}?"


@dataclass(frozen=True)
class Reading:
    """The answers for all ink of a canvas or a picture, in reading order.

    specks: boxes of ink that is far smaller than the writing beside it; it has no answers.
    """

    answers: tuple[Answer, ...] = ()
    specks: tuple[Box, ...] = ()

    @property
    def text(self) -> str:
        """What is asserted, line by line from left to right; "" without ink."""
        lines: dict[int, dict[int, str]] = {}
        for answer in self.answers:
            line = lines.setdefault(answer.line, {})
            line[answer.word] = line.get(answer.word, "") + answer.text
        return "\n".join(" ".join(line.values()) for line in lines.values())

    def caption(self) -> str:
        """The text on the screen, in one line: a single character's caption, or the text."""
        if len(self.answers) == 1:
            return self.answers[0].caption()
        return self.text.replace("\n", " / ")

    @property
    def confidence(self) -> float:
        """Calibrated probability that every best label is right, 0..1; 0 where there is no ink."""
        if not self.answers:
            return 0.0
        return float(np.prod([answer.confidence for answer in self.answers]))


class Reader:
    """Reads ink with one network. Pure: the same ink gives the same reading.

    plain: the network without a person's corrections.
    """

    def __init__(self, network: Network) -> None:
        self.plain = self._network = network
        self._weights = load_weights(network.card.name, network.labels)
        self._picture_weights = load_weights(network.card.name, network.labels, kind="pictures")
        self._pen = -1.0
        self._segmenter: PageSegmenter
        # The words of the last reading: their characters, which keep alive what the keys identify,
        # and their answers.
        self._words: dict[object, tuple[list[Character], list[Answer]]] = {}

    @property
    def name(self) -> str:
        """The network's name, from its card."""
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
        return self._reading(characters, pen / 2, dict(edits.labels))

    def _reading(
        self,
        characters: Sequence[Character],
        margin: float = 0.0,
        corrections: Mapping[Ink, str] | None = None,
    ) -> Reading:
        """The answers for characters in their context.

        margin: from their points to the box. corrections: a person's labels, by their ink.
        """
        labels, corrections = self._network.labels, corrections or {}
        specks = tuple(each.box.grown(margin) for each in characters if each.kind == "speck")
        characters = [each for each in characters if each.kind != "speck"]
        boxes = [character.box for character in characters]
        known, self._words = self._words, {}
        answers: list[Answer] = []
        for line in _lines(characters):
            # A number is one, however wide its gaps are.
            parts = [line] if labels == DIGITS else words(line, boxes)
            for number, members in enumerate(parts):
                word = [characters[i] for i in members]
                corrected = [
                    corrections.get(frozenset(c.ink)) if corrections else None for c in word
                ]
                # A word of the same characters as before has the same answers.
                same = tuple(
                    (id(c.classification), c.box, c.strokes, c.kind, c.dotted, c.line) for c in word
                )
                key = same, tuple(corrected), number, margin
                if key not in known:
                    known[key] = (word, self._word_answers(word, number, corrected, margin))
                self._words[key] = known[key]
                answers += known[key][1]
        return Reading(tuple(answers), specks)

    def _word_answers(
        self,
        word: Sequence[Character],
        number: int,
        corrected: Sequence[str | None],
        margin: float,
    ) -> list[Answer]:
        """The answers for the characters of a word.

        number: of the word in its line. corrected: a person's label for each, or None.
        """
        labels, boxes = self._network.labels, [each.box for each in word]
        classifications = [each.classification.probabilities for each in word]
        rescored = rescore_lookalikes(
            self._with_corrections(classifications, corrected), boxes, labels
        )
        read = [
            self._answer(each, own if label is None else classification, margin, number, label)
            for each, own, classification, label in zip(
                word, rescored, classifications, corrected, strict=True
            )
        ]
        forms = small(
            [answer.corrected_label or answer.alternatives[0][0] for answer in read],
            boxes,
            [each.dotted for each in word],
        )
        return [
            replace(answer, small=True) if form else answer
            for answer, form in zip(read, forms, strict=True)
        ]

    def classify(self, ink: Sequence[Stroke], pen: float) -> Classification:
        """At least one stroke as one character, whatever else is on the page."""
        return self._classify(strokes_to_image(ink, smallest=_smallest(pen)))

    def steps(self, ink: Sequence[Stroke], pen: float) -> Steps:
        """The steps from that ink to the network's input."""
        return strokes_in_steps(ink, smallest=_smallest(pen))

    def _classify(self, image: NDArray[np.float32]) -> Classification:
        return Classification(image, self._network.probabilities(image[np.newaxis])[0])

    def read_picture(self, ink: NDArray[np.uint8]) -> Reading:
        """Reads a picture of writing; boxes are in its pixels.

        ink: (height, width) uint8, 0 for paper to 255 for ink; up to 32 pixels are one character.
        """
        return self._reading(characters_in(ink, self._classify_picture, self._picture_weights))

    def _classify_picture(self, ink: NDArray[np.uint8]) -> Classification:
        return self._classify(picture_to_image(ink))

    def _with_corrections(
        self, classifications: Sequence[Floats], corrected: Sequence[str | None]
    ) -> list[Floats]:
        """The probabilities, with 1 for the label of a correction: its neighbours depend on it."""
        labels = np.array(self._network.labels)
        return [
            classification
            if label is None or merged(label) not in labels
            else 1.0 * (labels == merged(label))
            for classification, label in zip(classifications, corrected, strict=True)
        ]

    def _answer(
        self,
        character: Character,
        probabilities: Floats,
        margin: float,
        word: int,
        label: str | None,
    ) -> Answer:
        order = np.argsort(-probabilities, kind="stable")[:3]
        labels = self._network.labels
        return Answer(
            kind=self._kind(character, probabilities, label),
            box=character.box.grown(margin),
            confidence=float(probabilities[order[0]]),
            alternatives=tuple((labels[i], float(probabilities[i])) for i in order),
            probabilities=tuple(probabilities.tolist()),
            image=character.classification.image,
            ink=character.ink,
            strokes=character.strokes,
            line=character.line,
            word=word,
            corrected_label=label,
            sketch=character.kind == "sketch",
        )

    def _kind(self, character: Character, probabilities: Floats, label: str | None) -> Kind:
        if label:
            return "sure"
        if character.kind == "sketch":
            return "refused"
        return decide(probabilities, self._network.card)


def _smallest(pen: float) -> float:
    """The least size of ink, in its units: below half the brush it is a blot, not a small digit."""
    return pen / 2


def _lines(characters: Sequence[Character]) -> list[list[int]]:
    lines: dict[int, list[int]] = {}
    for index, character in enumerate(characters):
        lines.setdefault(character.line, []).append(index)
    return list(lines.values())


def decide(probabilities: NDArray[np.float64], card: Card) -> Kind:
    """The kind of answer for calibrated probabilities, (classes,), by the card's thresholds."""
    second, first = np.sort(probabilities)[-2:]
    if first >= card.sure_at:
        return "sure"
    return "unsure" if first + second >= card.digit_at else "refused"
