"""`python -m training numbers` measures whole numbers, `grouping` fits what grouping goes by."""

from __future__ import annotations

import argparse
import json
import sys

from models.recognition.network import load_network
from models.segmentation.weights import FILE


def numbers(options: argparse.Namespace) -> int:
    """How often whole numbers by held-out writers are read right; prints a table, or JSON."""
    from training.evaluation.numbers import as_text, measure

    network = load_network(options.model)
    measured = measure(network, options.data_dir, options.part)
    if options.json:
        found = {name: each.as_json() for name, each in measured.items()}
        print(json.dumps({"model": options.model, "part": options.part, "measured": found}))
    else:
        print(as_text(measured))
    return 0


def grouping(options: argparse.Namespace) -> int:
    """Fits the weights of the named network into models/grouping.json, and measures them."""
    from training.data.pictures import fit_pictures, measure_pictures
    from training.evaluation.numbers import as_text, measure, numbers_file
    from training.segmentation.samples import fit_grouping, keep_measured

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    network = load_network(options.model)
    if options.pictures:
        fit_pictures(network, options.data_dir, FILE, tell)
        print(as_text(measure_pictures(network, options.data_dir, "report")))
        tell(f"Wrote {FILE}")
        return 0
    fit_grouping(network, options.data_dir, FILE, tell)
    if numbers_file(options.data_dir):
        measured = measure(network, options.data_dir, "report")
        keep_measured(FILE, network.card.name, measured)
        print(as_text(measured))
    tell(f"Wrote {FILE}")
    return 0
