"""The server among clients of every kind: the hostile ones cost the others nothing."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from models.ink.inkml import read_inkml
from tests.helpers.dense_pages import heap
from tests.helpers.samples import number
from tests.helpers.serve import Client, served

pytest.importorskip("websockets", reason="needs game/requirements-serve.txt")
from websockets.exceptions import ConnectionClosed

Join = Callable[..., Client]
PLACES = ["", "/", "/favicon.ico", "/ink", "/index.html", "/wrong/", "/wrong/main.js", "/wrong/ink"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Of the page. What the server prints of all that happens here is checked at the end."""
    with served() as address:
        yield address


@pytest.fixture
def join(address: str) -> Iterator[Join]:
    """Opens the page; all pages are left at the end of the test."""
    with contextlib.ExitStack() as stack:

        def new(session: str = "", fresh: bool = True) -> Client:
            page = Client(address, session, fresh)
            stack.callback(page.leave)
            return page

        yield new


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content. The path is sent as it stands."""
    parts = urlsplit(url)
    request = urllib.request.Request(url, headers=headers)
    request.selector = url.partition(parts.netloc)[2] or "/"
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers.items()), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers.items()), error.read()


def raw(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60)


def origin(address: str) -> str:
    return f"http://{urlsplit(address).netloc}"


def strokes(digits: str = "42") -> list[Any]:
    return [stroke for digit in number(digits) for stroke in digit]


def test_the_address_is_of_this_computer_and_has_a_token(address: str) -> None:
    parts = urlsplit(address)
    assert parts.hostname == "127.0.0.1"
    assert len(base64.urlsafe_b64decode(parts.path.strip("/") + "==")) >= 16


@pytest.mark.parametrize("place", PLACES)
def test_without_the_token_there_is_nothing(address: str, place: str) -> None:
    status, _, content = get(origin(address) + place)
    assert status == 404 and content == b"Nothing is here.\n"
    status, _, _ = get(address.rstrip("/") + "x/")
    assert status == 404


@pytest.mark.parametrize(
    "name",
    ["..%2fapp.py", "../app.py", "%2e%2e/app.py", "app.py", "page.css/..", "index.html%00", ".",
     "../../ui/fonts/OFL.txt", "//etc/passwd"],
)  # fmt: skip
def test_no_other_file_is_served(address: str, name: str) -> None:
    status, _, content = get(address + name)
    assert status == 404 and content == b"Nothing is here.\n"


def test_the_page_is_guarded_and_all_that_it_asks_for_is_there(address: str) -> None:
    status, headers, content = get(address)
    assert status == 200 and b'<canvas id="ink"' in content and b'<output id="answer"' in content
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    for name in ("page.css", "theme.css", "main.js", "icon.svg", "AtkinsonHyperlegible-Bold.ttf"):
        status, headers, content = get(address + name)
        assert status == 200 and content and headers["content-security-policy"] == policy
    assert b"//" not in get(address)[2].replace(b"<!doctype", b"")  # nothing from elsewhere


def test_names_that_another_site_may_point_here(address: str) -> None:
    assert get(address, Host="evil.example")[0] == 404
    assert get(address, Host=f"localhost:{urlsplit(address).port}")[0] == 200


@pytest.mark.parametrize(
    "from_where, token, status",
    [
        ("own", True, 101),
        ("own", False, 404),
        ("http://evil.example", True, 403),
        ("null", True, 403),
        ("", True, 403),
    ],
)
def test_whose_websocket_is_let_in(address: str, from_where: str, token: bool, status: int) -> None:
    from_where = origin(address) if from_where == "own" else from_where
    lines = [
        f"GET {urlsplit(address).path if token else '/wrong/'}ink HTTP/1.1",
        f"Host: {urlsplit(address).netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *([f"Origin: {from_where}"] if from_where else []),
    ]
    with raw(address) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        assert connection.recv(64).startswith(f"HTTP/1.1 {status} ".encode())


def test_ink_is_read_undone_and_cleared(join: Join) -> None:
    page = join()
    page.write(strokes("42"))
    assert page.text == "42"
    panel = page.state["panel"]
    assert panel["count"] == 2 and panel["best"] == "2" and len(panel["bars"]) == 10
    assert len(base64.b64decode(panel["image"])) == 28 * 28
    page.change(do="undo")
    assert page.text != "42"
    page.change(do="redo")
    assert page.text == "42"
    page.change(do="clear")
    assert page.text == "" and page.state["strokes"] == []
    page.change(do="undo")
    assert page.text == "42"


def test_letters_are_read_where_they_are_wanted(join: Join) -> None:
    page = join()
    page.change(do="letters", on=True)
    page.write(strokes("7"))
    assert page.text == "7" and page.state["letters"]
    assert len(page.state["panel"]["bars"]) == 10


def test_what_is_saved_is_what_the_window_saves(join: Join, tmp_path: Path) -> None:
    page = join()
    page.write(strokes("42"))
    assert page.text == "42"
    files = {}
    for kind in ("png", "inkml"):
        page.say(do="save", **{"as": kind})
        said: dict[str, Any] = {}
        while "file" not in said:
            said = page.wait()
        assert said["file"].endswith(f".{kind}")
        files[kind] = base64.b64decode(said["data"])
    picture = cv2.imdecode(np.frombuffer(files["png"], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None and picture.shape == (640, 740) and picture.max() == 255
    (tmp_path / "page.inkml").write_bytes(files["inkml"])
    assert b">42<" in files["inkml"]
    drawing = read_inkml(tmp_path / "page.inkml")
    ends = [stroke.points[[0, -1]].tolist() for stroke in strokes("42")]
    assert [stroke.points[[0, -1]].tolist() for stroke in drawing.strokes] == ends


def test_a_page_comes_back_with_its_ink_and_counts_nothing_twice(join: Join) -> None:
    page = join()
    page.write(strokes("42"))
    assert page.text == "42"
    session, last = page.state["session"], page.number
    page.leave()
    again = join(session, fresh=False)
    assert again.state["session"] == session and again.state["seen"] == last
    again.number = last - 1
    again.change(do="clear")  # was done already, as far as its number tells
    assert again.text == "42"
    ends = [stroke.points[[0, -1]].tolist() for stroke in strokes("42")]
    assert [[points[0], points[-1]] for _, points in again.state["ink"]] == ends
    elsewhere = join(session)
    assert again.end()[0] == 4001
    assert elsewhere.text == "42"


def test_a_stroke_goes_on_after_a_lost_connection_but_not_after_a_reload(join: Join) -> None:
    page = join()
    page.change(do="ink", first=True, last=False, points=[[100, 100, 1], [100, 150, 2]])
    session = page.state["session"]
    while page.state["seen"] < 1:
        page.wait()
    page.leave()
    page = join(session, fresh=False)
    page.change(do="ink", first=False, last=True, points=[[100, 300, 3]])
    assert page.text == "1" and page.state["strokes"] == [1]
    page.change(do="ink", first=True, last=False, points=[[300, 100, 4], [300, 300, 5]])
    while page.state["seen"] < 3:
        page.wait()
    page.leave()
    page = join(session, fresh=True)
    assert page.state["strokes"] == [1, 3] and page.state["writes"] == 0


def test_two_pages_are_independent(join: Join) -> None:
    one, other = join(), join()
    one.write(strokes("3"))
    other.write(strokes("5"))
    other.change(do="letters", on=True)
    assert one.text == "3" and other.text == "5"
    other.change(do="clear")
    assert other.text == ""
    one.change(do="pen", width=20)
    assert one.text == "3" and one.state["pen"] != other.state["pen"]
    assert not one.state["letters"]


def test_a_session_that_nobody_has_is_a_new_one(join: Join) -> None:
    page = join("../../etc/passwd")
    assert page.state["session"] != "../../etc/passwd" and page.state["strokes"] == []


RUBBISH: list[str | bytes] = [
    "", "rubbish", "null", "[]", "{}", '{"do": "hello"}', '{"do": "undo", "n": -1}',
    '{"do": "undo", "n": 77}', "[" * 30_000, '{"do": NaN}', '{"do": "<script>alert(1)</script>"}',
    '{"do": "ink", "n": 1, "first": true, "last": true, "points": [[1e999, 0, 0]]}',
    '{"do": "save", "as": "/etc/passwd"}', "9" * 5_000, "\U0001f4a9" * 5_000, b"\x00\xff",
    json.dumps({"do": "hello", "session": "", "fresh": True, "size": [9, 9], "scale": 1}),
]  # fmt: skip


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda each: repr(each[:20]))
def test_rubbish_is_refused_with_a_line(join: Join, rubbish: str | bytes) -> None:
    page = join()
    page.socket.send(rubbish)
    code, reason = page.end()
    assert code == 1008 and reason and len(reason.splitlines()) == 1


def test_what_is_too_much_is_refused_with_a_line(join: Join) -> None:
    huge = join()
    huge.socket.send("x" * 100_000)
    assert huge.end()[0] == 1009
    flood = join()
    with contextlib.suppress(ConnectionClosed):
        for _ in range(20_000):
            flood.change(do="undo")
    code, reason = flood.end()
    assert code == 1008 and reason.startswith("Too many messages")


def test_a_page_that_takes_long_to_read_does_not_hold_up_others(join: Join) -> None:
    quick, slow = join(), join()
    slow.change(do="letters", on=True)
    slow.write(heap(20, np.random.default_rng(1)))
    while slow.state["seen"] < slow.number:
        slow.wait()
    quick.write(strokes("42"))
    assert quick.text == "42"
    with contextlib.suppress(TimeoutError):
        while True:  # all that it has been told by now
            slow.state |= json.loads(slow.socket.recv(timeout=0))
    assert not slow.state["read"]


def test_clients_that_stall_do_not_hold_up_others(address: str, join: Join) -> None:
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(raw(address)) for _ in range(190)]
        for each in silent[150:]:
            each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        broken = stack.enter_context(raw(address))
        broken.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")  # as if by https
        deaf = join()  # takes nothing of what it is sent
        deaf.socket.recv_messages.pause()
        stack.callback(deaf.socket.recv_messages.resume)
        page = join()
        deaf.write(strokes("2026") * 20)
        page.write(strokes("42"))
        assert page.text == "42" and get(address)[0] == 200


def test_too_many_pages_push_out_the_silent_ones(join: Join) -> None:
    page = join()
    page.write(strokes("42"))
    crowd = [join() for _ in range(55)]
    page.change(do="undo")
    page.change(do="redo")
    assert page.text == "42"
    assert crowd[0].end() == (4001, "Too many pages are open; this one was silent.")
