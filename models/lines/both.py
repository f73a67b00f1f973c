"""A picture of digits by both readers: each line by the one that is surer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box
from models.lines.line_reader import LineReader
from models.pictures.ink import ink_of
from models.recognition.answer import Answer, Reading
from models.recognition.reader import Reader

# Digits of a line that the network for lines was trained with: a single one is left to the network
# for single ones, which also knows what is no digit.
_DIGITS = range(2, 11)
_MARGIN = 0.4  # of a line's height, of the picture around it


def read_by_characters(picture: NDArray[np.uint8], reader: Reader) -> Reading:
    """What a picture (height, width) of grey levels says, character by character.

    Boxes are in its pixels.
    """
    ink = ink_of(picture)
    scale = max(ink.shape) / max(picture.shape)
    reading = reader.read_picture(ink)
    return Reading(tuple(answer.placed(1 / scale) for answer in reading.answers))


def read_by_both(picture: NDArray[np.uint8], reader: Reader, lines: LineReader) -> Reading:
    """What a picture (height, width) of grey levels says, each line by whichever reader is surer.

    reader: of digits. lines: reads lines of digits without segmentation.
    """
    reading = read_by_characters(picture, reader)
    answers: list[Answer] = []
    for number in sorted({answer.line for answer in reading.answers}):
        own = [answer for answer in reading.answers if answer.line == number]
        if len(own) in _DIGITS:
            x, y, part = _around(picture, own)
            other = lines.read(part)
            if other.confidence > Reading(tuple(own)).confidence:
                found = [replace(each.placed(1.0, x, y), line=number) for each in other.answers]
                if len(found) == len(own):  # the same ink, whose place segmentation knows better
                    found = [replace(a, box=b.box) for a, b in zip(found, own, strict=True)]
                own = found
        answers += own
    return Reading(tuple(answers))


def _around(
    picture: NDArray[np.uint8], answers: Sequence[Answer]
) -> tuple[int, int, NDArray[np.uint8]]:
    """The part of a picture around some answers, with its upper left corner."""
    x = min(answer.box.x for answer in answers)
    y = min(answer.box.y for answer in answers)
    right = max(answer.box.right for answer in answers)
    bottom = max(answer.box.bottom for answer in answers)
    box = Box(x, y, right - x, bottom - y).grown(_MARGIN * (bottom - y))
    left, top = max(0, int(box.x)), max(0, int(box.y))
    return left, top, picture[top : int(box.bottom) + 1, left : int(box.right) + 1]
