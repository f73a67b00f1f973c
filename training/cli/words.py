"""`python -m training words` fits how much is made of what is known of words, and measures it."""

from __future__ import annotations

import argparse

from models.recognition.word_search import FILE, Source
from training.cli.options import add_data_dir, log

HELP = "fit how words are read"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the command's options."""
    parser.description = (
        "Fit how much the image, the word and the letters' heights count where words are read, to "
        "the validation writers of the network of characters; write it into models/words.json, "
        "and measure it on the writers that are only reported on."
    )
    add_data_dir(parser)
    parser.add_argument("--measure", action="store_true", help="only measure")
    parser.add_argument("--pictures", action="store_true", help="instead: words in pictures")


def run(options: argparse.Namespace) -> int:
    """Fits the weights into models/words.json, and measures them."""
    from models.recognition.network import load_network
    from training.evaluation.words import as_text, measure_words
    from training.words.fit import fit_words, keep_measured

    network = load_network("characters")
    source: Source = "pictures" if options.pictures else "strokes"
    if not options.measure:
        fit_words(network, options.data_dir, FILE, source, log)
    measured = measure_words(network, options.data_dir, "report", source)
    print(as_text(measured))
    if not options.measure:
        keep_measured(FILE, source, network.card.name, measured)
        log(f"Wrote {FILE}")
    return 0
