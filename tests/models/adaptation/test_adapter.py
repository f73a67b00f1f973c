"""What is learned of corrections: the ink that was meant, and as little else as possible."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.adaptation.adapted_network import AdaptedNetwork, AdapterTrainer
from models.adaptation.adapter import MOST, Adapter, LabelledFeatures
from models.adaptation.rehearsal import load_rehearsal, rehearsal_file
from models.ink.strokes import Drawing, Stroke
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.card import FOLDER
from models.recognition.network import load_network, softmax
from models.segmentation.search import run
from models.util.errors import InputError
from tests.helpers.data import data_dir
from tests.helpers.samples import samples
from training.datasets.load import load_mnist_test, load_sets
from training.experiments.corrections import measure_corrections

NETWORK = load_network()
REHEARSAL = load_rehearsal(NETWORK.card)
# A 4 with a long bar, drawn coarsely.
OPEN_FOUR = (Stroke(np.array([[20.0, 0], [4, 30], [2, 48], [30, 50], [44, 40]])),
             Stroke(np.array([[40.0, 4], [44, 30], [42, 60], [40, 100]])))  # fmt: skip


def seen(drawings: list[Drawing], labels: list[int]) -> LabelledFeatures:
    rows = [NETWORK.seen(strokes_to_image(each.strokes)) for each in drawings]
    features, logits = (np.array(part) for part in zip(*rows, strict=True))
    return LabelledFeatures(features, NETWORK.calibrate(logits), np.array(labels))


def test_the_rehearsal_is_of_all_classes_and_read_right() -> None:
    counts = np.bincount(REHEARSAL.labels, minlength=10)
    assert len(REHEARSAL) >= 1000 and counts.min() >= 90
    assert (REHEARSAL.logits.argmax(axis=1) == REHEARSAL.labels).mean() > 0.98


def test_what_is_surely_right_already_teaches_nothing() -> None:
    drawings = samples()
    sure = [d for d in drawings if softmax(seen([d], [0]).logits).max() > 0.97]
    assert len(sure) > 10
    assert not Adapter(seen(sure, [int(d.label or "") for d in sure]), REHEARSAL)


def test_a_correction_raises_the_label_near_its_ink_and_leaves_other_ink_alone() -> None:
    odd = Drawing(OPEN_FOUR)
    label = int(np.argsort(seen([odd], [0]).logits[0])[-2])  # the runner-up is what was meant
    adapter = Adapter(seen([odd], [label]), REHEARSAL)
    own = seen([odd], [label])
    before = softmax(own.logits)[0, label]
    after = softmax(adapter.logits(own.features, own.logits))[0, label]
    assert before < 0.1 < 0.5 < after
    others = seen(samples(), [int(d.label or "") for d in samples()])
    adapted = adapter.logits(others.features, others.logits)
    assert (adapted.argmax(axis=1) == others.logits.argmax(axis=1)).all()
    rehearsed = adapter.logits(REHEARSAL.features, REHEARSAL.logits).argmax(axis=1)
    changed = rehearsed != REHEARSAL.logits.argmax(axis=1)
    assert changed.mean() < 0.01


def test_the_search_finds_the_least_of_what_it_minimises() -> None:
    """Its slope there is all but nothing, whatever the samples are."""
    rng = np.random.default_rng(0)
    some = rng.permutation(len(REHEARSAL))[:40]
    wrong = LabelledFeatures(
        REHEARSAL.features[some], REHEARSAL.logits[some], (REHEARSAL.labels[some] + 1) % 10
    )
    adapter = Adapter(wrong, REHEARSAL)
    own = softmax(adapter.logits(wrong.features, wrong.logits))
    before = softmax(wrong.logits)
    every = np.arange(40)
    assert (own[every, wrong.labels] > before[every, wrong.labels]).all()
    assert np.isfinite(own).all()


@pytest.mark.slow
def test_many_samples_are_learned_from_the_latest_only() -> None:
    rng = np.random.default_rng(1)
    which = rng.integers(0, len(REHEARSAL), MOST + 50)
    wrong = LabelledFeatures(
        REHEARSAL.features[which], REHEARSAL.logits[which], (REHEARSAL.labels[which] + 3) % 10
    )
    late = wrong.only(np.arange(50, MOST + 50))
    every, latest = (Adapter(each, REHEARSAL) for each in (wrong, late))
    np.testing.assert_allclose(
        every.logits(wrong.features, wrong.logits), latest.logits(wrong.features, wrong.logits)
    )


def test_a_trainer_without_samples_is_the_network_itself() -> None:
    trainer = AdapterTrainer(NETWORK)
    assert run(trainer.adapt([])) is NETWORK
    assert run(trainer.adapt([Drawing(OPEN_FOUR, label="Q")])) is NETWORK  # no digit
    odd = Drawing(OPEN_FOUR, "one", label="7")
    adapted = run(trainer.adapt([odd]))
    assert isinstance(adapted, AdaptedNetwork) and adapted.labels == NETWORK.labels
    image = strokes_to_image(OPEN_FOUR)[np.newaxis]
    assert adapted.probabilities(image)[0, 7] > NETWORK.probabilities(image)[0, 7]
    again = run(AdapterTrainer(NETWORK).adapt([odd]))
    np.testing.assert_array_equal(again.calibrated(image), adapted.calibrated(image))


@pytest.mark.parametrize("content", [None, b"", b"no archive", "other"])
def test_a_rehearsal_that_does_not_fit_is_reported_in_one_line(
    tmp_path: Path, content: bytes | str | None
) -> None:
    path = rehearsal_file("digits", tmp_path)
    if content == "other":
        path.write_bytes(rehearsal_file("characters", FOLDER).read_bytes())
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_rehearsal(NETWORK.card, tmp_path)
    message = str(caught.value)
    assert (
        str(path) in message and "python -m training rehearsal" in message and "\n" not in message
    )


def test_no_profile_of_a_held_out_writer_costs_others_more_than_a_fifth_of_a_point() -> None:
    folder = data_dir("strokes/pendigits-train.jsonl.gz", "mnist")
    sets = load_sets(("pendigits",), folder)
    found = measure_corrections(NETWORK, sets, load_mnist_test(folder), REHEARSAL, "validation")
    assert len(found) >= 2 and sum(each.corrections for each in found) > 0
    assert max(each.fall for each in found) <= 0.002
    assert sum(each.after for each in found) <= sum(each.before for each in found)
