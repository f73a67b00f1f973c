"""Where training keeps runs and downloaded data: in the checkout, or in the user's folder."""

from __future__ import annotations

from pathlib import Path

from models.adaptation.samples import user_folder
from models.util.installation import IN_CHECKOUT, ROOT


def own_folder(name: str) -> Path:
    """A folder of that name, which need not exist yet: of the checkout, else of the user.

    The current folder takes the place of the user's where there is none.
    """
    return (ROOT if IN_CHECKOUT else user_folder() or Path.cwd()) / name
