"""The window's colours and lengths as a style sheet: one constant for one fact."""

from __future__ import annotations

from game.ui import theme
from game.ui.theme import Colour

_COLOURS: dict[str, Colour] = {
    "paper": theme.PAPER,
    "ink": theme.INK,
    "surface": theme.SURFACE,
    "raised": theme.RAISED,
    "line": theme.LINE,
    "plate": theme.PLATE,
    "text": theme.TEXT,
    "quiet": theme.QUIET,
    "idle": theme.IDLE,
    "faint": theme.FAINT,
    "inviting": theme.INVITING,
    "alarm": theme.ALARM,
    "chosen": theme.CHOSEN,
    "accent": theme.SKY,
    **theme.ANSWER_COLOURS,
    **{f"{kind}-dim": theme.writing(c, theme.PAPER) for kind, c in theme.ANSWER_COLOURS.items()},
    **{f"{kind}-marked": theme.marked(colour) for kind, colour in theme.ANSWER_COLOURS.items()},
    "text-dim": theme.writing(theme.TEXT, theme.PAPER),
}
_LENGTHS = {
    "hair": theme.HAIR,
    "edge": theme.EDGE,
    "tight": theme.TIGHT,
    "near": theme.NEAR,
    "gap": theme.GAP,
    "margin": theme.MARGIN,
    "wide": theme.WIDE,
    "radius": theme.RADIUS,
    "corner": theme.CORNER,
    "target": theme.TARGET,
    "small": theme.SMALL,
    "label": theme.LABEL,
    "figure": theme.FIGURE,
    "body": theme.BODY,
    "lead": theme.LEAD,
    "heading": theme.HEADING,
    "title": theme.TITLE,
    "number": theme.NUMBER,
    "score": theme.SCORE,
}
_USUAL = 16  # pixels of a browser's rem, which is scale 1 of the window


def stylesheet() -> str:
    """`--name: value;` for each colour and each length of the window."""
    lines = [f"  --{name}: rgb{colour};" for name, colour in _COLOURS.items()]
    lines += [f"  --{name}: {length / _USUAL}rem;" for name, length in _LENGTHS.items()]
    return "\n".join([":root {", *lines, "}", ""])
