"""The split into training, validation and report: by writer, never by sample.

Everything of one person falls into the same split, in every set and in every run, because the
split is a hash of the name. About 80 % of the writers are for training, 10 % for validation
(epochs, thresholds, temperatures are chosen on them), and 10 % for the report alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Literal

Split = Literal["train", "validation", "report"]

FOLDS = 5  # each writer is held out in exactly one of them

# Chosen among 3,000, by counts alone, so that in every fold each held-out split has about a tenth
# of the drawings, 2 to 5 of pendigits' 30 writers, and writers of 6 or more of UNIPEN's sites.
SALT = "inkling-2693:"

# IBM's documentation (ibm0.doc) speaks of 12 writers and three sessions each; its 22 identifiers,
# r00-07 to r04-14, have 12 different second numbers: those are the people.
IBM_SESSION = re.compile(r"ibm/r\d+-(\d+)")


def split_of(writer: str, fold: int = 0) -> Split:
    """The split that a writer belongs to.

    writer: as drawings name theirs, "ced/JIKA4257" or "pendigits/tra12".
    fold: 0 as a rule; 1 to FOLDS - 1 hold out other writers, for cross-validation. Raises
        ValueError for other folds.
    """
    digest = hashlib.sha256((SALT + person(writer)).encode()).digest()
    return _split(int.from_bytes(digest[:8], "big"), fold)


def splits_of(writers: Sequence[str] | None, count: int, fold: int = 0) -> list[Split]:
    """The split of each of `count` drawings or images, by writer where writers are known.

    Where they are not (writers=None: MNIST, optdigits), every tenth is for validation and none
    for the report, which MNIST's own test images give.
    """
    if writers is None:
        return [_split_of_index(index, fold) for index in range(count)]
    if len(writers) != count:
        raise ValueError(f"Expected {count} writers. Received: {len(writers)}")
    split = {writer: split_of(writer, fold) for writer in set(writers)}
    return [split[writer] for writer in writers]


def describe_split(writers: Sequence[str], fold: int = 0) -> str:
    """One line: which of these writers are trained on, and which are held out."""
    split = {writer: split_of(writer, fold) for writer in sorted(set(writers))}
    known = ", ".join(writer for writer in split if split[writer] == "train") or "none"
    others = ", ".join(writer for writer in split if split[writer] != "train")
    more = f"; {others} held out, as every fifth writer is (--fold holds out others)"
    return f"Writers trained on: {known}{more if others else ''}."


def person(writer: str) -> str:
    """The person behind a writer's name, so that one person's sessions and sites stay together.

    CEDAR's gb2911, for one, wrote for two of UNIPEN's sites, so the site is left out.
    """
    session = IBM_SESSION.fullmatch(writer.lower())
    return f"ibm-{session[1]}" if session else writer.lower().rsplit("/", 1)[-1]


def _split_of_index(index: int, fold: int) -> Split:
    split = _split(index, fold)
    return "train" if split == "report" else split


def _split(number: int, fold: int) -> Split:
    if not 0 <= fold < FOLDS:
        raise ValueError(f"A fold is 0 to {FOLDS - 1}. Received: fold={fold}")
    tenth = (number - 2 * fold) % 10
    if tenth > 1:
        return "train"
    return "report" if tenth else "validation"
