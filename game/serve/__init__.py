"""The page in a browser: a small server, whose ink goes to the board and reader of the game."""

from __future__ import annotations

from models.util.errors import InputError
from models.util.installation import IN_CHECKOUT

_FIX = (
    "python -m pip install -r game/requirements-serve.txt"
    if IN_CHECKOUT
    else 'uv tool install ".[serve]"'
)
_PACKAGES = {"anyio", "click", "h11", "segno", "starlette", "uvicorn", "websockets"}


def missing_package(error: ModuleNotFoundError) -> InputError:
    """The line that tells what to install. Raises the error again where it is about another."""
    name = (error.name or "").partition(".")[0]
    if name not in _PACKAGES:
        raise error
    return InputError(f"{name} is not installed; `{_FIX}` installs what a browser's page needs.")
