"""Commands: `python -m training` trains, `python -m training evaluate` measures."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from models.card import FOLDER
from models.ink import InputError
from models.statistics import wilson_interval
from training.places import add_options, chosen

if TYPE_CHECKING:  # only for type checkers: what takes seconds to import waits until it is needed
    from models.network import Network
    from training.evaluation import Target
    from training.scores import Scores

_RUNS = FOLDER.parent / "runs"


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; its exit status: 0, 2 for input that cannot be used, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    # TensorFlow's start-up notes are about its own build; only its errors concern a user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        return int(options.command(options))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `… | head` has seen enough
        # The interpreter flushes once more at its end: let it find a taker.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed: run `make setup`.", file=sys.stderr)
        return 2


class _Parser(argparse.ArgumentParser):
    """Tells wrong use in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows what would be right.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m training", description="Train the network of digits, or measure one."
    )
    parser.set_defaults(command=_train)
    data = _Parser(add_help=False)
    data.add_argument(
        "--data-dir", type=Path, help="folder with the sets (default: $DATA_DIR, else data/)"
    )
    names = "mnist,unipen,pendigits"
    training = parser.add_argument_group("training")
    training.add_argument("--sets", default=names, help=f"comma-separated (default: {names})")
    training.add_argument("--architecture", help="network by name (default: residual)")
    training.add_argument("--epochs", type=_positive, help="default: the architecture's own")
    training.add_argument("--batch-size", type=_positive, help="default: the architecture's own")
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--fold", type=int, default=0, help="which writers are held out, 0 to 4")
    training.add_argument("--output", type=Path, help="the run's folder (default: runs/TIME)")
    training.add_argument("--resume", action="store_true", help="go on with a run that was killed")
    training.add_argument(
        "--install",
        choices=("auto", "always", "never"),
        default="auto",
        help="replace the shipped network: unless trained on fewer sets or clearly worse (auto), "
        "always, never",
    )
    training.add_argument(
        "--data-dir", type=Path, help="folder with the sets (default: $DATA_DIR, else data/)"
    )
    add_options(parser)
    commands = parser.add_subparsers(title="other commands", metavar="")
    evaluate = commands.add_parser("evaluate", parents=[data], help="measure a network")
    evaluate.add_argument(
        "target",
        metavar="FILE|mnist",
        help="mnist (its test images), unipen or pendigits (writers held out of training), or "
        "drawings, IDX, NPZ, or a folder with a folder of pictures for each class",
    )
    evaluate.add_argument(
        "--part",
        choices=("report", "validation"),
        default="report",
        help="which held-out writers: those only reported on, or those who chose thresholds",
    )
    evaluate.add_argument("--model", default="digits", help="digits or characters")
    evaluate.add_argument("--json", action="store_true", help="one JSON object on standard output")
    evaluate.add_argument(
        "--report", type=Path, metavar="DIR", help="write report.json and its figures there"
    )
    evaluate.set_defaults(command=_evaluate)
    _add_compare(commands.add_parser("compare", parents=[data], help="what each ingredient adds"))
    return parser


def _add_compare(compare: argparse.ArgumentParser) -> None:
    names = "older,padded,recipe,strokes,hands,residual,nondigits"
    compare.description = (
        "Train and measure recipes, from the older projects' way to ours, on the same held-out "
        "writers. What is finished is kept; the same command goes on with what is missing."
    )
    compare.add_argument("--recipes", default=names, help=f"comma-separated (default: {names})")
    compare.add_argument("--seeds", type=_numbers, default=(0, 1, 2), help="default: 0,1,2")
    compare.add_argument(
        "--folds", type=_numbers, default=(0,), help="which writers are held out (default: 0)"
    )
    compare.add_argument("--epochs", type=_positive, help="default: each network's own")
    compare.add_argument(
        "--limit", type=_positive, help="train on so many images, drawings and letters, each"
    )
    sets = "mnist,unipen,pendigits"
    compare.add_argument("--sets", default=sets, help=f"comma-separated (default: {sets})")
    compare.add_argument(
        "--part",
        choices=("validation", "report"),
        default="validation",
        help="whose drawings are measured: those that chose the best epoch, or others (default: "
        "validation)",
    )
    compare.add_argument("--test", action="store_true", help="measure MNIST's test images, too")
    compare.add_argument(
        "--output",
        type=Path,
        default=_RUNS / "compare.jsonl",
        help="results, a line for each run (default: runs/compare.jsonl)",
    )
    compare.add_argument(
        "--time-to",
        type=_share,
        metavar="ACCURACY",
        help="instead: seconds until our network and the baseline reach it on MNIST's validation",
    )
    compare.add_argument("--json", action="store_true", help="one JSON object on standard output")
    compare.set_defaults(command=_compare)


def _numbers(text: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in text.split(",") if part.strip())
    if not numbers or min(numbers) < 0:
        raise argparse.ArgumentTypeError(f"numbers such as 0,1,2, not {text!r}")
    return numbers


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"above 0 and up to 1, not {text}")
    return share


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 up, not {text!r}")
    return int(text)


