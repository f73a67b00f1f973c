"""`python -m game serve`: the server, from its socket to its last connection."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from typing import Any, ClassVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from game.modes.practice.round import Rules
from game.serve.app import make_app
from game.serve.classroom import Classroom
from game.serve.messages import LONGEST
from game.serve.sessions import Sessions
from models.adaptation.samples import user_folder
from models.recognition.network import load_network
from models.recognition.reader import Reader
from models.util.errors import InputError, explain_os_error

TOKEN_BYTES = 16  # 128 bits
# Of connections that are no websocket: a browser opens six, and needs each for a moment.
_MOST_CONNECTIONS, _MOST_OF_AN_ADDRESS = 400, 100
_LONGEST = 30.0  # seconds that such a connection may take
_LINGER = 5.0  # seconds until a websocket that was closed is cut off
_MOST_UNSENT = 8_000_000  # bytes that wait for a client that does not take them
_LOCAL = {"127.0.0.1", "::1", "localhost"}


def serve(
    host: str, port: int, letters: bool, language: str, is_class: bool, rules: Rules | None
) -> int:
    """Serves the page until Ctrl+C, and prints its address. Returns the exit status.

    host, port: to listen on; 0 for any free port. letters: whether pages read letters at first.
    language: whose words are known then. is_class: whether the pages are a class's; rules: of the
    tasks that it practises, None where it is asked for characters.

    Raises InputError where it cannot listen there, or a network cannot be used.
    """
    digits = Reader(load_network("digits"))
    characters = Reader(load_network("characters"), language)
    with listen(host, port) as listening:
        port = listening.getsockname()[1]
        if is_class:
            folder = user_folder()
            if folder is None:
                raise InputError("There is no folder for a class; INKLING_DATA_DIR names one.")
            room = Classroom(digits, characters, letters, folder, rules)
            print("pupils: ", announcement(host, port, room.pupils), flush=True)
            print("teacher:", announcement(host, port, room.teacher), flush=True)
            app = make_app(room, room.pupils, host, room)
        else:
            token = secrets.token_urlsafe(TOKEN_BYTES)
            print(announcement(host, port, token), flush=True)
            app = make_app(Sessions(digits, characters, letters), token, host)
        asyncio.run(new_server(app).serve([listening]))
    return 0


def new_server(app: Any) -> uvicorn.Server:
    """The server of an application, quiet but for errors, and patient with nobody for long."""
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        app,
        http=_Request,
        ws=_Socket,
        ws_max_size=LONGEST,
        ws_per_message_deflate=False,  # a few bytes could become any number
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=16_384,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises InputError."""
    try:
        ((family, _, _, _, address), *_) = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        return socket.create_server(address, family=family, backlog=256)
    except socket.gaierror:
        fix = "right would be an address of this computer, such as 127.0.0.1"
        raise InputError(f"--host {host}: there is no such address; {fix}.") from None
    except OSError as error:
        fix = "`--port 0` takes a free one"
        reason = explain_os_error(error)
        raise InputError(f"{host}, port {port}: cannot listen there: {reason}; {fix}.") from None


def announcement(host: str, port: int, token: str) -> str:
    """The line that tells where the page is, and who can reach it."""
    everywhere = host in ("0.0.0.0", "::", "")
    name = own_address() if everywhere else host
    address = f"http://{f'[{name}]' if ':' in name else name}:{port}/{token}/"
    if host in _LOCAL:
        return f"{address}  (from this computer only; Ctrl+C ends it)"
    return f"{address}  (from your network, for whoever has this address; Ctrl+C ends it)"


def own_address() -> str:
    """This computer's address in its local network, or the loopback where it has no other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing, but asks which way would be taken
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


class _Request(H11Protocol):
    """A connection until it becomes a websocket, for a while at most.

    Where there are too many, the oldest is cut off: most likely it is one that asks for nothing.
    """

    _open: ClassVar[dict[_Request, str]] = {}  # the address of each, the oldest first

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        # What is sent must not wait until what was sent before is acknowledged, for 40 ms.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address = self.client[0] if self.client else ""
        self._open[self] = address
        self._deadline = self.loop.call_later(_LONGEST, transport.abort)
        same = [each for each, other in self._open.items() if other == address]
        if len(same) > _MOST_OF_AN_ADDRESS:
            same[0].cut_off()
        elif len(self._open) > _MOST_CONNECTIONS:
            next(iter(self._open)).cut_off()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._uncount()

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._uncount()
        super().handle_websocket_upgrade(event)

    def cut_off(self) -> None:
        self._uncount()
        self.transport.abort()

    def _uncount(self) -> None:
        self._deadline.cancel()
        self._open.pop(self, None)


class _Socket(WebSocketsSansIOProtocol):
    """A websocket whose client cannot keep it by not reading."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.get_write_buffer_size() > _MOST_UNSENT:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self.loop.call_later(_LINGER, self.transport.abort)
