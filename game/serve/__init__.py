"""The page in a browser: a small server, whose ink goes to the board and reader of the game."""

from __future__ import annotations

from models.util.errors import InputError

_PACKAGES = {"anyio", "click", "h11", "segno", "starlette", "uvicorn", "websockets"}


def missing_package(error: ModuleNotFoundError) -> InputError:
    """The line that tells what to install. Raises the error again where it is about another."""
    name = (error.name or "").partition(".")[0]
    if name not in _PACKAGES:
        raise error
    fix = "`pip install -r game/requirements-serve.txt` installs what a browser's page needs"
    return InputError(f"{name} is not installed; {fix}.")
