"""The typeface of the window, Atkinson Hyperlegible, in which I, l, 1, 0 and O differ.

What it lacks, such as Cyrillic, is drawn with pygame's own font, or with one of the system.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import pygame
from pygame import Surface
from pygame.font import Font

from models.util.errors import InputError
from models.util.installation import how_to_restore

_FOLDER = Path(__file__).parent / "fonts"
_REGULAR, _BOLD = (
    str(_FOLDER / f"AtkinsonHyperlegible-{weight}.ttf") for weight in ("Regular", "Bold")
)
_OTHER_SIZE = 0.92  # pygame's own font has larger letters at the same size
# Fonts with many scripts that come with Linux, macOS and Windows.
_SYSTEM_FONTS = (
    "dejavusans",
    "notosans",
    "segoeui",
    "notosanscjksc",
    "notosanscjkjp",
    "droidsansfallback",
    "arialunicodems",
    "arialunicode",
    "hiraginosansgb",
    "microsoftyahei",
    "malgungothic",
)
_PROBE = 200  # type size at which no glyph of a font has the measures of its sign for missing ones
_NO_CHARACTER = "\uffff"  # in no font


class Typeface:
    """One size of the typeface.

    height: of a line, in pixels; capitals and digits stand in its middle.
    """

    def __init__(self, size: int, bold: bool) -> None:
        """size: of the type, in pixels. Raises InputError where the file cannot be opened."""
        self._size = size
        file = _BOLD if bold else _REGULAR
        try:
            if not _is_whole(file):
                raise pygame.error("its tables do not lie within it")
            self._font = Font(file, size)
        except (OSError, pygame.error):
            fix = how_to_restore("game/ui/fonts")
            raise InputError(f"{file}: the typeface cannot be opened; {fix}.") from None
        self.height = self._font.get_height()

    def width(self, words: str) -> int:
        """Pixels across."""
        return sum(font.size(run)[0] for font, run in self._runs(words))

    def render(self, words: str, colour: tuple[int, int, int]) -> Surface:
        """One line of words on a transparent ground, `height` pixels high."""
        surface = Surface((self.width(words), self.height), pygame.SRCALPHA)
        left = 0
        for font, run in self._runs(words):
            width = font.size(run)[0]
            if not width:
                continue  # accents alone, which pygame refuses to draw
            top = self._font.get_ascent() - _base_line(font, run)
            surface.blit(font.render(run, True, colour), (left, top))
            left += width
        return surface

    def _runs(self, words: str) -> Iterator[tuple[Font, str]]:
        """Words in parts, each with the font that has its characters."""
        if words.isascii() and words.isprintable():
            yield self._font, words
            return
        for file, run in groupby(_printable(words), _file_with):
            own = file is None or file == _REGULAR
            font = self._font if own else _opened(file, max(1, round(_OTHER_SIZE * self._size)))
            yield font, "".join(run)


@lru_cache
def _is_whole(file: str) -> bool:
    """Whether all tables of a TrueType file lie within it; SDL's library crashes on half a one.

    The directory of tables: OpenType specification 1.9.1, "Organization of an OpenType Font".
    """
    content = Path(file).read_bytes()
    tables = [content[12 + 16 * k :][:16] for k in range(int.from_bytes(content[4:6]))]
    ends = [int.from_bytes(each[8:12]) + int.from_bytes(each[12:16]) for each in tables]
    return bool(tables) and len(tables[-1]) == 16 and max(ends) <= len(content)


def has(character: str) -> bool:
    """Whether the typeface itself has a character."""
    return _file_with(character) == _REGULAR


def _printable(words: str) -> str:
    """Words with signs for what no font can show: control characters, halves of surrogate pairs."""
    return "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "\ufffd"
        for letter in unicodedata.normalize("NFC", words)
    )


@lru_cache(maxsize=4096)
def _file_with(character: str) -> str | None:
    """The first font file that has a character, if one has."""
    if character.isascii():
        return _REGULAR
    for file in (_REGULAR, pygame.font.get_default_font()):
        if _is_in(file, character):
            return file
    return next((file for file in _system_files() if _is_in(file, character)), None)


@lru_cache(maxsize=1)
def _system_files() -> tuple[str, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a system may have no list of its fonts
        files = [pygame.font.match_font(name) for name in _SYSTEM_FONTS]
    return tuple(file for file in files if file is not None)


def _is_in(file: str, character: str) -> bool:
    """A font gives the measures of its sign for missing characters where it has none."""
    try:
        metrics, missing = _opened(file, _PROBE).metrics(character + _NO_CHARACTER)
    except (pygame.error, OSError):  # not a font that pygame can open
        return False
    return metrics is not None and metrics != missing


@lru_cache(maxsize=32)
def _opened(file: str, size: int) -> Font:
    return Font(file, size)


def _base_line(font: Font, words: str) -> int:
    """Pixels from the upper edge of rendered words: higher letters than usual make it larger."""
    if words.isascii():
        return font.get_ascent()
    tops = [metrics[3] for metrics in font.metrics(words) if metrics is not None]
    return max([font.get_ascent(), *tops])
