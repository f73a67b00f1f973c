"""`python -m training readme`: the documents' tables are what the card and the results say."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.recognition.card import FOLDER, read_card
from models.recognition.labels import CHARACTERS as LABELS
from models.util.errors import InputError
from training.__main__ import main
from training.experiments.ablation import NAMES
from training.experiments.results import ResultRecord, append_result
from training.report.readme import CARD, CHARACTERS, DOCUMENTS, GROUPING, OF_WORDS, RESULTS, update
from training.report.readme_tables import WORDS

MARKED = re.compile(
    r'(<!-- \[\[\[cog show\("([\w-]+)"\) \]\]\] -->\r?\n)(.*?)(<!-- \[\[\[end\]\]\] -->)', re.DOTALL
)
SHOW, END = '<!-- [[[cog show("accuracy") ]]] -->', "<!-- [[[end]]] -->"
TRAINING = {"architecture": "residual", "epochs": 24}


def result(name: str, part: str, n: int, accuracy: float, **more: object) -> dict[str, object]:
    return {
        "set": name,
        "part": part,
        "n": n,
        "accuracy": accuracy,
        "interval": [accuracy - 0.01, accuracy + 0.005],
        "asserted": 0.9876,
        "accuracy_of_asserted": 1.0,
        "right_but_unsure": 0.01,
        "mistakes": 8,
        "mistakes_shown_unsure": 0.625,
        "calibration_error": 0.0123,
    } | more


def family(n: int, auroc: float, not_asserted: float, seen: bool) -> dict[str, object]:
    return {"n": n, "auroc": auroc, "not_asserted": not_asserted, "seen_in_training": seen}


FAULTLESS = {"mistakes": 0, "mistakes_shown_unsure": None, "accuracy_of_asserted": None}
EXPORT = {"export_differs_from_keras_by": 1e-6, "export_checked_on": 1000}
EVALUATION = {
    **EXPORT,
    "results": [
        result("mnist", "validation", 6000, 0.99),
        result("unipen", "validation", 500, 0.95, people=1),
        result("pendigits", "held-out writers", 700, 0.98, people=3, **FAULTLESS),
        result("unipen", "held-out writers", 1200, 0.97, people=17),
        result("mnist", "test", 10000, 0.9912),
    ],
    "refusal": {
        "letters": family(3000, 0.9876, 0.9, False),
        "wave": family(300, 0.99, 0.8, True),
        "side by side": family(300, 0.97, 0.9, True),
        "arrow": family(300, 0.95, 0.72, False),
        "heart": family(300, 0.91, 0.1, False),
    },
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project's folder with the real documents, a made-up card, and no results yet."""
    for document in DOCUMENTS:
        (tmp_path / document).parent.mkdir(exist_ok=True)
        (tmp_path / document).write_bytes((FOLDER.parent / document).read_bytes())
    for kept in (GROUPING, OF_WORDS):
        (tmp_path / kept).write_bytes((FOLDER.parent / kept).read_bytes())
    measured(tmp_path, EVALUATION)
    return tmp_path


def measured(root: Path, evaluation: dict[str, Any]) -> None:
    """Puts a card there that was evaluated so."""
    shipped = read_card(FOLDER / "digits.json")
    card = dataclasses.replace(shipped, parameters=123456, evaluation=evaluation)
    (root / CARD).write_text(card.to_json())


def ran(root: Path, recipe: str, seed: int, fold: int, share: float, **more: object) -> None:
    """Adds a finished run to the results."""
    row = {
        "recipe": recipe, "seed": seed, "fold": fold, "part": "report",
        "sets": ["mnist", "unipen", "pendigits"], "limit": None, "test": True,
        "training": TRAINING, "n": {"mnist": 6000, "pendigits": 700, "unipen": 1200},
        "balanced": share, "accuracy": {"mnist": 0.9, "pendigits": share, "unipen": share - 0.1},
        "calibration_error": 0.01, "mistakes_shown_unsure": share / 2, "right_but_unsure": 0.008,
        "auroc_letters": share / 2 + 0.5, "mnist_test": share / 10 + 0.9, "seconds": 60.0,
    }  # fmt: skip
    append_result(root / RESULTS, ResultRecord.from_json(row | more))


