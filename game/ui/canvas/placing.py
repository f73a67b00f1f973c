"""Where the frames and captions of many characters stand: rectangles in, rectangles out.

All captions of a page stand on the same side of their frames, so that one sees to which they
belong. They hide neither another character's ink nor another caption, where possible. They come in
several sizes, from the longest to the smallest; the first at which nearly all find a place is
taken for all, so that a row of characters looks even, and only those left over become smaller
still. In a crowd that has no room between its frames captions stand on the frames' own lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pygame import Rect

Size = tuple[int, int]  # width and height, pixels

_NEARLY_ALL = 0.8  # of the characters
_SMALL_WITHIN = 8  # times a caption goes into a frame that it may stand in, over the ink


@dataclass(frozen=True)
class Caption:
    """Where a caption stands. level: which of the sizes offered it has, 0 for the first."""

    place: Rect
    level: int


@dataclass(frozen=True)
class Ground:
    """What all captions of a page have in common.

    frames: around the characters, on the canvas. canvas: that captions are to stand on. gap:
    pixels from a caption to its frame, at most. below: captions stand below their frames, not
    above. on_line: the first level at which they stand on their frames' lines instead. counts: how
    many characters each caption is of.
    """

    frames: list[Rect]
    canvas: Rect
    gap: int
    below: bool
    on_line: int
    counts: list[int]


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


class Captions:
    """Finds places for captions, and remembers the page before: what no change is near stays as it
    is. So a character more costs little on a full page, and what comes out is the same.
    """

    def __init__(self) -> None:
        self._before: _Page | None = None

    def place(self, ground: Ground, sizes: Sequence[Sequence[Size]]) -> list[Caption]:
        """A place for each frame's caption, whole on the canvas as far as it fits there at all.

        sizes: for each frame equally many, the longest first; the last from `on_line` on.
        """
        if not ground.frames:
            return []
        self._before = _placed(ground, sizes, self._before)
        return self._before.captions


@dataclass(frozen=True)
class _Page:
    """What came out for a page.

    tried: for each level, as far as it was tried, the captions, None for those that would hide
    something. level: the one that nearly all captions have. captions: at last, one for each frame.
    """

    ground: Ground
    sizes: Sequence[Sequence[Size]]
    tried: dict[int, list[Caption | None]]
    level: int
    captions: list[Caption]


class _Known:
    """What came out before for frames that are still there, and where anything has changed.

    captions: by the frame's index now. changed: frames and captions that came, went or moved.
    """

    def __init__(self, captions: dict[int, Caption | None], changed: list[Rect]) -> None:
        self.captions = captions
        self.changed = changed

    def still_holds(self, frame: Rect, index: int, gap: int, size: Size) -> bool:
        """Whether nothing has changed in reach of a caption of that frame.

        size: the caption's, at most. It stands at its frame, wherever the canvas ends.
        """
        reach = frame.inflate(2 * (size[0] + gap), 2 * (size[1] + gap))
        return index in self.captions and reach.collidelist(self.changed) < 0

    def note(self, index: int, caption: Caption | None) -> None:
        """What comes out now, so that what follows takes note of a change."""
        before = self.captions.get(index)
        if caption != before:
            self.changed += [each.place for each in (before, caption) if each is not None]


class _Change:
    """Which frames of a page are new since the page before: all between those that are the same."""

    def __init__(
        self, ground: Ground, sizes: Sequence[Sequence[Size]], before: _Page | None
    ) -> None:
        now = list(zip(ground.frames, sizes, strict=True))
        then: list[tuple[Rect, Sequence[Size]]] = []
        if before is not None:
            as_now = replace(before.ground, frames=ground.frames, counts=ground.counts)
            if as_now == ground:
                then = list(zip(before.ground.frames, before.sizes, strict=True))
        self._start = _same(now, then)
        behind = _same(now[self._start :][::-1], then[self._start :][::-1])
        self._end = len(then) - behind
        self._shift = len(now) - len(then)
        new = now[self._start : len(now) - behind] + then[self._start : self._end]
        self._frames = [frame for frame, _ in new]

    def known(self, captions: Sequence[Caption | None]) -> _Known:
        """Captions of the page before, frame by frame, as known on this page."""
        kept, gone = {}, []
        for index, caption in enumerate(captions):
            if index < self._start:
                kept[index] = caption
            elif index >= self._end:
                kept[index + self._shift] = caption
            elif caption is not None:
                gone.append(caption.place)
        return _Known(kept, self._frames + gone)


def _same(some: Sequence[object], others: Sequence[object]) -> int:
    """How many are the same at the beginning."""
    least = min(len(some), len(others))
    return next((i for i in range(least) if some[i] != others[i]), least)


def _placed(ground: Ground, sizes: Sequence[Sequence[Size]], before: _Page | None) -> _Page:
    change = _Change(ground, sizes, before)
    tried: dict[int, list[Caption | None]] = {}
    count, last = sum(ground.counts), len(sizes[0]) - 1
    for level in range(last + 1):
        missing = count - math.ceil(_NEARLY_ALL * count) if 0 < level < last else 0
        missing = count if level == last else missing
        known = change.known(before.tried.get(level, []) if before else [])
        tried[level] = _at_level(ground, sizes, level, missing, known)
        if _missing(ground, tried[level]) <= missing:
            break
    rest = change.known(before.captions if before and before.level == level else [])
    rest.changed += known.changed
    captions = _with_the_rest(ground, sizes, tried[level], level, rest)
    return _Page(ground, sizes, tried, level, captions)


def _at_level(
    ground: Ground, sizes: Sequence[Sequence[Size]], level: int, missing: int, known: _Known
) -> list[Caption | None]:
    """Captions of one level; None for those that would hide something.

    Ends as soon as more are `missing`.
    """
    captions: list[Caption | None] = []
    taken: list[Rect] = []
    without = 0
    for index, (frame, each) in enumerate(zip(ground.frames, sizes, strict=True)):
        if known.still_holds(frame, index, ground.gap, each[level]):
            caption = known.captions[index]
        else:
            place = _free(ground, index, each[level], level, taken)
            caption = None if place is None else Caption(place, level)
            known.note(index, caption)
        captions.append(caption)
        if caption is not None:
            taken.append(caption.place)
            continue
        without += ground.counts[index]
        if without > missing:
            break
    return captions


def _missing(ground: Ground, captions: Sequence[Caption | None]) -> int:
    """How many characters have no caption so far."""
    pairs = zip(captions, ground.counts, strict=False)
    return sum(count for caption, count in pairs if caption is None)


def _with_the_rest(
    ground: Ground,
    sizes: Sequence[Sequence[Size]],
    found: Sequence[Caption | None],
    level: int,
    known: _Known,
) -> list[Caption]:
    """The captions of one level, and smaller ones for those that found no place there."""
    taken = [caption.place for caption in found if caption is not None]
    captions = []
    for index, caption in enumerate(found):
        if caption is None:
            widths, heights = zip(*sizes[index][level:], strict=True)
            most = max(widths), max(heights)
            if known.still_holds(ground.frames[index], index, ground.gap, most):
                caption = known.captions[index]
            caption = caption or _smaller(ground, index, sizes[index], level, taken)
            taken.append(caption.place)
        known.note(index, caption)
        captions.append(caption)
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

    Nor may it stand as near to another's frame as to its own: it could be taken for the other's.
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
    # Nearer where the canvas would end otherwise.
    canvas = ground.canvas
    over = max(frame.top - gap - height, min(canvas.top, frame.top - 1 - height))
    under = min(frame.bottom + gap, max(canvas.bottom - height, frame.bottom + 1))
    has_over = over >= canvas.top
    has_under = under + height <= canvas.bottom
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
    clips = (place.clip(others[i]) for i in place.collidelistall(others))
    return sum(clip.width * clip.height for clip in clips)
