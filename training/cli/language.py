"""`python -m training language` makes the file of a language's words."""

from __future__ import annotations

import argparse
from pathlib import Path

from models.recognition.language_model import ENGLISH, LANGUAGES
from training.cli.options import positive

HELP = "make the file of a language's words"
_SOURCE = "R. Speer: wordfreq {version}, words of {language!r}; https://github.com/rspeer/wordfreq"
_LICENCE = "CC BY-SA 4.0, as the package's data"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the command's options."""
    add = parser.add_argument
    parser.description = (
        "Write models/languages/NAME.npz with a language's words and how frequent they are, out of "
        "the package wordfreq or a list. `python -m game --language NAME` reads by it."
    )
    add("--name", default=ENGLISH, help=f"of the file (default: {ENGLISH})")
    add("--language", default="en", metavar="CODE", help="of wordfreq's (default: en)")
    add("--list", type=Path, metavar="FILE", help="instead: a line is a word, a blank, a count")
    add("--source", default="", help="of the list, for the card")
    add("--licence", default="not stated", help="of the list, for the card")
    add("--most", type=positive, default=80_000, help="the most words (default: 80000)")
    add("--output", type=Path, default=LANGUAGES, metavar="DIR", help="default: models/languages")


def run(options: argparse.Namespace) -> int:
    """Makes the file, and says where it is."""
    from training.words.language import (
        WORDFREQ,
        make_language,
        words_of_file,
        words_of_package,
        write_language,
    )

    if options.list:
        words, source, licence = words_of_file(options.list), options.source, options.licence
        source = source or options.list.name
    else:
        words = words_of_package(options.language)
        source = _SOURCE.format(version=WORDFREQ, language=options.language)
        licence = _LICENCE
    content = make_language(words, options.most)
    write_language(options.output, options.name, content, source, licence, options.most)
    print(f"Wrote {options.output / options.name}.npz: {len(content):,} bytes.")
    return 0
