"""Brings the measured tables of the documents up to date, by cog (https://cog.readthedocs.io).

    <!-- [[[cog show("accuracy") ]]] -->
    …
    <!-- [[[end]]] -->

Their text comes from the shipped networks' cards, from models/grouping.json and words.json, and
from the kept results of `compare`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from cogapp import Cog
from cogapp.cogapp import CogError

from models.recognition.card import read_card
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from training.experiments.results import read_results
from training.report import readme_tables as tables
from training.report.readme_characters import characters
from training.report.readme_numbers import numbers, read_networks, read_words, words

DOCUMENTS = (Path("README.md"), Path("models/README.md"), Path("training/MEASURED.md"))
CARD = Path("models/digits.json")
GROUPING = Path("models/grouping.json")
OF_WORDS = Path("models/words.json")
CHARACTERS = Path("models/characters.json")  # may be missing: then its table stays as it is
RESULTS = Path("models/comparison.jsonl")  # what `compare --output` wrote, kept in Git
Source = TypeVar("Source")


def update(root: Path, check: bool) -> int:
    """Rewrites the documents in the project's folder `root`, or only checks them.

    A table that nothing is measured for stays as it is; one line says so. Returns the exit status:
    1 where `check` finds a document that would be written otherwise. Raises InputError where a
    file cannot be used, or a table is unknown, not closed, or in no document.
    """
    made = _tables(root)
    texts = {name: text for name, (text, _) in made.items()}
    old = {root / document: _read(root / document) for document in DOCUMENTS}
    shown: set[str] = set()
    new = {path: rewritten(text, texts, path, shown) for path, text in old.items()}
    for name in texts:
        if name not in shown:
            raise InputError(f'{name} has no place; put [[[cog show("{name}") ]]] in a document.')
    changed = [path for path in old if new[path] != old[path]]
    if check:
        for path in changed:
            again = "run `python -m training readme`"
            print(f"{path}: not what was measured; {again}.", file=sys.stderr)
        return 1 if changed else 0
    for name, (text, source) in made.items():
        if text is None and (name != "characters" or (root / source).exists()):
            print(f"{name}: left as it is; {source.as_posix()} has nothing for it.")
    for path in changed:
        try:
            write_whole(path, new[path].encode())
        except OSError as error:
            raise InputError(f"{path}: cannot be written, {explain_os_error(error)}.") from None
        print(f"Brought {path} up to date.")
    return 0


def rewritten(text: str, texts: Mapping[str, str | None], path: Path, shown: set[str]) -> str:
    """A document with each table between its markers; one whose text is None stays as it is.

    text: of the document. texts: of the tables, by name. path: of the document, for InputError.
    shown: the names of the document's tables are added to it.
    """
    engine = Cog()

    def show(name: str) -> None:
        table = texts[name]
        engine.cogmodule.out(engine.cogmodule.previous if table is None else table)
        shown.add(name)

    engine.options.defines["show"] = show
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        result = str(engine.process_string(text.replace(newline, "\n"), path.name))
    except (CogError, SyntaxError) as error:
        raise InputError(f"{path}: {str(error).splitlines()[-1]}") from None
    return result.replace("\n", newline)


def _tables(root: Path) -> dict[str, tuple[str | None, Path]]:
    """The text of each table, None where nothing is measured for it, and its source."""
    card, second = root / CARD, root / CHARACTERS
    cards = [read_card(path) for path in (card, second) if path == card or path.exists()]
    rows, groups = read_results(root / RESULTS), read_networks(root / GROUPING)
    return {
        "accuracy": (_made(tables.accuracy, cards[0], card), CARD),
        "choosers": (_made(tables.accuracy_of_choosers, cards[0], card), CARD),
        "networks": (_made(tables.networks, cards, card), CARD),
        "refusal": (_made(tables.refusal, cards[0], card), CARD),
        "characters": (_made(characters, cards[1], second) if cards[1:] else None, CHARACTERS),
        "ingredients": (_made(tables.ingredients, rows, root / RESULTS), RESULTS),
        "cross-validation": (_made(tables.cross_validation, rows, root / RESULTS), RESULTS),
        "numbers": (_made(numbers, groups, root / GROUPING), GROUPING),
        "words": (_made(words, read_words(root / OF_WORDS), root / OF_WORDS), OF_WORDS),
    }


def _made(make: Callable[[Source], str | None], source: Source, path: Path) -> str | None:
    """A table's text; the InputError for what the source lacks names its file, `path`."""
    try:
        return make(source)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: a figure is missing or no number ({error}).") from None


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        why = explain_os_error(error) if isinstance(error, OSError) else "it is no text"
        raise InputError(f"{path}: cannot be read, {why}.") from None
