"""`python -m training teaching` measures corrections, `rehearsal` writes what they go with."""

from __future__ import annotations

import argparse
import json

from models.adaptation.rehearsal import load_rehearsal, rehearsal_bytes, rehearsal_file
from models.recognition.card import FOLDER
from models.recognition.labels import DIGITS
from models.recognition.network import Network, load_network
from models.util.atomic_files import write_whole
from training.datasets import DigitSet, load_mnist_test, load_sets


def teaching(options: argparse.Namespace) -> int:
    """What corrections change for each held-out writer; prints a table, or JSON."""
    from training.experiments.corrections import as_json, as_text, lessons, write_drawings

    networks = [load_network(options.model, folder) for folder in options.runs or (FOLDER,)]
    sets = _sets(networks[0], ("unipen", "pendigits"), options)
    if options.drawings:
        count = write_drawings(options.drawings, networks[0], sets, options.part)
        print(f"Wrote {options.drawings}: {count} drawings.")
        return 0
    test = load_mnist_test(options.data_dir)
    found = []
    for network, folder in zip(networks, options.runs or (FOLDER,), strict=True):
        found += lessons(network, sets, test, load_rehearsal(network.card, folder), options.part)
    if options.json:
        print(json.dumps({"model": options.model, "part": options.part, "lessons": as_json(found)}))
    else:
        print(as_text(found))
    return 0


def rehearsal(options: argparse.Namespace) -> int:
    """Writes the rehearsal of a network beside it."""
    from training.fitting.rehearsal import rehearsal

    network = load_network(options.model, options.run)
    sets = _sets(network, tuple(network.card.training["sets"]), options)
    seen = rehearsal(network, sets, int(network.card.training.get("fold", 0)))
    path = rehearsal_file(network.card.name, options.run)
    write_whole(path, rehearsal_bytes(seen, network.card))
    print(f"Wrote {path}: {len(seen)} examples.")
    return 0


def _sets(network: Network, names: tuple[str, ...], options: argparse.Namespace) -> list[DigitSet]:
    return load_sets(names, options.data_dir, letters=network.labels != DIGITS)
