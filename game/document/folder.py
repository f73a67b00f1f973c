"""Where drawings are saved unless another folder is named."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from models.util.installation import IN_CHECKOUT


def drawings_folder() -> Path:
    """`drawings` below the current folder in a checkout; else `Inkling` in the user's pictures.

    It need not exist yet. Without a home of the user's it is `drawings` as well.
    """
    here = Path("drawings")
    if IN_CHECKOUT:
        return here
    try:
        pictures = platformdirs.user_pictures_path()
    except (OSError, RuntimeError, KeyError):
        return here
    # Without a home the system's folder begins with a "~" that is not expanded.
    return pictures / "Inkling" if pictures.is_absolute() else here
