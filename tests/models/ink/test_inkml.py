from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ink.inkml import read_inkml, write_inkml
from models.ink.strokes import Drawing, Stroke
from models.util.errors import InputError

numbers = st.floats(-1e7, 1e7)


@st.composite
def stroke_of(draw: st.DrawFn) -> Stroke:
    points = draw(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
    noted = [draw(numbers) for _ in points] if draw(st.booleans()) else None
    return Stroke(np.array(points), None if noted is None else np.array(noted))


# What XML can hold: no control characters but these three.
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r<>&\"'"),
    min_size=1,
    max_size=8,
)


@given(
    st.builds(
        Drawing,
        strokes=st.lists(stroke_of(), min_size=1, max_size=3).map(tuple),
        id=st.just("") | texts,
        label=st.none() | texts,
        writer=st.none() | texts,
        source=st.none() | texts,
        width=st.none() | st.floats(1e-3, 1e7),
        height=st.none() | st.floats(1e-3, 1e7),
        extra=st.dictionaries(st.sampled_from(["answer", "a b", "<&\n"]), texts, max_size=2)
        | st.fixed_dictionaries({"pen": st.floats(0.1, 60)}),
    )
)
def test_a_drawing_written_and_read_is_the_same(drawing: Drawing) -> None:
    assert read_inkml(write_inkml(drawing)) == drawing
    assert read_inkml(write_inkml(drawing).encode()) == drawing


def test_annotations_come_back_as_text() -> None:
    drawing = Drawing((Stroke(np.array([[1.0, 2.0]])),), extra={"pen": 12.0})
    again = read_inkml(write_inkml(drawing, {"answer": "8", "confidence": "0.99"}))
    assert again.extra == {"answer": "8", "confidence": "0.99", "pen": 12.0}


def test_what_xml_cannot_hold_does_not_break_the_file() -> None:
    drawing = Drawing((Stroke(np.array([[1.0, 2.0]])),), label="8\0\ud800")
    assert read_inkml(write_inkml(drawing)).label == "8\ufffd\ufffd"


def _points(document: str) -> list[list[list[float]]]:
    return [stroke.points.tolist() for stroke in read_inkml(document).strokes]


def test_the_differences_of_the_recommendation() -> None:
    # The example of the W3C's text, with the values that its table gives.
    document = """
      <ink xmlns="http://www.w3.org/2003/InkML">
        <traceFormat>
          <channel name="X" type="decimal"/><channel name="Y" type="decimal"/>
          <intermittentChannels>
            <channel name="B1" type="boolean" default="F"/>
            <channel name="B2" type="boolean" default="F"/>
          </intermittentChannels>
        </traceFormat>
        <trace>1125 18432,'23'43,"7"-8,3-5,7 -3,6 2,6 8,3 6 T,2 4*T,3 6,3-6 F F</trace>
      </ink>"""
    assert _points(document) == [
        [
            [1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540], [1251, 18567],
            [1297, 18596], [1349, 18633], [1404, 18676], [1461, 18723], [1521, 18776],
            [1584, 18823],
        ]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("trace", "points"),
    [
        ("5 0, 5 20", [[5, 0], [5, 20]]),
        ("5 0,5 20,", [[5, 0], [5, 20]]),
        (" 5\n0 ,\n 5\t20 ", [[5, 0], [5, 20]]),
        ("5 0\n5 20\n", [[5, 0], [5, 20]]),
        ("5 0 5 20", [[5, 0], [5, 20]]),
        ("5-3,-5-20", [[5, -3], [-5, -20]]),
        ("5.5e1 .5, 5. 2E-1", [[55, 0.5], [5, 0.2]]),
        ("#1F #a, #10 -#2", [[31, 10], [16, -2]]),
        ("5 0, * *, '1 '2, * *, !7 !8", [[5, 0], [5, 0], [6, 2], [7, 4], [7, 8]]),
        ("5 0, '1'2, \"1\"0, * *", [[5, 0], [6, 2], [8, 4], [11, 6]]),
        ("5 0", [[5, 0]]),
        ("5 0 99, 5 20 99", [[5, 0], [5, 20]]),
    ],
)
def test_ways_to_write_points(trace: str, points: list[list[float]]) -> None:
    assert _points(f"<ink><trace>{trace}</trace></ink>") == [points]


