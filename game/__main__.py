"""The commands: `python -m game` plays; `replay`, `read` and `demo` need no player.

python -m game --help
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from game.cli.profile_options import NAMES as PROFILE_COMMANDS
from game.cli.profile_options import add_commands
from game.window.start import import_pygame

if TYPE_CHECKING:
    from game.page.readers import ReadingMode
    from models.recognition.reader import Reader


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns the exit status: 0, or 2 for wrong use and unreadable input."""
    _prepare_streams()
    options = _parser().parse_args(arguments)
    try:
        return _run_or_report(options)
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        if missing and (error.name or "").partition(".")[0] in ("game", "models"):
            raise
        wrong = f"{error.name} is not installed" if missing else f"A library fails ({error})"
        print(f"{wrong}; `make play` installs all that playing needs.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _silence_output()  # the reader has closed it, as `head` does
        return 141
    except OSError as error:
        if error.filename is not None:  # not the output, and not foreseen
            raise
        _silence_output()
        print(f"The output cannot be written: {error.strerror or error}.", file=sys.stderr)
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


def _run_or_report(options: argparse.Namespace) -> int:
    from game.cli.report import one_line  # these need NumPy and OpenCV, which may be missing
    from models.util.errors import InputError

    try:
        status = _run(options)
        sys.stdout.flush()
        return status
    except InputError as error:
        sys.stdout.flush()
        print(one_line(str(error)), file=sys.stderr)
        return 2


class _Parser(argparse.ArgumentParser):
    """Reports wrong use in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows what would be right.\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m game",
        description="A canvas that reads handwriting while it is written. Without a command: play.",
    )
    parser.add_argument(
        "--drawings",
        type=Path,
        default=Path("drawings"),
        metavar="DIR",
        help="where the S key saves (default: drawings)",
    )
    parser.add_argument("--scale", metavar="N", help="size of the interface, 1 to 4")
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="whose results and samples (default: whoever was chosen last, me at first)",
    )
    _add_characters(parser, default=False)
    parser.set_defaults(command="play")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    replay = commands.add_parser("replay", help="write a file's drawings into the running game")
    replay.add_argument("file", type=Path, metavar="FILE", help="drawings: .jsonl, .gz or .inkml")
    replay.add_argument("--headless", action="store_true", help="without a window, full speed")
    replay.add_argument(
        "--teach",
        action="store_true",
        help="each writer corrects the first 100 drawings; are the later ones read better?",
    )
    replay.add_argument("--limit", type=_count, metavar="N", help="only the first N drawings")

    read = commands.add_parser("read", help="read drawings and pictures, without a window")
    read.add_argument("files", type=Path, nargs="+", metavar="FILE", help="drawings or pictures")

    for command in (replay, read):
        command.add_argument("--json", action="store_true", help="one JSON line for each drawing")
        # A default of its own would undo what stands before the command.
        _add_characters(command, default=argparse.SUPPRESS)

    demo = commands.add_parser("demo", help="replay the drawings that ship with the game")
    demo.add_argument(
        "--picture", type=Path, metavar="PATH", help="where the window's picture goes"
    )
    demo.add_argument(
        "--animation", type=Path, metavar="PATH", help="where an animated picture (PNG) goes, too"
    )
    collect = commands.add_parser("collect", help="collect samples of a person's ink")
    collect.add_argument(
        "--profile",
        default=argparse.SUPPRESS,
        metavar="NAME",
        help="whose (default: as above)",
    )
    _add_characters(collect, default=argparse.SUPPRESS)
    add_commands(commands)
    return parser


def _add_characters(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument(
        "--characters", action="store_true", default=default, help="read letters, too"
    )


def _count(words: str) -> int:
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError(f"{words!r} is no number of drawings, such as 100")
    return int(words)


def _run(options: argparse.Namespace) -> int:
    command = options.command or "play"
    if command in PROFILE_COMMANDS:
        from game.cli.profiles import run

        return run(options)
    if command == "demo" or getattr(options, "headless", False):
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    if command != "read":
        import_pygame()
    if command in ("play", "collect"):
        return _play(options)
    from models.recognition.network import load_network
    from models.recognition.reader import Reader

    reader = Reader(load_network("characters" if options.characters else "digits"))
    if command == "read":
        from game.cli.read import read_files

        return read_files(options.files, reader, options.json)
    if command == "demo":
        from game.demo.demo import PICTURE, demo

        return demo(reader, options.picture or PICTURE, options.animation)
    return _replay(options, reader)


def _play(options: argparse.Namespace) -> int:
    from game.app import play
    from game.profiles.profile import checked_name
    from game.window.scale import parse_scale
    from game.window.window import NoDisplay
    from models.util.errors import InputError

    scale = None if options.scale is None else parse_scale(options.scale, "--scale")
    profile = None if options.profile is None else checked_name(options.profile)
    mode: ReadingMode = "characters" if options.characters else "digits"
    try:
        return play(options.drawings, scale, mode, profile, options.command == "collect")
    except NoDisplay as error:
        if options.command == "collect":
            raise InputError(f"{error} Collecting needs one.") from None
        print(f"{error} So here are the drawings that ship with the game:", file=sys.stderr)
    from game.demo.demo import PICTURE, demo
    from models.recognition.network import load_network
    from models.recognition.reader import Reader

    os.environ["SDL_VIDEODRIVER"] = "dummy"
    return demo(Reader(load_network()), PICTURE)


def _replay(options: argparse.Namespace, reader: Reader) -> int:
    from game.cli.replay import replay
    from game.window.window import NoDisplay
    from models.recognition.reader import Reader as PlainReader
    from models.util.errors import InputError

    course = None
    if options.teach:
        from game.cli.correction_experiment import CorrectionExperiment

        course = CorrectionExperiment(PlainReader(reader.network))
    try:
        return replay(options.file, reader, options.headless, options.json, options.limit, course)
    except NoDisplay as error:
        raise InputError(f"{error} `--headless` needs none.") from None


if __name__ == "__main__":
    sys.exit(main())
