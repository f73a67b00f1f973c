"""A few pupils whose phones sleep and lose the network, while their server is killed twice.

`python -m tests.benchmarks.clients --class collect` measures the same with thirty.
"""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("websockets", reason="needs game/requirements-serve.txt")
from tests.benchmarks.clients import hands_of_people, measure_class


@pytest.mark.parametrize("practises", [False, True], ids=["collect", "practice"])
def test_nothing_is_lost_or_counted_twice(practises: bool) -> None:
    hands, _ = hands_of_people(None)
    came = asyncio.run(measure_class(practises, 4, 8.0, 0.15, hands))
    assert came.kept >= 4 and came.kills == 2
    assert sum(pupil.drops for pupil in came.pupils) > 0
    assert sum(pupil.sleeps for pupil in came.pupils) > 0
