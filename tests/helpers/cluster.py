"""A Dask cluster on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address, and its workers, on this machine."""
    address = f"tcp://127.0.0.1:{free_port()}"
    start = [sys.executable, "-m", "dask"]
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(
            [*start, "scheduler", "--host", address, "--no-dashboard"],
            env=own,
            **quiet,  # type: ignore[call-overload]
        )
    ]
    for _ in range(workers):
        processes.append(
            subprocess.Popen(
                [*start, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"],
                env=own,
                **quiet,  # type: ignore[call-overload]
            )
        )
    try:
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
