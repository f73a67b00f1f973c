"""What practice keeps in a profile: its best results, and ink that was misread as a whole.

`best.json`, and `contested.jsonl`, a drawings file. Both are replaced whole, so a crash leaves the
old or the new; one that is damaged is an error, and never written to.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from game.modes.practice.round import LENGTHS, Rules
from game.modes.practice.tasks import LEVELS, TASK_KINDS
from game.profiles.profile import Profile
from models.ink.jsonl import drawing_to_json, read_drawings
from models.ink.strokes import Drawing
from models.util.atomic_files import write_whole
from models.util.errors import InputError, explain_os_error
from models.util.locked_folder import locked


@dataclass(frozen=True)
class Result:
    """What a round came to.

    score: tasks answered. tasks: how many had a verdict. streak: the longest row of tasks that were
    right at the first try. seconds: what all of them took.
    """

    score: int
    tasks: int
    streak: int
    seconds: float

    def beats(self, other: Result | None) -> bool:
        """Whether this is better: more right ones, then a longer streak, then less time."""
        return self.score > 0 and (other is None or self._rank() > other._rank())

    def _rank(self) -> tuple[float, ...]:
        return self.score, self.streak, -self.seconds


class Results:
    """The results of one profile."""

    def __init__(self, profile: Profile) -> None:
        self._folder = profile.folder

    def best(self, rules: Rules) -> Result | None:
        """The best result by these rules, None where there is none yet. Raises InputError."""
        return None if self._folder is None else _read(self._folder / "best.json").get(rules)

    def keep(self, rules: Rules, result: Result) -> None:
        """Keeps a result, if it is the best by its rules. Raises StorageError."""
        with locked(self._folder, "The result is not kept") as folder:
            path = folder / "best.json"
            best = _read(path)
            if result.beats(best.get(rules)):
                write_whole(path, _content(best | {rules: result}))

    def keep_contested(self, drawing: Drawing) -> None:
        """Appends ink that is no sample, labelled with what it says. Raises StorageError."""
        with locked(self._folder, "Your ink is not kept") as folder:
            path = folder / "contested.jsonl"
            before = b""
            if path.exists():
                for _ in read_drawings(path):
                    pass  # raises InputError where it is damaged
                before = path.read_bytes()
            separator = b"" if not before or before.endswith(b"\n") else b"\n"
            write_whole(path, before + separator + drawing_to_json(drawing).encode() + b"\n")


def _read(path: Path) -> dict[Rules, Result]:
    """The best results of a file; none where there is no file. Raises InputError."""
    try:
        return dict(map(_entry, json.loads(path.read_bytes())["best"]))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {explain_os_error(error)}.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(
            f"{path}: is damaged, and stays as it is; move it away to keep results again."
        ) from None


def _entry(record: dict[str, Any]) -> tuple[Rules, Result]:
    """Raises ValueError, KeyError or TypeError for what is none."""
    rules = Rules(record["kind"], record["level"], record["length"])
    result = Result(*(record[name] for name in ("score", "tasks", "streak", "seconds")))
    counts = (result.score, result.tasks, result.streak)
    known = (
        rules.kind in TASK_KINDS and rules.length in LENGTHS and rules.level in range(1, LEVELS + 1)
    )
    if not known or any(type(count) is not int or count < 0 for count in counts):
        raise ValueError(f"no result: {record}")
    if type(result.seconds) not in (int, float) or not math.isfinite(result.seconds):
        raise ValueError(f"no time: {record}")
    return rules, result


def _content(best: dict[Rules, Result]) -> bytes:
    records = [vars(rules) | vars(result) for rules, result in best.items()]
    lines = ",\n".join(json.dumps(record) for record in records)
    return f'{{"best": [\n{lines}\n]}}\n'.encode()
