"""Corrections of the segmentation: which ink a person merged, split or labelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.ink.strokes import Stroke
from models.segmentation.candidates import Cluster
from models.segmentation.segments import StrokeSegment

# One character's ink: whole strokes, or the segments of those that were cut.
Ink = frozenset[Stroke]


@dataclass(frozen=True)
class SegmentationEdits:
    """A person's corrections of a page's segmentation; they override the network.

    merged: each is one character.
    split: each is not one character, but several.
    labels: each is one character with this label.
    """

    merged: frozenset[Ink] = frozenset()
    split: frozenset[Ink] = frozenset()
    labels: frozenset[tuple[Ink, str]] = frozenset()

    def with_merged(self, inks: Iterable[Iterable[Stroke]]) -> SegmentationEdits:
        """These edits with the ink of several characters as one character."""
        one = frozenset(stroke for ink in inks for stroke in ink)
        kept = frozenset(each for each in self.merged if not each & one)
        return SegmentationEdits(kept | {one}, self.split - {one}, self._labels_beside(one))

    def with_split(self, ink: Iterable[Stroke]) -> SegmentationEdits:
        """These edits with that character as several."""
        one = frozenset(ink)
        return SegmentationEdits(self.merged - {one}, self.split | {one}, self._labels_beside(one))

    def with_label(self, ink: Iterable[Stroke], label: str) -> SegmentationEdits:
        """These edits with that ink as one character with this label."""
        one = frozenset(ink)
        merged = self.with_merged([one])
        return SegmentationEdits(merged.merged, merged.split, merged.labels | {(one, label)})

    def _labels_beside(self, one: Ink) -> frozenset[tuple[Ink, str]]:
        return frozenset(each for each in self.labels if not each[0] & one)


AS_READ = SegmentationEdits()


def edited_strokes(
    strokes: Sequence[Stroke], edits: SegmentationEdits, together: Sequence[Sequence[int]]
) -> set[int]:
    """Indices of the strokes that were edited: they are no sketch.

    together: those merged, from `merged_strokes`.
    """
    apart = {stroke for ink in edits.split for stroke in ink}
    own = {i for i, stroke in enumerate(strokes) if stroke in apart} if apart else set()
    return own.union(*together)


def merged_strokes(strokes: Sequence[Stroke], edits: SegmentationEdits) -> list[list[int]]:
    """Indices of the strokes of each merged ink, whole or in part: they come into one cluster."""
    if not edits.merged:
        return []
    lines = [stroke.points.tobytes() for stroke in strokes]
    whole: dict[bytes, list[int]] = {}
    for index, line in enumerate(lines):
        whole.setdefault(line, []).append(index)

    def owners(ink: bytes) -> list[int]:
        return whole.get(ink) or [i for i, line in enumerate(lines) if ink in line]

    return [
        [index for stroke in ink for index in owners(stroke.points.tobytes())]
        for ink in edits.merged
    ]


def edited_primitives(
    cluster: Cluster[StrokeSegment], edits: SegmentationEdits
) -> tuple[set[int], list[tuple[int, tuple[int, ...]]]]:
    """The masks of the ink that was split; of the ink that was merged, mask and segments.

    Returns masks of primitive segments as in `Cluster`, and segments by their indices. No two of
    the merged overlap.
    """
    if edits == AS_READ:
        return set(), []
    mask_of = {
        members[0]: mask
        for members, mask in zip(cluster.candidates, cluster.masks, strict=True)
        if len(members) == 1
    }

    def found(inks: Iterable[Ink]) -> list[tuple[int, tuple[int, ...]]]:
        """Mask and segments of each ink that is all there."""
        result = []
        for ink in inks:
            members = tuple(k for k, each in enumerate(cluster.segments) if each.ink in ink)
            if len(members) >= len(ink):
                mask = 0
                for k in members:
                    mask |= mask_of[k]
                result.append((mask, members))
        return sorted(result, reverse=True)

    split = {mask for mask, _ in found(edits.split) if mask.bit_count() > 1}
    merged: list[tuple[int, tuple[int, ...]]] = []
    taken = 0
    for mask, members in found(edits.merged):
        if not mask & taken:  # otherwise these are segments of a stroke that now is cut elsewhere
            taken |= mask
            merged.append((mask, members))
    return split, merged
