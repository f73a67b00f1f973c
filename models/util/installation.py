"""Whether the program runs in a checkout of its repository, or is installed somewhere else."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IN_CHECKOUT = (ROOT / "pyproject.toml").is_file()


def how_to_restore(path: str) -> str:
    """What brings a shipped file back, as the end of a sentence.

    path: from the repository's folder on.
    """
    way = f"`git checkout {path}`" if IN_CHECKOUT else "installing Inkling again"
    return f"{way} brings it back"
