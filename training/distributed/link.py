"""Several machines that agree on numbers: means and one sender's bytes, over TCP, by the chief.

Messages are lengths and numbers, never anything that a receiver would execute. Nothing is
encrypted, and there is no password: this is for a network whose machines trust each other.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError, explain_os_error

_GREETING = 4096  # bytes that a greeting or its answer may have at most
_LENGTH = struct.Struct("!Q")


@dataclass(frozen=True)
class Address:
    """Where a worker runs; only the chief's port is listened on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @staticmethod
    def parse(text: str) -> Address:
        """HOST:PORT; raises InputError otherwise."""
        host, colon, port = text.strip().rpartition(":")
        if not (host and colon and port.isdecimal() and 0 < int(port) < 65536):
            raise InputError(f"--workers: {text.strip()!r} is not HOST:PORT, such as 10.0.0.1:4000")
        return Address(host.strip("[]"), int(port))


class Link:
    """Connections of one worker: the chief's to all others, another's to the chief alone.

    Every worker makes the same calls in the same order. A call fails with InputError, in one
    line, when a partner has ended or has been silent for `wait` seconds.
    """

    def __init__(
        self, index: int, addresses: Sequence[Address], about: Mapping[str, str], wait: float
    ) -> None:
        """Meets the others; about: what must be the same on all of them, by its name.

        Raises InputError where they don't come within `wait` seconds or are about something else.
        """
        self._index, self._addresses, self._wait = index, addresses, wait
        self.failure: InputError | None = None  # for callers whose framework swallows exceptions
        self._others: dict[int, socket.socket] = {}
        try:
            if index == 0:
                self._await_others(dict(about))
            else:
                self._join_chief(dict(about))
        except BaseException:
            self.close()
            raise

    def mean(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mean over the workers of (n,) numbers, the same to the last bit on each."""
        size = numbers.nbytes
        if self._index:
            self._send(0, numbers.tobytes())
            return np.frombuffer(self._receive(0, size), np.float32)
        total = numbers.astype(np.float32)
        for index in sorted(self._others):
            total += np.frombuffer(self._receive(index, size), np.float32)
        total /= np.float32(len(self._addresses))
        self._send_all(total.tobytes())
        return total

    def from_chief(self, content: bytes) -> bytes:
        """The chief's content, everywhere; the others' must be as long."""
        if self._index:
            return self._receive(0, len(content))
        self._send_all(content)
        return content

    def all_equal(self, content: bytes) -> bool:
        """Whether every worker's content is the same; all of the same length."""
        if self._index:
            self._send(0, content)
            return self._receive(0, 1) == b"1"
        theirs = [self._receive(other, len(content)) for other in sorted(self._others)]
        equal = all(each == content for each in theirs)
        self._send_all(b"1" if equal else b"0")
        return equal

    def close(self) -> None:
        """Ends the connections, by which the others see that this worker has ended."""
        for connection in self._others.values():
            connection.close()
        self._others.clear()

    def _await_others(self, about: dict[str, str]) -> None:
        own = self._addresses[0]
        deadline = time.monotonic() + self._wait
        try:
            family = socket.getaddrinfo(own.host, own.port, type=socket.SOCK_STREAM)[0][0]
            server = socket.create_server((own.host, own.port), family=family)
        except OSError as error:
            raise InputError(
                f"Worker 0 can't listen on {own} ({explain_os_error(error)}); the first of "
                "--workers is to be an address of its machine with a free port."
            ) from None
        with server:
            while len(self._others) < len(self._addresses) - 1:
                try:
                    server.settimeout(max(0.01, deadline - time.monotonic()))
                    connection, _ = server.accept()
                except TimeoutError:
                    raise self._missing() from None
                self._greet(connection, about, deadline)

    def _missing(self) -> InputError:
        index = min(set(range(1, len(self._addresses))) - set(self._others))
        return InputError(
            f"{self._name(index)} did not come within {self._wait:g} s; run the same command "
            f"there with --worker {index}, or give all of them a longer --wait."
        )

    def _greet(self, connection: socket.socket, about: dict[str, str], deadline: float) -> None:
        """Takes a worker in; hangs up on other programs, and on workers that train otherwise."""
        try:
            # Another program that sends nothing must not keep the workers waiting.
            connection.settimeout(min(5.0, max(0.01, deadline - time.monotonic())))
            theirs = json.loads(_receive(connection, None))
            index = int(theirs.pop("worker"))
            if not 0 < index < len(self._addresses):
                raise ValueError(index)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            connection.close()
            return
        differing = [name for name in about if theirs.get(name) != about[name]]
        answer = f"worker {index} has come already" if index in self._others else ""
        if differing:
            answer = f"its {', '.join(differing)} differ from those of worker 0"
        try:
            _send(connection, answer.encode())
        except OSError:
            differing = []
            answer = "gone"
        if answer:
            connection.close()
            if differing:
                raise InputError(f"{self._name(index)} can't take part: {answer}.")
            return
        self._others[index] = self._set_up(connection)

    def _join_chief(self, about: dict[str, str]) -> None:
        chief = self._addresses[0]
        deadline = time.monotonic() + self._wait
        while True:
            try:
                left = max(0.01, deadline - time.monotonic())
                connection = socket.create_connection((chief.host, chief.port), timeout=left)
                break
            except OSError as error:
                if time.monotonic() + 0.25 > deadline:
                    raise InputError(
                        f"{self._name(0)} can't be reached within {self._wait:g} s "
                        f"({explain_os_error(error)}); run the same command there with --worker 0."
                    ) from None
                time.sleep(0.25)
        self._others[0] = self._set_up(connection)
        self._send(0, json.dumps({"worker": self._index, **about}).encode())
        answer = self._receive(0, None).decode(errors="replace")
        if answer:
            raise InputError(f"Worker {self._index} can't take part: {answer}.")

    def _set_up(self, connection: socket.socket) -> socket.socket:
        connection.settimeout(self._wait)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _name(self, index: int) -> str:
        return f"Worker {index} ({self._addresses[index]})"

    def _send_all(self, content: bytes) -> None:
        for index in sorted(self._others):
            self._send(index, content)

    def _send(self, index: int, content: bytes) -> None:
        try:
            _send(self._others[index], content)
        except (OSError, KeyError) as error:
            raise self._lost(index, error) from None

    def _receive(self, index: int, size: int | None) -> bytes:
        try:
            return _receive(self._others[index], size)
        except (OSError, KeyError) as error:
            raise self._lost(index, error) from None

    def _lost(self, index: int, error: Exception) -> InputError:
        """Closes all, so that the others end, too."""
        why = "ended before training did"
        if isinstance(error, TimeoutError):
            why = f"said nothing for {self._wait:g} s"
        self.failure = self.failure or InputError(
            f"{self._name(index)} {why}. Start all workers again; with --resume they go on after "
            "the last whole epoch, if there was one."
        )
        self.close()
        return self.failure


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(_LENGTH.pack(len(content)) + content)


def _receive(connection: socket.socket, size: int | None) -> bytes:
    """One message of that size, of a greeting's where it is None; OSError for any other."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length != size and (size is not None or length > _GREETING):
        raise OSError(f"a message of {length} bytes")
    return _exactly(connection, length)


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = bytearray(size)
    view, filled = memoryview(content), 0
    while filled < size:
        count = connection.recv_into(view[filled:])
        if not count:
            raise OSError("the connection ended")
        filled += count
    return bytes(content)
