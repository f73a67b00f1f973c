"""`python -m training` trains a network."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from models.util.errors import InputError
from models.util.installation import IN_CHECKOUT
from training.cli.options import RUNS, SETS, add_data_dir, log, names_in, positive

if TYPE_CHECKING:  # only for type checkers: what takes seconds to import waits until it is needed
    from training.fitting.settings import Settings
    from training.fitting.strategy import Strategy


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of training to the main parser."""
    training = parser.add_argument_group("training")
    add = training.add_argument
    add("--model", default="digits", help="what it is to read: digits (default) or characters")
    add(
        "--sets",
        help=f"comma-separated (default: {SETS}); there are optdigits, mine (the samples of all "
        "profiles) and, for characters, emnist, too",
    )
    add("--architecture", help="network by name (default: residual; for characters: deeper)")
    add("--epochs", type=positive, help="default: the architecture's own")
    add("--batch-size", type=positive, help="default: the architecture's own")
    add("--seed", type=int, default=0)
    add("--fold", type=int, default=0, help="which writers are held out, 0 to 4")
    add(
        "--leave-out",
        type=names_in,
        default=(),
        metavar="FAMILIES",
        help="non-digits that are not shown, to be measured as strangers: of letters,shapes,"
        "overlaid,side_by_side",
    )
    add(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="of the arithmetic; mixed_bfloat16 is quicker where the processor knows it",
    )
    add("--output", type=Path, help="the run's folder (default: runs/TIME)")
    add("--resume", action="store_true", help="go on with a run that was killed")
    add(
        "--install",
        choices=("auto", "always", "never"),
        default="auto",
        help="replace the shipped network: unless trained on fewer sets or clearly worse (auto), "
        "always, never",
    )
    add_data_dir(training)
    devices = parser.add_argument_group("several devices or machines (training/DISTRIBUTED.md)")
    add = devices.add_argument
    add(
        "--devices",
        type=positive,
        default=1,
        metavar="N",
        help="so many GPUs of this process, else logical CPUs (default: 1)",
    )
    add(
        "--processes",
        type=_addresses,
        default=(),
        metavar="HOST:PORT,…",
        help="an address for each, the same list in all of them; the first leads",
    )
    add("--process", type=int, metavar="INDEX", help="which of --processes this is")


def run(options: argparse.Namespace) -> int:
    """Trains, measures and installs a network; the exit status."""
    from training.fitting.fit import BEST
    from training.run import Run, train

    settings = _settings(options)
    strategy = _strategy(options)
    resume = options.resume and strategy.chief
    name = f"{settings.model}-{settings.architecture}"
    folder = options.output or (_latest_run() if resume else _new_run(name))
    try:
        train(Run(folder, settings, options.data_dir, resume, options.install, strategy))
    except KeyboardInterrupt:
        if not strategy.chief:
            raise
        best = folder / BEST
        kept = f"the best weights so far are in {best}" if best.exists() else "no epoch was whole"
        again = f"--resume --output {folder}"
        print(f"\nStopped; {kept}. Go on with the same options and {again}.", file=sys.stderr)
        return 130
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    """The run's settings; raises InputError for values that don't exist or don't fit together."""
    from training.data.outliers import FAMILY_SHARES
    from training.datasets.load import LETTERED
    from training.datasets.split import FOLDS
    from training.datasets.swiss import FILE as SWISS
    from training.datasets.swiss import find_swiss
    from training.fitting.architectures import ARCHITECTURES
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
    unknown = [family for family in options.leave_out if family not in FAMILY_SHARES]
    if unknown:
        raise InputError(
            f"--leave-out: no family of non-digits is called {unknown[0]!r}; there are "
            f"{', '.join(FAMILY_SHARES)}."
        )
    sets = names_in(options.sets) if options.sets is not None else task.sets
    if options.sets is None and find_swiss(options.data_dir) is None:
        log(f"No data folder has {SWISS}: training goes on without the set swiss.")
        sets = tuple(name for name in sets if name != "swiss")
    if not sets:
        raise InputError(f"--sets names no set; {SETS} are the default.")
    if task.letters and not LETTERED & set(sets):
        raise InputError(
            f"--sets {','.join(sets)} has no letters; --model {task.name} needs one of "
            f"{', '.join(sorted(LETTERED))}."
        )
    recipe = task.recipe(ARCHITECTURES[name].recipe)
    recipe = dataclasses.replace(
        recipe,
        epochs=options.epochs or recipe.epochs,
        batch_size=options.batch_size or recipe.batch_size,
        left_out=tuple(family for family in FAMILY_SHARES if family in options.leave_out),
    )
    return Settings(name, sets, options.seed, options.fold, recipe, options.precision, task.name)


def _strategy(options: argparse.Namespace) -> Strategy:
    """Where to train."""
    from training.fitting.strategy import Strategy

    if not _several(options):
        return Strategy()
    from training.distributed.data_parallel import DataParallel

    return DataParallel(options.devices, options.processes, options.process or 0)


def choose_backend(options: argparse.Namespace) -> None:
    """Chooses JAX for several devices or processes; called before Keras is imported.

    Raises InputError for options that don't fit together, and where JAX is not installed.
    """
    if bool(options.processes) != (options.process is not None):
        raise InputError("--processes and --process belong together: all, and which this is.")
    if options.processes and not 0 <= options.process < len(options.processes):
        raise InputError(
            f"--process is 0 to {len(options.processes) - 1} with these --processes, not "
            f"{options.process}."
        )
    if options.processes and os.name == "nt":
        raise InputError("--processes needs Linux or macOS; JAX joins no processes on Windows.")
    if _several(options):
        if find_spec("jax") is None:
            way = (
                "pip install -r training/requirements-distributed.txt"
                if IN_CHECKOUT
                else 'uv tool install ".[distributed]"'
            )
            raise InputError(f"Training on several devices needs JAX: {way}")
        os.environ["KERAS_BACKEND"] = "jax"
        # Keras would load it only to seed it; the export has a process of its own.
        sys.modules["tensorflow"] = None  # type: ignore[assignment]


def _several(options: argparse.Namespace) -> bool:
    return bool(options.devices > 1 or options.processes)


def _addresses(text: str) -> tuple[str, ...]:
    """The addresses of --processes; raises ArgumentTypeError for what are none."""
    addresses = names_in(text)
    for address in addresses:
        host, _, port = address.rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 65536):
            raise argparse.ArgumentTypeError(f"{address!r} is not HOST:PORT, as 10.0.0.1:4000 is")
    if len(addresses) < 2:
        raise argparse.ArgumentTypeError("two or more, such as 10.0.0.1:4000,10.0.0.2:4000")
    return addresses


def _new_run(name: str) -> Path:
    return RUNS / f"{time.strftime('%Y-%m-%d_%H-%M-%S')}-{name}"


def _latest_run() -> Path:
    runs = sorted(RUNS.glob("*/settings.json"), key=lambda path: path.stat().st_mtime)
    if not runs:
        raise InputError(f"{RUNS}: no run to resume there; leave --resume out.")
    return runs[-1].parent
