"""The options of the commands about profiles."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

NAMES = ("profiles", "forget", "export")  # of the commands; `commands.run` runs each of them
FORMATS = ("idx", "drawings", "png")


def add_commands(commands: Commands) -> None:
    """Adds them to those of the game."""
    listed = commands.add_parser("profiles", help="list the profiles and their samples")
    listed.add_argument("--json", action="store_true", help="one JSON line for each profile")

    forget = commands.add_parser("forget", help="delete a profile, or its ink")
    forget.add_argument("name", metavar="NAME", help="of the profile")
    forget.add_argument(
        "--samples-only", action="store_true", help="delete the ink, and keep the results"
    )
    forget.add_argument("--yes", action="store_true", help="without asking")

    export = commands.add_parser("export", help="write a profile's samples as a data set")
    export.add_argument("name", metavar="NAME", help="of the profile")
    export.add_argument(
        "--format",
        choices=FORMATS,
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
