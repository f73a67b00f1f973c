"""The evaluation report: what it says, that its figures can be drawn of anything, robustness."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.ink.jsonl import write_drawings
from models.ink.strokes import Drawing, Stroke, bounding_box
from models.pictures.files import read_picture
from models.preprocessing.mnist_form import strokes_to_image
from models.recognition.card import Card
from models.recognition.network import load_network
from tests.helpers.samples import SAMPLES, samples
from training.__main__ import main
from training.data.outliers import SHAPES
from training.data.unseen_outliers import UNSEEN_OUTLIERS, crossed_out
from training.evaluation.refusal import seen_in_training
from training.evaluation.robustness import robustness, sized, slanted, turned
from training.evaluation.scores import Scores
from training.report.report import Measured, as_json, write_report

CARD = Card("digits", tuple("0123456789"), 1, 1.0, 0.8, 0.9, "")


def scores(
    truth: Sequence[int],
    answers: Sequence[int],
    confidence: Sequence[float],
    writers: Sequence[str],
) -> Scores:
    """Scores of made-up answers, each with its confidence; the rest is spread evenly."""
    sure = np.asarray(confidence, dtype=np.float64)
    probabilities = np.repeat((1 - sure)[:, np.newaxis] / 9, 10, axis=1)
    probabilities[np.arange(len(answers)), answers] = sure
    return Scores(CARD, probabilities, np.array(truth), np.array(writers))


def shown(outliers: float, drawings: int, *left_out: str) -> set[str]:
    """The families of outliers that a network trained so has seen, where there are letters."""
    recipe = {"nondigits": outliers, "left_out": list(left_out)}
    training = {"recipe": recipe, "counts": {"drawings": drawings, "letters": 9}}
    return set(seen_in_training(dataclasses.replace(CARD, training=training)))


def refused(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def measured(each: Scores) -> Measured:
    images = np.random.default_rng(0).random((len(each.truth), 28, 28)).astype(np.float32)
    return Measured("made up", each, images)


def test_the_command_reports_everything_about_drawings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = tmp_path / "marked.jsonl"
    drawings = samples()
    wrong = Drawing(drawings[0].strokes, label="7", writer="someone")
    write_drawings(marked, [*drawings, wrong])
    folder = tmp_path / "new" / "report"
    options = ["--report", str(folder), "--data-dir", str(tmp_path), "--json"]
    assert main(["evaluate", str(marked), *options]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["n"] == 21
    report = json.loads((folder / "report.json").read_text())
    assert (report["n"], report["mistakes"]) == (21, 1)
    assert report["writers"][0]["writer"] == "someone"
    assert report["writers"][0] == {
        "writer": "someone", "n": 1, "mistakes": 1, "accuracy": 0.0,
        "interval": report["writers"][0]["interval"],
    }  # fmt: skip
    (mistake,) = report["most_confident_mistakes"]
    assert (mistake["index"], mistake["truth"], mistake["answer"]) == (20, "7", "0")
    assert np.sum(report["confusion"]["counts"]) == 21
    assert report["refusal_curve"]["coverage"][-1] == 1.0
    assert report["refusal_curve"]["accuracy"][-1] == pytest.approx(20 / 21, abs=1e-4)
    families = report["nondigits"]
    seen = {name for name, measured in families.items() if measured["seen_in_training"]}
    assert {"scribble", "overlaid", "side by side"} <= seen
    assert {"arrow", "crossed out"} <= set(families) - seen
    assert set(report["robustness"]) == {
        "size", "pen", "brush of a picture", "slant", "turn", "strokes the other way round",
    }  # fmt: skip
    assert report["robustness"]["size"]["values"][0] == 24
    pictures = {path.stem for path in folder.glob("*.png")}
    assert pictures == {
        "classes", "confusion", "mistakes", "nondigits", "refusal", "reliability", "robustness",
        "worst_writers", "writers",
    }  # fmt: skip
    for name in pictures:
        assert read_picture(folder / f"{name}.png").std() > 5, name


def test_the_card_has_the_outliers_that_training_showed() -> None:
    assert shown(0.1, 5) == {"letters", "shapes", "overlaid", "side_by_side"}
    assert shown(0.1, 5, "letters", "overlaid") == {"shapes", "side_by_side"}
    assert shown(0.0, 5) == shown(0.1, 0) == set()
    # The shipped card was made when nothing could be left out.
    assert set(seen_in_training(load_network().card)) == shown(0.1, 5)


def test_unseen_outliers_are_ink_of_their_own_each_time() -> None:
    rng = np.random.default_rng(0)
    for family in (*UNSEEN_OUTLIERS, lambda rng: crossed_out([samples()[4].strokes], rng)):
        first, second = (strokes_to_image(family(rng)) for _ in range(2))
        assert first.sum() > 10 and np.abs(first - second).sum() > 5, family
    assert {family.__name__ for family in UNSEEN_OUTLIERS}.isdisjoint(
        shape.__name__ for shape in SHAPES
    )


def test_a_folder_that_cannot_be_had_is_named_before_measuring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["evaluate", str(SAMPLES), "--report", str(tmp_path / "file" / "report")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "file" in err


@pytest.mark.parametrize(
    "each",
    [
        scores([3, 4], [3, 4], [0.99, 0.97], ["", ""]),
        scores([3], [4], [0.4], ["one"]),
        scores([3] * 30, [4] * 30, [0.9] * 30, ["one"] * 30),
        scores(list(range(10)), list(range(10)), [0.5] * 10, ["a"] * 10),
    ],
    ids=["no mistake, no writer", "one mistake of one", "all wrong", "nothing asserted"],
)
def test_any_result_can_be_drawn_and_is_plain_json(each: Scores, tmp_path: Path) -> None:
    paths = write_report(measured(each), tmp_path)
    json.loads(paths[0].read_text(), parse_constant=refused)
    assert all(path.stat().st_size for path in paths)


def test_writers_come_worst_first_by_what_is_proven() -> None:
    """One of eight may be chance; thirty of three hundred are not."""
    names = ["few"] * 8 + ["many"] * 300 + ["good"] * 50
    answers = [1] + [0] * 7 + [1] * 30 + [0] * 320
    found = scores([0] * 358, answers, [0.9] * 358, names).worst_writers()
    assert [(writer.name, writer.mistakes) for writer in found] == [
        ("many", 30),
        ("few", 1),
        ("good", 0),
    ]
    assert found[0].accuracy == pytest.approx(0.9)
    low, high = found[0].interval
    assert 0.85 < low < 0.9 < high < 0.95


def test_the_refusal_curve_asserts_the_most_confident_first() -> None:
    each = scores([0, 0, 0, 0], [0, 1, 0, 0], [0.9, 0.5, 0.95, 0.7], [""] * 4)
    coverage, accuracy = each.by_coverage()
    np.testing.assert_allclose(coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(accuracy, [1, 1, 1, 0.75])
    report = json.loads(json.dumps(as_json(measured(each))))
    assert report["refusal_curve"]["mean_risk"] == pytest.approx(0.0625)


def test_bins_of_confidence_hold_every_answer() -> None:
    rng = np.random.default_rng(0)
    each = scores(
        [0] * 200, list(rng.integers(0, 2, 200)), list(rng.uniform(0.5, 1, 200)), [""] * 200
    )
    bins = each.by_confidence()
    assert sum(one.n for one in bins) == 200
    for one in bins:
        assert one.low <= one.confidence <= one.high and 0 <= one.accuracy <= 1
    error = sum(one.n * abs(one.confidence - one.accuracy) for one in bins) / 200
    assert error == pytest.approx(each.summary().calibration_error, abs=1e-4)


def test_variations_are_what_they_are_called() -> None:
    strokes = [Stroke(np.array([[5.0, 5.0], [5.0, 105.3], [40.2, 105.3]]))]
    (small,) = sized(strokes, 24)
    assert bounding_box([small]).height == 24 and (small.points == np.rint(small.points)).all()
    (slant,) = slanted(strokes, 20)
    top, bottom = slant.points[0], slant.points[1]
    assert top[0] > bottom[0] and top[1] == 5.0
    assert np.rad2deg(np.arctan2(top[0] - bottom[0], bottom[1] - top[1])) == pytest.approx(20)
    (turn,) = turned(strokes, 90)
    np.testing.assert_allclose(turn.points[0], [-5, 5], atol=1e-9)


def test_the_shipped_network_reads_its_samples_at_every_size() -> None:
    by_name = {each.variation.name: each for each in robustness(load_network(), samples())}
    assert by_name["size"].plain == 1.0 and by_name["size"].n == 20
    assert by_name["size"].largest_loss <= 0.05
    assert by_name["slant"].accuracies[4] == 1.0
