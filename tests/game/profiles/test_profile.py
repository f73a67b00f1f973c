"""The names that profiles can have."""

from __future__ import annotations

import pytest

from game.profiles.profile import checked_name
from models.util.errors import InputError


@pytest.mark.parametrize("name", ["me", "Ada", "Jürgen", "a b-c_d.e", "7"])
def test_names_that_profiles_can_have(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize("name", ["", " me", "me.", "..", "a/b", "a\\b", "a\nb", "x" * 41, "me:"])
def test_names_that_are_no_folders_are_refused_in_one_line(name: str) -> None:
    with pytest.raises(InputError, match="--profile") as refused:
        checked_name(name)
    assert "\n" not in str(refused.value)
