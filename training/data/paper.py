"""Paper as it is: printed patterns, frames, rules and text, light and shadow, and the camera."""

from __future__ import annotations

import string

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Grey = NDArray[np.float32]

_PATTERNS = 240  # that are drawn once, and shown in other sizes, places and mirrored
_SIZE = (128, 640)  # pixels of each
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_COMPLEX_SMALL,
)
# Printed words have no digits: those would have to be read.
_CAPTIONS = ("TOTAL", "Fr.", "CHF", "EUR", "USD", "Betrag", "No.", "Amount", "Importe", "kg", "cm")


class Papers:
    """Patterns as they are printed on cheques, forms and exercise books."""

    def __init__(self, seed: int, patterns: int = _PATTERNS) -> None:
        rng = np.random.default_rng([seed, 77])
        self._patterns = [_pattern(rng) for _ in range(patterns)]

    def pattern(self, height: int, width: int, rng: Rng) -> NDArray[np.uint8]:
        """(height, width) uint8: 0 where nothing is printed to 255 for full print."""
        whole = self._patterns[int(rng.integers(len(self._patterns)))]
        zoom = float(np.exp(rng.uniform(np.log(0.7), np.log(1.6))))
        rows = min(_SIZE[0], max(8, round(height / zoom)))
        columns = min(_SIZE[1], max(8, round(width / zoom)))
        y = int(rng.integers(_SIZE[0] - rows + 1))
        x = int(rng.integers(_SIZE[1] - columns + 1))
        part = whole[y : y + rows, x : x + columns]
        if rng.random() < 0.5:
            part = part[:, ::-1]
        return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR))


def _pattern(rng: Rng) -> NDArray[np.uint8]:
    height, width = _SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    kind = rng.random()
    pattern = np.zeros(_SIZE, np.float32)
    if kind < 0.22:  # wavy lines, nearly level
        pattern = _curves(x, y, rng, (80, 100), (4, 9))
    elif kind < 0.42:  # families of curves that cross
        for _ in range(int(rng.integers(2, 4))):
            part = _curves(x, y, rng, (0, 180), (5, 14)) * rng.uniform(0.5, 1)
            pattern = np.maximum(pattern, part)
    elif kind < 0.57:  # arcs
        for _ in range(int(rng.integers(1, 3))):
            pattern = np.maximum(pattern, _arcs(x, y, rng))
    elif kind < 0.67:  # slanted lines
        pattern = _curves(x, y, rng, (20, 80), (4, 16), bend=0.3)
    elif kind < 0.77:  # woven dots
        period = rng.uniform(3, 7)
        dots = np.sin(2 * np.pi * x / period) * np.sin(2 * np.pi * y / period)
        pattern = np.clip(dots * rng.uniform(0.7, 2), 0, 1) * rng.uniform(0.5, 1)
        if rng.random() < 0.5:
            pattern += 0.5 * _grain(rng, 2)
    elif kind < 0.84:  # squared or ruled paper
        period = rng.uniform(14, 40)
        pattern = _lines_at(y, period, rng)
        if rng.random() < 0.6:
            pattern = np.maximum(pattern, _lines_at(x, period, rng))
    else:  # grain alone
        pattern = _grain(rng, rng.uniform(0.6, 3))
    if rng.random() < 0.4:
        pattern = pattern * (0.4 + 0.6 * _grain(rng, rng.uniform(15, 50)))
    return np.clip(pattern * 255, 0, 255).astype(np.uint8)


def _curves(
    x: Grey, y: Grey, rng: Rng, angles: tuple[int, int], periods: tuple[int, int], bend: float = 1.0
) -> Grey:
    """A family of parallel curves. angles: of their normal's, degrees. periods: pixels."""
    angle, period = np.deg2rad(rng.uniform(*angles)), rng.uniform(*periods)
    across = x * np.cos(angle) + y * np.sin(angle)
    along = y * np.cos(angle) - x * np.sin(angle)
    wave = rng.uniform(0.1, 1.2) * bend * period
    across = across + wave * np.sin(2 * np.pi * along / rng.uniform(20, 120) + rng.uniform(0, 6))
    across = across + bend * rng.normal(0, 0.0006) * along * along
    return _thin(np.cos(2 * np.pi * across / period), rng)


