"""EMNIST's 47 merged classes, and which of them are drawn alike."""

from __future__ import annotations

from string import ascii_letters, ascii_lowercase, digits

import pytest

from models.recognition.labels import CHARACTERS, DIGIT_LIKE, LOOKALIKES, lookalike, merged


def test_the_classes_are_emnists_in_its_order() -> None:
    # As emnist-balanced-mapping.txt has them: class number, then the character's code.
    codes = [*range(48, 58), *range(65, 91), 97, 98, 100, 101, 102, 103, 104, 110, 113, 114, 116]
    assert [ord(label) for label in CHARACTERS] == codes


def test_every_letter_and_digit_has_its_class() -> None:
    assert {merged(text) for text in ascii_letters + digits} == set(CHARACTERS)
    own = [letter for letter in ascii_lowercase if merged(letter) == letter]
    assert "".join(own) == "abdefghnqrt"
    assert all(merged(letter).lower() == letter for letter in ascii_lowercase)


@pytest.mark.parametrize("text", ["", "7", "C", "cc", "ß", "?"])
def test_all_else_stays_as_it_is(text: str) -> None:
    assert merged(text) == text


def test_lookalikes_are_classes_and_share_one_of_them() -> None:
    members = "".join(LOOKALIKES)
    assert set(members) <= set(CHARACTERS) and len(set(members)) == len(members)
    assert lookalike("O") == lookalike("0") and lookalike("q") == lookalike("g") == lookalike("9")
    assert lookalike("L") == lookalike("I") == "1"
    assert [label for label in CHARACTERS if lookalike(label) != label] == list("BILOSZgq")
    assert frozenset("oOlLiIsSzZBbgqGDQJ") == DIGIT_LIKE
