"""Several processes that train one network: JAX joins them, here is what it leaves open."""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import io
import os
import signal
import socket
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import jax
import numpy as np
from jax.experimental import multihost_utils

from models.util.errors import InputError, explain_os_error
from models.util.quiet import silent_stderr

MEETING = 300  # seconds within which all processes must have come
SILENCE = 100  # seconds without a sign of life after which a process counts as lost
_LOST = (
    "Another process ended before training did, or can't be reached. Start all of them again; "
    "with --resume they go on after the last whole epoch, if there was one."
)
# What carries JAX's messages; its errors name one of these when another process is lost.
_CARRIERS = ("Gloo", "NCCL", "UNAVAILABLE")


@contextmanager
def together(addresses: Sequence[str], index: int) -> Iterator[None]:
    """Meets the other processes, and parts from them at the end.

    Where one doesn't come, or is lost, this process ends with one line and status 2.

    addresses: HOST:PORT of each process. index: which of them this is; the first, the chief,
    listens. Raises InputError where it can't.
    """
    chief, count = addresses[0], len(addresses)
    if index == 0:
        _check_own(chief)
    print(f"Process {index} of {count} waits for the others.", flush=True)
    end = _End(
        f"Not all {count} processes came within {MEETING} s; run the same command with each "
        f"--process from 0 to {count - 1} where {chief}, the first, can be reached."
    )
    with silent_stderr():  # where JAX's runtime prints its stack when it aborts
        try:
            interrupted = signal.signal(signal.SIGINT, signal.SIG_DFL)  # JAX wouldn't notice it
            jax.distributed.initialize(
                chief,
                count,
                index,
                coordinator_bind_address=chief,
                initialization_timeout=MEETING,
                heartbeat_timeout_seconds=SILENCE,
            )
            signal.signal(signal.SIGINT, interrupted)
            end.line = _LOST
            yield
            jax.distributed.shutdown()
        except BaseException as error:
            if _is_loss(error):
                end.now()
            status = {KeyboardInterrupt: 130, InputError: 2}.get(type(error), 1)
            atexit.register(end.quietly, status)
            raise
    signal.signal(signal.SIGABRT, signal.SIG_DFL)


class _End:
    """Ends this process with a line where another one is lost, also when JAX aborts it for that.

    JAX aborts by SIGABRT, out of a thread of its own; Python's own handlers can't end that.
    """

    def __init__(self, line: str) -> None:
        self.line = line
        self._stderr = os.dup(2)
        self._once = threading.Lock()
        self._handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(self.now)
        ctypes.CDLL(None).signal(signal.SIGABRT, self._handler)

    def now(self, signal_number: int = 0) -> None:
        """Ends this process at once, with the line and status 2."""
        self._once.acquire()  # for ever: JAX may abort while another error is about to end it
        try:
            os.write(self._stderr, f"{self.line}\n".encode())
        finally:
            os._exit(2)

    def quietly(self, status: int) -> None:
        """Ends this process at its usual end, before JAX waits there for the others."""
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(status)


def _check_own(address: str) -> None:
    """Raises InputError where this machine can't listen there; JAX crashes for some such."""
    host, _, port = address.rpartition(":")
    try:
        family, _, _, _, place = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM
        )[0]
        socket.create_server(place[:2], family=family).close()
    except OSError as error:
        raise InputError(
            f"Process 0 can't listen on {address} ({explain_os_error(error)}); the first of "
            "--processes is to be an address of its machine with a free port."
        ) from None


def _is_loss(error: BaseException | None) -> bool:
    while error:
        if isinstance(error, Exception) and any(each in str(error) for each in _CARRIERS):
            return True
        error = error.__context__
    return False


def compare(about: Mapping[str, object]) -> None:
    """Compares what must be the same in all processes.

    about: by name, values with a repr that is theirs alone. Raises InputError in each process where
    one differs.
    """
    digests = [hashlib.sha256(repr(each).encode()).digest() for each in about.values()]
    own = np.array([list(digest) for digest in digests], np.uint8)
    every = multihost_utils.process_allgather(own)  # (processes, things, 32)
    equal = (every == every[0]).all(axis=2)
    if equal.all():
        return
    jax.distributed.shutdown()
    other = int(np.flatnonzero(~equal.all(axis=1))[0])
    things = [name for name, same in zip(about, equal[other], strict=True) if not same]
    raise InputError(
        f"Process {other} can't take part: its {', '.join(things)} differ from those of process 0."
    )


def from_chief(content: bytes) -> bytes:
    """The chief's content, in each process."""
    size = int(multihost_utils.broadcast_one_to_all(np.int32(len(content))))
    own = np.frombuffer(content.ljust(size, b"\0")[:size], np.uint8)
    return bytes(multihost_utils.broadcast_one_to_all(own)) if size else b""


def packed(folder: Path, names: Sequence[str]) -> bytes:
    """Those of a folder's files and folders that exist, as an archive for `unpack`."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name in names:
            if (folder / name).exists():
                tar.add(folder / name, name)
    return archive.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Writes what `packed` read into a folder."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
