"""What the server answers: the page's own files, and the websocket that the ink goes over.

All addresses begin with the token. Whoever does not know it is told of nothing: 404.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ipaddress
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from game.serve.appearance import stylesheet
from game.serve.messages import Hello, Save, parse
from game.serve.messages import Message as PageMessage
from game.serve.remote_board import State
from game.serve.sessions import File
from models.util.errors import InputError

SeatType = TypeVar("SeatType", bound="Seat")
_PAGE = Path(__file__).parent / "page"
_FONTS = Path(__file__).parents[1] / "ui" / "fonts"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}
MOST_SOCKETS, MOST_OF_AN_ADDRESS = 200, 100  # connected at the same time
# Of one client: messages a second, and how many it may send at once, such as after a lost
# connection. A pen makes one for each frame of its screen.
_RATE, _BURST = 300.0, 1_500.0
_POINTS_RATE, _POINTS_BURST = 5_000.0, 120_000.0
_PATIENCE = 5.0  # seconds until a client must have said hello, or taken what it was sent
_FRAME = 0.012  # seconds between two states that one client is sent, at least
_SHARE = 0.25  # of the time that making a client's states may take
# Codes of a closing websocket. Those from 4000 on are the page's own.
_REFUSED, _ENDED = 1008, 4001
_LONGEST_REQUEST = 1_000  # bytes
_LONGEST_REASON = 120  # bytes; a closing frame has room for 123


class Seat(Protocol):
    """A browser's place at its page. ended: why it has none any more, "" as long as it has."""

    ended: str

    def take(self, message: PageMessage) -> None:
        """Does what the browser says. Raises InputError."""

    async def next_state(self) -> State:
        """What is new to be seen; waits for it. Empty where the seat has ended."""

    async def file(self, kind: str) -> File | None:
        """The page as a file, png or inkml; None where there is none."""


class House(Protocol[SeatType]):
    """Where pages are."""

    def enter(self, hello: Hello, address: str) -> SeatType:
        """The seat of a browser at an address. Raises InputError."""

    def leave(self, seat: SeatType) -> None:
        """The browser is not connected any more."""

    async def run(self) -> None:
        """What goes on all the time, until it is cancelled."""


@dataclass
class Allowance:
    """A bucket that fills at a rate, and from which each message takes."""

    rate: float
    most: float
    _left: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._at = self.most, time.monotonic()

    def take(self, amount: float, what: str) -> None:
        """Raises InputError where so much is more than there is."""
        now = time.monotonic()
        self._left = min(self.most, self._left + self.rate * (now - self._at)) - amount
        self._at = now
        if self._left < 0:
            raise InputError(f"Too many {what}: {self.rate:.0f} a second at most.")


