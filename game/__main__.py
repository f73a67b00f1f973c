"""The commands: `python -m game` plays; `replay`, `read` and `demo` need no player.

python -m game --help
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

from game.cli import demo, form, play, profiles, read, replay, scan, serve, worksheet
from models import __version__
from models.util.installation import IN_CHECKOUT


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0, or 2 for wrong use and unreadable input."""
    _prepare_streams()
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        if missing and (error.name or "").partition(".")[0] in ("game", "models"):
            raise
        wrong = f"{error.name} is not installed" if missing else f"A library fails ({error})"
        way = "`make play`" if IN_CHECKOUT else "installing Inkling again"
        print(f"{wrong}; {way} installs all that playing needs.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _silence_output()  # the program that read it has enough, as `head` does
        return 141
    except OSError as error:
        if error.filename is not None:  # not the output, so an error of this program
            raise
        _silence_output()
        print(f"The output cannot be written: {error.strerror or error}.", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    from game.batch.report import one_line  # these need NumPy and OpenCV, which may be missing
    from models.util.errors import InklingError

    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except InklingError as error:
        sys.stdout.flush()
        print(one_line(str(error)), file=sys.stderr)
        return 2


def _prepare_streams() -> None:
    """Makes printing safe where a stream was closed, or cannot write every letter of a name."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _silence_output() -> None:
    """Python must not fail again when it closes the stream, with what is still to be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Reports wrong use in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows what would be right.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m game" if IN_CHECKOUT else "inkling",
        description="A canvas that reads handwriting while it is written. Without a command: play.",
    )
    parser.add_argument("--version", action="version", version=f"Inkling {__version__}")
    play.add_options(parser)
    commands = parser.add_subparsers(metavar="COMMAND")
    replay.add_options(commands)
    read.add_options(commands)
    worksheet.add_options(commands)
    form.add_options(commands)
    scan.add_options(commands)
    demo.add_options(commands)
    play.add_collect(commands)
    profiles.add_options(commands)
    serve.add_options(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
