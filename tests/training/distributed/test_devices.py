"""Training on several devices, and by several workers, gives what one device gives."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.recognition.card import FOLDER
from models.recognition.network import load_network
from models.util.errors import InputError
from tests.training.distributed.test_link import addresses
from tests.training.test_run import wait_for_epochs
from training.__main__ import main
from training.data.examples import Examples, Rendered
from training.distributed.devices import MultiDevice, ShardedBatches, choose_devices
from training.distributed.workers import Worker, parse_worker
from training.evaluation.records import Evaluation
from training.fitting.architectures import Architecture
from training.fitting.batches import Batches
from training.fitting.settings import Recipe, Settings
from training.fitting.strategy import Strategy

RECIPE = Recipe(3, 64, "adam", 1e-3, "constant", augment=False, averaged=1.0)
OPTIONS = ("--sets", "optdigits", "--architecture", "baseline", "--install", "never")
Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Run]:
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


def outcome(process: subprocess.Popen[str], limit: float = 100) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=limit)
    return process.returncode, out, err


def examples(count: int) -> Examples:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, 28, 28), np.uint8)
    none = np.zeros(0, np.int64)
    return Examples(images, rng.integers(0, 10, count), (), none, ())


def train_small(where: str, folder: str, normalised: bool = False) -> None:
    """Trains a small network in this process; weights and what was seen go to the folder.

    where: a number of devices, or "INDEX HOST:PORT,HOST:PORT". No dropout, and batch normalisation
    only where asked for: with them a share's mask and statistics are its own.
    """
    import keras

    from training.fitting.fit import fit

    strategy: Strategy = choose_devices(int(where)) if where.isdigit() else worker_of(where)
    seen: set[tuple[int, int]] = set()

    class Seen(keras.layers.Layer):  # type: ignore[misc]  # Keras comes without types
        def call(self, inputs, training=False):  # type: ignore[no-untyped-def]
            import tensorflow as tf

            context = tf.distribute.get_replica_context()
            replica = context.replica_id_in_sync_group if context else 0

            def note(replica, rows):  # type: ignore[no-untyped-def]
                seen.add((int(replica), int(rows)))
                return np.int32(0)

            if training:
                noted = tf.numpy_function(note, [replica, tf.shape(inputs)[0]], tf.int32)
                with tf.control_dependencies([noted]):
                    return tf.identity(inputs)
            return inputs

    def build(classes: int) -> keras.Model:
        layers = [keras.Input((28, 28, 1)), Seen(), keras.layers.Conv2D(4, 3, 2, activation="relu")]
        if normalised:
            layers.append(keras.layers.BatchNormalization())
        layers += [keras.layers.Flatten(), keras.layers.Dense(classes)]
        return keras.Sequential(layers)

    settings = Settings("small", ("random",), 0, 0, RECIPE)
    held = examples(33)
    sets = np.repeat("random", 33)
    validation = Rendered((held.images / 255).astype(np.float32), held.image_labels, sets, sets)
    last: list[NDArray[np.float32]] = []

    class Last(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_end(self, logs: object = None) -> None:
            last.extend(self.model.get_weights())

    Path(folder).mkdir()
    network = Architecture("small", build, RECIPE)
    fit(
        network,
        settings,
        Batches(examples(300), 10, RECIPE, seed=0),
        validation,
        Path(folder),
        verbose=0,
        callbacks=[Last()],
        strategy=strategy,
    )
    print(sorted(seen))
    np.savez(Path(folder) / "last.npz", *last)


def worker_of(where: str) -> Worker:
    index, workers = where.split()
    return parse_worker(int(index), workers, 60)


def small(start: Run, where: str, folder: Path, normalised: bool = False) -> subprocess.Popen[str]:
    call = f"train_small({where!r}, {str(folder)!r}, {normalised})"
    return start("-c", f"from tests.training.distributed.test_devices import train_small; {call}")


def weights(folder: Path) -> Sequence[NDArray[np.float32]]:
    with np.load(folder / "last.npz") as arrays:
        return [arrays[name] for name in arrays.files]


def test_two_devices_train_as_one_does(start: Run, tmp_path: Path) -> None:
    one, two = small(start, "1", tmp_path / "one"), small(start, "2", tmp_path / "two")
    (status, out, err), (status_of_two, out_of_two, err_of_two) = outcome(one), outcome(two)
    assert (status, status_of_two) == (0, 0), err + err_of_two
    assert ast.literal_eval(out) == [
        (0, 44),
        (0, 64),
    ]  # four batches of 64, and what is left of 300
    assert ast.literal_eval(out_of_two) == [(0, 22), (0, 32), (1, 22), (1, 32)]
    for a, b in zip(weights(tmp_path / "one"), weights(tmp_path / "two"), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    histories = [tmp_path / name / "history.csv" for name in ("one", "two")]
    rows = [np.loadtxt(path, delimiter=",", skiprows=1) for path in histories]
    assert rows[0].shape == (3, 5)
    # Accuracy is the same; loss may hang on what was added to 33 validation images to share them.
    np.testing.assert_allclose(rows[0][:, :4], rows[1][:, :4], rtol=1e-3)


def test_two_workers_train_as_one_does(start: Run, tmp_path: Path) -> None:
    workers = addresses()
    names = ["alone", "chief", "other"]
    wheres = ["1", f"0 {workers}", f"1 {workers}"]
    processes = [
        small(start, where, tmp_path / name) for name, where in zip(names, wheres, strict=True)
    ]
    outcomes = [outcome(process) for process in processes]
    assert [status for status, _, _ in outcomes] == [0, 0, 0], outcomes
    alone, chief, other = (weights(tmp_path / name) for name in names)
    for a, b, c in zip(alone, chief, other, strict=True):
        np.testing.assert_array_equal(b, c)
        np.testing.assert_allclose(a, b, atol=1e-5)
    assert all("[(0, 22), (0, 32)]" in out for _, out, _ in outcomes[1:])
    checksums = [re.findall(r"same on all workers: (\w{16})", out) for _, out, _ in outcomes[1:]]
    assert len(checksums[0]) == 1 and checksums[0] == checksums[1]
    assert not list((tmp_path / "other").glob("*.csv"))


def test_workers_share_the_statistics_of_batch_normalisation(start: Run, tmp_path: Path) -> None:
    workers = addresses()
    folders = [tmp_path / "chief", tmp_path / "other"]
    processes = [
        small(start, f"{index} {workers}", folder, normalised=True)
        for index, folder in enumerate(folders)
    ]
    outcomes = [outcome(process) for process in processes]
    assert [status for status, _, _ in outcomes] == [0, 0], outcomes
    chief, other = map(weights, folders)
    for a, b in zip(chief, other, strict=True):
        np.testing.assert_array_equal(a, b)
    moving_mean, moving_variance = chief[4:6]
    assert moving_mean.shape == moving_variance.shape == (4,)
    assert (np.abs(moving_mean) > 1e-3).any() and (np.abs(moving_variance - 1) > 1e-3).all()


def validation_accuracy(run: Path) -> float:
    result = Evaluation.of(load_network("digits", run).card).result("optdigits", "validation")
    assert result
    return result.summary.accuracy


def epochs_of(run: Path) -> list[int]:
    lines = (run / "history.csv").read_text().splitlines()[1:]
    return sorted({int(line.split(",")[0]) for line in lines})


def test_a_killed_run_on_two_devices_goes_on_and_exports(start: Run, tmp_path: Path) -> None:
    run = tmp_path / "run"
    options = ("-m", "training", *OPTIONS, "--epochs", 4, "--devices", 2, "--output", run)
    killed = start(*options)
    wait_for_epochs(killed, run, 1)
    killed.kill()
    status, out, err = outcome(start(*options, "--resume"))
    assert status == 0, err
    assert re.search("^Training on 2 (GPUs|logical CPUs)", out)
    assert epochs_of(run) == list(range(4))
    assert validation_accuracy(run) > 0.85


def test_workers_end_with_a_lost_one_and_go_on_when_resumed(start: Run, tmp_path: Path) -> None:
    run = tmp_path / "run"

    def both(*more: object) -> list[subprocess.Popen[str]]:
        options = ("-m", "training", *OPTIONS, "--epochs", 4, "--workers", addresses(), *more)
        return [start(*options, "--worker", 0, "--output", run), start(*options, "--worker", 1)]

    chief, other = both()
    wait_for_epochs(chief, run, 1)
    other.kill()
    status, _, err = outcome(chief)
    assert status == 2 and "Traceback" not in err
    assert re.search(r"^Worker 1 \(.*\) ended before training did.*--resume", err, re.M)
    (status, out, err), (status_of_other, out_of_other, _) = map(outcome, both("--resume"))
    assert (status, status_of_other) == (0, 0), err
    assert epochs_of(run) == list(range(4))
    assert validation_accuracy(run) > 0.85
    checksum = re.search("same on all workers: .*", out)
    assert checksum and checksum[0] in out_of_other
    assert "Exported" in out and "Exported" not in out_of_other


def test_a_worker_ends_when_the_chief_does(start: Run, tmp_path: Path) -> None:
    options = ("-m", "training", *OPTIONS, "--epochs", 1000, "--workers", addresses())
    chief = start(*options, "--worker", 0, "--output", tmp_path / "run")
    other = start(*options, "--worker", 1)
    wait_for_epochs(chief, tmp_path / "run", 1)
    chief.kill()
    status, _, err = outcome(other)
    assert status == 2 and "Traceback" not in err
    assert re.search(r"^Worker 0 \(.*\) ended before training did", err, re.M)


def test_waiting_for_a_worker_ends(start: Run, tmp_path: Path) -> None:
    options = ("-m", "training", *OPTIONS, "--wait", 1)
    chief = start(*options, "--workers", addresses(), "--worker", 0, "--output", tmp_path / "run")
    other = start(*options, "--workers", addresses(), "--worker", 1)
    status, _, err = outcome(chief)
    assert status == 2 and "Traceback" not in err
    assert re.search(r"^Worker 1 \(.*\) did not come within 1 s", err, re.M)
    status, _, err = outcome(other)
    assert status == 2 and "Traceback" not in err
    assert re.search(r"^Worker 0 \(.*\) can't be reached within 1 s \(.*refused", err, re.M)


@pytest.mark.parametrize(("items", "batches", "last"), [(256, 4, 64), (257, 4, 64), (301, 5, 44)])
def test_shares_are_equal_and_together_the_batch(items: int, batches: int, last: int) -> None:
    whole = Batches(examples(items), 10, RECIPE, seed=0)
    together = ShardedBatches(whole, 2)
    assert len(together) == batches
    halves = [ShardedBatches(whole, 2, index) for index in (0, 1)]
    for batch in range(batches):
        images, targets = together[batch]
        assert len(images) == (64 if batch < batches - 1 else last)
        np.testing.assert_array_equal(images, whole[batch][0][: len(images)])
        np.testing.assert_array_equal(images, np.concatenate([half[batch][0] for half in halves]))
        np.testing.assert_array_equal(targets, np.concatenate([half[batch][1] for half in halves]))


def test_a_batch_that_cannot_be_shared_equally_is_refused() -> None:
    with pytest.raises(InputError, match="--batch-size 63 or 66"):
        MultiDevice(["CPU:0", "CPU:1", "CPU:2"], "3 CPUs").check(RECIPE)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--workers", "10.0.0.1:4000,10.0.0.2:4000"), "belong together"),
        (("--worker", "1"), "belong together"),
        (("--worker", "0", "--workers", "10.0.0.1:4000"), "two or more"),
        (("--worker", "2", "--workers", "10.0.0.1:4000,10.0.0.2:4000"), "0 to 1"),
        (("--worker", "0", "--workers", "10.0.0.1,10.0.0.2"), "'10.0.0.1' is not HOST:PORT"),
        (("--worker", "0", "--workers", "a:1,b:1", "--devices", "2"), "can't be combined"),
    ],
)
def test_wrong_use_is_one_clear_line(
    options: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(list(options)) == 2
    out, err = capsys.readouterr()
    assert out == "" and expected in err and err.count("\n") == 1
