"""Outliers that training never shows: only for measuring how well a network refuses.

Training shows those of `outliers.py`. A network may learn just these; a fair figure of refusal
needs families that it has never seen. No person may take one of them for a digit. Keep them out of
training, and draw them as play draws ink, so that figures stay comparable when training varies its
examples in another way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.ink.strokes import Stroke
from training.data.outliers import rotation, smooth

Points = NDArray[np.float64]


def arrow(rng: np.random.Generator) -> list[Stroke]:
    """An arrow to the left or right, sometimes with two heads: an upright one may be a one."""
    angle = rng.choice([0, np.pi]) + rng.normal(0, 0.2)
    barb, spread = rng.uniform(0.55, 0.85), rng.uniform(0.5, 0.8)
    lines = [_curve([(-1, 0), (0, rng.normal(0, 0.08)), (1, 0)])]
    for end in (1, -1) if rng.random() < 0.3 else (1,):
        across, back = barb * np.sin(spread), end * (1 - barb * np.cos(spread))
        lines.append(_line([(back, -across), (end, 0), (back, across)], rng))
    return _by_hand([line @ rotation(angle) for line in lines], rng)


def heart(rng: np.random.Generator) -> list[Stroke]:
    """A heart in one line that starts and ends in its notch."""
    t = np.linspace(0.05, 2 * np.pi - rng.uniform(-0.05, 0.15), 60)
    x = np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16
    return _by_hand([np.column_stack([x * rng.uniform(0.85, 1.2), y])], rng)


def star(rng: np.random.Generator) -> list[Stroke]:
    """A star of five points: drawn through, or its outline with five to eight points."""
    if rng.random() < 0.5:
        around, reach = np.arange(6) * 0.8 * np.pi, np.ones(6)
    else:
        tips = int(rng.integers(5, 9))
        around = np.arange(2 * tips + 1) * np.pi / tips
        reach = np.where(np.arange(2 * tips + 1) % 2, rng.uniform(0.35, 0.5), 1.0)
    around = around - np.pi / 2
    corners = np.column_stack([np.cos(around), np.sin(around)]) * reach[:, np.newaxis]
    return _by_hand([_line(corners, rng, 0.05)], rng)


def spiral(rng: np.random.Generator) -> list[Stroke]:
    """Three or four turns, from the middle out or back in, either way round."""
    turns = rng.uniform(3, 4)
    t = np.linspace(0.3, turns * 2 * np.pi, int(30 * turns))
    start, way = rng.uniform(0, 2 * np.pi), rng.choice([-1, 1])
    line = np.column_stack([np.cos(start + way * t), np.sin(start + way * t)]) * t[:, np.newaxis]
    return _by_hand([line[:: rng.choice([-1, 1])]], rng)


def note(rng: np.random.Generator) -> list[Stroke]:
    """Two notes under one or two beams, heads filled."""
    gap, slope = rng.uniform(0.9, 1.4), rng.normal(-0.1, 0.1)
    lines = []
    for x, y in ((0.0, 0.0), (gap, slope)):
        lines += [_filled((x, y), 0.3, 0.22, rng), _line([(x + 0.28, y), (x + 0.28, y - 1.5)], rng)]
    for level in (0.0, 0.3)[: int(rng.integers(1, 3))]:
        beam = [(0.28, level - 1.5), (gap + 0.28, slope + level - 1.5)]
        lines.append(_line(beam, rng))
    return _by_hand(lines, rng)


def mathematical(rng: np.random.Generator) -> list[Stroke]:
    """A root, a sum, a division sign, per cent, a hash, infinity, or not equal."""
    signs = (_root, _sum, _division, _per_cent, _hash, _infinity, _not_equal)
    return _by_hand(signs[int(rng.integers(len(signs)))](rng), rng)


def mark(rng: np.random.Generator) -> list[Stroke]:
    """A mark of writing: a pair of braces, an at sign, quotes, or two or three exclamations."""
    marks = (_braces, _at, _quotes, _exclamations)
    return _by_hand(marks[int(rng.integers(len(marks)))](rng), rng)


def tick(rng: np.random.Generator) -> list[Stroke]:
    """A check mark: down a little, then far up to the right; sometimes two."""
    up, across = rng.uniform(0.9, 1.3), rng.uniform(1.1, 1.6)
    down = rng.uniform(0.35, 0.5)
    line = np.array([(-down, -down * rng.uniform(0.9, 1.3)), (0, 0), (across, -up)])
    lines = [_line(line, rng)]
    if rng.random() < 0.3:
        lines.append(_line(line + np.array([0.5, 0.05]), rng))
    return _by_hand(lines, rng)


def house(rng: np.random.Generator) -> list[Stroke]:
    """Walls and a roof, with a window, most with a door."""
    roof, wide = rng.uniform(0.7, 1.0), rng.uniform(0.8, 1.1)
    walls = _line([(-wide, 0), (-wide, 1.5), (wide, 1.5), (wide, 0), (-wide, 0)], rng)
    lines = [walls, _line([(-wide, 0), (0, -roof), (wide, 0)], rng)]
    if rng.random() < 0.6:
        x = rng.uniform(-0.5, 0.2)
        lines.append(_line([(x, 1.5), (x, 0.8), (x + 0.4, 0.8), (x + 0.4, 1.5)], rng))
    lines.append(_box((rng.uniform(-0.4, 0.4), 0.4), 0.22, rng))
    return _by_hand(lines, rng)


def crossed_box(rng: np.random.Generator) -> list[Stroke]:
    """A box or a circle with a cross or an x in it, as on a ballot."""
    reach = rng.uniform(0.7, 1.15)
    lines = [_box((0, 0), 1, rng) if rng.random() < 0.6 else _circle((0, 0), 1, 1, rng)]
    turn = rotation(rng.choice([0, np.pi / 4]) + rng.normal(0, 0.08))
    for tip in ((reach, 0.0), (0.0, reach)):
        lines.append(_line([(-tip[0], -tip[1]), tip], rng) @ turn)
    return _by_hand(lines, rng)


def face(rng: np.random.Generator) -> list[Stroke]:
    """A head with two eyes and a mouth that laughs or not, sometimes with a nose."""
    smile = rng.uniform(-0.25, 0.35)
    lines = [_circle((0, 0), rng.uniform(0.85, 1), 1, rng)]
    for x in (-0.35, 0.35):
        eye = (x + rng.normal(0, 0.04), -0.3 + rng.normal(0, 0.04))
        lines.append(_circle(eye, 0.1, 0.1, rng))
    lines.append(_curve([(-0.45, 0.35), (0, 0.35 + smile), (0.45, 0.35)]))
    if rng.random() < 0.4:
        lines.append(_line([(0, -0.1), (rng.normal(0, 0.05), 0.15)], rng))
    return _by_hand(lines, rng)


def block(rng: np.random.Generator) -> list[Stroke]:
    """An area scribbled full: what was there is not to be read."""
    turns, wide = int(rng.integers(14, 26)), rng.uniform(0.5, 1.2)
    x, y = np.linspace(-wide, wide, turns), np.where(np.arange(turns) % 2, 0.7, -0.7)
    first = _line(np.column_stack([x, y]), rng, 0.08)
    lines = [first, first[::-1] @ rotation(0.5)] if rng.random() < 0.5 else [first]
    return _by_hand([line @ rotation(rng.normal(0, 0.3)) for line in lines], rng)


def crossed_out(drawings: Sequence[Sequence[Stroke]], rng: np.random.Generator) -> list[Stroke]:
    """A digit that its writer struck out: with an x over all of it, with three lines, or a scrawl.

    drawings: of digits, best without ones, by writers held out of training.
    """
    digit = drawings[int(rng.integers(len(drawings)))]
    every = np.concatenate([stroke.points for stroke in digit])
    low, high = every.min(axis=0), every.max(axis=0)
    middle, half = (low + high) / 2, max(float((high - low).max()) / 2, 1e-9)
    wide = max(0.8, float((high - low)[0]) / half / 2 + 0.2)
    kind = rng.random()
    if kind < 0.4:
        over = [
            _line([(-wide, -1.05), (wide, 1.05)], rng, 0.1),
            _line([(wide, -1.05), (-wide, 1.05)], rng, 0.1),
        ]
    elif kind < 0.75:
        slope = rng.choice([-1, 1]) * rng.uniform(0.2, 0.8)
        over = [
            _line([(-wide, y - slope), (wide, y + slope)], rng, 0.08) for y in (-0.45, 0.0, 0.45)
        ]
    else:
        turns = int(rng.integers(8, 14))
        x = np.where(np.arange(turns) % 2, wide, -wide)
        over = [_line(np.column_stack([x, np.linspace(-0.8, 0.8, turns)]), rng, 0.1)]
    return [*digit, *(Stroke(line * half + middle) for line in over)]


UNSEEN_OUTLIERS = (
    arrow,
    heart,
    star,
    spiral,
    note,
    mathematical,
    mark,
    tick,
    house,
    crossed_box,
    face,
    block,
)


def _root(rng: np.random.Generator) -> list[Points]:
    long = rng.uniform(1.2, 2)
    return [_line([(-0.6, 0.1), (-0.4, 0), (-0.1, 0.9), (0.35, -0.9), (0.35 + long, -0.9)], rng)]


def _sum(rng: np.random.Generator) -> list[Points]:
    wide = rng.uniform(0.6, 0.8)
    corners = [(wide, -0.7), (wide, -1), (-wide, -1), (0.1, 0), (-wide, 1), (wide, 1), (wide, 0.7)]
    return [_line(corners, rng)]


def _division(rng: np.random.Generator) -> list[Points]:
    away = rng.uniform(0.45, 0.65)
    lines = [_line([(-1, 0), (1, 0)], rng)]
    return [*lines, *(_filled((0, y), 0.12, 0.12, rng) for y in (-away, away))]


def _per_cent(rng: np.random.Generator) -> list[Points]:
    lean, size = rng.uniform(0.5, 0.8), rng.uniform(0.28, 0.38)
    rings = [_circle((way * 0.6, way * 0.55), size, size * 1.1, rng) for way in (-1, 1)]
    return [_line([(lean, -1), (-lean, 1)], rng), *rings]


def _hash(rng: np.random.Generator) -> list[Points]:
    gap, lean = rng.uniform(0.28, 0.4), rng.uniform(0, 0.25)
    upright = [_line([(x + lean, -1), (x - lean, 1)], rng) for x in (-gap, gap)]
    return [*upright, *(_line([(-1, y), (1, y)], rng) for y in (-gap, gap))]


def _infinity(rng: np.random.Generator) -> list[Points]:
    t = np.linspace(0, 2 * np.pi, 60) + rng.uniform(0, 2 * np.pi)
    across = rng.uniform(0.35, 0.5)
    return [np.column_stack([np.cos(t), across * np.sin(2 * t)])]


def _not_equal(rng: np.random.Generator) -> list[Points]:
    gap, lean = rng.uniform(0.2, 0.3), rng.uniform(0.2, 0.5)
    flat = [_line([(-0.9, y), (0.9, y)], rng) for y in (-gap, gap)]
    return [*flat, _line([(lean, -0.9), (-lean, 0.9)], rng)]


def _braces(rng: np.random.Generator) -> list[Points]:
    apart = rng.uniform(0.8, 1.1)
    half = [(0.35, -1), (0.1, -0.95), (0.1, -0.2), (-0.2, 0), (0.1, 0.2), (0.1, 0.95), (0.35, 1)]
    left = _curve(half) - np.array([apart, 0])
    return [left, left * np.array([-1, 1])]


def _at(rng: np.random.Generator) -> list[Points]:
    t = np.linspace(0, rng.uniform(1.75, 1.9) * np.pi, 40)
    ring = np.column_stack([np.cos(t), -0.95 * np.sin(t)])
    tail = _curve([(0.4, -0.35), (0.4, 0.25), (0.7, 0.5), (1, 0)])
    return [_circle((0, 0), 0.4, 0.42, rng), np.vstack([tail, ring])]


def _quotes(rng: np.random.Generator) -> list[Points]:
    lean = rng.uniform(0.05, 0.2)
    apart, low = rng.uniform(0.9, 1.4), rng.choice([0.0, 0.7])
    lines = []
    for x, y in ((0.0, low), (0.3, low), (apart, 0.0), (apart + 0.3, 0.0)):
        lines.append(_curve([(x + lean, y), (x + lean, y + 0.2), (x - lean, y + 0.45)]))
    return lines


def _exclamations(rng: np.random.Generator) -> list[Points]:
    lines = []
    for index in range(int(rng.integers(2, 4))):
        x = 0.6 * index
        lines += [_line([(x, -1), (x, 0.45)], rng), _filled((x, 0.95), 0.1, 0.1, rng)]
    return lines


def _by_hand(lines: Sequence[Points], rng: np.random.Generator) -> list[Stroke]:
    """The lines about as if drawn by hand: turned, slanted, stretched and bent a little."""
    every = np.concatenate(lines)
    middle, side = (every.max(axis=0) + every.min(axis=0)) / 2, float(np.ptp(every, axis=0).max())
    stretch = np.exp(rng.normal(0, 0.08))
    slanted = np.array([[stretch, 0], [rng.normal(0, 0.12), 1 / stretch]])
    matrix = slanted @ rotation(rng.normal(0, 0.09)) / side
    waves, phases = rng.normal(0, 3, (2, 2)), rng.uniform(0, 2 * np.pi, 2)
    bend = rng.normal(0, 0.02, 2)
    placed = [(line - middle) @ matrix for line in lines]
    return [Stroke(line + bend * np.sin(line @ waves + phases)) for line in placed]


def _line(corners: ArrayLike, rng: np.random.Generator, unsteady: float = 0.04) -> Points:
    """A line of eight points from corner to corner, each corner a little out of its place."""
    out_of_true = np.asarray(corners, np.float64)
    out_of_true = out_of_true + rng.normal(0, unsteady, out_of_true.shape)
    t = np.linspace(0, len(out_of_true) - 1, 8 * (len(out_of_true) - 1) + 1)
    at = np.arange(len(out_of_true))
    return np.column_stack([np.interp(t, at, out_of_true[:, axis]) for axis in (0, 1)])


def _curve(corners: ArrayLike) -> Points:
    return smooth(np.asarray(corners, np.float64))


def _circle(
    middle: tuple[float, float], wide: float, high: float, rng: np.random.Generator
) -> Points:
    """Once round, starting anywhere, the end not quite where the start is."""
    start, round_ = rng.uniform(0, 2 * np.pi), 2 * np.pi * rng.uniform(0.95, 1.05)
    t = start + np.linspace(0, round_, 32)
    drift = np.linspace(0, rng.normal(0, 0.08), 32)[:, np.newaxis] * min(wide, high)
    return np.asarray(middle) + np.column_stack([wide * np.cos(t), high * np.sin(t)]) + drift


def _filled(
    middle: tuple[float, float], wide: float, high: float, rng: np.random.Generator
) -> Points:
    """A blob: three times round, ever smaller."""
    t = rng.uniform(0, 2 * np.pi) + np.linspace(0, 6 * np.pi, 48)
    size = np.linspace(1, 0.1, 48)[:, np.newaxis]
    return np.asarray(middle) + size * np.column_stack([wide * np.cos(t), high * np.sin(t)])


def _box(middle: tuple[float, float], half: float, rng: np.random.Generator) -> Points:
    ring = half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)])
    return _line(np.asarray(middle) + ring, rng, 0.06 * half)
