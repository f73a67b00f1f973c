"""What scanning found, as it is printed, kept in a journal, and put into tables."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.ink.strokes import Box
from models.sheets.reading import Verdict
from models.sheets.scanner import PageResult, same_ink


@dataclass(frozen=True)
class FieldRecord:
    """A field of a photographed page.

    text: what is asserted. best: the likeliest text. confidence: of `best`, 0..1. kind, box,
    prompt: of the field. verdict: None where nothing is expected. alternatives: likely texts.
    reviewed: whether a person said what is written.
    """

    name: str
    text: str
    best: str
    confidence: float
    expected: str | None
    verdict: Verdict | None
    kind: str
    box: Box
    prompt: str = ""
    alternatives: tuple[str, ...] = ()
    reviewed: bool = False

    @property
    def is_unsure(self) -> bool:
        """Whether a person should look at it: of an expected answer the verdict is unsure, of any
        other field a character.
        """
        if self.reviewed:
            return False
        return self.verdict == "unsure" or (self.verdict is None and "?" in self.text)

    def settled(self, text: str) -> FieldRecord:
        """The field as a person says that it reads; "" for an empty one."""
        verdict: Verdict | None = None
        if self.expected is not None:
            is_right = text.casefold() == self.expected.casefold()
            verdict = "right" if is_right else "wrong" if text else "empty"
        return replace(self, text=text, best=text, confidence=1.0, verdict=verdict, reviewed=True)

    def to_json(self) -> dict[str, object]:
        record: dict[str, object] = {
            "name": self.name,
            "text": self.text,
            "best": self.best,
            "confidence": round(self.confidence, 4),
        }
        if self.expected is not None:
            record |= {"expected": self.expected, "verdict": self.verdict}
        return record | ({"reviewed": True} if self.reviewed else {})


@dataclass(frozen=True, eq=False)
class PageRecord:
    """A page in a photograph.

    file: as it is called in tables. path: of the photograph. writer: the name on it as it was read.
    size: of the page in millimetres. to_photo: nine numbers, row by row, from millimetres on the
    page to pixels. signature: see `PageResult`. duplicate_of: the file that shows the same page.
    """

    file: str
    path: str
    sheet: str
    page: int
    writer: str
    fields: tuple[FieldRecord, ...]
    size: tuple[float, float]
    to_photo: tuple[float, ...]
    signature: NDArray[np.bool_]
    duplicate_of: str | None = None

    def shows_same(self, other: PageRecord) -> bool:
        """Whether two photographs show the same piece of paper."""
        return (self.sheet, self.page) == (other.sheet, other.page) and same_ink(
            self.signature, other.signature
        )

    def to_json(self) -> str:
        """One line, a stable interface: game/README.md."""
        record: dict[str, object] = {"file": self.file, "sheet": self.sheet, "page": self.page}
        if self.writer:
            record["writer"] = self.writer
        if self.duplicate_of is not None:
            return json.dumps(record | {"duplicate_of": self.duplicate_of, "fields": []})
        return json.dumps(record | {"fields": [each.to_json() for each in self.fields]})

    def with_field(self, changed: FieldRecord) -> PageRecord:
        """The page with another record of the field of that name."""
        own = (changed if each.name == changed.name else each for each in self.fields)
        return replace(self, fields=tuple(own))

    def to_journal(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "path": self.path,
            "sheet": self.sheet,
            "page": self.page,
            "writer": self.writer,
            "size": list(self.size),
            "to_photo": list(self.to_photo),
            "ink": b64encode(np.packbits(self.signature).tobytes()).decode(),
            "places": len(self.signature),
            "duplicate_of": self.duplicate_of,
            "fields": [
                {
                    **each.to_json(),
                    "kind": each.kind,
                    "prompt": each.prompt,
                    "alternatives": list(each.alternatives),
                    "box": [each.box.x, each.box.y, each.box.width, each.box.height],
                }
                for each in self.fields
            ],
        }


@dataclass(frozen=True, eq=False)
class PhotoRecord:
    """A photograph: its pages, and what is wrong with it. path: as it was given."""

    path: str
    pages: tuple[PageRecord, ...] = ()
    problems: tuple[str, ...] = ()

    def to_journal(self) -> dict[str, Any]:
        return {
            "photo": self.path,
            "pages": [page.to_journal() for page in self.pages],
            "problems": list(self.problems),
        }


def page_record(file: str, path: str, result: PageResult) -> PageRecord:
    """What scanning a page found, to be kept."""
    return PageRecord(
        file=file,
        path=path,
        sheet=result.sheet,
        page=result.number,
        writer=result.writer,
        fields=tuple(
            FieldRecord(
                name=each.field.name,
                text=each.reading.text,
                best=each.reading.best,
                confidence=each.reading.confidence,
                expected=each.field.answer,
                verdict=each.verdict,
                kind=each.field.kind,
                box=each.field.box,
                prompt=each.field.prompt,
                alternatives=tuple(text for text, _ in each.reading.alternatives[:4]),
            )
            for each in result.fields
        ),
        size=result.page.size,
        to_photo=tuple(result.to_photo.ravel().tolist()),
        signature=result.signature,
    )


def photo_from_journal(record: Mapping[str, Any]) -> PhotoRecord:
    """The photograph of a journal's line. Raises KeyError, TypeError or ValueError for another."""
    return PhotoRecord(
        record["photo"],
        tuple(_page_from_journal(each) for each in record["pages"]),
        tuple(record["problems"]),
    )


def _page_from_journal(record: Mapping[str, Any]) -> PageRecord:
    packed = np.frombuffer(b64decode(record["ink"]), np.uint8)
    return PageRecord(
        file=record["file"],
        path=record["path"],
        sheet=record["sheet"],
        page=record["page"],
        writer=record["writer"],
        fields=tuple(
            FieldRecord(
                name=each["name"],
                text=each["text"],
                best=each["best"],
                confidence=each["confidence"],
                expected=each.get("expected"),
                verdict=each.get("verdict"),
                kind=each["kind"],
                box=Box(*each["box"]),
                prompt=each["prompt"],
                alternatives=tuple(each["alternatives"]),
                reviewed=each.get("reviewed", False),
            )
            for each in record["fields"]
        ),
        size=(record["size"][0], record["size"][1]),
        to_photo=tuple(record["to_photo"]),
        signature=np.unpackbits(packed, count=record["places"]).astype(bool),
        duplicate_of=record["duplicate_of"],
    )
