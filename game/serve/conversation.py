"""What goes over a page's websocket: messages of the browser, and what is new to be seen."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from game.serve.messages import Hello, Message, Save, parse
from game.serve.remote_board import State
from game.serve.sessions import File
from models.util.errors import InputError

SeatType = TypeVar("SeatType", bound="Seat")
# Of one client: messages a second, and how many it may send at once, such as after a lost
# connection. A pen makes one for each frame of its screen.
_RATE, _BURST = 300.0, 1_500.0
_POINTS_RATE, _POINTS_BURST = 5_000.0, 120_000.0
_PATIENCE = 5.0  # seconds until a client must have said hello, or taken what it was sent
_FRAME = 0.012  # seconds between two states that one client is sent, at least
_SHARE = 0.25  # of the time that making a client's states may take
# Codes of a closing websocket. Those from 4000 on are the page's own.
_REFUSED, _ENDED = 1008, 4001
_LONGEST_REASON = 120  # bytes; a closing frame has room for 123


class Seat(Protocol):
    """A browser's place at its page. ended: why it has none any more, "" as long as it has."""

    ended: str

    def take(self, message: Message) -> None:
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


async def converse(socket: WebSocket, house: House[SeatType], address: str) -> None:
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
    except Exception as error:  # see `converse`
        await _fail(socket, error)


async def _fail(socket: WebSocket, error: Exception) -> None:
    print(f"A page was lost: {type(error).__name__}: {error}", file=sys.stderr)
    await _close(socket, 1011, "Something went wrong here.")


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    line = " ".join(reason.split()).encode("ascii", "replace")[:_LONGEST_REASON].decode()
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it is closed already
        await asyncio.wait_for(socket.close(code, line), 1.0)
