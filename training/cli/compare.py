"""`python -m training compare` measures what each ingredient adds, or the time to an accuracy."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from models.util.errors import InputError
from training.cli.options import RUNS, add_data_dir, add_json, log, names_in, positive

HELP = "what each ingredient adds"

_SETS = "mnist,unipen,pendigits"  # so that what was compared before stays comparable


def add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_data_dir(parser)
    names = "older,padded,recipe,strokes,hands,residual,nondigits,strangers"
    parser.description = (
        "Train and measure recipes, from the older projects' way to ours, on the same held-out "
        "writers. What is finished is kept; the same command goes on with what is missing."
    )
    add("--recipes", default=names, help=f"comma-separated (default: {names})")
    add("--seeds", type=_numbers, default=(0, 1, 2), help="default: 0,1,2")
    add("--folds", type=_numbers, default=(0,), help="which writers are held out (default: 0)")
    add("--epochs", type=positive, help="default: each network's own")
    add("--limit", type=positive, help="train on so many images, drawings and letters, each")
    add("--sets", default=_SETS, help=f"comma-separated (default: {_SETS})")
    add(
        "--part",
        choices=("validation", "report"),
        default="validation",
        help="whose drawings are measured: those that chose the best epoch, or others (default: "
        "validation)",
    )
    add("--runs", type=Path, metavar="DIR", help="use the finished runs in it, where they fit")
    add("--test", action="store_true", help="measure MNIST's test images, too")
    add(
        "--output",
        type=Path,
        default=RUNS / "compare.jsonl",
        help="results, a line for each run (default: runs/compare.jsonl)",
    )
    add(
        "--time-to",
        type=_accuracy,
        metavar="ACCURACY",
        help="instead: seconds until our network and the baseline reach it on MNIST's validation",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Trains and measures what is missing; prints the table of all recipes, or JSON."""
    from training.datasets.load import load_letters, load_mnist_test, load_sets
    from training.experiments.ablation import RECIPES, Data, Plan, compare
    from training.experiments.results import as_text, summary_table

    names = names_in(options.sets)
    if not names:
        raise InputError(f"--sets names no set; {_SETS} are the default.")
    if options.time_to:
        return _time_to(options, names)
    plan = Plan(
        names_in(options.recipes),
        options.seeds,
        options.folds,
        options.epochs,
        options.limit,
        options.part,
        options.runs,
    )
    plan.check()
    data = Data(
        load_sets(names, options.data_dir),
        load_letters(options.data_dir) if "unipen" in names else (),
        load_mnist_test(options.data_dir) if options.test else None,
    )
    results = compare(plan, data, options.output, log)
    table = summary_table(results, {recipe.name: recipe.adds for recipe in RECIPES})
    if options.json:
        rows, runs = ([each.to_json() for each in records] for records in (table, results))
        print(json.dumps({"part": plan.split, "table": rows, "runs": runs}))
    else:
        print(as_text(table))
        print(f"Measured on the {plan.split} part's writers. Every run: {options.output}")
    return 0


def _time_to(options: argparse.Namespace, sets: Sequence[str]) -> int:
    from training.datasets.load import load_sets
    from training.experiments.time_to import time_to
    from training.fitting.tasks import TASKS

    images = [name for name in sets if name in ("mnist", "optdigits")]
    if not images:
        raise InputError("--time-to needs a set of images: --sets mnist")
    results = time_to(
        options.time_to,
        load_sets(images, options.data_dir),
        (TASKS["digits"].architecture, "baseline"),
        options.seeds,
        options.epochs,
        options.limit,
        log,
    )
    if options.json:
        runs = [dataclasses.asdict(result) for result in results]
        print(json.dumps({"sets": images, "accuracy": options.time_to, "runs": runs}))
    else:
        print(f"Time to {options.time_to:.2%} on the validation part of {', '.join(images)}:")
        print("\n".join(map(str, results)))
    return 0


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(number) for number in names_in(text))
    if not numbers or min(numbers) < 0:
        raise argparse.ArgumentTypeError(f"numbers such as 0,1,2, not {text!r}")
    return numbers


def _accuracy(text: str) -> float:
    accuracy = float(text)
    if not 0 < accuracy <= 1:
        raise argparse.ArgumentTypeError(f"above 0 and up to 1, not {text}")
    return accuracy
