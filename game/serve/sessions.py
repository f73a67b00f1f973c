"""The pages that are open in browsers, each with its own board, and the time that each gets."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from pygame import Rect

from game.document.document import PEN_WIDTHS
from game.document.save import file_stem, inkml_of, picture_of
from game.page.board import Board
from game.page.readers import Readers
from game.serve.messages import Change, Hello, Message, Resize, Save, Select
from game.serve.remote_board import News, RemoteBoard, State
from game.ui.canvas.canvas import Canvas
from game.ui.layout import Layout
from models.ink.strokes import PAGE_PEN
from models.recognition.answer import Reading
from models.recognition.reader import Reader
from models.util.errors import InputError

MOST_SESSIONS = 200
MOST_SEATS, MOST_OF_AN_ADDRESS = 100, 50  # browsers that are connected at the same time
_LONGEST_AWAY = 12 * 3600.0  # seconds until a page that nobody looks at is forgotten
_NARROW, _PEN_WHERE_NARROW = 400, 2 / 3  # pixels at scale 1, of a phone's canvas
_SLICE = 0.004  # seconds of reading, after which others have their turn
# Seconds that a reading counts as longer while its ink is still being written; and from one such
# reading to the next, for each page that is being written on: so they leave time for all else.
_WRITING, _LIVE_PAUSE = 0.050, 0.025
_AGEING = 0.1  # seconds of reading that a second of waiting makes up for
_ACKNOWLEDGE = 0.030  # seconds after a message until it is acknowledged, where nothing else is new


@dataclass(frozen=True)
class File:
    """A page to be saved. name: with its ending."""

    name: str
    content: bytes


class Session:
    """One page: its ink stays while the browser is away, for as long as it is not forgotten.

    id: what the browser names it by, 128 bits at random. address: of the browser.
    seat: of the browser that has the page now; None while there is none.
    left_at: when there was one last, on `time.monotonic`'s clock.
    read_at: when it was read last, on `time.perf_counter`'s clock.
    """

    def __init__(self, readers: Readers, hello: Hello, address: str) -> None:
        self.id = secrets.token_urlsafe(16)
        self.address = address
        self.seat: Seat | None = None
        self.left_at = time.monotonic()
        self.read_at = 0.0
        self._layout = _layout(hello.size, hello.scale)
        self.remote = RemoteBoard(Board(readers, hello.size), Canvas(self._layout))
        narrow = min(hello.size) < _NARROW * hello.scale
        pen = PAGE_PEN * hello.scale * (_PEN_WHERE_NARROW if narrow else 1.0)
        self.remote.board.document.set_pen(min(PEN_WIDTHS, key=lambda each: abs(each - pen)))

    @property
    def is_writing(self) -> bool:
        """Whether a pen is down."""
        return self.remote.is_writing

    def due_at(self, writers: int) -> float:
        """When it is to be read next, on `time.perf_counter`'s clock.

        writers: how many pages are being written on.
        """
        return self.read_at + (_LIVE_PAUSE * writers if self.is_writing else 0.0)

    @property
    def has_ink(self) -> bool:
        return bool(self.remote.board.document.strokes)

    def resize(self, size: tuple[float, float], scale: float) -> None:
        self._layout = _layout(size, scale)

    def state(self) -> State:
        """See `RemoteBoard.state`."""
        self.remote.board.tick(time.monotonic())
        self.remote.canvas.lay(self.remote.board, self._layout)
        return self.remote.state() | {"session": self.id}

    async def file(self, kind: str) -> File | None:
        """The page as a file, png or inkml, as the window saves it; None while it is empty."""
        board, page = self.remote.board, self.remote.board.document
        strokes, pen, size = page.strokes, page.pen, page.size
        reading = board.reading if board.is_read else Reading()
        if not strokes:
            board.say("Nothing to save: the page is empty.")
            return None
        # A large picture takes a while, in which the others go on.
        if kind == "png":
            content = await asyncio.to_thread(picture_of, strokes, pen, size)
        else:
            content = await asyncio.to_thread(inkml_of, strokes, pen, size, reading)
        return File(f"{file_stem(datetime.now())}.{kind}", content)

    def do(self, change: Change) -> None:
        """Does what a message says. Raises InputError."""
        self.remote.do(change)


class Seat:
    """A browser's place at its session, while it is connected.

    ended: why it has none any more, "" as long as it has.
    heard_at: when it said something last, on `time.monotonic`'s clock.
    """

    def __init__(self, session: Session, readings: Readings) -> None:
        self.session = session
        self.ended = ""
        self.heard_at = time.monotonic()
        self._readings = readings
        self._news = News()
        self._changed = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self.change()

    def take(self, message: Message) -> None:
        """Does what the browser says. Raises InputError."""
        session = self.session
        self.heard_at = time.monotonic()
        match message:
            case Resize(size, scale):
                session.resize(size, scale)
            case Select():
                session.remote.select(message)
            case Save() | Hello():
                raise InputError("That cannot be said here.")
            case _:
                self._do(message)
        self._readings.want(session)
        if session.remote.board.is_read:
            self.change()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_ACKNOWLEDGE, self.change)

    def _do(self, change: Change) -> None:
        self.session.do(change)
        if getattr(change, "first", False):
            self._news.know(change.number)

    def change(self) -> None:
        """There is something new to be seen."""
        self._changed.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def end(self, why: str) -> None:
        self.ended = why
        self.change()

    async def next_state(self) -> State:
        """What has changed since the last call; waits until something has.

        The first time, it is all there is. Empty where the seat has ended.
        """
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self.ended:
                return {}
            new = self._news.of(self.session.remote, self.session.state())
            if new:
                return new

    async def file(self, kind: str) -> File | None:
        """See `Session.file`."""
        file = await self.session.file(kind)
        self.change()
        return file


@dataclass
class _Turn:
    """A page that waits to be read. spent: seconds on the present reading. at: when it had its turn
    last, or else since when it waits.
    """

    spent: float
    at: float


class Readings:
    """Reads all pages in turn, a little at a time: that of the least work so far comes first.

    So a page that takes long to read costs the others no more than one slice.
    """

    def __init__(self) -> None:
        self._turns: dict[Session, _Turn] = {}
        self._wanted = asyncio.Event()

    def want(self, session: Session) -> None:
        """A page is to be read, if it was not."""
        if not session.remote.board.is_read:
            self._turns.setdefault(session, _Turn(0.0, time.perf_counter()))
            self._wanted.set()

    async def run(self) -> None:
        """Reads, for as long as it is not cancelled."""
        while True:
            self._turns = {s: turn for s, turn in self._turns.items() if s.seat is not None}
            now = time.perf_counter()
            writers = sum(session.is_writing for session in self._turns)
            due_at = {session: session.due_at(writers) for session in self._turns}
            due = [session for session, at in due_at.items() if at <= now]
            if due:
                self._read(min(due, key=lambda each: self._rank(each, now)))
                await asyncio.sleep(0)
                continue
            soonest = min(due_at.values(), default=0.0) - now
            self._wanted.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), min(soonest, 1.0) if due_at else None)

    def _rank(self, session: Session, now: float) -> float:
        """The lowest comes first: little work, finished ink, and what waits for long."""
        turn = self._turns[session]
        handicap = _WRITING if session.is_writing else 0.0
        return turn.spent + handicap - _AGEING * (now - turn.at)

    def _read(self, session: Session) -> None:
        board, begun = session.remote.board, time.perf_counter()
        before = board.reading
        try:
            board.read(_SLICE)
        except Exception as error:  # a fault of one page must not end the others
            print(f"A page cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
            del self._turns[session]
            if session.seat is not None:
                session.seat.end("This page cannot be read any more.")
            return
        now = time.perf_counter()
        turn = self._turns[session]
        turn.spent, turn.at = turn.spent + now - begun, now
        if board.is_read:
            del self._turns[session]
        elif board.reading is not before:  # of ink that has grown meanwhile
            turn.spent = 0.0
        if board.is_read or board.reading is not before:
            session.read_at = now
            if session.seat is not None:
                session.seat.change()


class Sessions:
    """All pages, bounded in number and age. readings: of them all."""

    def __init__(self, digits: Reader, characters: Reader, letters: bool) -> None:
        """digits, characters: what reads them. letters: whether new pages read letters, too."""
        self.readings = Readings()
        self._first, self._other = (characters, digits) if letters else (digits, characters)
        self._sessions: dict[str, Session] = {}

    def enter(self, hello: Hello, address: str) -> Seat:
        """The browser's seat at the session that it names, or else at a new one.

        A browser that has the session's seat already loses it.
        """
        self._forget_old()
        self._make_place(address)
        session = self._sessions.get(hello.session)
        if session is None:
            self._make_room()
            readers = Readers(self._first.for_another_page(), other=self._other.for_another_page())
            session = self._open(readers, hello, address)
            self._sessions[session.id] = session
        elif session.seat is not None:
            session.seat.end("This page was opened again elsewhere.")
        session.address = address
        if hello.fresh:
            session.remote.lift()
        session.resize(hello.size, hello.scale)
        session.seat = Seat(session, self.readings)
        self.readings.want(session)
        return session.seat

    def _open(self, readers: Readers, hello: Hello, address: str) -> Session:
        return Session(readers, hello, address)

    async def run(self) -> None:
        """Reads all pages, for as long as it is not cancelled."""
        await self.readings.run()

    def leave(self, seat: Seat) -> None:
        """The browser is not connected any more; its page waits for it."""
        seat.end("It has left.")
        if seat.session.seat is seat:
            seat.session.seat = None
            seat.session.left_at = time.monotonic()

    def _forget_old(self) -> None:
        now = time.monotonic()
        for session in self._away():
            if now - session.left_at > _LONGEST_AWAY:
                del self._sessions[session.id]

    def _make_place(self, address: str) -> None:
        """Where too many browsers are connected, one loses its seat: of those from this address, or
        else of all, one without ink, or else the one that has been silent the longest.
        """
        all_seats = [s.seat for s in self._sessions.values() if s.seat and not s.seat.ended]
        same = [seat for seat in all_seats if seat.session.address == address]
        for seats, most in ((same, MOST_OF_AN_ADDRESS), (all_seats, MOST_SEATS)):
            if len(seats) >= most:
                gone = min(seats, key=lambda s: (s.session.has_ink, s.heard_at))
                gone.end("Too many pages are open; this one was silent.")
                return

    def _make_room(self) -> None:
        """Forgets one page where there are too many: an empty one, or else the oldest of the
        address that has the most, so that nobody can push out the pages of others.
        """
        if len(self._sessions) < MOST_SESSIONS:
            return
        away = self._away()
        if not away:
            raise InputError("Too many pages are open here.")
        many = Counter(session.address for session in away)
        gone = max(away, key=lambda s: (not s.has_ink, many[s.address], -s.left_at))
        del self._sessions[gone.id]

    def _away(self) -> list[Session]:
        return [each for each in self._sessions.values() if each.seat is None]


def _layout(size: tuple[float, float], scale: float) -> Layout:
    """A window that is all canvas: whatever else there is, the browser lays out."""
    canvas = Rect(0, 0, round(size[0]), round(size[1]))
    return Layout(scale, canvas, canvas, None, None)
