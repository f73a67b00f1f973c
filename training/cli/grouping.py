"""`python -m training grouping` fits the weights by which strokes are grouped into characters."""

from __future__ import annotations

import argparse

from models.segmentation.weights import FILE
from training.cli.options import add_data_dir, add_model, log

HELP = "fit how strokes are grouped into characters"


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_data_dir(parser)
    parser.description = (
        "Fit what tells which strokes, or which ink of a picture, make up a character to the "
        "network's validation writers, and write it into models/grouping.json."
    )
    add_model(parser)
    add("--pictures", action="store_true", help="instead: how the ink of pictures is grouped")


def run(options: argparse.Namespace) -> int:
    """Fits the weights of the named network into models/grouping.json, and measures them."""
    from models.recognition.network import load_network
    from training.evaluation.numbers import as_text, measure, numbers_file
    from training.evaluation.pictures import measure_pictures
    from training.segmentation.pictures import fit_pictures
    from training.segmentation.samples import fit_grouping, keep_measured

    network = load_network(options.model)
    if options.pictures:
        fit_pictures(network, options.data_dir, FILE, log)
        print(as_text(measure_pictures(network, options.data_dir, "report")))
    else:
        fit_grouping(network, options.data_dir, FILE, log)
        if numbers_file(options.data_dir):
            measured = measure(network, options.data_dir, "report")
            keep_measured(FILE, network.card.name, measured)
            print(as_text(measured))
    log(f"Wrote {FILE}")
    return 0