def test_channels_come_in_any_order_and_by_reference() -> None:
    document = """
      <i:ink xmlns:i="http://www.w3.org/2003/InkML">
        <i:definitions>
          <i:context xml:id="pad"><i:inkSource xml:id="s"><i:traceFormat xml:id="f">
            <i:channel name="T" type="integer" units="s"/>
            <i:channel name="F" type="integer"/>
            <i:channel name="Y" type="integer" orientation="-ve"/>
            <i:channel name="X" type="integer"/>
          </i:traceFormat></i:inkSource></i:context>
          <i:context xml:id="plain">
            <i:traceFormat><i:channel name="X"/><i:channel name="Y"/></i:traceFormat>
          </i:context>
        </i:definitions>
        <i:traceGroup contextRef="#pad">
          <i:traceGroup><i:trace>0 9 2 1, 0.5 9 4 3</i:trace></i:traceGroup>
          <i:trace contextRef="#plain">8 9</i:trace>
          <i:trace timeOffset="1000">1 9 6 5</i:trace>
        </i:traceGroup>
      </i:ink>"""
    first, second, third = read_inkml(document).strokes
    assert first == Stroke(np.array([[1.0, -2.0], [3.0, -4.0]]), np.array([0.0, 500.0]))
    assert second == Stroke(np.array([[8.0, 9.0]]))
    assert third == Stroke(np.array([[5.0, -6.0]]), np.array([2000.0]))


def test_a_pen_in_the_air_writes_nothing_and_parts_are_joined() -> None:
    document = """
      <ink>
        <trace id="a" continuation="begin">1 1, 2 2</trace>
        <trace type="penUp">50 50, 60 60</trace>
        <trace> </trace>
        <trace id="b" continuation="middle" priorRef="#a">3 3</trace>
        <trace continuation="end" priorRef="#b">4 4</trace>
        <trace>9 9</trace>
      </ink>"""
    assert _points(document) == [[[1, 1], [2, 2], [3, 3], [4, 4]], [[9, 9]]]


def test_times_that_are_not_all_known_are_left_out() -> None:
    channels = "".join(f'<channel name="{name}"/>' for name in "XYT")
    document = f"<ink><traceFormat>{channels}</traceFormat><trace>1 2 0, 3 4 ?</trace></ink>"
    assert read_inkml(document).strokes == (Stroke(np.array([[1.0, 2.0], [3.0, 4.0]])),)


def test_a_brush_in_other_units_is_not_the_pens_width() -> None:
    brush = '<brush><brushProperty name="width" value="0.05" units="cm"/></brush>'
    assert read_inkml(f"<ink>{brush}<trace>1 2</trace></ink>").extra == {}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("<ink>", "is not whole XML"),
        ("<svg/>", "is XML, but not InkML: <svg>"),
        ("<ink/>", "holds no ink"),
        ("<ink><trace type='penUp'>1 2</trace></ink>", "holds no ink"),
        ("<ink><trace>1 2, 3</trace></ink>", "trace 1, point 2: has 1 values"),
        ("<ink><trace>1 2, x 3</trace></ink>", 'point 2: "x 3" is no value'),
        ("<ink><trace>'1 2</trace></ink>", "point 1: a difference to nothing"),
        ("<ink><trace>1 ?</trace></ink>", "point 1: has no X or no Y"),
        ("<ink><trace>1 2, 1e9 5</trace></ink>", "point 2: [1000000000.0, 5.0] is out of range"),
        ("<ink><trace>1 2, 1e999 5</trace></ink>", "is out of range"),
        (
            "<ink><traceFormat><channel name='X'/><channel name='F'/></traceFormat>"
            "<trace>1 2</trace></ink>",
            "trace 1: its channels are X F; right would be an X and a Y",
        ),
        ("<?xml version='1.0' encoding='no'?><ink/>", "unknown encoding"),
    ],
)
def test_what_cannot_be_read_is_reported_in_one_line(document: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_inkml(document.encode(), "ink.inkml")
    assert str(error.value).startswith("ink.inkml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_entity_bombs_are_refused() -> None:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE ink [<!ENTITY e0 "9 9,">{levels}]><ink><trace>&e9;</trace></ink>'
    with pytest.raises(InputError, match="defines entities"):
        read_inkml(bomb)
    leak = '<!DOCTYPE ink [<!ENTITY f SYSTEM "file:///etc/hostname">]><ink><trace>&f;</trace></ink>'
    with pytest.raises(InputError, match="defines entities"):
        read_inkml(leak)


def test_deep_nesting_and_circles_end() -> None:
    deep = "<traceGroup>" * 5_000 + "<trace>1 2</trace>" + "</traceGroup>" * 5_000
    assert _points(f"<ink>{deep}</ink>") == [[[1, 2]]]
    circle = '<context id="a" contextRef="#b"/><context id="b" contextRef="#a"/>'
    assert _points(f"<ink>{circle}<trace contextRef='#a'>1 2</trace></ink>") == [[[1, 2]]]


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.inkml: cannot be read: it does not exist"):
        read_inkml(tmp_path / "no.inkml")


@pytest.mark.slow
def test_many_points_and_traces_are_read_whole() -> None:
    long = ",".join(f"{i % 500} {i % 300}.5" for i in range(300_000))
    short = "<trace>1 2, 3 4, 5 6</trace>" * 20_000
    drawing = read_inkml(f"<ink><trace>{long}</trace>{short}</ink>")
    assert sum(map(len, drawing.strokes)) == 360_000
