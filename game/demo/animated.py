"""Pictures of the window become one animated picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError


def animated_png(frames: Sequence[NDArray[np.uint8]], seconds: Sequence[float]) -> bytes:
    """An animated PNG that repeats for ever, in the frames' own colours.

    frames: (h, w, 3) RGB each. seconds: how long each is shown. Raises InputError without Pillow.
    """
    try:
        from PIL import Image
    except ImportError:
        raise InputError("An animated picture needs Pillow; `make demo` installs it.") from None
    first, *rest = map(Image.fromarray, frames)
    times = [round(1000 * each) for each in seconds]
    png = io.BytesIO()
    first.save(png, "PNG", save_all=True, append_images=rest, duration=times, loop=0)
    return png.getvalue()
