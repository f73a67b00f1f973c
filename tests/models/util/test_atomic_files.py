from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.util.atomic_files import sweep, write_new_together, write_whole
from models.util.errors import explain_os_error
from tests.helpers.disk import no_room


def write_new(path: Path, content: bytes) -> Path:
    return write_new_together(path.parent, path.stem, {path.suffix: content})[0]


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_write_new_counts_up_and_leaves_what_is_there(tmp_path: Path) -> None:
    written = [write_new(tmp_path / "ink.png", bytes([i])) for i in range(3)]
    assert [path.name for path in written] == ["ink.png", "ink-2.png", "ink-3.png"]
    assert [path.read_bytes() for path in written] == [b"\0", b"\1", b"\2"]
    assert _names(tmp_path) == {"ink.png", "ink-2.png", "ink-3.png"}


def test_files_written_together_share_their_number(tmp_path: Path) -> None:
    (tmp_path / "ink.png").write_bytes(b"old")
    (tmp_path / "ink-2.inkml").symlink_to(tmp_path / "nowhere")
    paths = write_new_together(tmp_path, "ink", {".inkml": b"new", ".png": b"new"})
    assert [path.name for path in paths] == ["ink-3.inkml", "ink-3.png"]
    assert (tmp_path / "ink.png").read_bytes() == b"old"
    assert not (tmp_path / "nowhere").exists()


def test_two_writers_at_once_never_take_the_same_name(tmp_path: Path) -> None:
    def write(text: bytes) -> None:
        for _ in range(20):
            write_new(tmp_path / "ink.txt", text)

    threads = [threading.Thread(target=write, args=(text,)) for text in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    contents = sorted(path.read_bytes() for path in tmp_path.iterdir())
    assert contents == [b"a"] * 20 + [b"b"] * 20


def test_a_full_disk_leaves_nothing_new_behind(tmp_path: Path) -> None:
    with no_room(), pytest.raises(OSError):
        write_new(tmp_path / "ink.png", bytes(10_000))
    with no_room(), pytest.raises(OSError):
        write_new_together(tmp_path, "ink", {".inkml": b"small", ".png": bytes(10_000)})
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_bytes(b"old")
    with no_room(), pytest.raises(OSError):
        write_whole(path, bytes(10_000))
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == {"ink.jsonl"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_writer_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    path = tmp_path / "ink.bin"
    program = (
        "import sys; from pathlib import Path; from models.util.atomic_files import write_whole\n"
        "while True:\n"
        "    for byte in b'ab': write_whole(Path(sys.argv[1]), bytes([byte]) * 3_000_000)"
    )
    with subprocess.Popen([sys.executable, "-c", program, path]) as writer:
        while not path.exists():
            time.sleep(0.01)
        time.sleep(0.05)
        writer.send_signal(signal.SIGKILL)
    content = path.read_bytes()
    assert content in (b"a" * 3_000_000, b"b" * 3_000_000)


def test_what_killed_writers_leave_is_swept_later(tmp_path: Path) -> None:
    old, young = tmp_path / ".inkling-1.tmp", tmp_path / ".inkling-2.tmp"
    for path in (old, young):
        path.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    sweep(tmp_path)
    assert _names(tmp_path) == {young.name}


@pytest.mark.parametrize("number", ["EPERM", "EOPNOTSUPP"])
def test_without_hard_links_nothing_is_overwritten_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    import errno

    def no_links(*_: object) -> None:
        raise OSError(getattr(errno, number), "no links here")

    monkeypatch.setattr(os, "link", no_links)
    assert write_new(tmp_path / "ink.png", b"first").name == "ink.png"
    assert write_new(tmp_path / "ink.png", b"second").name == "ink-2.png"
    assert (tmp_path / "ink.png").read_bytes() == b"first"
    assert _names(tmp_path) == {"ink.png", "ink-2.png"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_replacing_keeps_permissions_and_links(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_new_files_are_as_readable_as_any(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    path = write_new(tmp_path / "ink.png", b"")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_reasons_are_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(OSError) as missing:
        write_new(tmp_path / "nowhere" / "ink.png", b"")
    assert explain_os_error(missing.value) == "it does not exist"
    (tmp_path / "file").touch()
    with pytest.raises(OSError) as no_folder:
        write_new(tmp_path / "file" / "ink.png", b"")
    assert "not a folder" in explain_os_error(no_folder.value)
    assert explain_os_error(OSError("a\nb")) == "a b"


def test_where_a_second_name_is_impossible_the_first_is_taken_back(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_new_together(tmp_path, "ink", {".inkml": b"new", "." + "x" * 300: b"new"})
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError) as error:
        write_whole(pipe, b"ink")
    assert explain_os_error(error.value) == "it is a device or a pipe, not a file"
    assert pipe.is_fifo()
