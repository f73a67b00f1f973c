"""The options of `python -m training` and of its other commands."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from models.recognition.card import FOLDER
from training.distributed.places import add_options

RUNS = FOLDER.parent / "runs"


class Parser(argparse.ArgumentParser):
    """Tells wrong use in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows what would be right.\n")


def parser() -> argparse.ArgumentParser:
    """What reads the command line; `command` in its answer is "train" where none is named."""
    parser = Parser(prog="python -m training", description="Train a network, or measure one.")
    parser.set_defaults(command="train")
    data = Parser(add_help=False)
    data.add_argument(
        "--data-dir", type=Path, help="folder with the sets (default: $DATA_DIR, else data/)"
    )
    names = "mnist,unipen,pendigits"
    training = parser.add_argument_group("training")
    training.add_argument(
        "--model", default="digits", help="what it is to read: digits (default) or characters"
    )
    training.add_argument(
        "--sets",
        default=names,
        help=f"comma-separated (default: {names}); there are optdigits, mine (the samples of all "
        "profiles) and, for characters, emnist, too",
    )
    training.add_argument(
        "--architecture", help="network by name (default: residual; for characters: deeper)"
    )
    training.add_argument("--epochs", type=_positive, help="default: the architecture's own")
    training.add_argument("--batch-size", type=_positive, help="default: the architecture's own")
    training.add_argument("--seed", type=int, default=0)
    training.add_argument("--fold", type=int, default=0, help="which writers are held out, 0 to 4")
    training.add_argument(
        "--leave-out",
        type=names_in,
        default=(),
        metavar="FAMILIES",
        help="non-digits that are not shown, to be measured as strangers: of letters,shapes,"
        "overlaid,side_by_side",
    )
    training.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="of the arithmetic; mixed_bfloat16 is quicker where the processor knows it",
    )
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
        help="mnist or emnist (its test images), unipen or pendigits (writers held out of "
        "training), or drawings, IDX, NPZ, or a folder with a folder of pictures for each class",
    )
    _add_part(evaluate)
    evaluate.add_argument("--model", default="digits", help="digits or characters")
    evaluate.add_argument(
        "--as-published",
        action="store_true",
        help="unipen, pendigits: with the drawings whose label is wrong",
    )
    evaluate.add_argument("--json", action="store_true", help="one JSON object on standard output")
    evaluate.add_argument(
        "--report", type=Path, metavar="DIR", help="write report.json and its figures there"
    )
    evaluate.set_defaults(command="evaluate")
    _add_compare(commands.add_parser("compare", parents=[data], help="what each ingredient adds"))
    crossed = commands.add_parser("crossed", parents=[data], help="cross-validation over runs")
    crossed.description = (
        "Read the people that each run held out: accuracy over all runs, the hands that are hard, "
        "and the labels in doubt, as a list and as pictures."
    )
    crossed.add_argument(
        "runs",
        nargs="+",
        type=Path,
        metavar="RUN",
        help="folders of finished runs of several folds",
    )
    crossed.add_argument("--sets", default="unipen,pendigits", help="default: unipen,pendigits")
    crossed.add_argument(
        "--as-published", action="store_true", help="with the drawings whose label is wrong"
    )
    crossed.add_argument("--json", action="store_true", help="one JSON object on standard output")
    crossed.add_argument(
        "--report", type=Path, metavar="DIR", help="write the labels in doubt and pictures there"
    )
    crossed.set_defaults(command="crossed")
    _add_numbers(commands.add_parser("numbers", parents=[data], help="measure whole numbers"))
    grouping = commands.add_parser(
        "grouping", parents=[data], help="fit how strokes are grouped into characters"
    )
    grouping.description = (
        "Fit what tells which strokes, or which ink of a picture, make up a character to the "
        "network's validation writers, and write it into models/grouping.json."
    )
    grouping.add_argument("--model", default="digits", help="digits or characters")
    grouping.add_argument(
        "--pictures", action="store_true", help="instead: how the ink of pictures is grouped"
    )
    grouping.set_defaults(command="grouping")
    teaching = commands.add_parser("teaching", parents=[data], help="measure corrections")
    teaching.description = (
        "Let each held-out writer correct the first hundred drawings, and measure the later ones, "
        "and MNIST's test images, with what was learned."
    )
    teaching.add_argument(
        "runs",
        nargs="*",
        type=Path,
        metavar="RUN",
        help="folders of finished runs, instead of the shipped network",
    )
    _add_part(teaching)
    teaching.add_argument(
        "--drawings",
        type=Path,
        metavar="FILE",
        help="instead: write these writers' drawings there, for `python -m game replay --teach`",
    )
    teaching.add_argument("--model", default="digits", help="digits or characters")
    teaching.add_argument("--json", action="store_true", help="one JSON object on standard output")
    teaching.set_defaults(command="teaching")
    rehearsal = commands.add_parser(
        "rehearsal", parents=[data], help="what a network goes over again while it is taught"
    )
    rehearsal.description = "Write models/NAME.rehearsal.npz, as `train` does for a new network."
    rehearsal.add_argument("--model", default="digits", help="digits or characters")
    rehearsal.add_argument(
        "--run", type=Path, default=FOLDER, metavar="DIR", help="of a finished run's network"
    )
    rehearsal.set_defaults(command="rehearsal")
    readme = commands.add_parser("readme", help="bring the README's figures up to date")
    readme.description = (
        "Rewrite the measured parts of README.md from models/digits.json, and from "
        "models/characters.json and models/comparison.jsonl where there are any."
    )
    readme.add_argument(
        "--check", action="store_true", help="write nothing; status 1 where it is out of date"
    )
    readme.set_defaults(command="readme")
    return parser


def _add_compare(compare: argparse.ArgumentParser) -> None:
    names = "older,padded,recipe,strokes,hands,residual,nondigits,strangers"
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
    compare.add_argument(
        "--runs", type=Path, metavar="DIR", help="use the finished runs in it, where they fit"
    )
    compare.add_argument("--test", action="store_true", help="measure MNIST's test images, too")
    compare.add_argument(
        "--output",
        type=Path,
        default=RUNS / "compare.jsonl",
        help="results, a line for each run (default: runs/compare.jsonl)",
    )
    compare.add_argument(
        "--time-to",
        type=_share,
        metavar="ACCURACY",
        help="instead: seconds until our network and the baseline reach it on MNIST's validation",
    )
    compare.add_argument("--json", action="store_true", help="one JSON object on standard output")
    compare.set_defaults(command="compare")


def _add_numbers(numbers: argparse.ArgumentParser) -> None:
    numbers.description = (
        "Read whole numbers: UNIPEN's, numbers made of single digits by one person each, and "
        "single digits. Right is a number whose digits all are."
    )
    _add_part(numbers)
    numbers.add_argument("--model", default="digits", help="digits or characters")
    numbers.add_argument("--json", action="store_true", help="one JSON object on standard output")
    numbers.set_defaults(command="numbers")


def _add_part(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--part",
        choices=("report", "validation"),
        default="report",
        help="which held-out writers: those only reported on, or those who chose thresholds",
    )


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


def names_in(text: str) -> tuple[str, ...]:
    """The names of a comma-separated list."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
