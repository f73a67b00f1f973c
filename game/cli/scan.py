"""`python -m game scan PHOTO…` reads worksheets and forms in photographs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from game.cli.read import add_workers
from models.recognition.language_model import ENGLISH, languages


def add_options(commands: argparse._SubParsersAction[Any]) -> None:
    scan = commands.add_parser("scan", help="read worksheets and forms in photographs")
    scan.add_argument("photos", type=Path, nargs="*", metavar="PHOTO", help="photographs or scans")
    scan.add_argument(
        "--form", type=Path, metavar="SPEC.json", help="the description of the form in them"
    )
    scan.add_argument("--json", action="store_true", help="one JSON line for each page")
    scan.add_argument("--csv", type=Path, metavar="FILE", help="a table, one row for each field")
    scan.add_argument("--wide", action="store_true", help="one row for each sheet in the table")
    scan.add_argument("--marked", type=Path, metavar="DIR", help="where marked pictures go")
    scan.add_argument(
        "--resume", action="store_true", help="go on with the table, without what is in it"
    )
    add_workers(scan, "scan")
    scan.add_argument("--review", action="store_true", help="settle what is unsure, in a window")
    scan.add_argument(
        "--language",
        choices=languages(),
        default=ENGLISH,
        help=f"whose words are known where words are read (default: {ENGLISH})",
    )
    scan.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Scans photographs. Returns the exit status."""
    from game.sheets.scan import ScanOptions, scan
    from game.sheets.workers import Job

    job = Job(options.form, options.marked, options.language)
    return scan(
        ScanOptions(
            tuple(options.photos),
            job,
            options.json,
            options.csv,
            options.wide,
            options.resume,
            options.review,
            options.processes,
            options.scheduler,
        )
    )
