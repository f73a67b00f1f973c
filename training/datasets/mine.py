"""Your own set: the samples of all profiles on this computer, collected with the game."""

from __future__ import annotations

import sys

from models.adaptation.samples import Samples, profile_names, profiles_folder
from models.ink.strokes import Drawing
from models.recognition.labels import CHARACTERS, DIGITS, merged
from models.util.errors import InputError

_HOW = "`python -m game --profile NAME collect` makes some, or leave mine out of --sets."


def read_mine(letters: bool) -> tuple[Drawing, ...]:
    """The samples of all profiles, whose names are the writers.

    letters: with the samples of letters. A damaged sample is left out, and named on standard
    error. Raises InputError where there are none.
    """
    folder = profiles_folder()
    if folder is None:
        raise InputError("mine: there is no folder of your own; INKLING_DATA_DIR names one.")
    classes = CHARACTERS if letters else DIGITS
    drawings: list[Drawing] = []
    for name in profile_names(folder):
        samples, damage = Samples(folder / name).read()
        if damage is not None:
            print(f"mine: {damage}", file=sys.stderr)
        drawings += [one for one in samples if merged(one.label or "") in classes]
    if not drawings:
        what = "digits or letters" if letters else "digits"
        raise InputError(f"mine: no profile in {folder} has samples of {what}; {_HOW}")
    return tuple(drawings)
