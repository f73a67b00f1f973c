"""The one store of a person's samples: characters with the label that the person gave them.

    profiles/NAME/samples.jsonl     drawings of one character each, a line more for each sample
    profiles/NAME/taken-back.txt    a line "- ID" takes a sample back, a later "+ ID" undoes that

Both files only grow. A last line without its end is what a crash left, and does not count.
"""

from __future__ import annotations

import codecs
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import platformdirs

from models.ink.jsonl import drawing_from_json, drawing_to_json
from models.ink.points import kind_of
from models.ink.strokes import Drawing
from models.util.atomic_files import append_line
from models.util.errors import InputError, StorageError, explain_os_error
from models.util.locked_folder import locked

SAMPLES = "samples.jsonl"
TAKEN_BACK = "taken-back.txt"


def user_folder() -> Path | None:
    """The user's folder: $INKLING_DATA_DIR, else the system's; None where there is neither."""
    named = os.environ.get("INKLING_DATA_DIR")
    try:
        folder = Path(named or platformdirs.user_data_dir("inkling"))
        # Without a home the system's folder begins with a "~" that is not expanded.
        return folder if named or folder.is_absolute() else None
    except (OSError, RuntimeError, KeyError):
        return None


def profiles_folder() -> Path | None:
    """The folder of all profiles, which need not exist yet; None where there is no place."""
    folder = user_folder()
    return None if folder is None else folder / "profiles"


def profile_names(folder: Path) -> tuple[str, ...]:
    """The names in the folder of all profiles, sorted; none where there is no such folder.

    Raises InputError where it cannot be read.
    """
    try:
        return tuple(sorted(one.name for one in folder.iterdir() if one.is_dir()))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {explain_os_error(error)}.") from None


def new_id() -> str:
    """An id that no other sample has: the local time and four random characters."""
    moment = datetime.now().isoformat(timespec="milliseconds")
    return f"{moment}-{secrets.token_hex(2)}"


class Samples:
    """The samples of one person."""

    def __init__(self, folder: Path | None) -> None:
        """folder: the person's own, with the person's name; None where nothing can be kept."""
        self._folder = folder

    def read(self) -> tuple[tuple[Drawing, ...], str | None]:
        """The samples in force, in the order in which they were made.

        Returns them, and a warning about the first one that is damaged, if there is any: that one
        is left out, and costs no other. Raises InputError where a file cannot be read.
        """
        if self._folder is None:
            return (), None
        path = self._folder / SAMPLES
        taken_back = _taken_back(self._folder / TAKEN_BACK)
        samples: list[Drawing] = []
        warning: str | None = None
        for number, (line, ended) in enumerate(_lines(path), start=1):
            try:
                sample = _sample(line, f"{path}, line {number}") if line.strip() else None
            except InputError as error:
                if ended and warning is None:
                    warning = f"A damaged sample is left out: {error}"
                continue
            if sample is not None and (not sample.id or sample.id not in taken_back):
                samples.append(replace(sample, writer=self._folder.name))
        return tuple(samples), warning

    def add(self, drawing: Drawing) -> None:
        """Keeps one more sample, safely on the disk when this returns.

        drawing: of one character, which its label names. Its id must be new, as `new_id` makes
            one; without an id it gets one. Its writer becomes the person, and the time is noted
            under "made".

        Raises StorageError.
        """
        made = {"made": datetime.now().astimezone().isoformat(timespec="milliseconds")}
        sample = replace(
            drawing,
            id=drawing.id or new_id(),
            writer=None if self._folder is None else self._folder.name,
            extra=made | drawing.extra,
        )
        complaint = "Your ink is not kept"
        line = drawing_to_json(sample).encode()
        try:
            _sample(line, "the sample")  # one that could not be read again is none
        except InputError as error:
            raise StorageError(f"{complaint}: {error}") from None
        self._append(SAMPLES, line, complaint)

    def take_back(self, id: str) -> None:
        """The sample of this id is no longer in force; its ink stays. Raises StorageError."""
        self._append(TAKEN_BACK, f"- {id}".encode(), "The sample is not taken back")

    def put_back(self, id: str) -> None:
        """The sample of this id, which was taken back, is in force again. Raises StorageError."""
        self._append(TAKEN_BACK, f"+ {id}".encode(), "The sample is not put back")

    def _append(self, file: str, line: bytes, complaint: str) -> None:
        if b"\n" in line:
            raise StorageError(f"{complaint}: its id has a line break.")
        with locked(self._folder, complaint) as folder:
            append_line(folder / file, line, _is_sample if file == SAMPLES else _is_nothing)


def _sample(line: bytes, where: str) -> Drawing:
    """The sample on a line of a file of samples. where: as for `drawing_from_json`.

    Raises InputError where that is no drawing, or its label is not one character.
    """
    # A byte that is not UTF-8 becomes half a character, which no text of a drawing may have.
    sample = drawing_from_json(line.decode(errors="surrogateescape"), where)
    label = sample.label or ""
    if len(label) != 1 or not label.isprintable() or label.isspace():
        raise InputError(
            f'{where}: "label" is {kind_of(sample.label)}; right would be one character, as "7"'
        )
    return sample


def _is_sample(line: bytes) -> bool:
    """Whether a last line without its end is a whole sample, as an editor may leave it."""
    try:
        _sample(line, "the last line")
    except InputError:
        return False
    return True


def _is_nothing(line: bytes) -> bool:
    """Part of an id may be the whole of another, so without its end no such line is whole."""
    return False


def _taken_back(path: Path) -> set[str]:
    """The ids of the samples that are taken back."""
    ids: set[str] = set()
    for line, ended in _lines(path):
        sign, _, name = line.decode(errors="replace").rstrip("\r").partition(" ")
        if ended and sign == "-":
            ids.add(name)
        elif ended and sign == "+":
            ids.discard(name)
    return ids


def _lines(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The lines of a file, each with whether it has its end; none where there is no file."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path}: is not a file; move it away to keep samples there.")
        content = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {explain_os_error(error)}.") from None
    *lines, last = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    for line in lines:
        yield line, True
    yield last, False
