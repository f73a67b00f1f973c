"""Brings the README's measured parts up to date: those between HTML comments, and nothing else.

    <!-- measured: accuracy --> … <!-- end -->

Their text comes from the shipped networks' cards and from the kept results of `compare`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from models.ink.strokes import InputError
from models.recognition.card import Card, read_card
from models.util.atomic_files import explain_os_error, write_whole
from training.experiments.results import Row, read_rows
from training.report import readme_tables as tables
from training.report.readme_characters import characters
from training.report.readme_numbers import numbers, read_networks

CARD = Path("models") / "digits.json"
GROUPING = Path("models") / "grouping.json"
CHARACTERS = Path("models") / "characters.json"  # may be missing: then its part stays as it is
RESULTS = Path("models") / "comparison.jsonl"  # what `compare --output` wrote, kept in Git
Source = TypeVar("Source")
_MARK = re.compile(r"<!-- (?:measured: ([\w-]+)|end) -->")

# Where each part comes from: a function that gives its text, or None where nothing is measured.
OF_CARD: dict[str, Callable[[Card], str | None]] = {
    "parameters": lambda card: f"{card.parameters:,}",
    "accuracy": tables.accuracy,
    "refusal": tables.refusal,
    "mistakes": tables.mistakes,
}
OF_RESULTS: dict[str, Callable[[Sequence[Row]], str | None]] = {
    "ingredients": tables.ingredients,
    "cross-validation": tables.cross_validation,
}
INLINE = ("parameters", "mistakes")  # within a sentence; the others have lines of their own


def update(root: Path, check: bool) -> int:
    """Rewrites README.md in the project's folder `root`, or only checks that it is up to date.

    Says in a line of its own which parts are left as they are, since nothing is measured for
    them. Returns the exit status: 1 where `check` finds a part that would be written otherwise.
    Raises InputError where a file cannot be used, or a marker is missing or out of place.
    """
    path = root / "README.md"
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        why = explain_os_error(error) if isinstance(error, OSError) else "it is no text"
        raise InputError(f"{path}: cannot be read, {why}.") from None
    card, rows = read_card(root / CARD), read_rows(root / RESULTS)
    parts = {name: _made(make, card, root / CARD) for name, make in OF_CARD.items()}
    parts |= {name: _made(make, rows, root / RESULTS) for name, make in OF_RESULTS.items()}
    parts["numbers"] = _made(numbers, read_networks(root / GROUPING), root / GROUPING)
    second = root / CHARACTERS
    parts["characters"] = _made(characters, read_card(second), second) if second.exists() else None
    now = rewritten(text, parts, path)
    if check and now != text:
        print(f"{path}: not what was measured; run `python -m training readme`.", file=sys.stderr)
        return 1
    for name, part in parts.items():
        if part is None and (name != "characters" or second.exists()):
            source = _source(name)
            print(f"{name}: left as it is; {source.as_posix()} has nothing for it.")
    if now != text:
        try:
            write_whole(path, now.encode())
        except OSError as error:
            raise InputError(f"{path}: cannot be written, {explain_os_error(error)}.") from None
        print(f"Brought {path} up to date.")
    return 0


def _source(name: str) -> Path:
    if name in OF_CARD:
        return CARD
    if name == "numbers":
        return GROUPING
    return RESULTS if name in OF_RESULTS else CHARACTERS


def rewritten(text: str, parts: Mapping[str, str | None], path: Path) -> str:
    """The text with each part between its markers; a part that is None stays as it is.

    path: of the text, to be named in InputError, which is raised where a part has no markers, or
    markers are unknown, doubled, or not closed.
    """
    places = _places(text, path)
    for name in places:
        if name not in parts:
            raise InputError(f"{path}: nothing is called {name!r}; there are {', '.join(parts)}.")
    newline = "\r\n" if "\r\n" in text else "\n"
    for name, (start, end) in reversed(places.items()):
        part = parts[name]
        if part is not None:
            whole = part if name in INLINE else f"\n{part}\n"
            text = text[:start] + whole.replace("\n", newline) + text[end:]
    for name in parts:
        if name not in places:
            raise InputError(
                f"{path}: {name} has no place; put `<!-- measured: {name} -->` and `<!-- end -->` "
                "where it belongs."
            )
    return text


def _places(text: str, path: Path) -> dict[str, tuple[int, int]]:
    """Where each part begins and ends, markers not included, in the text's order."""
    places: dict[str, tuple[int, int]] = {}
    opened: re.Match[str] | None = None
    for mark in _MARK.finditer(text):
        name, line = mark[1], text.count("\n", 0, mark.start()) + 1
        if name and opened:
            raise InputError(f"{path}, line {line}: {opened[1]} is not closed before {name}.")
        if name and name in places:
            raise InputError(f"{path}, line {line}: {name} is there twice; keep one.")
        if name:
            opened = mark
        elif opened:
            places[opened[1]] = opened.end(), mark.start()
            opened = None
        else:
            raise InputError(f"{path}, line {line}: `{mark[0]}` closes nothing.")
    if opened:
        raise InputError(f"{path}: {opened[1]} is not closed; put `<!-- end -->` behind it.")
    return places


def _made(make: Callable[[Source], str | None], source: Source, path: Path) -> str | None:
    """A part's text; what the source lacks is told in one line."""
    try:
        return make(source)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: a figure is missing or no number ({error}).") from None
