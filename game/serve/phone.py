"""A phone in the local network as the pen of the window.

The server has a thread of its own. What the phone says waits in a queue until the window's next
frame, which does it on the window's board, as if it came from a pointer there.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import secrets
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

import uvicorn

from game.serve.app import make_app
from game.serve.messages import Hello, Ink, Message, Resize, Save, Select
from game.serve.remote_board import News, RemoteBoard, State
from game.serve.server import TOKEN_BYTES, listen, new_server, own_address
from game.serve.sessions import File
from game.window.pointer import Pointer
from models.util.errors import InputError

_WAIT = 2.0  # seconds for the server to end, at most
_ELSEWHERE = "Another phone has the pen now."
_ENDED = "The window takes no phone any more."
_BUSY = "The page waits: the window shows something else now."


class PhoneSeat:
    """The phone's place, in the server's thread. ended: why it has none any more.

    address: of the phone.
    """

    def __init__(self, address: str, say: Callable[[PhoneSeat, Message | None], None]) -> None:
        """say: passes on what the phone says, and None when it has left."""
        self.address = address
        self.ended = ""
        self._say = say
        self._new: State = {}
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def take(self, message: Message) -> None:
        self._say(self, message)

    def leave(self) -> None:
        self._say(self, None)

    async def next_state(self) -> State:
        while not self.ended and not self._new:
            await self._changed.wait()
            self._changed.clear()
        new, self._new = self._new, {}
        return {} if self.ended else new

    async def file(self, kind: str) -> File | None:
        return None

    # From the window's thread

    def show(self, new: State) -> None:
        """The phone is to show this, too."""
        self._call(self._show, new)

    def end(self, why: str) -> None:
        self._call(self._end, why)

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the server has ended
            self._loop.call_soon_threadsafe(function, *arguments)

    def _show(self, new: State) -> None:
        ink = self._new.get("ink", []) + new.get("ink", [])
        self._new |= new
        if ink:
            self._new["ink"] = ink
        self._changed.set()

    def _end(self, why: str) -> None:
        self.ended = why
        self._changed.set()


class _House:
    """Lets in phones of the local network."""

    def __init__(self, say: Callable[[PhoneSeat, Message | None], None]) -> None:
        self._say = say

    def enter(self, hello: Hello, address: str) -> PhoneSeat:
        if not is_local(address):
            raise InputError("Only phones in the same network can write here.")
        seat = PhoneSeat(address, self._say)
        seat.take(hello)
        return seat

    def leave(self, seat: PhoneSeat) -> None:
        seat.leave()

    async def run(self) -> None:
        """Nothing: the window reads."""


class Phone:
    """The server, from its start to its end, as the window knows it.

    address: what the phone opens; it knows the token. is_in_network: whether others than this
    computer can reach it. writer: the address of the phone that is
    connected, "" where none is. revision: grows with every visible change of these.
    """

    def __init__(self, wake: Callable[[], None], host: str | None = None) -> None:
        """Begins to listen. wake: makes the window go on with its next frame, from any thread.

        host: the address to listen on; None for this computer's own in its local network. Raises
        InputError where it cannot listen there.
        """
        host = own_address() if host is None else host
        self.writer = ""
        self.revision = 0
        self._wake = wake
        self._said: SimpleQueue[tuple[PhoneSeat, Message | None]] = SimpleQueue()
        self._seat: PhoneSeat | None = None
        self._remote: RemoteBoard | None = None
        self._session = ""
        self._news = News()
        self._shown: tuple[object, ...] = ()
        socket = listen(host, 0)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.is_in_network = not ipaddress.ip_address(host).is_loopback
        name = f"[{host}]" if ":" in host else host
        self.address = f"http://{name}:{socket.getsockname()[1]}/{token}/"
        self._server: uvicorn.Server = new_server(make_app(_House(self._say), token, host))
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve([socket])), daemon=True
        )
        self._thread.start()

    def close(self, wait: bool = False) -> None:
        """Ends it; a phone that is connected is told so. wait: until that has happened."""
        if self._seat is not None:
            self._seat.end(_ENDED)
        if self._remote is not None:
            self._remote.lift()
        self._server.should_exit = True
        if wait:
            self._thread.join(_WAIT)

    def update(self, window: Pointer, accepts_pen: bool) -> None:
        """Does what the phone has said since the last frame, and shows it what has changed.

        window: of the page. accepts_pen: whether that is shown, so that it can be written on.
        """
        with contextlib.suppress(Empty):
            while True:
                seat, message = self._said.get_nowait()
                try:
                    self._do(seat, message, window, accepts_pen)
                except InputError as error:
                    seat.end(str(error))
        remote, seat_now = self._remote, self._seat
        if remote is None or seat_now is None:
            return
        board = window.board
        shown = (seat_now, remote.seen, board.revision, board.is_read, board.toast)
        if shown != self._shown:
            self._shown = shown
            state = remote.ink_state() | {
                "session": self._session,
                "sheet": True,
                "answers": remote.texts(),
                "panel": {"shown": None, "count": 0, "bars": []},
            }
            seat_now.show(self._news.of(remote, state))

    def _say(self, seat: PhoneSeat, message: Message | None) -> None:
        self._said.put((seat, message))
        self._wake()

    def _do(
        self, seat: PhoneSeat, message: Message | None, window: Pointer, accepts_pen: bool
    ) -> None:
        if isinstance(message, Hello):
            self._let_in(seat, message, window)
            return
        remote = self._remote
        if seat is not self._seat or remote is None:
            return
        match message:
            case None:
                self._seat, self.writer = None, ""
                self.revision += 1
                remote.lift()
            case Ink() if message.first and accepts_pen:
                window.lend()
                self._news.know(message.number)
                remote.do(message)
            case Resize() | Select() | Save() | Hello():
                return  # the window has its own
            case _:
                if not accepts_pen and not remote.is_writing:
                    remote.skip(message)
                    window.board.say(_BUSY)
                    return
                remote.do(message)
        if not remote.is_writing:
            window.take_back()

    def _let_in(self, seat: PhoneSeat, hello: Hello, window: Pointer) -> None:
        if self._seat is not None:
            self._seat.end(_ELSEWHERE)
        if self._remote is None or not hello.session or hello.session != self._session:
            if self._remote is not None:
                self._remote.lift()
            self._remote = RemoteBoard(window.board, window.screen)
            self._session = secrets.token_urlsafe(TOKEN_BYTES)
        elif hello.fresh:
            self._remote.lift()
        window.take_back()
        self._seat, self.writer = seat, seat.address
        self._news = News()
        self.revision += 1


def is_local(address: str) -> bool:
    """Whether an address is of this computer or of a private network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return found.is_loopback or found.is_private or found.is_link_local
