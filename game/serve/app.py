"""What the server answers: the page's own files, and the websocket that the ink goes over.

All addresses begin with the token. Whoever does not know it is told of nothing: 404.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from game.serve.appearance import stylesheet
from game.serve.conversation import House, SeatType, converse
from game.serve.gate import Gate, is_own_page, nothing
from models.util.errors import InputError

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
_LONGEST_REQUEST = 1_000  # bytes


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
        if not is_own_page(socket):  # another site's page must not write here
            await socket.send_denial_response(PlainTextResponse("Not from this page.\n", 403))
            return
        if clients.total() >= MOST_SOCKETS or clients[address] >= MOST_OF_AN_ADDRESS:
            await socket.send_denial_response(PlainTextResponse("Too many pages.\n", 503))
            return
        clients[address] += 1
        try:
            await converse(socket, house, address)
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


async def _remove(request: Request, teacher: ClassView) -> Response:
    """Takes the pupil out of the class whom {"name": …, "removed": true} names, or back."""
    if request.method != "POST" or not is_own_page(request):
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