def _train(options: argparse.Namespace) -> int:
    from training.architectures import ARCHITECTURES, DEFAULT
    from training.fit import BEST, Settings
    from training.run import Run, train
    from training.split import FOLDS

    name = options.architecture or DEFAULT
    if name not in ARCHITECTURES:
        raise InputError(
            f"no architecture is called {name!r}; there are {', '.join(ARCHITECTURES)}"
        )
    if not 0 <= options.fold < FOLDS:
        raise InputError(f"--fold is 0 to {FOLDS - 1}, not {options.fold}.")
    given = {"epochs": options.epochs, "batch_size": options.batch_size}
    recipe = dataclasses.replace(
        ARCHITECTURES[name].recipe, **{key: value for key, value in given.items() if value}
    )
    sets = tuple(part.strip() for part in options.sets.split(",") if part.strip())
    if not sets:
        raise InputError("--sets names no set; mnist,unipen,pendigits are the default.")
    settings = Settings(name, sets, options.seed, options.fold, recipe)
    place = chosen(options)
    resume = options.resume and place.chief
    folder = options.output or (_latest_run() if resume else _new_run(name))
    run = Run(folder, settings, options.data_dir, resume, options.install, place)
    try:
        train(run)
    except KeyboardInterrupt:
        if not place.chief:
            raise
        best = folder / BEST
        kept = f"the best weights so far are in {best}" if best.exists() else "no epoch was whole"
        again = f"--resume --output {folder}"
        print(f"\nStopped; {kept}. Go on with the same options and {again}.", file=sys.stderr)
        return 130
    return 0


def _compare(options: argparse.Namespace) -> int:
    from training.compare import RECIPES, Data, Plan, compare
    from training.results import as_text, summed_up
    from training.sets import load_letters, load_mnist_test, load_sets

    names = _names(options.sets)
    if not names:
        raise InputError("--sets names no set; mnist,unipen,pendigits are the default.")
    if options.time_to:
        return _time_to(options, names)
    plan = Plan(
        _names(options.recipes),
        options.seeds,
        options.folds,
        options.epochs,
        options.limit,
        options.part,
    )
    plan.check()
    data = Data(
        load_sets(names, options.data_dir),
        load_letters(options.data_dir) if "unipen" in names else (),
        load_mnist_test(options.data_dir) if options.test else None,
    )
    rows = compare(plan, data, options.output, _tell)
    table = summed_up(rows, {recipe.name: recipe.adds for recipe in RECIPES})
    if options.json:
        print(json.dumps({"part": plan.part, "table": table, "runs": rows}))
    else:
        print(as_text(table))
        print(f"Measured on the {plan.part} part's writers. Every run: {options.output}")
    return 0


def _time_to(options: argparse.Namespace, sets: Sequence[str]) -> int:
    from training.architectures import DEFAULT
    from training.sets import load_sets
    from training.time_to import time_to

    images = [name for name in sets if name in ("mnist", "optdigits")]
    if not images:
        raise InputError("--time-to needs a set of images: --sets mnist")
    results = time_to(
        options.time_to,
        load_sets(images, options.data_dir),
        (DEFAULT, "baseline"),
        options.seeds,
        options.epochs,
        options.limit,
        _tell,
    )
    if options.json:
        runs = [dataclasses.asdict(result) for result in results]
        print(json.dumps({"sets": images, "accuracy": options.time_to, "runs": runs}))
    else:
        print(f"Time to {options.time_to:.2%} on the validation part of {', '.join(images)}:")
        print("\n".join(map(str, results)))
    return 0


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _new_run(name: str) -> Path:
    return _RUNS / f"{time.strftime('%Y-%m-%d_%H-%M-%S')}-{name}"


def _latest_run() -> Path:
    runs = sorted(_RUNS.glob("*/settings.json"), key=lambda path: path.stat().st_mtime)
    if not runs:
        raise InputError(f"{_RUNS}: no run to resume there; leave --resume out.")
    return runs[-1].parent


def _evaluate(options: argparse.Namespace) -> int:
    from models.network import load_network
    from training.evaluation import load_target, score

    network = load_network(options.model)
    progress = not options.json
    fold = int(network.card.training.get("fold", 0))
    target = load_target(
        options.target, network.labels, options.data_dir, options.part, fold, progress
    )
    if options.report:
        scores, written = _report(network, target, fold, options)
    else:
        scores, written = score(network, target.rendered, progress), []
    summary = scores.summary()
    if options.json:
        result = {
            "set": target.name,
            **summary,
            "model": options.model,
            "classes": scores.by_class(),
        }
        writers = [{"writer": w, "n": n, "accuracy": round(a, 4)} for w, n, a in scores.by_writer()]
        print(json.dumps(result | {"writers": writers}))
        return 0
    print(scores.by_class_text())
    for writer, count, accuracy in scores.by_writer()[:10]:
        if accuracy < 1:
            print(f"{writer}: {accuracy:.1%} of {count}")
    right, count = int(scores.right.sum()), len(scores.truth)
    low, high = wilson_interval(right, count)
    print(
        f"{target.name}: {right / count:.2%} of {count} (95 % interval {low:.2%} to {high:.2%}); "
        f"asserted {summary['asserted']:.1%}; calibration error {summary['calibration_error']:.2%}"
    )
    if written:
        print(f"Report: {written[0]} and {len(written) - 1} figures beside it.")
    return 0


def _report(
    network: Network, target: Target, fold: int, options: argparse.Namespace
) -> tuple[Scores, list[Path]]:
    """Writes the evaluation report; the scores that it is about, and its files, JSON first."""
    from training.report import letters_at_hand, measure, prepare, write_report

    prepare(options.report)
    # For a network that reads letters they are no strangers.
    strangers = set(network.labels) <= set("0123456789")
    letters = letters_at_hand(options.data_dir) if strangers else ()
    progress = not options.json
    measured = measure(
        network, target.name, target.rendered, target.drawings, letters, fold, progress
    )
    return measured.scores, write_report(measured, options.report)


if __name__ == "__main__":
    sys.exit(main())
