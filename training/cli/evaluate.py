"""`python -m training evaluate` measures a network on labelled handwriting."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from models.recognition.labels import DIGITS
from models.util.statistics import wilson_interval
from training.cli.options import add_data_dir, add_json, add_model, add_part

if TYPE_CHECKING:
    from models.recognition.network import Network
    from training.evaluation.scores import Scores
    from training.evaluation.sets import EvaluationSet


HELP = "measure a network"


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_data_dir(parser)
    add(
        "target",
        metavar="FILE|mnist",
        help="mnist or emnist (its test images), unipen, pendigits, digilets or swiss "
        "(writers held out of training), optdigits, or drawings, IDX, NPZ, or a folder with a "
        "folder of pictures for each class",
    )
    add_part(parser)
    add_model(parser)
    add(
        "--as-published",
        action="store_true",
        help="unipen, pendigits: with the drawings whose label is wrong",
    )
    add_json(parser)
    add("--report", type=Path, metavar="DIR", help="write report.json and its figures there")


def run(options: argparse.Namespace) -> int:
    """Measures the network; prints figures by class, by writer and in all, or JSON."""
    from models.recognition.network import load_network
    from training.evaluation.characters import as_text, characters
    from training.evaluation.scores import score
    from training.evaluation.sets import load_evaluation_set

    network = load_network(options.model)
    progress = not options.json
    fold = int(network.card.training.get("fold", 0))
    shown = load_evaluation_set(
        options.target,
        network,
        options.data_dir,
        options.part,
        fold,
        options.as_published,
        progress,
    )
    if options.report:
        scores, written = _report(network, shown, fold, options)
    else:
        scores, written = score(network, shown.rendered, progress), []
    found = characters(scores, shown.rendered)
    if options.json:
        kinds = {kind: each.to_json() for kind, each in found.items()}
        result = {
            "set": shown.name,
            **asdict(scores.summary()),
            **({"characters": kinds} if kinds else {}),
            "model": options.model,
            "classes": scores.by_class(),
            "writers": [
                {"writer": each.name, "n": each.n, "accuracy": round(each.accuracy, 4)}
                for each in scores.by_writer()
            ],
        }
        print(json.dumps(result))
        return 0
    print(_as_text(shown.name, scores))
    if found:
        print(as_text(found))
    if written:
        print(f"Report: {written[0]} and {len(written) - 1} figures beside it.")
    return 0


def _as_text(name: str, scores: Scores) -> str:
    """Figures by class, of the worst writers, and in all."""
    lines = [scores.by_class_text()]
    lines += [
        f"{each.name}: {each.accuracy:.1%} of {each.n}"
        for each in scores.by_writer()[:10]
        if each.mistakes
    ]
    summary, right, count = scores.summary(), int(scores.right.sum()), len(scores.truth)
    low, high = wilson_interval(right, count)
    lines.append(
        f"{name}: {right / count:.2%} of {count} (95 % interval {low:.2%} to {high:.2%}); "
        f"asserted {summary.asserted:.1%}; calibration error {summary.calibration_error:.2%}"
    )
    return "\n".join(lines)


def _report(
    network: Network, shown: EvaluationSet, fold: int, options: argparse.Namespace
) -> tuple[Scores, list[Path]]:
    """Writes the evaluation report; the scores that it is about, and its files, JSON first."""
    from training.report.report import letters_at_hand, measure, prepare, write_report

    prepare(options.report)
    # A network that reads letters has none to refuse.
    letters = letters_at_hand(options.data_dir) if network.labels == DIGITS else ()
    progress = not options.json
    measured = measure(network, shown.name, shown.rendered, shown.drawings, letters, fold, progress)
    return measured.scores, write_report(measured, options.report)
