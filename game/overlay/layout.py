"""Where everything stands on the window: rectangles from its size and the interface's scale."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from models.image import SIDE

SMALLEST = (480, 360)  # pixels at scale 1: everything is readable from here on
USUAL = (960, 640)


@dataclass(frozen=True)
class PanelLayout:
    """Inside the side panel: the answer, one row for each bar, and the network's image."""

    answer: Rect
    rows: tuple[Rect, ...]
    image: Rect | None
    caption: Rect | None


@dataclass(frozen=True)
class Layout:
    """The window's parts, in pixels; None for those that it has no room for."""

    scale: float
    window: Rect
    canvas: Rect
    panel: Rect | None
    hints: Rect | None

    def pixels(self, length: float) -> int:
        """A length of the interface at scale 1, in this window's pixels; at least one."""
        return max(1, round(length * self.scale))


def layout_of(size: tuple[int, int], scale: float, show_panel: bool) -> Layout:
    """The canvas takes what the panel (right) and the line of keys (bottom) leave.

    size: the window's width and height in pixels, of any size: in a window that is smaller than
    `SMALLEST` the panel gives way first, then the line of keys.
    """
    width, height = max(1, size[0]), max(1, size[1])
    strip = round(32 * scale) if height >= 240 * scale else 0
    side = round((232 if width >= 720 * scale else 172) * scale)
    if not show_panel or width - side < 280 * scale or height - strip < 310 * scale:
        side = 0
    return Layout(
        scale=scale,
        window=Rect(0, 0, width, height),
        canvas=Rect(0, 0, width - side, height - strip),
        panel=Rect(width - side, 0, side, height - strip) if side else None,
        hints=Rect(0, height - strip, width, strip) if strip else None,
    )


def panel_layout(panel: Rect, scale: float, bars: int) -> PanelLayout:
    """Divides the panel; the image is enlarged by whole numbers, so that its pixels are squares."""
    roomy = panel.height >= 460 * scale
    margin = round((14 if roomy else 9) * scale)
    gap = round((14 if roomy else 8) * scale)
    caption_height = round(18 * scale)
    answer = Rect(
        panel.x + margin,
        panel.y + margin,
        panel.width - 2 * margin,
        round((52 if roomy else 34) * scale),
    )
    bottom = panel.bottom - margin
    room = bottom - answer.bottom - 2 * gap - caption_height
    row = (room - min(answer.width, 0.42 * room)) / max(1, bars)
    row_height = round(min(max(row, 15 * scale), 26 * scale))
    rows = tuple(
        Rect(answer.x, answer.bottom + gap + i * row_height, answer.width, row_height)
        for i in range(bars)
    )
    top = answer.bottom + gap + bars * row_height + gap
    enlarged = min(answer.width, bottom - caption_height - top) // SIDE
    if enlarged < 1:
        return PanelLayout(answer, rows, None, None)
    side = enlarged * SIDE
    image = Rect(answer.centerx - side // 2, top, side, side)
    caption = Rect(answer.x, image.bottom + round(2 * scale), answer.width, caption_height)
    return PanelLayout(answer, rows, image, caption)


def caption_place(box: Rect, size: tuple[int, int], gap: int, canvas: Rect) -> Rect:
    """Where an answer `size` pixels large stands: over its ink, where it hides none of it.

    Above the box if there is room, else below, else beside, else inside its upper edge; always
    whole on the canvas, as far as it fits there at all.
    """
    width, height = size
    left = max(canvas.left, min(box.left, canvas.right - width))
    middle = max(canvas.top, min(box.top, canvas.bottom - height))
    if box.top - gap - height >= canvas.top:
        return Rect(left, box.top - gap - height, width, height)
    if box.bottom + gap + height <= canvas.bottom:
        return Rect(left, box.bottom + gap, width, height)
    if box.right + gap + width <= canvas.right:
        return Rect(box.right + gap, middle, width, height)
    if box.left - gap - width >= canvas.left:
        return Rect(box.left - gap - width, middle, width, height)
    return Rect(left, middle, width, height)
