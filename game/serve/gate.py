"""Who is let in: whoever knows the token and asks under a name of this computer."""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
from collections.abc import Sequence

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


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


def is_own_page(connection: HTTPConnection) -> bool:
    """Whether a request comes from a page of this server: a browser says which one it is of."""
    return connection.headers.get("origin") == f"http://{host_of(connection)}"


def nothing(*_: object) -> Response:
    """The same answer to whatever is not there, or not for the one who asks."""
    return PlainTextResponse("Nothing is here.\n", 404)
