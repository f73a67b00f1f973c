"""Training on several devices, and in several processes, gives what one device gives."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.recognition.card import FOLDER
from models.recognition.network import load_network
from models.util.errors import InputError
from tests.training.test_run import wait_for_epochs
from training.__main__ import main
from training.data.examples import Examples, Rendered
from training.distributed.sharding import ShardedBatches
from training.evaluation.records import Evaluation
from training.fitting.architectures import Architecture
from training.fitting.batches import Batches
from training.fitting.settings import Recipe, Settings
from training.fitting.strategy import Strategy

RECIPE = Recipe(3, 64, "adam", 1e-3, "constant", augment=False, averaged=1.0)
OPTIONS = ("--sets", "optdigits", "--architecture", "baseline", "--install", "never")
Start = Callable[..., "subprocess.Popen[str]"]
needs_jax = pytest.mark.skipif(
    not find_spec("jax"), reason="pip install -r training/requirements-distributed.txt"
)
needs_processes = pytest.mark.skipif(os.name == "nt", reason="JAX joins no processes on Windows")


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts Python with arguments; what still runs when the test ends is killed."""
    started: list[subprocess.Popen[str]] = []

    def popen(*arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=FOLDER.parent,
            env={**os.environ, "DATA_DIR": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield popen
    for process in started:
        process.kill()
        process.communicate()


def outcome(process: subprocess.Popen[str], limit: float = 240) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=limit)
    return process.returncode, out, err


def addresses() -> str:
    """Two free ports of this machine."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    names = [f"127.0.0.1:{server.getsockname()[1]}" for server in servers]
    for server in servers:
        server.close()
    return ",".join(names)


def pair(start: Start, run: Path, *options: object) -> list[subprocess.Popen[str]]:
    """Two processes of one run, the chief first."""
    both = ("-m", "training", *OPTIONS, "--processes", addresses(), *options)
    return [start(*both, "--process", 0, "--output", run), start(*both, "--process", 1)]


def examples(count: int) -> Examples:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, 28, 28), np.uint8)
    none = np.zeros(0, np.int64)
    return Examples(images, rng.integers(0, 10, count), (), none, ())


def train_small(folder: str, devices: int, processes: Sequence[str] = (), index: int = 0) -> None:
    """Trains a small network on JAX in this process; its last weights go to the folder."""
    import keras

    from training.distributed.data_parallel import DataParallel
    from training.fitting.fit import fit

    def build(classes: int, channels: int) -> keras.Model:
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(4, 3, 2, activation="relu"),
                layers.BatchNormalization(),
                layers.Flatten(),
                layers.Dropout(0.2),
                layers.Dense(classes),
            ]
        )

    run = Path(folder)
    run.mkdir()

    class Keep(keras.callbacks.Callback):  # type: ignore[misc]  # Keras comes without types
        def on_train_end(self, logs: object = None) -> None:
            np.savez(run / "last.npz", *self.model.get_weights())

    held = examples(33)
    sets = np.repeat("random", 33)
    fit(
        Architecture("small", build, RECIPE),
        Settings("small", ("random",), 0, 0, RECIPE),
        Batches(examples(300), 10, RECIPE, seed=0),
        Rendered((held.images / 255).astype(np.float32), held.image_labels, sets, sets),
        run,
        verbose=0,
        callbacks=[Keep()],
        strategy=DataParallel(devices, processes, index) if devices > 1 or processes else None,
    )


def small(start: Start, folder: Path, *arguments: object) -> subprocess.Popen[str]:
    code = (
        "import os, sys; os.environ['KERAS_BACKEND'] = 'jax'; sys.modules['tensorflow'] = None; "
        "from tests.training.distributed.test_data_parallel import train_small; "
        f"train_small{(str(folder), *arguments)!r}"
    )
    return start("-c", code)


def weights(folder: Path) -> Sequence[NDArray[np.float32]]:
    with np.load(folder / "last.npz") as arrays:
        return [arrays[name] for name in arrays.files]


@needs_jax
@needs_processes
def test_devices_and_processes_train_as_one_device_does(start: Start, tmp_path: Path) -> None:
    one, two, chief, other = (tmp_path / name for name in ("one", "two", "chief", "other"))
    places = tuple(addresses().split(","))
    processes = [
        small(start, one, 1),
        small(start, two, 2),
        small(start, chief, 1, places, 0),
        small(start, other, 1, places, 1),
    ]
    outcomes = [outcome(process) for process in processes]
    assert [status for status, _, _ in outcomes] == [0] * 4, outcomes
    for a, b, c, d in zip(*map(weights, (one, two, chief, other)), strict=True):
        np.testing.assert_array_equal(c, d)
        for each in (b, c):
            np.testing.assert_allclose(a, each, atol=1e-5)
    first, *rest = (
        np.loadtxt(folder / "history.csv", delimiter=",", skiprows=1)
        for folder in (one, two, chief)
    )
    assert first.shape == (3, 5)
    for each in rest:
        # Accuracy is the same; loss may hang on what was added to 33 validation images.
        np.testing.assert_allclose(first[:, :4], each[:, :4], rtol=1e-3)
    assert [path.name for path in other.iterdir()] == ["last.npz"]


def validation_accuracy(run: Path) -> float:
    result = Evaluation.of(load_network("digits", run).card).result("optdigits", "validation")
    assert result
    return result.summary.accuracy


def epochs_of(run: Path) -> list[int]:
    lines = (run / "history.csv").read_text().splitlines()[1:]
    return sorted({int(line.split(",")[0]) for line in lines})


@needs_jax
@needs_processes
def test_processes_end_with_a_lost_one_and_go_on_when_resumed(start: Start, tmp_path: Path) -> None:
    run = tmp_path / "run"
    for lost, epochs, resume in ((0, 1, ()), (1, 2, ("--resume",))):
        both = pair(start, run, "--epochs", 4, *resume)
        wait_for_epochs(both[0], run, epochs)
        both[lost].kill()
        status, _, err = outcome(both[1 - lost])
        assert status == 2
        assert re.fullmatch("Another process ended before training did.*--resume.*\n", err)
    # On two devices of one process now.
    options = ("-m", "training", *OPTIONS, "--epochs", 4, "--devices", 2, "--output", run)
    status, out, err = outcome(start(*options, "--resume"))
    assert status == 0, err
    assert re.search("^Training on 2 (GPUs|logical CPUs)", out, re.M)
    assert epochs_of(run) == list(range(4))
    assert validation_accuracy(run) > 0.85


@needs_jax
@needs_processes
def test_processes_with_other_settings_are_refused(start: Start, tmp_path: Path) -> None:
    both = ("-m", "training", *OPTIONS, "--processes", addresses())
    chief = start(*both, "--process", 0, "--output", tmp_path / "run")
    other = start(*both, "--process", 1, "--epochs", 3)
    for status, _, err in map(outcome, (chief, other)):
        assert status == 2
        assert err == "Process 1 can't take part: its options differ from those of process 0.\n"


@needs_jax
@needs_processes
def test_waiting_for_a_process_ends(start: Start, tmp_path: Path) -> None:
    soon = (
        "import sys, training.distributed.processes as processes; processes.MEETING = 2; "
        "from training.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    options = (*OPTIONS, "--output", tmp_path / "run", "--processes", addresses())
    alone = [start("-c", soon, *options, "--process", index) for index in (0, 1)]
    alone[1].kill()
    status, _, err = outcome(alone[0])
    assert status == 2
    assert re.fullmatch("Not all 2 processes came within 2 s; .*\n", err)


@needs_jax
@needs_processes
def test_a_chief_that_cannot_listen_says_so(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        options = ("--output", tmp_path / "run", "--processes", f"{place},{place}")
        status, _, err = outcome(start("-m", "training", *OPTIONS, *options, "--process", 0))
    assert status == 2
    assert re.fullmatch(rf"Process 0 can't listen on {place} \(.*in use.*\n", err)


@pytest.mark.parametrize(("items", "batches", "last"), [(256, 4, 64), (257, 4, 64), (301, 5, 44)])
def test_shares_are_equal_and_together_the_batch(items: int, batches: int, last: int) -> None:
    whole = Batches(examples(items), 10, RECIPE, seed=0)
    together = ShardedBatches(whole, 2)
    assert len(together) == batches
    halves = [ShardedBatches(whole, 2, 2, index) for index in (0, 1)]
    for batch in range(batches):
        images, targets, _ = together[batch]
        assert len(images) == (64 if batch < batches - 1 else last)
        np.testing.assert_array_equal(images, whole[batch][0][: len(images)])
        np.testing.assert_array_equal(images, np.concatenate([half[batch][0] for half in halves]))
        np.testing.assert_array_equal(targets, np.concatenate([half[batch][1] for half in halves]))


def test_a_batch_that_cannot_be_shared_equally_is_refused() -> None:
    strategy = Strategy()
    strategy.replicas = 3
    with pytest.raises(InputError, match="--batch-size 63 or 66"):
        strategy.check(RECIPE)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--processes", "10.0.0.1:4000,10.0.0.2:4000"), "belong together"),
        (("--process", "1"), "belong together"),
        (("--process", "0", "--processes", "10.0.0.1:4000"), "two or more"),
        (("--process", "2", "--processes", "10.0.0.1:4000,10.0.0.2:4000"), "0 to 1"),
        (("--process", "0", "--processes", "10.0.0.1,10.0.0.2"), "'10.0.0.1' is not HOST:PORT"),
    ],
)
def test_wrong_use_is_one_clear_line(
    options: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(list(options))
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status == 2
    out, err = capsys.readouterr()
    assert out == "" and expected in err and err.count("\n") == 1


def test_without_jax_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    assert main(["--devices", "2"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "-r training/requirements-distributed.txt" in err and err.count("\n") == 1
