"""The figures of whole numbers and of words, as Markdown, from what `grouping` and `words` kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.util.errors import InputError
from training.report.readme_tables import percent, table

_TITLES = {
    "numbers": "real numbers of 2 to 5 digits, touching and overlapping ones among them",
    "numbers of 2 and 3 digits": "of these, of 2 and 3 digits",
    "numbers of 4 digits": "of 4 digits",
    "numbers of 5 digits": "of 5 digits",
    "made, 2 digits, apart": "made: 2 digits, with gaps of 0.12 to 0.6 of their height",
    "made, 4 digits, apart": "4 digits",
    "made, 8 digits, apart": "8 digits",
    "made, 2 digits, touching or overlapping": "made: 2 digits, gaps of -0.15 to 0.1",
    "made, 4 digits, touching or overlapping": "4 digits",
    "made, 8 digits, touching or overlapping": "8 digits",
    "single digits": "single digits",
    "single digits, a pen that skips": "single digits by a pen that skips",
    "single digits, all ink as one": "single digits, if nothing were grouped",
}
_LETTERS = {  # with the network of characters
    "made, 4 letters, apart": "made: 4 letters, with gaps of 0.12 to 0.6 of their height",
    "made, 4 letters, touching or overlapping": "4 letters, gaps of -0.15 to 0.1",
    "single letters": "single letters",
    "single letters, a pen that skips": "single letters by a pen that skips",
    "single letters, all ink as one": "single letters, if nothing were grouped",
}


_WORDS = {
    "words": "words, as high as on a line of writing",
    "words of one height": "words, all letters of one height",
    "other words": "other words: the beginning of one and the end of another",
    "any letters": "3 to 6 letters, any of them; half of the texts of one height",
    "short words": "words of two letters",
    "letters": "single letters",
    "codes": "codes: one to three capitals and as many digits",
    "numbers": "numbers of 2 to 6 digits",
}


def read_words(path: Path) -> Mapping[str, Any]:
    """What models/words.json holds of the network of characters, in strokes and in pictures;
    InputError where it is damaged.
    """
    try:
        content = json.loads(path.read_text())
        return {source: dict(content[source]["characters"]) for source in ("strokes", "pictures")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: missing or damaged ({error}).") from None


def words(fitted: Mapping[str, Any]) -> str | None:
    """The table of words; None where nothing was measured. fitted: of models/words.json."""
    measured = fitted["strokes"].get("measured")
    pictured = fitted["pictures"].get("measured")
    if not measured or not pictured:
        return None
    lines = [
        [
            title,
            f"{found['n']:,}",
            f"{percent(found['accuracy'], 1)} "
            f"({100 * found['interval'][0]:.1f} to {100 * found['interval'][1]:.1f})",
            percent(found["asserted_and_right"], 1),
            percent(found["asserted_letters_right"], 1),
            percent(pictured[name]["accuracy"], 1),
            percent(pictured[name]["asserted_and_right"], 1),
            percent(pictured[name]["asserted_letters_right"], 1),
        ]
        for name, title in _WORDS.items()
        for found in [measured[name]]
    ]
    sure = 'right with its case, and without any "?"'
    heads = ["written", "n", "right, case apart", sure, "of the asserted characters right"]
    heads += ["in pictures: right", '… without any "?"', "… of the asserted right"]
    return table(heads, lines)


def read_networks(path: Path) -> Mapping[str, Any]:
    """What models/grouping.json holds of each network; raises InputError where it is damaged."""
    try:
        networks = json.loads(path.read_text())["networks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: missing or damaged ({error}).") from None
    if not isinstance(networks, dict):
        raise InputError(f"{path}: `networks` is no object.")
    return networks


def numbers(networks: Mapping[str, Any]) -> str | None:
    """The table of whole numbers; None where nothing was measured.

    networks: of models/grouping.json.
    """
    measured = networks["digits"].get("measured")
    if not measured:
        return None
    lettered = networks.get("characters", {}).get("measured", {})
    lines = [
        [
            title,
            f"{found['n']:,}",
            f"{percent(found['accuracy'])} "
            f"({100 * found['interval'][0]:.1f} to {100 * found['interval'][1]:.1f})",
            percent(found["asserted_and_right"]),
        ]
        for found_in, titles in ((measured, _TITLES), (lettered, _LETTERS))
        for name, title in titles.items()
        if found_in
        for found in [found_in[name]]
    ]
    return table(["written", "n", "all characters right", 'right, and without any "?"'], lines)