class Gate:
    """Lets in whoever knows the token and asks under a name of this computer, and nobody else."""

    def __init__(self, app: ASGIApp, tokens: Sequence[str], host: str) -> None:
        """host: a name or address that the server listens on."""
        self._app = app
        self._tokens = [token.encode() for token in tokens]
        self._names = {"localhost", host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        token = scope["path"].split("/")[1] if scope["path"].startswith("/") else ""
        said = token.encode("utf-8", "replace")
        known = any(secrets.compare_digest(said, each) for each in self._tokens)
        connection = HTTPConnection(scope)
        app: ASGIApp = nothing()
        if known and self._is_own(host_of(connection)):
            app = self._app

        async def send_guarded(message: Message) -> None:
            if message["type"].endswith("http.response.start"):
                message["headers"] = [*message.get("headers", []), *_guards(host_of(connection))]
            await send(message)

        await app(scope, receive, send_guarded)

    def _is_own(self, host: str) -> bool:
        """Whether a name cannot be one that another site lets point here (DNS rebinding)."""
        name = host.rpartition(":")[0] if not host.endswith("]") else host
        name = (name or host).strip("[]").lower()
        with contextlib.suppress(ValueError):
            ipaddress.ip_address(name)
            return True
        return name in self._names


def host_of(connection: HTTPConnection) -> str:
    """What the client calls this server, "127.0.0.1:8000"; "" where it says nothing usable."""
    host = connection.headers.get("host", "")
    return host if host.isascii() and not set(host) & set(" \t;,'\"\\/@") else ""


def _guards(host: str) -> list[tuple[bytes, bytes]]:
    # Some browsers do not take a websocket of the same address for "self".
    socket = f" ws://{host}" if host else ""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        f"connect-src 'self'{socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class ClassView(Protocol):
    """Who sees a class. teacher: the token of the address."""

    teacher: str

    def table(self) -> dict[str, Any]:
        """All pupils, as the page shows them."""

    def results(self) -> str:
        """A table as CSV."""

    def remove(self, name: str, removed: bool) -> None:
        """Takes a pupil out, or back. Raises InputError."""


def make_app(
    house: House[SeatType], token: str, host: str, teacher: ClassView | None = None
) -> ASGIApp:
    """The server's application.

    host: a name or address that it listens on. teacher: of the class that the pages are of.
    """
    files = {path.name: path for path in _PAGE.iterdir() if path.suffix in _TYPES}
    files |= {path.name: path for path in _FONTS.glob("*.ttf")}
    contents = {name: path.read_bytes() for name, path in files.items()}
    contents["theme.css"] = stylesheet().encode()
    contents[""] = contents.pop("index.html")
    if teacher is not None:
        contents[""] = contents[""].replace(b"<body>", b'<body class="class">')
    teachers = {"": contents.pop("class.html"), "class.js": contents.pop("class.js")}
    clients: Counter[str] = Counter()

    async def file(request: Request) -> Response:
        name = request.path_params.get("name", "")
        if name not in contents:
            return nothing()
        kind = _TYPES[Path(name).suffix or ".html"]
        return Response(contents[name], media_type=None, headers={"content-type": kind})

    async def ink(socket: WebSocket) -> None:
        address = socket.client.host if socket.client else ""
        # A browser says which page a websocket is of; another site's must not write here.
        if not _is_own_page(socket):
            await socket.send_denial_response(PlainTextResponse("Not from this page.\n", 403))
            return
        if clients.total() >= MOST_SOCKETS or clients[address] >= MOST_OF_AN_ADDRESS:
            await socket.send_denial_response(PlainTextResponse("Too many pages.\n", 503))
            return
        clients[address] += 1
        try:
            await _converse(socket, house, address)
        finally:
            clients[address] -= 1
            if not clients[address]:
                del clients[address]

    async def lesson(request: Request) -> Response:
        """What the teacher sees."""
        assert teacher is not None
        name = request.path_params.get("name", "")
        if name == "remove" or request.method == "POST":
            return await _remove(request, teacher) if name == "remove" else nothing()
        if name == "table.json":
            return JSONResponse(teacher.table())
        if name == "results.csv":
            disposition = {"content-disposition": 'attachment; filename="class.csv"'}
            return Response(teacher.results(), media_type="text/csv", headers=disposition)
        found = teachers.get(name) or contents.get(name)
        if found is None:
            return nothing()
        kind = _TYPES[Path(name).suffix or ".html"]
        return Response(found, media_type=None, headers={"content-type": kind})

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        reading = asyncio.create_task(house.run())
        yield
        reading.cancel()

    routes = [
        Route(f"/{token}/", file),
        WebSocketRoute(f"/{token}/ink", ink),
        Route(f"/{token}/{{name}}", file),
    ]
    if teacher is not None:
        routes += [
            Route(f"/{teacher.teacher}/{rest}", lesson, methods=["GET", "POST"])
            for rest in ("", "{name}")
        ]
    return Gate(
        Starlette(
            routes=routes, lifespan=lifespan, exception_handlers={404: nothing, 405: nothing}
        ),
        [token] if teacher is None else [token, teacher.teacher],
        host,
    )


def nothing(*_: object) -> Response:
    """The same answer to whatever is not there, or not for the one who asks."""
    return PlainTextResponse("Nothing is here.\n", 404)


def _is_own_page(connection: HTTPConnection) -> bool:
    return connection.headers.get("origin") == f"http://{host_of(connection)}"


async def _remove(request: Request, teacher: ClassView) -> Response:
    """Takes the pupil out of the class whom {"name": …, "removed": true} names, or back."""
    if request.method != "POST" or not _is_own_page(request):
        return nothing()
    text = b""
    async for part in request.stream():
        text += part
        if len(text) > _LONGEST_REQUEST:
            return PlainTextResponse("Too long.\n", 413)
    try:
        record = json.loads(text)
        name, removed = record["name"], record["removed"]
        if not isinstance(name, str) or not isinstance(removed, bool):
            raise TypeError
        teacher.remove(name, removed)
    except (ValueError, KeyError, TypeError, RecursionError):
        return PlainTextResponse("That names nobody.\n", 400)
    except InputError as error:
        return PlainTextResponse(f"{error}\n", 400)
    return Response(status_code=204)


async def _converse(socket: WebSocket, house: House[SeatType], address: str) -> None:
    """Talks with one page until it leaves, or is refused with one line."""
    await socket.accept()
    seat: SeatType | None = None
    sending: asyncio.Task[None] | None = None
    try:
        hello = await asyncio.wait_for(_message(socket), _PATIENCE)
        message = parse(hello)
        if not isinstance(message, Hello):
            raise InputError("The first message must be hello.")
        seat = house.enter(message, address)
        sending = asyncio.create_task(_send_states(socket, seat))
        await _listen(socket, seat)
    except WebSocketDisconnect:
        pass
    except TimeoutError:
        await _close(socket, _REFUSED, f"Nothing was said for {_PATIENCE:.0f} seconds.")
    except InputError as error:
        await _close(socket, _REFUSED, str(error))
    except Exception as error:  # a fault in one conversation must not show, nor end the others
        await _fail(socket, error)
    finally:
        if seat is not None:
            house.leave(seat)
        if sending is not None:
            sending.cancel()


async def _listen(socket: WebSocket, seat: Seat) -> None:
    """Does what the page says. Raises InputError for what cannot be done."""
    messages = Allowance(_RATE, _BURST)
    points = Allowance(_POINTS_RATE, _POINTS_BURST)
    while True:
        text = await _message(socket)
        messages.take(1.0, "messages")
        message = parse(text)
        if seat.ended:
            raise WebSocketDisconnect
        points.take(len(getattr(message, "points", ())), "points")
        if not isinstance(message, Save):
            seat.take(message)
            continue
        messages.take(_RATE / 4, "files")  # one takes as long to make as many strokes
        file = await seat.file(message.kind)
        if file is not None:
            data = base64.b64encode(file.content).decode()
            await socket.send_text(json.dumps({"file": file.name, "data": data}))


async def _message(socket: WebSocket) -> str:
    received = await socket.receive()
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect
    text: str | None = received.get("text")
    if text is None:
        raise InputError("A message must be text.")
    return text


async def _send_states(socket: WebSocket, seat: Seat) -> None:
    """Sends what is new to be seen, as often as one sees it, until the seat has ended."""
    try:
        while True:
            state = await seat.next_state()
            begun = time.perf_counter()
            if not state:
                await _close(socket, _ENDED, seat.ended)
                return
            text = json.dumps(state)
            took = time.perf_counter() - begun
            await asyncio.wait_for(socket.send_text(text), _PATIENCE)
            await asyncio.sleep(max(_FRAME, took / _SHARE))
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        # It does not take what it is sent, or has gone.
        await _close(socket, _REFUSED, "What was sent was not taken.")
    except Exception as error:  # see `_converse`
        await _fail(socket, error)


async def _fail(socket: WebSocket, error: Exception) -> None:
    print(f"A page was lost: {type(error).__name__}: {error}", file=sys.stderr)
    await _close(socket, 1011, "Something went wrong here.")


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    line = " ".join(reason.split()).encode("ascii", "replace")[:_LONGEST_REASON].decode()
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it is closed already
        await asyncio.wait_for(socket.close(code, line), 1.0)
