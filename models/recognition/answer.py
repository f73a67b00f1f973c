"""What ink reads as: an answer for each character, and the thresholds that decide its kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box, Stroke
from models.preprocessing.directions import without_directions
from models.recognition.card import Card
from models.recognition.labels import DIGITS

Kind = Literal["sure", "unsure", "refused"]


@dataclass(frozen=True, eq=False)
class Answer:
    """The network's answer for one character.

    kind: "sure" asserts the best label, "unsure" offers the best two, "refused" asserts none.
    box: around the ink, brush included, in the ink's own units.
    confidence: calibrated probability that the best label is right, 0..1.
    alternatives: the three best labels with their probabilities, best first.
    probabilities: one for each label of the network, in its order; they sum to 1.
    image: (28, 28) or (28, 28, 9) float32, what the network was given (`Network`).
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
    def picture(self) -> NDArray[np.float32]:
        """(28, 28) float32, what the network was given without the directions of the pen."""
        return without_directions(self.image)

    @property
    def text(self) -> str:
        """The best label where it is asserted, else "?"."""
        return self.label if self.kind == "sure" else "?"

    @property
    def label(self) -> str:
        """What it most likely is, in its case."""
        if self.corrected_label is not None:
            return self.corrected_label
        best = self.alternatives[0][0]
        return best.lower() if self.small else best

    def placed(self, scale: float, x: float = 0.0, y: float = 0.0) -> Answer:
        """The answer in other units: its box times `scale`, then moved by (x, y)."""
        own = self.box
        box = Box(own.x * scale + x, own.y * scale + y, own.width * scale, own.height * scale)
        return replace(self, box=box)

    def caption(self) -> str:
        """The text on the screen: "8", "4 or 9?", "not a digit", "not a character"."""
        if self.kind == "refused":
            digits = len(self.probabilities) <= len(DIGITS)
            return "not a digit" if digits else "not a character"
        return self.label if self.kind == "sure" else f"{self.label} or {self.alternatives[1][0]}?"


@dataclass(frozen=True)
class OtherWord:
    """What a word may be, too: the second likeliest reading.

    characters: the ink of each, and its label. likelihood: of the reading, 0..1.
    """

    characters: tuple[tuple[tuple[Stroke, ...], str], ...]
    likelihood: float

    @property
    def text(self) -> str:
        """The labels, from left to right."""
        return "".join(label for _, label in self.characters)


@dataclass(frozen=True)
class Reading:
    """The answers for all ink of a canvas or a picture, in reading order.

    specks: boxes of ink that is far smaller than the writing beside it; it has no answers.
    others: what words may be, too, where letters are read and that is in doubt.
    likelihood: of all answers together, 0..1, where they were read as one; else None.
    """

    answers: tuple[Answer, ...] = ()
    specks: tuple[Box, ...] = ()
    others: tuple[OtherWord, ...] = ()
    likelihood: float | None = None

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

    def other_word(self, answer: Answer) -> OtherWord | None:
        """What the word of one of the answers may be, too; None where that is not in doubt."""
        for other in self.others:
            if any(stroke in answer.ink for ink, _ in other.characters for stroke in ink):
                return other
        return None

    @property
    def confidence(self) -> float:
        """Calibrated probability that every best label is right, 0..1; 0 where there is no ink."""
        if not self.answers:
            return 0.0
        if self.likelihood is not None:
            return self.likelihood
        return float(np.prod([answer.confidence for answer in self.answers]))


def decide(probabilities: NDArray[np.float64], card: Card) -> Kind:
    """The kind of answer for calibrated probabilities, (classes,), by the card's thresholds."""
    second, first = np.sort(probabilities)[-2:]
    if first >= card.sure_at:
        return "sure"
    return "unsure" if first + second >= card.digit_at else "refused"
