"""The same work on many items: on the cores of this machine, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from models.util.errors import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Items for each worker that are handed out before their turn: enough that none is ever idle, few
# enough that a long list does not fill the memory.
_AHEAD = 4
_CONNECT = 10  # seconds until a scheduler has to answer
_TRIES = 3  # of an item whose worker dies


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    processes: int = 1,
    scheduler: str | None = None,
) -> Iterator[Result]:
    """What the work makes of each item, in the order of the items.

    work: can be pickled, and so can items and results; what it loads for all of its items it keeps
        by itself, once a process or thread. It does not raise for an item that it can't use.
    processes: on this machine; 1 for this one.
    scheduler: the address of a Dask scheduler, whose workers do it instead. Where a worker dies
        another one does its items.

    Raises InputError where the scheduler does not answer, or where processes die of the work.
    """
    if scheduler is None and processes == 1:
        yield from map(work, items)
        return
    with _executor(processes, scheduler) as (executor, workers):
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(executor.submit(work, item))
            if len(waiting) >= _AHEAD * workers():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _executor(
    processes: int, scheduler: str | None
) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """What does the work, and how many items it does at the same time."""
    if scheduler is not None:
        with _dask(scheduler) as found:
            yield found
        return
    # A process that is forked would share locks of OpenCV and LiteRT in whatever state they are.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context)
    try:
        yield pool, lambda: processes
    except BrokenProcessPool:
        raise InputError(
            "A process ended in the middle of its work, as where memory is short; run again with "
            "fewer --processes."
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, Callable[[], int]]]:
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise InputError(
            "--scheduler needs Dask: python -m pip install -r game/requirements-cluster.txt"
        ) from None
    try:
        client = Client(address, timeout=_CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--scheduler {address}: no Dask scheduler answers there ({error}); `dask scheduler` "
            "starts one and tells its address."
        ) from None
    with client:
        try:
            yield (
                client.get_executor(retries=_TRIES - 1),
                lambda: max(1, sum(client.nthreads().values())),
            )
        except KilledWorker as error:
            raise InputError(
                f"--scheduler {address}: workers die of the work ({error}); their logs say why."
            ) from None
