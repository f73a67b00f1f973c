"""Samples of one person's ink: characters whose label that person has told.

They are kept in files that only grow, which `models.adaptation.samples` describes and reads.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from game.profiles.profile import Profile
from models.adaptation.samples import SAMPLES, TAKEN_BACK, read_samples, sample_of
from models.ink.jsonl import drawing_to_json
from models.ink.strokes import Drawing
from models.util.atomic_files import append_line
from models.util.errors import InputError


def new_id() -> str:
    """A name for a sample that no other has: the local time and four random characters."""
    moment = datetime.now().isoformat(timespec="milliseconds")
    return f"{moment}-{secrets.token_hex(2)}"


class Samples:
    """The samples of one profile. Nothing here raises: what hinders it is returned as a line."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def add(self, drawing: Drawing) -> str | None:
        """Keeps one more sample, safely on the disk when this returns.

        drawing: of one character, which its label names. Its id must be new, as `new_id` makes
        one; without an id it gets one. Its writer becomes the profile, and the time is noted under
        "made". Returns what hindered it.
        """
        complaint = "Your ink is not kept"
        made = {"made": datetime.now().astimezone().isoformat(timespec="milliseconds")}
        sample = replace(
            drawing,
            id=drawing.id or new_id(),
            writer=self._profile.name,
            extra=made | drawing.extra,
        )
        line = drawing_to_json(sample).encode()
        try:
            sample_of(line, "the sample")  # one that could not be read again is none
        except InputError as error:
            return f"{complaint}: {error}"
        return self._append(SAMPLES, line, complaint)

    def take_back(self, id: str) -> str | None:
        """The sample of this id is no longer in force; its ink stays in the file."""
        return self._append(TAKEN_BACK, f"- {id}".encode(), "The sample is not taken back")

    def put_back(self, id: str) -> str | None:
        """The sample of this id, which was taken back, is in force again."""
        return self._append(TAKEN_BACK, f"+ {id}".encode(), "The sample is not put back")

    def read(self) -> tuple[tuple[Drawing, ...], str | None]:
        """The samples in force, in the order in which they were made.

        The line tells of a damaged one, which alone is left out, or why there are none to be had.
        """
        if self._profile.folder is None:
            return (), None
        try:
            return read_samples(self._profile.folder)
        except InputError as error:
            return (), str(error)

    def _append(self, file: str, line: bytes, complaint: str) -> str | None:
        if b"\n" in line:
            return f"{complaint}: its id has a line break."

        def written(folder: Path) -> None:
            append_line(folder / file, line, _is_sample if file == SAMPLES else _is_nothing)

        return self._profile.write(written, complaint)


def _is_sample(line: bytes) -> bool:
    """Whether a last line without its end is a whole sample, as an editor may leave it."""
    try:
        sample_of(line, "the last line")
    except InputError:
        return False
    return True


def _is_nothing(line: bytes) -> bool:
    """Part of an id may be the whole of another, so without its end no such line is whole."""
    return False
