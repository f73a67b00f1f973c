"""What a sheet is: pages of fields, each with a place, a kind, and perhaps an expected answer."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import astuple, dataclass, replace
from typing import Literal

from models.ink.strokes import Box

# "number": one number, written freely. "digits", "letters": one in each printed cell. "words": free
# writing. "tick": a box to be ticked.
FieldKind = Literal["number", "digits", "letters", "words", "tick"]
FIELD_KINDS: tuple[FieldKind, ...] = ("number", "digits", "letters", "words", "tick")
TICKED = "x"  # the text of a box that is ticked; of one that is not it is ""
# Papers by their names: width and height in millimetres.
PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}


@dataclass(frozen=True)
class Field:
    """A place to be written in.

    name: unique on its sheet. box: the inside of the printed box, in millimetres from the page's
    upper left corner. cells: how many characters there is room for, 0 for any. prompt: what is
    asked. answer: what is expected, or None.
    """

    name: str
    kind: FieldKind
    box: Box
    cells: int = 0
    prompt: str = ""
    answer: str | None = None

    @property
    def has_cells(self) -> bool:
        """Whether lines between its cells are printed."""
        return self.kind in ("digits", "letters")

    def to_json(self) -> dict[str, object]:
        record: dict[str, object] = {"name": self.name, "prompt": self.prompt}
        if self.answer is not None:
            record["answer"] = self.answer
        return record | {"kind": self.kind, "box": _rounded(self.box), "cells": self.cells}


@dataclass(frozen=True)
class Page:
    """One page of a sheet.

    size: width and height in millimetres. fields: in reading order. writer: where the person who
    fills it in writes their name, or None.
    """

    size: tuple[float, float]
    fields: tuple[Field, ...]
    writer: Box | None = None

    def to_json(self) -> dict[str, object]:
        record: dict[str, object] = {"size": list(self.size)}
        if self.writer is not None:
            record["writer"] = _rounded(self.writer)
        return record | {"fields": [field.to_json() for field in self.fields]}


@dataclass(frozen=True)
class Sheet:
    """A sheet of one or more pages.

    name: identifies what is printed, "W1-S3-20-7-A4-K3QF"; its last part is a checksum of the
    pages, so that two versions of a sheet never have the same name. marked: whether its pages have
    the markers and the code of `codes` and `markers`.
    """

    name: str
    title: str
    pages: tuple[Page, ...]
    marked: bool = True

    def with_checksum(self) -> Sheet:
        """The sheet with the checksum of its pages as the last part of its name."""
        content = json.dumps([page.to_json() for page in self.pages], sort_keys=True)
        digest = hashlib.sha256(content.encode()).digest()
        return replace(self, name=f"{self.name}-{base64.b32encode(digest)[:4].decode()}")

    def to_json(self) -> str:
        """One line, a stable interface: game/README.md."""
        return json.dumps({"sheet": self.name, "pages": [page.to_json() for page in self.pages]})


def _rounded(box: Box) -> list[float]:
    return [round(length, 2) for length in astuple(box)]
