"""Sets are found, or fetched whole, or what is missing is named; never half used."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from models.util.errors import InputError
from tests.helpers.data import data_dir
from tests.training.datasets.test_pendigits import TEXT, compressed
from training.datasets import fetch, load, pendigits
from training.datasets.fetch import Published
from training.datasets.load import load_letters, load_mnist_test, load_sets
from training.datasets.mnist import MNIST
from training.datasets.pendigits import MEMBER, PENDIGITS
from training.datasets.unipen import ARCHIVE, NEVER_TRAIN_SITES, UNIPEN


class Publisher(SimpleHTTPRequestHandler):
    """Serves files; of those below /cut/ it announces all and sends half."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/cut"))

    def copyfile(self, source, outputfile) -> None:  # type: ignore[no-untyped-def]
        data = source.read()
        outputfile.write(data[: len(data) // 2] if self.path.startswith("/cut/") else data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[str]:
    """The address of a web server for the files in tmp_path/published."""
    (tmp_path / "published").mkdir()
    handler = partial(Publisher, directory=str(tmp_path / "published"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no folder named by the environment."""
    monkeypatch.setattr(fetch, "CACHE", tmp_path / "data")
    monkeypatch.delenv("DATA_DIR", raising=False)
    return tmp_path / "data"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[Published]:
    """The sets, of which every publisher's address is a port that is closed."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    sets = []
    for name, one in (("MNIST", MNIST), ("UNIPEN", UNIPEN), ("PENDIGITS", PENDIGITS)):
        sets.append(replace(one, url=f"http://127.0.0.1:{port}/{Path(one.file).name}"))
        monkeypatch.setattr(load, name, sets[-1])
    return sets


def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, content: bytes) -> None:
    """Lets pendigits be fetched from `url`, two drawings long, with `content`."""
    (tmp_path / "published" / MEMBER).write_bytes(content)
    monkeypatch.setattr(pendigits, "COUNT", 2)
    monkeypatch.setattr(pendigits, "STROKES", 3)
    small = replace(PENDIGITS, url=url, file=f"pendigits/{MEMBER}")
    monkeypatch.setattr(load, "PENDIGITS", small)


def files_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_without_data_and_network_one_message_names_every_missing_file(
    cache: Path, offline: list[Published]
) -> None:
    with pytest.raises(InputError) as error:
        load_sets(["mnist", "unipen", "optdigits", "pendigits"])
    message = str(error.value)
    for one in offline:
        assert f"from {one.url}" in message
        assert f"put it at {cache / one.file}" in message
    assert message.count("(no connection)") == 3
    assert "train-images-idx3-ubyte" in message
    assert "DATA_DIR" in message
    assert files_in(cache) == []


def test_only_what_is_missing_is_named(
    cache: Path, offline: list[Published], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pendigits, "COUNT", 2)
    monkeypatch.setattr(pendigits, "STROKES", 3)
    own = tmp_path / "own"
    (own / "pendigits").mkdir(parents=True)
    (own / "pendigits" / "pendigits-orig.tra").write_text(TEXT)
    with pytest.raises(InputError) as error:
        load_sets(["pendigits", "mnist"], own)
    assert "pendigits" not in str(error.value)
    assert f"put it at {own / 'mnist' / 'mnist.npz'}" in str(error.value)


def test_a_set_is_fetched_once_and_then_read_from_the_cache(
    cache: Path, publisher: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, monkeypatch, f"{publisher}/{MEMBER}", compressed(TEXT))
    (fetched,) = load_sets(["pendigits"])
    assert fetched.labels == ("8", "4")
    assert fetched.writers == ("pendigits/tra12", "pendigits/tra3")
    assert files_in(cache) == [f"pendigits/{MEMBER}"]

    (tmp_path / "published" / MEMBER).unlink()
    (again,) = load_sets(["pendigits"])
    assert again.drawings == fetched.drawings


@pytest.mark.parametrize(
    ("place", "content", "reason"),
    [
        ("cut/", compressed(TEXT), "the download was cut short"),
        ("", compressed(TEXT)[:-20], "2 drawings of 2 strokes, expected 2 of 3"),
        ("", compressed(TEXT)[:-10], "not kept: .*a .PEN_DOWN without its .PEN_UP"),
        ("", b"<html>Log in to the network</html>", "0 drawings of 0 strokes"),
        ("elsewhere/", b"", "the publisher answered 404"),
    ],
)
def test_a_download_that_is_not_whole_is_not_kept(
    cache: Path,
    publisher: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    content: bytes,
    reason: str,
) -> None:
    publish(tmp_path, monkeypatch, f"{publisher}/{place}{MEMBER}", content)
    with pytest.raises(InputError, match=reason):
        load_sets(["pendigits"])
    assert files_in(cache) == []
    assert list((cache / "pendigits").iterdir()) == []


def test_a_download_with_another_checksum_is_not_kept(
    cache: Path, publisher: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "published" / "mnist.npz").write_bytes(b"something else")
    monkeypatch.setattr(load, "MNIST", replace(MNIST, url=f"{publisher}/mnist.npz"))
    with pytest.raises(InputError, match="another checksum"):
        load_mnist_test()
    assert files_in(cache) == []


def test_a_damaged_file_on_the_disk_is_named_with_what_to_do(
    cache: Path, offline: list[Published]
) -> None:
    path = cache / UNIPEN.file
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x1f\x8b\x08 cut")
    with pytest.raises(InputError) as error:
        load_letters()
    assert str(error.value).startswith(f"{path}: damaged or cut archive")
    assert f"delete {path} and run again" in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_set_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        InputError, match="'mnits'; there are mnist, unipen, pendigits, digilets, swiss, opt"
    ):
        load_sets(["mnits"])


def test_a_data_folder_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "gone"))
    with pytest.raises(InputError, match="gone: no such folder"):
        load_sets(["mnist"])


def test_optdigits_need_no_download_and_look_like_mnist(
    cache: Path, offline: list[Published]
) -> None:
    (digits,) = load_sets(["optdigits"])
    assert digits.images is not None
    assert digits.images.shape == (1797, 28, 28)
    assert len(digits) == 1797
    assert set(digits.labels) == set("0123456789")
    assert digits.writers is None
    # MNIST's ink covers 13 % of its pixels on average, and its middle is the centre of mass.
    assert 0.08 < (digits.images / 255).mean() < 0.2
    rows = digits.images.sum(axis=2).mean(axis=0)
    assert abs(np.average(np.arange(28), weights=rows) - 14) < 0.5


def test_the_real_sets_by_name() -> None:
    folder = data_dir("mnist", "strokes/pendigits-train.jsonl.gz", f"unipen/{ARCHIVE}")
    mnist, pen, unipen = load_sets(["mnist", "pendigits", "unipen"], folder)
    assert len(mnist) == 60_000
    assert [len(each) + each.left_out for each in (pen, unipen)] == [7_494, 15_153]
    assert mnist.images is not None
    assert mnist.writers is None
    assert unipen.images is None
    assert unipen.writers is not None
    sites = {writer.split("/")[0] for writer in unipen.writers}
    assert len(sites) == 15
    assert not sites & set(NEVER_TRAIN_SITES)
    assert all("CC BY" in one.licence for one in (mnist, pen, unipen))
    assert load_mnist_test(folder).labels[:5] == ("7", "2", "1", "0", "4")
