"""Commands: `python -m training` trains, `python -m training evaluate` measures."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from models.recognition.card import FOLDER
from models.recognition.labels import DIGITS
from models.util.errors import InputError
from models.util.quiet import silent_stderr
from models.util.statistics import wilson_interval
from training.cli.grouping import grouping, numbers
from training.cli.options import RUNS, names_in, parser
from training.cli.teaching import rehearsal, teaching
from training.distributed.places import chosen

if TYPE_CHECKING:  # only for type checkers: what takes seconds to import waits until it is needed
    from models.recognition.network import Network
    from training.evaluation.evaluation import Target
    from training.evaluation.scores import Scores


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; its exit status: 0, 2 for input that cannot be used, 130 for Ctrl-C."""
    options = parser().parse_args(arguments)
    # TensorFlow's start-up notes are about its own build; only its errors concern a user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        if options.command != "readme":
            with silent_stderr():
                import_module("keras")
        return _COMMANDS[options.command](options)
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


def _train(options: argparse.Namespace) -> int:
    from training.data.outliers import SHARES
    from training.datasets import LETTERED
    from training.datasets.split import FOLDS
    from training.fitting.architectures import ARCHITECTURES
    from training.fitting.fit import BEST
    from training.fitting.run import Run, train
    from training.fitting.settings import Settings
    from training.fitting.tasks import task_called

    task = task_called(options.model)
    name = options.architecture or task.architecture
    if name not in ARCHITECTURES:
        raise InputError(
            f"no architecture is called {name!r}; there are {', '.join(ARCHITECTURES)}"
        )
    if not 0 <= options.fold < FOLDS:
        raise InputError(f"--fold is 0 to {FOLDS - 1}, not {options.fold}.")
    unknown = [family for family in options.leave_out if family not in SHARES]
    if unknown:
        raise InputError(
            f"--leave-out: no family of non-digits is called {unknown[0]!r}; there are "
            f"{', '.join(SHARES)}."
        )
    given = {
        "epochs": options.epochs,
        "batch_size": options.batch_size,
        "left_out": tuple(name for name in SHARES if name in options.leave_out),
    }
    recipe = dataclasses.replace(
        task.recipe(ARCHITECTURES[name].recipe),
        **{key: value for key, value in given.items() if value},
    )
    sets = names_in(options.sets)
    if not sets:
        raise InputError("--sets names no set; mnist,unipen,pendigits are the default.")
    if task.letters and not LETTERED & set(sets):
        raise InputError(
            f"--sets {','.join(sets)} has no letters; --model {task.name} needs one of "
            f"{', '.join(sorted(LETTERED))}."
        )
    settings = Settings(
        name, sets, options.seed, options.fold, recipe, options.precision, task.name
    )
    place = chosen(options)
    resume = options.resume and place.chief
    folder = options.output or (_latest_run() if resume else _new_run(f"{task.name}-{name}"))
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
    from training.datasets import load_letters, load_mnist_test, load_sets
    from training.experiments.ablation import RECIPES, Data, Plan, compare
    from training.experiments.results import as_text, summed_up

    names = names_in(options.sets)
    if not names:
        raise InputError("--sets names no set; mnist,unipen,pendigits are the default.")
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
    rows = compare(plan, data, options.output, _tell)
    table = summed_up(rows, {recipe.name: recipe.adds for recipe in RECIPES})
    if options.json:
        print(json.dumps({"part": plan.part, "table": table, "runs": rows}))
    else:
        print(as_text(table))
        print(f"Measured on the {plan.part} part's writers. Every run: {options.output}")
    return 0


def _crossed(options: argparse.Namespace) -> int:
    from training.datasets import load_sets
    from training.experiments.cross_validation import cross_validate, hard_writers, summed_up
    from training.report.cross_validation import as_text, write_report, writers_as_json

    sets = load_sets(names_in(options.sets), options.data_dir, options.as_published)
    judged = cross_validate(options.runs, sets)
    table = summed_up(judged)
    written = write_report(judged, options.report) if options.report else []
    if options.json:
        print(json.dumps({"sets": table, "writers": writers_as_json(judged)}))
        return 0
    print(as_text(table))
    for writer, count, accuracy in hard_writers(judged):
        print(f"{writer}: {accuracy:.1%} of {count}")
    for path in written:
        print(f"Wrote {path}")
    return 0


def _time_to(options: argparse.Namespace, sets: Sequence[str]) -> int:
    from training.datasets import load_sets
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
        _tell,
    )
    if options.json:
        runs = [dataclasses.asdict(result) for result in results]
        print(json.dumps({"sets": images, "accuracy": options.time_to, "runs": runs}))
    else:
        print(f"Time to {options.time_to:.2%} on the validation part of {', '.join(images)}:")
        print("\n".join(map(str, results)))
    return 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _new_run(name: str) -> Path:
    return RUNS / f"{time.strftime('%Y-%m-%d_%H-%M-%S')}-{name}"


def _latest_run() -> Path:
    runs = sorted(RUNS.glob("*/settings.json"), key=lambda path: path.stat().st_mtime)
    if not runs:
        raise InputError(f"{RUNS}: no run to resume there; leave --resume out.")
    return runs[-1].parent


def _evaluate(options: argparse.Namespace) -> int:
    from models.recognition.network import load_network
    from training.evaluation.characters import as_text, characters
    from training.evaluation.evaluation import load_target, score

    network = load_network(options.model)
    progress = not options.json
    fold = int(network.card.training.get("fold", 0))
    target = load_target(
        options.target,
        network.labels,
        options.data_dir,
        options.part,
        fold,
        options.as_published,
        progress,
    )
    if options.report:
        scores, written = _report(network, target, fold, options)
    else:
        scores, written = score(network, target.rendered, progress), []
    summary = scores.summary()
    found = characters(scores, target.rendered)
    if options.json:
        result = {
            "set": target.name,
            **summary,
            **({"characters": found} if found else {}),
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
    if found:
        print(as_text(found))
    if written:
        print(f"Report: {written[0]} and {len(written) - 1} figures beside it.")
    return 0


def _report(
    network: Network, target: Target, fold: int, options: argparse.Namespace
) -> tuple[Scores, list[Path]]:
    """Writes the evaluation report; the scores that it is about, and its files, JSON first."""
    from training.report.report import letters_at_hand, measure, prepare, write_report

    prepare(options.report)
    # For a network that reads letters they are no strangers.
    strangers = network.labels == DIGITS
    letters = letters_at_hand(options.data_dir) if strangers else ()
    progress = not options.json
    measured = measure(
        network, target.name, target.rendered, target.drawings, letters, fold, progress
    )
    return measured.scores, write_report(measured, options.report)


def _readme(options: argparse.Namespace) -> int:
    from training.report.readme import update

    return update(FOLDER.parent, options.check)


_COMMANDS = {
    "train": _train,
    "evaluate": _evaluate,
    "compare": _compare,
    "crossed": _crossed,
    "numbers": numbers,
    "grouping": grouping,
    "teaching": teaching,
    "rehearsal": rehearsal,
    "readme": _readme,
}

if __name__ == "__main__":
    sys.exit(main())