def part(root: Path, name: str) -> str:
    texts = [(root / document).read_text() for document in DOCUMENTS]
    (found,) = (each[3] for text in texts for each in MARKED.finditer(text) if each[2] == name)
    return found.strip()


def test_the_readme_says_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["readme", "--check"])
    assert status == 0, capsys.readouterr().err


def test_what_grouping_was_measured_at_is_in_the_readme(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    networks = json.loads((root / GROUPING).read_text())
    networks["networks"]["digits"]["measured"]["numbers of 4 digits"]["accuracy"] = 0.1234
    (root / GROUPING).write_text(json.dumps(networks))
    assert update(root, check=False) == 0
    assert "| of 4 digits | 35 | 12.34 % (" in part(root, "numbers")
    del networks["networks"]["digits"]["measured"]
    (root / GROUPING).write_text(json.dumps(networks))
    assert update(root, check=True) == 0
    (root / GROUPING).write_text("{")
    with pytest.raises(InputError, match=r"grouping\.json"):
        update(root, check=True)


def test_how_words_are_read_is_in_the_documents(root: Path) -> None:
    fitted = json.loads((root / OF_WORDS).read_text())
    fitted["strokes"]["characters"]["measured"]["codes"]["asserted_and_right"] = 0.4321
    (root / OF_WORDS).write_text(json.dumps(fitted))
    assert update(root, check=False) == 0
    assert "| 43.2 % |" in part(root, "words")
    (root / OF_WORDS).write_text("[]")
    with pytest.raises(InputError, match=r"words\.json"):
        update(root, check=True)


def test_the_cards_figures_are_in_the_readme(root: Path) -> None:
    assert update(root, check=False) == 0
    assert part(root, "accuracy").splitlines()[2:] == [
        "| MNIST's test images | 10,000 | 99.12 % (98.12 to 99.62) | 98.8 %, 100 % | 5 of 8 "
        "| 1.23 % |",
        "| UNIPEN, 17 people held out of training | 1,200 | 97.00 % (96.00 to 97.50) "
        "| 98.8 %, 100 % | 5 of 8 | 1.23 % |",
        "| pendigits, 3 people held out of training | 700 | 98.00 % (97.00 to 98.50) "
        "| 98.8 %, – | no mistake | 1.23 % |",
    ]
    assert part(root, "choosers").splitlines()[2:] == [
        "| UNIPEN, the 1 person who chose epoch and thresholds | 500 | 95.00 % (94.00 to 95.50) "
        "| 98.8 %, 100 % | 5 of 8 | 1.23 % |",
    ]
    (network,) = part(root, "networks").splitlines()[2:]
    card = read_card(root / CARD)
    thresholds = f"{card.temperature:.3f} | {card.sure_at:.1%} | {card.digit_at:.1%}"
    assert network == f"| `digits` | residual | 10 | 123,456 | {thresholds.replace('%', ' %')} |"
    letters, seen, unseen = part(root, "refusal").splitlines()
    assert "90.0 % of 3,000 drawings" in letters and "0.9876. Training showed no let" in letters
    assert seen.startswith("Of 600 made-up non-digits of families that training showed (wave, ")
    assert "85.0 % are refused" in seen and "family wave: 80.0 %; mean AUROC 0.9800." in seen
    assert "never showed (arrow, heart), 41.0 % are refused" in unseen
    assert "family heart: 10.0 %; mean AUROC 0.9300." in unseen


def test_writers_need_not_be_counted(root: Path) -> None:
    unipen = result("unipen", "held-out writers", 1200, 0.97)
    refusal = {"letters": family(3000, 0.9, 0.9, True)}
    measured(root, {**EXPORT, "results": [unipen], "refusal": refusal})
    assert update(root, check=False) == 0
    assert "| UNIPEN, people held out of training | 1,200 |" in part(root, "accuracy")
    assert "Training showed letters by other people" in part(root, "refusal")


def figure(n: int, accuracy: float, **more: object) -> dict[str, object]:
    return {"n": n, "accuracy": accuracy, "interval": [accuracy - 0.01, accuracy + 0.01]} | more


def test_the_network_of_characters_has_a_part_of_its_own(root: Path) -> None:
    assert update(root, check=False) == 0
    before = part(root, "characters")  # as there is no such network there, it stays
    digits = figure(200, 0.98, digits_network=0.99)
    people = {
        "letters_case_insensitive": figure(1000, 0.965),
        "letters": figure(1000, 0.945),
        "digits_2_to_9": digits,
        "up_to_lookalikes": figure(1240, 0.975, one_class=["0O", "1IL"]),
    }
    images = {"digits_2_to_9": digits, "up_to_lookalikes": figure(200, 0.99, one_class=["0O"])}
    evaluation = {
        **EXPORT,
        "results": [
            result("unipen", "validation", 1000, 0.9, people=1),
            result("unipen", "held-out writers", 1240, 0.95, people=19, characters=people),
            result("mnist", "test", 200, 0.98, characters=images),
        ],
        "refusal": {"wave": family(300, 0.99, 0.8, True), "heart": family(300, 0.91, 0.1, False)},
    }
    shipped = read_card(root / CARD)
    card = dataclasses.replace(shipped, name="characters", labels=LABELS, evaluation=evaluation)
    (root / CHARACTERS).write_text(card.to_json())
    assert update(root, check=True) == 1
    assert update(root, check=False) == update(root, check=True) == 0
    table, refusals = part(root, "characters").split("\n\n")
    assert table.splitlines()[2:] == [
        "| UNIPEN, 19 people held out of training | letters; capitals and small ones alike, "
        "digits passed over | 1,000 | 96.50 % (95.50 to 97.50) |  |",
        "| UNIPEN, 19 people held out of training | letters, among all 47 classes | 1,000 "
        "| 94.50 % (93.50 to 95.50) |  |",
        "| UNIPEN, 19 people held out of training | digits 2 to 9, among all 47 classes | 200 "
        "| 98.00 % (97.00 to 99.00) | 99.00 % |",
        "| UNIPEN, 19 people held out of training | letters and digits, look-alikes as one class "
        "(0 O, 1 I L) | 1,240 | 97.50 % (96.50 to 98.50) |  |",
        "| MNIST's test images | digits 2 to 9, among all 47 classes | 200 "
        "| 98.00 % (97.00 to 99.00) | 99.00 % |",
    ]
    seen, unseen = refusals.splitlines()
    assert seen.startswith("Of 300 made-up non-characters of families that training showed")
    assert "(heart), 10.0 % are refused" in unseen and before != part(root, "characters")


def test_each_ingredient_has_mean_and_deviation_of_its_runs(root: Path) -> None:
    for seed, share in enumerate((0.5, 0.6)):
        ran(root, "older", seed, 0, share)
    ran(root, "older", 5, 0, 0.1, limit=50)  # a trial
    ran(root, "older", 5, 0, 0.1, part="validation")
    ran(root, "nondigits", 0, 0, 0.9)
    ran(root, "nondigits", 0, 1, 0.2)  # other people than the rest
    ran(root, "strangers", 0, 0, 0.8, auroc_letters=None)
    assert update(root, check=False) == 0
    said, table = part(root, "ingredients").split("\n\n")
    assert "(seeds 0, 1; fold 0)" in said and "chose nothing" in said
    assert (
        "`python -m training compare --recipes older,nondigits,strangers --seeds 0,1 --folds 0 "
        "--epochs 24 --part report --test`"
    ) in said
    assert table.splitlines() == [
        "|  | UNIPEN | pendigits | MNIST's test | letters, AUROC | runs |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| {WORDS['older']} | 45.0 ± 7.1 % | 55.0 ± 7.1 % | 95.50 ± 0.71 % | 0.7750 ± 0.0354 "
        "| 2 |",
        f"| {WORDS['nondigits']} | 80.0 % | 90.0 % | 99.00 % | 0.9500 | 1 |",
        f"| {WORDS['strangers']} | 70.0 % | 80.0 % | 98.00 % | – | 1 |",
    ]


def test_cross_validation_is_over_folds_and_seeds(root: Path) -> None:
    for fold, share in enumerate((0.90, 0.92, 0.94)):
        for seed in (0, 1):
            ran(root, "nondigits", seed, fold, share)
    ran(root, "nondigits", 0, 3, 0.5, training=TRAINING | {"epochs": 1})  # another way
    assert update(root, check=False) == 0
    said, table = part(root, "cross-validation").split("\n\n")
    assert "6 runs (seeds 0, 1; folds 0, 1, 2)" in said
    assert table.splitlines()[2:] == [
        "| accuracy, UNIPEN (3,600 drawings in all) | 82.0 ± 1.8 % |",
        "| accuracy, pendigits (2,100 drawings in all) | 92.0 ± 1.8 % |",
        "| accuracy, MNIST's test | 99.20 ± 0.18 % |",
        "| calibration error | 1.00 ± 0.00 % |",
        "| mistakes that are shown as uncertain | 46.0 ± 0.9 % |",
        "| right answers that are shown as uncertain | 0.80 ± 0.00 % |",
        "| letters against digits by confidence, AUROC | 0.9600 ± 0.0089 |",
    ]


def test_what_nothing_is_measured_for_stays(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: part(root, name) for name in ("ingredients", "cross-validation")}
    assert update(root, check=False) == 0
    out = capsys.readouterr().out.splitlines()
    assert before == {name: part(root, name) for name in before}
    assert [line for line in out if "left as it is" in line] == [
        f"{name}: left as it is; models/comparison.jsonl has nothing for it." for name in before
    ]
    ran(root, "nondigits", 0, 0, 0.9)
    assert update(root, check=False) == 0
    assert before == {name: part(root, name) for name in before}


def test_check_notices_a_changed_figure(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update(root, check=False) == update(root, check=True) == 0
    capsys.readouterr()
    written = (root / "README.md").read_bytes()
    changed = [result("mnist", "test", 10000, 0.9913)]
    measured(root, EVALUATION | {"results": changed})
    assert update(root, check=True) == 1
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "python -m training readme" in err
    assert (root / "README.md").read_bytes() == written
    ran(root, "older", 0, 0, 0.5)
    ran(root, "padded", 0, 0, 0.6)
    assert update(root, check=False) == update(root, check=True) == 0
    path = root / "models" / "README.md"
    path.write_text(path.read_text().replace("60.0 %", "61.0 %"))
    assert update(root, check=True) == 1


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_all_else_stays_byte_for_byte(root: Path, newline: str) -> None:
    path = root / "models" / "README.md"
    text = path.read_bytes().decode().replace("\n", newline).rstrip() + "  \t" + newline * 3
    path.write_bytes(text.encode())
    ran(root, "older", 0, 0, 0.5)
    ran(root, "padded", 0, 0, 0.6)
    assert update(root, check=False) == 0
    now = path.read_bytes().decode()
    assert now != text and MARKED.sub(r"\1\4", now) == MARKED.sub(r"\1\4", text)
    assert now.count("\n") == now.count(newline)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text.replace(SHOW, ""), "Unexpected"),
        (lambda text: text.replace(END, ""), "before end of file"),
        (lambda text: text.replace('accuracy")', "accuracy"), "unterminated"),
        (lambda text: f"{text}{SHOW.replace('accuracy', 'speed')}\n{END}\n", "'speed'"),
        (lambda text: MARKED.sub("", text), "accuracy has no place"),
    ],
)
def test_broken_markers_are_one_clear_line(
    root: Path, damage: Callable[[str], str], said: str
) -> None:
    path = root / "README.md"
    path.write_text(damage(path.read_text()))
    before = path.read_bytes()
    with pytest.raises(InputError, match=said) as error:
        update(root, check=False)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before


def test_results_that_do_not_go_together_are_named(root: Path) -> None:
    ran(root, "older", 0, 0, 0.5)
    ran(root, "padded", 0, 1, 0.5)
    with pytest.raises(InputError, match=r"comparison\.jsonl.*no fold in common"):
        update(root, check=False)
    ran(root, "padded", 0, 0, 0.5)
    ran(root, "padded", 0, 0, 0.6)
    with pytest.raises(InputError, match="padded, seed 0, fold 0 is there twice"):
        update(root, check=False)
    (root / RESULTS).unlink()
    ran(root, "older", 0, 0, 0.5)
    ran(root, "padded", 0, 0, 0.5)
    ran(root, "padded", 1, 0, 0.5, training=TRAINING | {"epochs": 1})
    with pytest.raises(InputError, match="padded were trained in different ways"):
        update(root, check=False)
    measured(root, EVALUATION | {"results": [{"set": "mnist", "part": "test", "n": 10}]})
    with pytest.raises(InputError, match=r"digits\.json: a figure is missing.*interval"):
        update(root, check=False)


def test_every_recipe_has_its_words() -> None:
    assert tuple(WORDS) == NAMES
