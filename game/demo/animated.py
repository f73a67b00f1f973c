"""Pictures of the window become one animated picture."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.util.errors import InputError

# Colours of its palette; and how many of them are the window's own, as they are.
_COLOURS, _EXACT = 256, 160
_SAMPLES = 8  # frames that the palette is made from, and the last


def animated_png(frames: Sequence[NDArray[np.uint8]], seconds: Sequence[float]) -> bytes:
    """An animated PNG that goes on for ever, in 256 colours.

    frames: (h, w, 3) RGB each. seconds: how long each is seen. Raises InputError without Pillow.
    """
    try:
        from PIL import Image
    except ImportError:
        raise InputError("An animated picture needs Pillow; `make demo` installs it.") from None
    samples = np.concatenate([*frames[:: len(frames) // _SAMPLES + 1], frames[-1]])
    cut = Image.fromarray(samples).quantize(_COLOURS - _EXACT, Image.Quantize.MEDIANCUT)
    palette = np.concatenate([_commonest(samples), np.reshape(cut.getpalette() or [], (-1, 3))])
    first, *rest = map(Image.fromarray, _indexed(frames, palette))
    for image in (first, *rest):
        image.putpalette(palette.astype(np.uint8).tobytes())
    times = [round(1000 * each) for each in seconds]
    png = io.BytesIO()
    first.save(png, "PNG", save_all=True, append_images=rest, duration=times, loop=0)
    return png.getvalue()


def _commonest(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The colours that cover most of (h, w, 3): up to (`_EXACT`, 3)."""
    colours, counts = np.unique(_packed(pixels), return_counts=True)
    most = colours[np.argsort(-counts, kind="stable")[:_EXACT]]
    return np.stack([most >> 16, most >> 8 & 255, most & 255], axis=-1)


def _indexed(
    frames: Sequence[NDArray[np.uint8]], palette: NDArray[np.int64]
) -> Iterator[NDArray[np.uint8]]:
    """For each frame (h, w, 3) the nearest of the palette's colours (n, 3), as indices (h, w).

    Pillow's own search looks at a few bits of a colour only, which shows on large plain grounds.
    """
    known = np.full(1 << 24, -1, np.int16)
    for frame in frames:
        packed = _packed(frame)
        new = np.unique(packed[known[packed] < 0])
        colours = np.stack([new >> 16, new >> 8 & 255, new & 255], axis=-1)
        far = ((colours[:, np.newaxis] - palette) ** 2).sum(axis=-1)
        known[new] = far.argmin(axis=1)
        yield known[packed].astype(np.uint8)


def _packed(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """(h, w, 3) RGB as one number for each pixel."""
    red, green, blue = np.moveaxis(pixels.astype(np.int64), -1, 0)
    return np.asarray(red << 16 | green << 8 | blue)
