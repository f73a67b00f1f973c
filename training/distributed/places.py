"""The command line's choice of devices or machines to train on."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from models.util.errors import InputError

if TYPE_CHECKING:  # importing Keras takes seconds, which other commands don't need
    from training.distributed.devices import Place


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds --devices, --workers, --worker and --wait."""
    places = parser.add_argument_group("several devices or machines (training/DISTRIBUTED.md)")
    places.add_argument(
        "--devices", type=_from_one, help="so many GPUs of this machine, else logical CPUs"
    )
    places.add_argument(
        "--workers", metavar="HOST:PORT,…", help="all machines, the same on each; the first leads"
    )
    places.add_argument("--worker", type=int, metavar="INDEX", help="which of --workers this is")
    places.add_argument(
        "--wait",
        type=_from_one,
        default=300,
        metavar="SECONDS",
        help="until a worker that doesn't come or is silent counts as lost (default: 300)",
    )


def chosen(options: argparse.Namespace) -> Place:
    """Where to train; told where it is not just here.

    Raises InputError for options that don't fit together, and for devices that can't be had.
    """
    from training.distributed.devices import Devices, devices
    from training.distributed.workers import worker

    if (options.workers is None) != (options.worker is None):
        raise InputError("--workers and --worker belong together: all machines, and which it is.")
    if options.workers is None:
        place = devices(options.devices or 1)
        if isinstance(place, Devices):
            print(f"Training on {place.told}.")
        return place
    if options.devices:
        raise InputError("--devices and --workers can't be combined: a worker uses one device.")
    return worker(options.worker, options.workers, options.wait)


def _from_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 up, not {text!r}")
    return int(text)
