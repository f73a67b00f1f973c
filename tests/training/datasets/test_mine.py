"""The samples of all profiles as a set to train on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from game.profiles.profile import Profile
from models.recognition.labels import CHARACTERS, DIGITS
from models.util.errors import InputError
from tests.helpers.samples import samples
from training.__main__ import main
from training.data.examples import select
from training.datasets.load import load_sets
from training.datasets.split import describe_split, split_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of all profiles: Ada's digits and small letters, Ben's one digit."""
    profiles = tmp_path / "data" / "profiles"  # as INKLING_DATA_DIR says in tests
    ada = Profile(profiles, "Ada").samples
    for sample in samples():
        ada.add(replace(sample, id=""))
    for sample, label in zip(samples()[4:], "aecä", strict=False):
        ada.add(replace(sample, id="", label=label))
    Profile(profiles, "Ben").samples.add(samples()[7])
    return profiles


def test_the_samples_of_all_profiles_are_a_set_with_writers(folder: Path) -> None:
    _, mine = load_sets(["optdigits", "mine"])
    assert (mine.name, mine.licence) == ("mine", "your own")
    assert list(mine.labels) == [*(one.label for one in samples()), samples()[7].label]
    assert mine.writers == (*("Ada",) * 20, "Ben")
    (first, *_), _ = Profile(folder, "Ada").samples.read()
    assert mine.drawings[0] == first
    Profile(folder, "Ada").samples.take_back(first.id)
    assert len(load_sets(["mine"])[0]) == len(mine) - 1


def test_letters_are_for_the_network_of_characters(folder: Path) -> None:
    (mine,) = load_sets(["mine"], letters=True)
    assert set(mine.labels) == {*DIGITS, "a", "e", "c"}
    chosen = select([mine], (), split_of("Ada"), CHARACTERS)
    assert {"a", "e", "C"} <= {CHARACTERS[number] for number in chosen.drawing_labels}
    assert len(load_sets(["mine"])[0]) == 21
    (digits,) = load_sets(["mine"])
    assert len(select([digits], (), split_of("Ben"), DIGITS).drawings) >= 1


def test_a_damaged_sample_is_named_and_costs_no_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "Ben" / "samples.jsonl").open("a") as file:
        file.write("not a drawing\n")
    assert len(load_sets(["mine"])[0]) == 21
    err = capsys.readouterr().err
    assert "Ben" in err and "line 2" in err and len(err.splitlines()) == 1


def test_without_samples_one_line_says_so_before_anything_is_fetched(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    none = tmp_path / "data" / "profiles"
    assert main(["--sets", "mnist,unipen,pendigits,mine", "--output", str(tmp_path / "run")]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"mine: no profile in {none} has samples of digits; ")
    assert len(err.splitlines()) == 1
    letters = Profile(none, "Ada").samples
    letters.add(replace(samples()[0], label="a"))
    with pytest.raises(InputError, match="has samples of digits"):
        load_sets(["mine"])


def test_the_held_out_writers_are_named() -> None:
    names = ["Ada", "Ben", "Cleo", "anna", "me"]
    for fold in range(5):
        line = describe_split(names, fold)
        trained, _, others = line.partition(";")
        for name in names:
            assert (name in trained) == (split_of(name, fold) == "train") == (name not in others)
