"""The context of a word decides between look-alikes: 0 or O, 1 or I, c or C.

Nothing here looks at ink. Only the probabilities within a group of look-alikes change: that of the
group as a whole stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from statistics import median

import numpy as np

from models.ink.strokes import Box
from models.recognition.labels import DIGITS, LOOKALIKES, merged
from models.recognition.lookalikes import Lookalikes
from models.util.arrays import Floats

_WORD_GAP = 1.0  # heights of the line; a wider gap is between two words
# How often a character is of another kind than its word: the 4 of B4, the A of 21A.
_MIXED = 0.1
_MOST = 3.0  # log odds of digit against letter that a single neighbour adds
# A small o, s or z is lower than digits and capitals; a g or q goes below the line, a 9 doesn't.
_LOW, _LOW_LETTERS = 0.75, "OSZ"
_BELOW, _BELOW_LETTERS = 0.2, "gq"
_FITS_BETTER = 4.0  # factor for a label that fits the height and place of its box
_DOTTED = "IJ"
_SMALL_FORMS = frozenset("abdefghnqrt")  # EMNIST's small letters that have a class of their own


def words(line: Sequence[int], boxes: Sequence[Box]) -> list[list[int]]:
    """Splits a line, indices of boxes from left to right, into words at its wide gaps."""
    if not line:
        return []
    height = median(boxes[i].height for i in line)
    parts = [[line[0]]]
    right = boxes[line[0]].right
    for index in line[1:]:
        if boxes[index].x - right > _WORD_GAP * height:
            parts.append([])
        parts[-1].append(index)
        right = max(right, boxes[index].right)
    return parts


def rescore_lookalikes(
    probabilities: Sequence[Floats], boxes: Sequence[Box], labels: Sequence[str]
) -> list[Floats]:
    """The probabilities of a word's characters, look-alikes rescored by the others of the word.

    Whether the word is a number or of letters follows from how probably each of its characters is a
    digit; how high a character is, and how far it reaches below the line, separates small letters
    from digits.

    probabilities: (classes,) of each character. boxes: of each. labels: of the classes.
    """
    groups = [[k for k, label in enumerate(labels) if label in members] for members in LOOKALIKES]
    groups = [group for group in groups if len(group) > 1]
    if len(boxes) < 2 or not groups:
        return list(probabilities)
    digit = np.array([label in DIGITS for label in labels])
    # The context takes the place of the prior of a character that stands alone.
    without_prior = _lookalikes(tuple(labels)).without_prior(np.array(probabilities))
    is_digit = without_prior[:, digit].sum(axis=1)
    odds = np.clip(np.log(is_digit + 1e-9) - np.log(1 - is_digit + 1e-9), -_MOST, _MOST)
    rescored = []
    for index, own in enumerate(without_prior):
        number = 1 / (1 + np.exp(-(odds.sum() - odds[index])))
        number = (1 - _MIXED) * number + _MIXED / 2
        weight = np.where(digit, number, 1 - number)
        weight = weight * _standing(boxes, index, labels)
        result = own.copy()
        for group in groups:
            weighted = own[group] * weight[group]
            if weighted.sum() > 0:
                result[group] = weighted * (own[group].sum() / weighted.sum())
        rescored.append(result)
    return rescored


@lru_cache(maxsize=4)
def _lookalikes(labels: tuple[str, ...]) -> Lookalikes:
    """Made once: every word of a page needs it after every stroke."""
    return Lookalikes(labels, {})


def small(texts: Sequence[str], boxes: Sequence[Box], dotted: Sequence[bool]) -> list[bool]:
    """Which of a word's letters are small, where their class stands for both forms.

    Small are an i and a j with a dot, and the letters of a word whose others are small. The first
    letter may be a capital in such a word: it is one if it is as high as the highest other.

    texts: the labels. boxes: of each. dotted: whether each has a dot.
    """
    forms = [
        text in _SMALL_FORMS or (text in _DOTTED and dot)
        for text, dot in zip(texts, dotted, strict=True)
    ]
    capitals = sum(text.isupper() and merged(text.lower()) != text for text in texts[1:])
    lower = sum(forms) > capitals
    return [
        form
        or (
            lower
            and merged(text.lower()) == text
            and text.isalpha()
            and (index > 0 or boxes[0].height < _LOW * max(box.height for box in boxes[1:]))
        )
        for index, (text, form) in enumerate(zip(texts, forms, strict=True))
    ]


def _standing(boxes: Sequence[Box], index: int, labels: Sequence[str]) -> Floats:
    """(classes,): how much better each label fits the place of one of a word's boxes."""
    others = [box for k, box in enumerate(boxes) if k != index]
    highest = max(box.height for box in others)
    own = boxes[index]
    fits = ""
    if own.height < _LOW * highest:
        fits += _LOW_LETTERS
    if own.bottom - median(box.bottom for box in others) > _BELOW * highest:
        fits += _BELOW_LETTERS
    return np.array([_FITS_BETTER if label in fits else 1.0 for label in labels])
