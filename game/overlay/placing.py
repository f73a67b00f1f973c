"""Where the frames and captions of many characters stand: rectangles in, rectangles out.

All captions of a page stand on the same side of their frames, so that one sees whose they are, and
hide neither another character's ink nor another caption, as far as that can be had. They come in
several sizes, from the most telling to the smallest; the first at which nearly all find a place is
taken for all, so that a row of characters looks like one, and only those left over become smaller
still. In a crowd that has no room between its frames captions stand on the frames' own lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pygame import Rect

Size = tuple[int, int]  # width and height, pixels

_NEARLY_ALL = 0.8  # of the captions
_SMALL_WITHIN = 8  # times a caption goes into a frame that it may stand in, over the ink


@dataclass(frozen=True)
class Caption:
    """Where a caption stands. level: which of the sizes offered it has, 0 for the first."""

    place: Rect
    level: int


@dataclass(frozen=True)
class Ground:
    """What all captions of a page have in common.

    frames: around the characters. canvas: that captions are to stand on. gap: pixels from a
    caption to its frame, at most. below: captions stand below their frames, not above.
    on_line: the first level at which they stand on their frames' lines instead.
    """

    frames: list[Rect]
    canvas: Rect
    gap: int
    below: bool
    on_line: int


def place_frames(boxes: Sequence[Rect], margin: int, canvas: Rect) -> list[Rect]:
    """Frames around boxes of ink, `margin` pixels away, nearer where another frame is in the way.

    boxes: on or off the canvas. Returns frames on the canvas, as far as the boxes are, which
    overlap only where their boxes do; each is at least one pixel wide and high.
    """
    wide = [box.inflate(2 * margin, 2 * margin) for box in boxes]
    frames = []
    for i, box in enumerate(boxes):
        room = margin
        for j in wide[i].collidelistall(wide):
            if j != i:
                room = min(room, max(0, (_gap(box, boxes[j]) - 1) // 2))
        frames.append(_clipped(box.inflate(2 * room, 2 * room), canvas))
    return frames


def place_captions(ground: Ground, sizes: Sequence[Sequence[Size]]) -> list[Caption]:
    """A place for each frame's caption, whole on the canvas as far as it fits there at all.

    sizes: for each frame equally many, the most telling first; the last from `on_line` on.
    """
    if not ground.frames:
        return []
    places: list[Rect | None] | None = None
    last = len(sizes[0]) - 1
    for level in range(last + 1):
        count = len(sizes)
        missing = count - math.ceil(_NEARLY_ALL * count) if 0 < level < last else 0
        places = _at_level(ground, sizes, level, count if level == last else missing)
        if places is not None:
            break
    assert places is not None
    return _with_the_rest(ground, sizes, places, level)


def _at_level(
    ground: Ground, sizes: Sequence[Sequence[Size]], level: int, missing: int
) -> list[Rect | None] | None:
    """Places for captions of one level; None for those that would hide something.

    Returns None as soon as more are `missing`.
    """
    places: list[Rect | None] = []
    taken: list[Rect] = []
    for index, each in enumerate(sizes):
        place = _free(ground, index, each[level], level, taken)
        places.append(place)
        if place is not None:
            taken.append(place)
        elif len(places) - len(taken) > missing:
            return None
    return places


def _with_the_rest(
    ground: Ground, sizes: Sequence[Sequence[Size]], places: Sequence[Rect | None], level: int
) -> list[Caption]:
    """The captions of one level, and smaller ones for those that found no place there."""
    taken = [place for place in places if place is not None]
    captions = []
    for index, place in enumerate(places):
        if place is not None:
            captions.append(Caption(place, level))
            continue
        captions.append(_smaller(ground, index, sizes[index], level, taken))
        taken.append(captions[-1].place)
    return captions


def _smaller(
    ground: Ground, index: int, sizes: Sequence[Size], level: int, taken: Sequence[Rect]
) -> Caption:
    """The first level after `level` at which a caption finds a place; else it hides the least."""
    for smaller in range(level + 1, len(sizes)):
        place = _free(ground, index, sizes[smaller], smaller, taken)
        if place is not None:
            return Caption(place, smaller)
    last = len(sizes) - 1
    others = [*taken, *ground.frames[:index], *ground.frames[index + 1 :]]
    tried = _candidates(ground, ground.frames[index], sizes[last], last)
    return Caption(min(tried, key=lambda each: _hidden(each, others)), last)


def _free(ground: Ground, index: int, size: Size, level: int, taken: Sequence[Rect]) -> Rect | None:
    """The first place for a caption that hides nothing of others; None where there is none.

    Nor may it stand as near to another's frame as to its own: nobody would know whose it is.
    """
    frames = ground.frames
    frame = frames[index]
    for place in _candidates(ground, frame, size, level):
        if place.collidelist(taken) >= 0:
            continue
        reach = place.union(Rect(place.left, frame.centery, place.width, 1))
        if all(other == index for other in reach.collidelistall(frames)):
            return place
    return None


def _candidates(ground: Ground, frame: Rect, size: Size, level: int) -> Iterator[Rect]:
    """Places for a caption of its frame, the best first, each on the canvas."""
    width, height = size
    if level >= ground.on_line:
        for left in (frame.left, frame.right - width):
            for top in (frame.top, frame.bottom)[:: -1 if ground.below else 1]:
                yield Rect(left, top - height // 2, width, height).clamp(ground.canvas)
        return
    gap = max(1, min(ground.gap, height // 4))
    over, under = frame.top - gap - height, frame.bottom + gap
    has_over = over >= ground.canvas.top
    has_under = under + height <= ground.canvas.bottom
    if has_over or has_under:
        # The other side only where the canvas ends.
        top = under if has_under and (ground.below or not has_over) else over
        for left in (frame.centerx - width // 2, frame.left, frame.right - width):
            yield Rect(left, top, width, height).clamp(ground.canvas)
        return
    for left in (frame.right + gap, frame.left - gap - width):
        place = Rect(left, frame.top, width, height)
        if ground.canvas.left <= left and place.right <= ground.canvas.right:
            yield place.clamp(ground.canvas)
    if _SMALL_WITHIN * width * height <= frame.width * frame.height:
        yield Rect(frame.left, frame.top, width, height).clamp(ground.canvas)


def _gap(first: Rect, second: Rect) -> int:
    """Pixels between two boxes, the larger of across and down; below 0 where they overlap."""
    across = max(first.left, second.left) - min(first.right, second.right)
    down = max(first.top, second.top) - min(first.bottom, second.bottom)
    return max(across, down)


def _clipped(frame: Rect, canvas: Rect) -> Rect:
    clipped = frame.clip(canvas)
    return clipped if min(clipped.size) else Rect(frame.topleft, (1, 1)).clamp(canvas)


def _hidden(place: Rect, others: Sequence[Rect]) -> int:
    """How many pixels of the others a caption would hide."""
    clips = (place.clip(others[i]) for i in place.collidelistall(list(others)))
    return sum(clip.width * clip.height for clip in clips)
