"""Commands: `python -m training` trains, `python -m training evaluate` measures."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from models import __version__
from models.util.errors import InputError
from models.util.installation import IN_CHECKOUT
from models.util.quiet import silent_stderr
from training.cli import (
    compare,
    corrections,
    cross_validation,
    evaluate,
    grouping,
    language,
    lines,
    numbers,
    readme,
    rehearsal,
    train,
    words,
)
from training.cli.options import Parser

_COMMANDS = {
    "evaluate": evaluate,
    "compare": compare,
    "crossed": cross_validation,
    "numbers": numbers,
    "grouping": grouping,
    "language": language,
    "lines": lines,
    "words": words,
    "teaching": corrections,
    "rehearsal": rehearsal,
    "readme": readme,
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; its exit status: 0, 2 for input that cannot be used, 130 for Ctrl-C."""
    parser = Parser(
        prog="python -m training" if IN_CHECKOUT else "inkling-train",
        description="Train a network, or measure one.",
    )
    parser.add_argument("--version", action="version", version=f"Inkling {__version__}")
    train.add_options(parser)
    parser.set_defaults(run=train.run)
    commands = parser.add_subparsers(title="other commands", metavar="")
    for name, command in _COMMANDS.items():
        command_parser = commands.add_parser(name, help=command.HELP)
        command.add_options(command_parser)
        command_parser.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    # TensorFlow's start-up notes are about its own build; only its errors concern a user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        if options.run is train.run:
            train.choose_backend(options)
        if options.run not in (readme.run, language.run):  # these two need no network
            with silent_stderr():
                import_module("keras")
        return int(options.run(options))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `… | head` has seen enough
        # The interpreter flushes once more at its end, into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ModuleNotFoundError as error:
        way = "make setup" if IN_CHECKOUT else 'uv tool install ".[train]"'
        print(f"{error.name} is not installed; `{way}` brings it.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
