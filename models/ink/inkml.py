"""InkML, the W3C's format for ink (https://www.w3.org/TR/InkML/), read and written.

Read is what other programs write: any channels in any order, differences, traces in groups.
Mappings, transforms and views, which change how ink looks but not what was written, are passed
over. y grows downwards, there as here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.ink.points import LARGEST, stroke_from_table
from models.ink.strokes import Drawing, Stroke
from models.ink.traces import PLAIN, Channel, TraceFormat, trace_table
from models.util.errors import InputError, explain_os_error

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "http://www.w3.org/2003/InkML"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_TEXTS = ("id", "label", "writer", "source")
_SIZES = ("width", "height")
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The standard library's own escaping imports all of urllib, longer than the rest of a start takes.
# A bare carriage return would be read as a newline, and in attributes a newline as a space.
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def read_inkml(source: Path | str | bytes, where: str | None = None) -> Drawing:
    """The drawing of an InkML document.

    source: a path, or the document itself.
    where: what an error says first; the path by default.

    The annotations label, id, writer, source, width and height become the drawing's own, the others
    text in its `extra`; the width of the first brush that has one is `extra["pen"]`. Raises
    InputError.
    """
    where = where or (str(source) if isinstance(source, Path) else "InkML")
    try:
        content = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise InputError(f"{where}: cannot be read: {explain_os_error(error)}.") from error
    root = _parsed(content, where)
    strokes = _strokes(root, where)
    if not strokes:
        raise InputError(f"{where}: holds no ink; an InkML file needs at least one <trace>.")
    annotations = [each for each in root if _name(each) == "annotation" and each.get("type")]
    extra: dict[str, Any] = {each.get("type") or "": each.text or "" for each in annotations}
    known = {key: extra.pop(key) for key in _TEXTS if key in extra}
    known |= {key: _number(extra.pop(key, None)) for key in _SIZES}
    pen = _brush_width(root)
    return Drawing(strokes, **known, extra=extra if pen is None else {**extra, "pen": pen})


def write_inkml(drawing: Drawing, annotations: Mapping[str, str] | None = None) -> str:
    """The drawing as an InkML document, from which `read_inkml` makes the same.

    annotations: more of them, by type ("answer").

    Text in the drawing's `extra` is written too, and `extra["pen"]` as the brush's width; the rest
    of `extra` is not. Characters that XML cannot hold become U+FFFD.
    """
    known = {key: getattr(drawing, key) for key in (*_TEXTS, *_SIZES)}
    own = {key: str(value) for key, value in known.items() if value not in (None, "")}
    more = {key: text for key, text in drawing.extra.items() if isinstance(text, str)}
    more |= annotations or {}
    own |= {key: text for key, text in more.items() if key not in known}
    pen = drawing.extra.get("pen")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<ink xmlns="{NAMESPACE}">']
    lines += [
        f"  <annotation type={_attribute(key)}>{_content(text)}</annotation>"
        for key, text in own.items()
    ]
    lines += ["  <definitions>"]
    brush = ""
    if isinstance(pen, int | float) and not isinstance(pen, bool):
        lines += [
            '    <brush xml:id="pen">',
            f'      <brushProperty name="width" value="{_digits(pen)}"/>',
            "    </brush>",
        ]
        brush = ' brushRef="#pen"'
    if any(stroke.times is not None for stroke in drawing.strokes):
        lines += _context("timed", brush, "XYT")
    if any(stroke.times is None for stroke in drawing.strokes):
        lines += _context("untimed", brush, "XY")
    lines += ["  </definitions>"]
    lines += [_trace(stroke) for stroke in drawing.strokes]
    return "\n".join([*lines, "</ink>", ""])


# Reading


def _parsed(content: str | bytes, where: str) -> Element:
    # Few starts of the program read a file, and a parser takes long to import.
    from defusedxml import DefusedXmlException, ElementTree

    try:
        root: Element = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise InputError(f"{where}: is not whole XML ({error}); right would be InkML.") from None
    except DefusedXmlException:
        raise InputError(f"{where}: defines entities, which InkML does not need.") from None
    except (ValueError, LookupError) as error:
        wrong = " ".join(str(error).split())
        raise InputError(f"{where}: cannot be decoded ({wrong}); right would be UTF-8.") from None
    if _name(root) != "ink":
        raise InputError(
            f"{where}: is XML, but not InkML: <{_name(root)}> stands where <ink> would."
        )
    return root


def _strokes(root: Element, where: str) -> tuple[Stroke, ...]:
    tables: list[np.ndarray] = []
    index_of: dict[str, int] = {}  # where the trace of an id went
    for number, (trace, trace_format) in enumerate(_traces(root), start=1):
        place = f"{where}, trace {number}"
        if trace.get("type") == "penUp" or not (trace.text or "").strip():
            continue
        table = trace_table(trace.text or "", trace_format, place)
        if table.shape[1] == 3:
            table[:, 2] += _number(trace.get("timeOffset"), any_sign=True) or 0.0
        index = len(tables)
        if trace.get("continuation") in ("middle", "end"):
            index = index_of.get((trace.get("priorRef") or "").lstrip("#"), index)
        if index < len(tables) and tables[index].shape[1] == table.shape[1]:
            tables[index] = np.concatenate([tables[index], table])
        else:
            index = len(tables)
            tables.append(table)
        index_of[_id(trace)] = index
    return tuple(
        stroke_from_table(table, f"{where}, stroke {number}")
        for number, table in enumerate(tables, start=1)
    )


def _traces(root: Element) -> Iterator[tuple[Element, TraceFormat]]:
    """The traces in the order of the document, each with the channels that its numbers are."""
    by_id = {_id(element): element for element in root.iter() if _id(element)}
    # Many programs define one format and never refer to it.
    current = _format(root, by_id) or PLAIN
    for child in root:
        if _name(child) in ("context", "traceFormat"):
            # Outside definitions a context counts from here on.
            current = _format(child, by_id) or current
        else:
            yield from _traces_in(child, current, by_id)


def _traces_in(
    element: Element, inherited: TraceFormat, by_id: Mapping[str, Element]
) -> Iterator[tuple[Element, TraceFormat]]:
    """The trace that `element` is, or those in the group that it is."""
    waiting = [(element, inherited)]  # not recursive: groups may be nested as deep as they like
    while waiting:
        element, trace_format = waiting.pop()
        if _name(element) in ("trace", "traceGroup"):
            referred = by_id.get((element.get("contextRef") or "").lstrip("#"))
            if referred is not None:
                trace_format = _format(referred, by_id) or trace_format
            if _name(element) == "trace":
                yield element, trace_format
            waiting += [(child, trace_format) for child in reversed(element)]


def _format(element: Element, by_id: Mapping[str, Element], steps: int = 8) -> TraceFormat | None:
    """The trace format that an element is, contains, or refers to; None where there is none."""
    found = next((part for part in element.iter() if _name(part) == "traceFormat"), None)
    if found is not None:
        return _channels(found)
    for key in ("traceFormatRef", "inkSourceRef", "contextRef"):
        referred = by_id.get((element.get(key) or "").lstrip("#"))
        if referred is not None and steps > 0:
            return _format(referred, by_id, steps - 1)
    return None


def _channels(trace_format: Element) -> TraceFormat:
    optional = {
        channel
        for part in trace_format
        if _name(part) == "intermittentChannels"
        for channel in part.iter()
    }
    regular: list[Channel] = []
    intermittent: list[Channel] = []
    for element in trace_format.iter():
        if _name(element) == "channel":
            in_seconds = element.get("name") == "T" and element.get("units") == "s"
            sign = -1.0 if element.get("orientation") == "-ve" else 1.0
            channel = Channel(element.get("name") or "", 1000.0 if in_seconds else sign)
            (intermittent if element in optional else regular).append(channel)
    return TraceFormat((*regular, *intermittent), len(regular)) if regular else PLAIN


def _brush_width(root: Element) -> float | None:
    for element in root.iter():
        # A width in centimetres says nothing about traces in the tablet's own units.
        if (
            _name(element) == "brushProperty"
            and element.get("name") == "width"
            and element.get("units") in (None, "", "px", "dev")
        ):
            return _number(element.get("value"))
    return None


def _number(text: object, any_sign: bool = False) -> float | None:
    """A usable length (or, with any sign, time); None where the text is none."""
    try:
        number = float(text) if isinstance(text, str) else math.nan
    except ValueError:
        return None
    if any_sign:
        return number if math.isfinite(number) else None
    return number if 0 < number <= LARGEST else None


def _name(element: Element) -> str:
    """The element's name without its namespace; some programs leave that out."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _id(element: Element) -> str:
    return element.get(_XML_ID) or element.get("id") or ""


# Writing


def _context(name: str, brush: str, channels: str) -> list[str]:
    units = {"T": ' units="ms"'}
    return [
        f'    <context xml:id="{name}"{brush}>',
        "      <traceFormat>",
        *(f'        <channel name="{c}" type="decimal"{units.get(c, "")}/>' for c in channels),
        "      </traceFormat>",
        "    </context>",
    ]


def _trace(stroke: Stroke) -> str:
    context = "untimed" if stroke.times is None else "timed"
    columns = [stroke.points] if stroke.times is None else [stroke.points, stroke.times[:, None]]
    rows = np.hstack(columns).tolist()
    points = ", ".join(" ".join(map(_digits, row)) for row in rows)
    return f'  <trace contextRef="#{context}">{points}</trace>'


def _digits(number: float) -> str:
    """The shortest digits that are read as the same number."""
    return repr(float(number)).removesuffix(".0")


def _attribute(text: str) -> str:
    return '"' + _NOT_XML.sub("\ufffd", text).translate(_IN_ATTRIBUTES) + '"'


def _content(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text).translate(_IN_TEXT)
