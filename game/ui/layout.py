"""Where everything stands on the window: rectangles from its size and the interface's scale."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from game.ui.theme import GAP, MARGIN, TARGET
from models.preprocessing.mnist_form import SIDE

SMALLEST = (480, 360)  # pixels at scale 1: everything is readable from here on
USUAL = (960, 640)
Point = tuple[float, float]  # in the window's pixels
VIEW_WORDS = 68  # pixels at scale 1: title and caption of a view


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
    toolbar: Rect | None
    inspector: Rect | None = None

    def pixels(self, length: float) -> int:
        """A length of the interface at scale 1, in this window's pixels; at least one."""
        return max(1, round(length * self.scale))


_LEAST_CANVAS = 272  # pixels at scale 1, its height where the views stand below it


def layout_of(
    size: tuple[int, int], scale: float, show_panel: bool, show_views: bool = False
) -> Layout:
    """The canvas takes what the panel (right), the toolbar and the views (bottom) leave.

    In a window that is smaller than `SMALLEST` the panel gives way first, then the toolbar. In a
    low window the views stand at the right, and the panel gives way to them.

    size: the window's width and height in pixels, however small.
    scale: of the interface.
    show_panel, show_views: whether these are wanted.
    """
    width, height = max(1, size[0]), max(1, size[1])
    strip = round(TARGET * scale) if height >= 240 * scale else 0
    below, beside = _room_for_views(width, height - strip, scale) if show_views else (0, 0)
    bottom = height - strip - below
    side = round((232 if width >= 720 * scale else 172) * scale)
    least = 420 if beside else 280
    if not show_panel or width - beside - side < least * scale or bottom < 310 * scale:
        side = 0
    inspector = None
    if below:
        inspector = Rect(0, bottom, width, below)
    elif beside:
        inspector = Rect(width - beside, 0, beside, bottom)
    return Layout(
        scale=scale,
        window=Rect(0, 0, width, height),
        canvas=Rect(0, 0, width - beside - side, bottom),
        panel=Rect(width - beside - side, 0, side, bottom) if side else None,
        toolbar=Rect(0, height - strip, width, strip) if strip else None,
        inspector=inspector,
    )


def _room_for_views(width: int, height: int, scale: float) -> tuple[int, int]:
    """Height of the views below the canvas, or width of those beside it; one or both are 0."""
    if height >= 480 * scale and width >= 280 * scale:
        # So high that all views stand side by side, in a window that is wide enough, as far as
        # the canvas keeps its own height.
        most = min(180, height / scale - _LEAST_CANVAS - VIEW_WORDS)
        picture = min(max(width / scale - 90, 0) / 12.7, most)
        return round((max(picture, 104) + VIEW_WORDS) * scale), 0
    beside = round(min(max(0.36 * width, 172 * scale), 300 * scale))
    return 0, beside if width - beside >= 280 * scale and height >= 240 * scale else 0


def panel_layout(panel: Rect, scale: float, bars: int, lines: int = 0) -> PanelLayout:
    """Divides the panel; the image is enlarged by whole numbers, so that its pixels are squares.

    panel: where it is, in pixels.
    bars: how many rows there are.
    lines: of writing, where the panel shows one of several characters; 0 where there is only one.
    """
    roomy = panel.height >= 460 * scale
    margin = gap = round((MARGIN if roomy else GAP) * scale)
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
