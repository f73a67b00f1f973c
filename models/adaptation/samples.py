"""The folder of each person, and the samples of ink in it that are in force.

    profiles/NAME/samples.jsonl     drawings of one character each, a line more for each sample
    profiles/NAME/taken-back.txt    a line "- ID" takes a sample back, a later "+ ID" undoes that

Both files only grow. A last line without its end is what a crash left, and does not count.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import platformdirs

from models.ink.jsonl import drawing_from_json
from models.ink.points import kind_of
from models.ink.strokes import Drawing
from models.util.errors import InputError, explain_os_error

SAMPLES = "samples.jsonl"
TAKEN_BACK = "taken-back.txt"


def user_folder() -> Path | None:
    """The player's folder: $INKLING_DATA_DIR, else the system's; None where there is neither."""
    named = os.environ.get("INKLING_DATA_DIR")
    try:
        folder = Path(named or platformdirs.user_data_dir("inkling"))
        # Without a home the system's folder begins with a "~" that nobody expands.
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


def read_samples(folder: Path) -> tuple[tuple[Drawing, ...], str | None]:
    """The samples of one profile that are in force, in the order in which they were made.

    folder: the profile's own, whose name is every sample's writer.

    Returns them, and a line about the first one that is damaged, if there is any: that one is left
    out, and costs no other. Raises InputError where a file cannot be read.
    """
    path = folder / SAMPLES
    taken_back = _taken_back(folder / TAKEN_BACK)
    samples: list[Drawing] = []
    told: str | None = None
    for number, (line, ended) in enumerate(_lines(path), start=1):
        try:
            sample = sample_of(line, f"{path}, line {number}") if line.strip() else None
        except InputError as error:
            if ended and told is None:
                told = f"A damaged sample is left out: {error}"
            continue
        if sample is not None and (not sample.id or sample.id not in taken_back):
            samples.append(replace(sample, writer=folder.name))
    return tuple(samples), told


def sample_of(line: bytes, where: str) -> Drawing:
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
