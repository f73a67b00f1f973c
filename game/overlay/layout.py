"""Where everything stands on the window: rectangles from its size and the interface's scale."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from models.image import SIDE

SMALLEST = (480, 360)  # pixels at scale 1: everything is readable from here on
USUAL = (960, 640)


@dataclass(frozen=True)
class PanelLayout:
    """Inside the side panel: the answer, one row for each bar, and the network's image.

    heading: which of several characters the bars are of; None where there is only one.
    """

    answer: Rect
    heading: Rect | None
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


def panel_layout(panel: Rect, scale: float, bars: int, lines: int = 0) -> PanelLayout:
    """Divides the panel; the image is enlarged by whole numbers, so that its pixels are squares.

    lines: of writing, where the panel shows one of several characters; 0 where there is only one.
    """
    roomy = panel.height >= 460 * scale
    margin = round((14 if roomy else 9) * scale)
    gap = round((14 if roomy else 8) * scale)
    caption_height = round(18 * scale)
    # Several lines of writing get more room where there is some.
    height = max(52, min(27 * lines, 108)) if roomy else max(34, min(14 * lines, 44))
    answer = Rect(
        panel.x + margin, panel.y + margin, panel.width - 2 * margin, round(height * scale)
    )
    heading = None
    above = answer.bottom
    if lines:
        heading = Rect(
            answer.x, above + gap // 2, answer.width, round((20 if roomy else 16) * scale)
        )
        above = heading.bottom
    bottom = panel.bottom - margin
    room = bottom - above - 2 * gap - caption_height
    row = (room - min(answer.width, 0.42 * room)) / max(1, bars)
    row_height = round(min(max(row, 15 * scale), 26 * scale))
    rows = tuple(
        Rect(answer.x, above + gap + i * row_height, answer.width, row_height) for i in range(bars)
    )
    top = above + gap + bars * row_height + gap
    enlarged = min(answer.width, bottom - caption_height - top) // SIDE
    if enlarged < 1:
        return PanelLayout(answer, heading, rows, None, None)
    side = enlarged * SIDE
    image = Rect(answer.centerx - side // 2, top, side, side)
    caption = Rect(answer.x, image.bottom + round(2 * scale), answer.width, caption_height)
    return PanelLayout(answer, heading, rows, image, caption)
