"""The same work on many items: on the cores of this machine, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import TypeVar

from models.util.errors import InputError
from models.util.installation import IN_CHECKOUT

Item = TypeVar("Item")
Result = TypeVar("Result")

# Items for each worker that are handed out before their turn: enough that none is ever idle, few
# enough that a long list does not fill the memory.
_AHEAD = 4
_CONNECT = 10  # seconds until a scheduler has to answer
_INSTALL = (
    "python -m pip install -r game/requirements-cluster.txt"
    if IN_CHECKOUT
    else 'uv tool install ".[cluster]"'
)
_TRIES = 3  # of an item whose worker dies


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    lost: Callable[[Item], Result],
    processes: int = 1,
    scheduler: str | None = None,
) -> Iterator[Result]:
    """What the work makes of each item, in the order of the items.

    work: can be pickled, and so can items and results; what it loads for all of its items it keeps
        by itself, once a process or thread. What it raises ends all.
    lost: stands for the result of an item that ends the process, as where memory is short.
    processes: on this machine; 1 for this one.
    scheduler: the address of a Dask scheduler, whose workers do it instead. Where a worker dies
        another one does its items.

    Raises InputError where the scheduler does not answer.
    """
    if scheduler is not None:
        yield from _on_cluster(work, items, lost, scheduler)
    elif processes == 1:
        yield from map(work, items)
    else:
        yield from _in_processes(work, items, lost, processes)


def _in_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    lost: Callable[[Item], Result],
    processes: int,
) -> Iterator[Result]:
    # A process that is forked would share locks of OpenCV and LiteRT in whatever state they are.
    context = multiprocessing.get_context("spawn")
    done = 0
    while done < len(items):
        pool = ProcessPoolExecutor(processes, context, _begin)
        try:
            for future in _submitted(pool, work, items[done:], partial(int, processes)):
                result = future.result()
                done += 1
                yield result
        except BrokenProcessPool:
            if processes == 1:  # it is clear which item ended it
                done += 1
                yield lost(items[done - 1])
            processes = 1
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
    cv2.setNumThreads(1)


def _on_cluster(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    lost: Callable[[Item], Result],
    address: str,
) -> Iterator[Result]:
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise InputError(f"--scheduler needs Dask: {_INSTALL}") from None
    try:
        client = Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--scheduler {address}: no Dask scheduler answers there ({error}); `dask scheduler` "
            "starts one and tells its address."
        ) from None
    with client:
        executor = client.get_executor(retries=_TRIES - 1)
        futures = _submitted(executor, work, items, lambda: sum(client.nthreads().values()))
        for item, future in zip(items, futures, strict=True):
            try:
                result = future.result()
            except KilledWorker:
                result = lost(item)
            yield result


def _submitted(
    executor: Executor,
    work: Callable[[Item], Result],
    items: Sequence[Item],
    workers: Callable[[], int],
) -> Iterator[Future[Result]]:
    """The items' futures, some of which wait before their turn. workers: how many there are."""
    waiting: deque[Future[Result]] = deque()
    for item in items:
        waiting.append(executor.submit(work, item))
        if len(waiting) >= _AHEAD * max(1, workers()):
            yield waiting.popleft()
    yield from waiting
