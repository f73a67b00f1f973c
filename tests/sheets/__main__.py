"""Measures how sheets are read in simulated photographs of held-out people's writing.

python -m tests.sheets [--sheet worksheet|form|outline] [--pages N] [--part report|validation]
                       [--keep DIR] [--mistakes]
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path

from tests.sheets.forms import MeasuredForms, measure_forms
from tests.sheets.measure import Measured, measure


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.sheets", description=__doc__)
    parser.add_argument(
        "--sheet",
        choices=("worksheet", "form", "outline"),
        default="worksheet",
        help="what is photographed; outline: a form that is found by its paper's outline",
    )
    parser.add_argument("--pages", type=int, default=100, help="photographs (default: 100)")
    parser.add_argument(
        "--part",
        choices=("report", "validation"),
        default="report",
        help="who writes: people for the report, or those whom thresholds were chosen on",
    )
    parser.add_argument("--data-dir", type=Path, help="where the sets are, else DATA_DIR")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the photographs there")
    parser.add_argument("--mistakes", action="store_true", help="list what was read otherwise")
    options = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        if options.keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        else:
            folder = options.keep
            folder.mkdir(parents=True, exist_ok=True)
        what = options.data_dir, options.part, options.pages, folder
        measured: Measured | MeasuredForms
        if options.sheet == "worksheet":
            measured = measure(*what)
        else:
            measured = measure_forms(*what, by_outline=options.sheet == "outline")
    if options.mistakes:
        print("\n".join(measured.mistakes))
    print("\n".join([*measured.unusable, *measured.lines()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
