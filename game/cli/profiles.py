"""`python -m game profiles`, `forget NAME` and `export NAME`: what profiles hold."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    listed = commands.add_parser("profiles", help="list the profiles and their samples")
    listed.add_argument("--json", action="store_true", help="one JSON line for each profile")
    listed.set_defaults(run=run, command="profiles")

    forget = commands.add_parser("forget", help="delete a profile, or its ink")
    forget.add_argument("name", metavar="NAME", help="of the profile")
    forget.add_argument(
        "--samples-only", action="store_true", help="delete the ink, and keep the results"
    )
    forget.add_argument("--yes", action="store_true", help="without asking")
    forget.set_defaults(run=run, command="forget")

    export = commands.add_parser("export", help="write a profile's samples as a data set")
    whose = export.add_mutually_exclusive_group(required=True)
    whose.add_argument("name", nargs="?", metavar="NAME", help="of the profile")
    whose.add_argument(
        "--class", dest="is_class", action="store_true", help="everyone of the class instead"
    )
    export.add_argument(
        "--format",
        choices=("idx", "drawings", "png"),
        required=True,
        help="idx: images and labels as MNIST and EMNIST have them; drawings: the strokes, "
        "JSON Lines; png: a folder of pictures for each character",
    )
    export.add_argument(
        "--output",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the folder that it is written into (default: the present one)",
    )
    export.set_defaults(run=run, command="export")


def run(options: argparse.Namespace) -> int:
    """Runs one of the three. Returns the exit status. Raises InputError and StorageError."""
    from game.profiles import manage

    if options.command == "profiles":
        manage.list_profiles(options.json)
    elif options.command == "forget":
        manage.forget(options.name, options.samples_only, options.yes)
    elif options.is_class:
        manage.export_class(options.format, options.output)
    else:
        manage.export_samples(options.name, options.format, options.output)
    return 0
