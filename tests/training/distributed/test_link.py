"""What several workers tell each other, over real connections on this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from models.util.errors import InputError
from training.distributed.link import Address, Link

Job = Callable[[Link], object]


def addresses(count: int = 2) -> str:
    """Free ports of this machine."""
    with_ports = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    names = [f"127.0.0.1:{server.getsockname()[1]}" for server in with_ports]
    for server in with_ports:
        server.close()
    return ",".join(names)


def linked(
    jobs: Sequence[Job], abouts: Sequence[dict[str, str]] = (), wait: float = 20
) -> list[object]:
    """What each worker's job returns, or the text of its InputError; each in a thread."""
    places = [Address.parse(name) for name in addresses(len(jobs)).split(",")]
    results: list[object] = [None] * len(jobs)

    def work(index: int) -> None:
        link = None
        try:
            about = abouts[index] if abouts else {}
            link = Link(index, places, about, wait)
            results[index] = jobs[index](link)
        except InputError as error:
            results[index] = str(error)
        finally:
            if link:
                link.close()

    threads = [threading.Thread(target=work, args=(i,), daemon=True) for i in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_all_workers_get_the_same_mean() -> None:
    numbers = np.random.default_rng(0).normal(size=(3, 1000)).astype(np.float32)
    means = linked([lambda link, own=own: link.mean(own) for own in numbers])  # type: ignore[misc]
    for mean in means:
        np.testing.assert_array_equal(np.asarray(mean), np.asarray(means[0]))
    np.testing.assert_allclose(np.asarray(means[0]), numbers.mean(0), atol=1e-6)


def test_workers_see_whether_they_are_equal() -> None:
    assert linked([lambda link: link.all_equal(b"a")] * 3) == [True] * 3
    differing: list[Job] = [lambda link, own=own: link.all_equal(own) for own in (b"a", b"b")]  # type: ignore[misc]
    assert linked(differing) == [False, False]


def test_a_silent_worker_counts_as_lost() -> None:
    ones = np.ones(3, np.float32)
    freed = threading.Event()

    def silent(link: Link) -> object:
        return freed.wait(20)

    def chief(link: Link) -> object:
        try:
            return link.mean(ones)
        finally:
            freed.set()

    failure, _ = linked([chief, silent], wait=1)
    assert "Worker 1" in str(failure) and "said nothing for 1 s" in str(failure)


def test_workers_with_other_data_are_refused() -> None:
    abouts = [{"options": "a", "examples": "b"}, {"options": "a", "examples": "c"}]
    failures = linked([lambda link: None] * 2, abouts)
    assert "Worker 1" in str(failures[0]) and "examples differ" in str(failures[0])
    assert "examples differ" in str(failures[1])


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\0" * 7 + b"\2" + b"[]"])
def test_other_programs_are_not_taken_for_workers(sent: bytes) -> None:
    places = [Address.parse(name) for name in addresses().split(",")]
    results: list[object] = []

    def other() -> None:
        link = Link(1, places, {}, 20)
        results.append(link.from_chief(b"......"))
        link.close()

    def stranger() -> None:
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", places[0].port))
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
        with connection:
            connection.sendall(sent)
        other()

    thread = threading.Thread(target=stranger, daemon=True)
    thread.start()
    chief = Link(0, places, {}, 20)
    chief.from_chief(b"inside")
    thread.join(20)
    chief.close()
    assert results == [b"inside"]
