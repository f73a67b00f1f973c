"""Drawings whose label is wrong in the published sets, as read with the eye: left out.

`mislabelled.csv` beside this file lists them. The candidates were those that networks trained on
other people read as something else (`python -m training crossed`); each was then looked at. What is
a digit of the label's kind in some style stays, however odd: slashed zeros, crossed sevens,
one-stroke fours.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("mislabelled.csv")
COLUMNS = ("set", "id", "label", "why")


@cache
def mislabelled(name: str) -> dict[str, str]:
    """Of the set of that name: why each drawing, by its id, is left out."""
    with LIST.open(newline="", encoding="utf-8") as file:
        return {row["id"]: row["why"] for row in csv.DictReader(file) if row["set"] == name}
