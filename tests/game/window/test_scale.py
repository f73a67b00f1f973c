"""The interface's scale: what someone typed, and what the system says."""

from __future__ import annotations

import pytest

from game.window.scale import parse_scale, usual_scale
from models.util.errors import InputError


def test_a_scale_is_a_number_from_1_to_4() -> None:
    assert parse_scale("1.5", "--scale") == 1.5
    for words in ("0.5", "5", "nan", "inf", "-1", "big", ""):
        with pytest.raises(InputError, match="--scale"):
            parse_scale(words, "--scale")


def test_the_environment_decides_before_the_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKLING_SCALE", "2.5")
    assert usual_scale("x11") == 2.5
    monkeypatch.setenv("INKLING_SCALE", "huge")
    with pytest.raises(InputError, match="INKLING_SCALE"):
        usual_scale("x11")
    monkeypatch.delenv("INKLING_SCALE")
    assert usual_scale("cocoa") == 1.0