def _arcs(x: Grey, y: Grey, rng: Rng) -> Grey:
    middle = rng.uniform(-0.2, 1.2) * _SIZE[1], rng.uniform(-2, 3) * _SIZE[0]
    radius = np.hypot((x - middle[0]) * rng.uniform(0.4, 1.4), y - middle[1])
    if rng.random() < 0.5:  # scalloped
        angle = np.arctan2(y - middle[1], x - middle[0])
        radius = radius + rng.uniform(1, 6) * np.sin(angle * int(rng.integers(12, 70)))
    return _thin(np.cos(2 * np.pi * radius / rng.uniform(5, 14)), rng)


def _thin(wave: Grey, rng: Rng) -> Grey:
    """Lines of a wave from -1 to 1, more or less thin."""
    least = rng.uniform(-0.2, 0.9)
    return np.asarray(np.clip((wave - least) / (1 - least), 0, 1), np.float32)


def _lines_at(places: Grey, period: float, rng: Rng) -> Grey:
    wide = rng.uniform(0.5, 1.4)
    off = np.abs((places + rng.uniform(0, period)) % period - period / 2)
    return np.asarray(np.clip(wide + 0.5 - off, 0, 1), np.float32)


def _grain(rng: Rng, size: float) -> Grey:
    """Noise whose grains are about so many pixels large, 0..1."""
    shape = max(2, round(_SIZE[1] / size)), max(2, round(_SIZE[0] / size))
    noise = rng.random((shape[1], shape[0]), np.float32)
    return np.asarray(cv2.resize(noise, _SIZE[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def frame(shape: tuple[int, int], top: float, bottom: float, cells: list[float], rng: Rng) -> Grey:
    """Printed rules and borders around a line of writing.

    shape: (height, width) of the picture. top, bottom: of the writing. cells: between which x the
    digits stand, for boxes around them. Returns (height, width) float32, 0 to 1 for print.
    """
    height, width = shape
    layer = np.zeros(shape, np.uint8)
    high = bottom - top
    wide = max(1, round(rng.uniform(0.02, 0.07) * high))
    tilt = rng.normal(0, 0.012) * width
    below = bottom + rng.uniform(-0.12, 0.35) * high
    above = top - rng.uniform(-0.12, 0.35) * high
    boxed = rng.random() < 0.16
    rows = []
    if rng.random() < 0.4 or boxed:
        rows.append(below)
    if rng.random() < 0.22 or boxed:
        rows.append(above)
    if rng.random() < 0.08:
        rows.append(below + rng.uniform(0.1, 0.25) * high)
    columns = []
    if boxed:
        if rng.random() < 0.7:
            columns.append(rng.uniform(0, 0.1) * high)
        if rng.random() < 0.7:
            columns.append(width - 1 - rng.uniform(0, 0.1) * high)
    else:
        if rng.random() < 0.06:
            columns.append(rng.uniform(0, 0.15) * high)
        if rng.random() < 0.06:
            columns.append(width - 1 - rng.uniform(0, 0.15) * high)
    if rng.random() < 0.05 and len(cells) > 2:
        columns += cells
        rows += [above, below] if rng.random() < 0.7 else []
    bits = 4
    for row in rows:
        ends = (-16, round((row - tilt / 2) * 16)), (width * 16, round((row + tilt / 2) * 16))
        cv2.line(layer, *ends, (255,), wide, cv2.LINE_AA, bits)
    lean = tilt / max(width, 1)
    for column in columns:
        ends = (
            (round((column + lean * height / 2) * 16), round((above if boxed else -1) * 16)),
            (round((column - lean * height / 2) * 16), round((below if boxed else height) * 16)),
        )
        cv2.line(layer, *ends, (255,), wide, cv2.LINE_AA, bits)
    return layer.astype(np.float32) * np.float32(rng.uniform(0.35, 1.0) / 255)


def text(shape: tuple[int, int], top: float, bottom: float, left: float, rng: Rng) -> Grey | None:
    """Pieces of printed text above, below or to the left of the writing; None for none.

    shape, top, bottom: as for `frame`. left: where the writing begins. Float32, 0 to 1.
    """
    high = bottom - top
    places = rng.random(3) < (0.1, 0.05, 0.06)
    if not places.any():
        return None
    layer = np.zeros(shape, np.uint8)
    for index in np.flatnonzero(places):
        font = _FONTS[int(rng.integers(len(_FONTS)))]
        if index == 2:
            words, size = _CAPTIONS[int(rng.integers(len(_CAPTIONS)))], rng.uniform(0.35, 0.9)
        else:
            letters = rng.integers(len(string.ascii_letters), size=int(rng.integers(4, 24)))
            words = "".join(string.ascii_letters[k] for k in letters)
            size = rng.uniform(0.15, 0.4)
        (long, tall), _ = cv2.getTextSize(words, font, 1.0, 1)
        scale = size * high / tall
        if index == 2:
            x, y = left - long * scale - rng.uniform(0.1, 0.4) * high, bottom
        else:
            x = rng.uniform(-0.3, 0.8) * shape[1]
            y = (
                top - rng.uniform(0.02, 0.2) * high
                if index
                else bottom + (size + rng.uniform(0.05, 0.2)) * high
            )
        thick = max(1, round(scale * rng.uniform(0.8, 2.2)))
        cv2.putText(layer, words, (round(x), round(y)), font, scale, (255,), thick, cv2.LINE_AA)
    return layer.astype(np.float32) * np.float32(rng.uniform(0.4, 1.0) / 255)


def light(shape: tuple[int, int], rng: Rng) -> Grey:
    """How bright the light is on each pixel, float32 around 1: a slope, sometimes a shadow."""
    corners = rng.uniform(0.75 if rng.random() < 0.3 else 0.92, 1.05, (2, 2)).astype(np.float32)
    field = cv2.resize(corners, shape[::-1], interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.08:
        height, width = shape
        start = int(rng.uniform(0, width))
        slope = rng.normal(0, 0.5) * height
        right = rng.random() < 0.5
        far = width + 2 * height if right else -2 * height
        edge = [(start, 0), (far, 0), (far, height), (int(start + slope), height)]
        shadow = np.ones(shape, np.float32)
        cv2.fillPoly(shadow, [np.array(edge, np.int32)], (float(rng.uniform(0.6, 0.9)),))
        field = field * cv2.GaussianBlur(shadow, (0, 0), float(rng.uniform(0.5, 4)))
    return np.asarray(field, np.float32)


def photographed(picture: Grey, rng: Rng, tall: float | None = None) -> NDArray[np.uint8]:
    """What a camera makes of it: blurred, coarse, noisy, compressed.

    picture: (height, width) float32, 0 for black to 255 for white. tall: height of the writing,
    pixels; the picture's for None.
    """
    height, width = picture.shape
    tall = height if tall is None else tall
    if rng.random() < 0.6:
        sigma = rng.uniform(0.2, 0.3 + 0.035 * tall)
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), float(sigma)), np.float32)
    if rng.random() < 0.2 and tall > 28:
        coarse = rng.uniform(max(0.4, 22 / tall), 0.9)
        size = max(8, round(width * coarse)), max(8, round(height * coarse))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        picture = np.asarray(cv2.resize(small, (width, height)), np.float32)
    if rng.random() < 0.7:
        strength = rng.uniform(0.5, 6.5)
        picture = picture + rng.standard_normal(picture.shape, np.float32) * np.float32(strength)
    grey = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.65:
        quality = int(rng.uniform(20, 85))
        _, content = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])
        grey = np.asarray(cv2.imdecode(content, cv2.IMREAD_GRAYSCALE), np.uint8)
    return grey
