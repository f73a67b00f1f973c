"""Worksheets and forms from the printer to the table, through the real commands and networks."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from game.__main__ import main
from game.sheets.form import load_form
from game.sheets.pdf import sheet_to_pdf
from game.sheets.worksheet import WorksheetOptions, worksheet, worksheet_named
from models.sheets.sheet import Field, Page
from models.util.errors import InputError
from tests.helpers.cluster import ROOT, cluster
from tests.helpers.data import data_dir
from tests.helpers.disk import no_room
from tests.helpers.samples import samples
from tests.sheets.forms import measure_forms
from tests.sheets.measure import measure
from tests.sheets.simulate import (
    Camera,
    Filled,
    Picture,
    Writer,
    fill_in,
    photographed,
    rendered,
    saved,
)

OPTIONS = WorksheetOptions("sums", 2, 8, 3)
EASY = Camera(rotation=4, perspective=0.03, light=0.75, heights=(1700, 1700), noise=(2.0, 2.0))
FORM = {
    "title": "Order",
    "rows": [
        [{"name": "postcode", "kind": "digits", "cells": 5}, {"name": "sum", "kind": "number"}],
        "Extras",
        [{"name": "gift", "kind": "tick"}, {"name": "express", "kind": "tick"}],
    ],
}


@cache
def writer() -> Writer:
    """The drawings that ship with the game, as one person's."""
    own = defaultdict(list)
    for drawing in samples():
        own[drawing.label or ""].append(drawing)
    return own


@cache
def blank() -> tuple[Picture, Page]:
    sheet = worksheet(OPTIONS)
    return rendered(sheet_to_pdf(sheet), 0), sheet.sheet.pages[0]


def filled(
    seed: int = 0, answer: Callable[[Field, np.random.Generator], str] | None = None
) -> Filled:
    """The worksheet, filled in: all right as a rule."""
    picture, page = blank()
    rng = np.random.default_rng(seed)
    return fill_in(picture, page, writer(), rng, answer or (lambda field, _: field.answer or ""))


def photo(path: Path, page: Filled, seed: int = 0, camera: Camera = EASY) -> Path:
    rng = np.random.default_rng(seed)
    return saved(photographed(page.picture, rng, camera), path, rng, camera)


def scan(
    capsys: pytest.CaptureFixture[str], *arguments: object
) -> tuple[int, list[dict[str, Any]], str]:
    """`scan --json`: its status, its records, and what it complains of."""
    status = main(["scan", "--json", *map(str, arguments)])
    printed = capsys.readouterr()
    return status, [json.loads(line) for line in printed.out.splitlines()], printed.err


def rows_of(table: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


def test_a_worksheet_says_where_its_fields_are_and_is_made_anew_from_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = "worksheet --tasks all --level 4 --count 60 --seed 11 --json --output"
    for name in ("a.pdf", "b.pdf"):
        assert main([*command.split(), str(tmp_path / name)]) == 0
    one, other = map(json.loads, capsys.readouterr().out.splitlines())
    assert one == other
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert len(one["pages"]) == 3
    fields = [field for page in one["pages"] for field in page["fields"]]
    assert [field["name"] for field in fields] == [str(number) for number in range(1, 61)]
    for page in one["pages"]:
        for field in page["fields"]:
            x, y, width, height = field["box"]
            assert 0 < x < x + width < page["size"][0]
            assert 0 < y < y + height < page["size"][1]
            assert len(field["answer"]) <= field["cells"]
    sheet = worksheet_named(one["sheet"])
    assert sheet is not None
    assert sheet.to_json() == json.dumps(one)
    with pytest.raises(InputError, match="another version"):
        worksheet_named(one["sheet"][:-1] + ("A" if one["sheet"][-1] != "A" else "B"))


@pytest.mark.slow
@pytest.mark.parametrize("turned", [0, 1, 2])
def test_answers_are_read_and_judged_however_the_photograph_is_turned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], turned: int
) -> None:
    def some_wrong(field: Field, rng: np.random.Generator) -> str:
        wrong = {"2": "3", "4": "88", "5": ""}
        return wrong.get(field.name, field.answer or "")

    page = filled(2, some_wrong)
    path = photo(tmp_path / "a.jpg", page, turned, Camera(turned=turned))
    status, (record,), _ = scan(capsys, path)
    assert status == 0
    assert record["file"] == "a.jpg"
    assert (record["sheet"], record["page"]) == (worksheet(OPTIONS).sheet.name, 1)
    assert {field["name"]: field["best"] for field in record["fields"]} == page.written
    verdicts = {field["name"]: field["verdict"] for field in record["fields"]}
    assert verdicts == {
        name: {"2": "wrong", "4": "wrong", "5": "empty"}.get(name, "right") for name in page.written
    }


@pytest.mark.slow
def test_two_sheets_in_one_picture_are_both_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [filled(seed) for seed in (1, 2)]
    rng = np.random.default_rng(5)
    camera = Camera(perspective=0.02, heights=(1700, 1700))
    pictures = [photographed(page.picture, rng, camera) for page in pages]
    low = min(len(picture) for picture in pictures)
    path = saved(np.hstack([picture[:low] for picture in pictures]), tmp_path / "a.jpg", rng)
    _, records, _ = scan(capsys, path)
    read = [{field["name"]: field["best"] for field in record["fields"]} for record in records]
    assert read == [page.written for page in pages]


@pytest.mark.slow
def test_what_cannot_be_used_is_named_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = filled()
    good = photo(tmp_path / "good.jpg", page)
    picture = cv2.imread(str(good))
    assert picture is not None
    files = {
        "dark.jpg": "too dark",
        "hidden.jpg": "marker 2",
        "blurred.jpg": "blurred",
        "nothing.jpg": "no sheet",
        "heic.jpg": "convert",
        "cut.jpg": "cut short",
        "missing.jpg": "no such file",
    }
    cv2.imwrite(str(tmp_path / "dark.jpg"), (picture * 0.06).astype(np.uint8))
    hidden = filled().picture.copy()
    hidden[80:230, -230:-80] = 200  # marker 2, upper right
    rng = np.random.default_rng(0)
    saved(photographed(hidden, rng, EASY), tmp_path / "hidden.jpg", rng)
    cv2.imwrite(str(tmp_path / "blurred.jpg"), cv2.GaussianBlur(picture, (0, 0), 7))
    grain = rng.integers(90, 160, (600, 800, 3)).astype(np.uint8)
    cv2.imwrite(str(tmp_path / "nothing.jpg"), grain)
    (tmp_path / "heic.jpg").write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    (tmp_path / "cut.jpg").write_bytes(good.read_bytes()[:50_000])
    status, records, complaints = scan(capsys, *(tmp_path / name for name in files), good)
    assert status == 2
    assert [record["file"] for record in records] == ["good.jpg"]
    lines = complaints.splitlines()
    assert len(lines) == len(files)
    for line, (name, reason) in zip(lines, files.items(), strict=True):
        assert name in line
        assert reason in line


def test_a_full_disk_while_marking_costs_the_marked_picture_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = filled()
    picture, marked = photo(tmp_path / "page.jpg", page), tmp_path / "marked"
    with no_room(20_000):
        status, records, complaints = scan(
            capsys, picture, "--marked", marked, "--csv", tmp_path / "table.csv"
        )
    assert status == 2
    assert len(complaints.splitlines()) == 1
    assert "page.jpg: its marked picture is not kept in" in complaints
    assert {field["name"]: field["best"] for field in records[0]["fields"]} == page.written
    assert len(rows_of(tmp_path / "table.csv")) == len(page.written)
    assert list(marked.iterdir()) == []


@pytest.mark.slow
def test_the_same_page_counts_once_and_a_break_is_gone_on_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, other = filled(1), filled(4, lambda field, rng: str(rng.integers(10, 20)))
    paths = [
        photo(tmp_path / "a.jpg", page, 1),
        photo(tmp_path / "other.jpg", other, 2),
        photo(tmp_path / "again.jpg", page, 3),
    ]
    table, marked = tmp_path / "t.csv", tmp_path / "marked"
    status, first, _ = scan(capsys, paths[0], "--csv", table, "--marked", marked)
    assert status == 0
    before = table.read_text()
    status, records, complaints = scan(capsys, *paths, "--csv", table, "--resume")
    assert status == 0
    assert records[0] == first[0]
    assert [record.get("duplicate_of") for record in records] == [None, None, "a.jpg"]
    assert "again.jpg" in complaints
    assert table.read_text().startswith(before)
    rows = rows_of(table)
    assert [row["file"] for row in rows] == ["a.jpg"] * 8 + ["other.jpg"] * 8
    straight = cv2.imread(str(marked / "a.jpg"))
    assert straight is not None
    height, width = straight.shape[:2]
    assert height / width == pytest.approx(297 / 210, abs=0.01)
    # Without --resume nothing is replaced.
    scan(capsys, paths[1], "--csv", table, "--wide")
    assert len(rows_of(table)) == 16
    (wide,) = rows_of(tmp_path / "t-2.csv")
    assert [wide[name] for name in other.written] == list(other.written.values())


@pytest.mark.slow
def test_a_cluster_scans_as_this_process_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    paths = [photo(tmp_path / f"{seed}.jpg", filled(seed), seed) for seed in (1, 2)]
    paths.insert(1, tmp_path / "missing.jpg")
    status, here, complaints = scan(capsys, *paths)
    assert status == 2 and len(here) == 2 and "missing.jpg" in complaints
    with cluster(workers=1) as (address, _):
        marked = tmp_path / "marked"
        command = ["scan", "--json", *map(str, paths), "--scheduler", address]
        ran = subprocess.run(
            [sys.executable, "-m", "game", *command, "--marked", str(marked)],
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
    assert ran.returncode == 2 and "missing.jpg" in ran.stderr
    assert [json.loads(line) for line in ran.stdout.splitlines()] == here
    assert sorted(path.name for path in marked.iterdir()) == ["1.jpg", "2.jpg"]


@pytest.mark.slow
def test_pictures_of_every_kind_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = filled(3)
    rng = np.random.default_rng(1)
    picture = photographed(page.picture, rng, EASY)
    opaque = np.full((*picture.shape[:2], 1), 255, np.uint8)
    kinds = {
        "grey.png": cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY),
        "deep.png": picture.astype(np.uint16) * 257,
        "alpha.png": np.concatenate([picture, opaque], axis=2),
        "deep.tiff": picture.astype(np.uint16) * 257,
    }
    for name, pixels in kinds.items():
        assert cv2.imwrite(str(tmp_path / name), pixels)
    from PIL import Image

    pillow = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    pillow.convert("CMYK").save(tmp_path / "cmyk.jpg", quality=90)
    exif = pillow.getexif()
    exif[0x0112] = 6
    pillow.save(tmp_path / "exif.jpg", exif=exif, quality=90)
    for name in [*kinds, "cmyk.jpg", "exif.jpg"]:
        status, records, complaints = scan(capsys, tmp_path / name)
        assert (status, complaints) == (0, ""), name
        read = {field["name"]: field["best"] for field in records[0]["fields"]}
        assert read == page.written, name


@pytest.mark.slow
def test_a_form_is_read_by_its_description_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = tmp_path / "order.json"
    spec.write_text(json.dumps(FORM))
    assert main(["form", str(spec), "--output", str(tmp_path / "order.pdf")]) == 0
    printed = load_form(spec).printed
    assert printed is not None
    picture = rendered((tmp_path / "order.pdf").read_bytes(), 0)
    page = printed.sheet.pages[0]
    texts = {"postcode": "50733", "sum": "1208"}
    rng = np.random.default_rng(1)
    form = fill_in(picture, page, writer(), rng, lambda field, _: texts.get(field.name, ""))
    gift = next(field.box for field in page.fields if field.name == "gift")
    corners = [(gift.x + 1, gift.y + 1), (gift.right - 1, gift.bottom - 1)]
    (ax, ay), (bx, by) = ((round(10 * x), round(10 * y)) for x, y in corners)
    cv2.line(form.picture, (ax, ay), (bx, by), (60, 40, 30), 5)
    cv2.line(form.picture, (ax, by), (bx, ay), (60, 40, 30), 5)
    path = photo(tmp_path / "a.jpg", form, 1)
    capsys.readouterr()
    status, (record,), _ = scan(capsys, path, "--form", spec)
    assert status == 0
    read = {field["name"]: field["text"] for field in record["fields"]}
    assert read == {**texts, "gift": "x", "express": ""}
    assert all("verdict" not in field for field in record["fields"])
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(FORM | {"title": "Orders"}))
    for arguments, reason in (((), "--form"), (("--form", changed), "another version")):
        status, records, complaints = scan(capsys, path, *arguments)
        assert (status, records) == (2, [])
        assert reason in complaints


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("{", "line 1"),
        ('{"rows": []}', "rows"),
        ('{"rows": [[{"name": "a", "kind": "nose"}]]}', "kind"),
        ('{"rows": [[{"name": "a"}, {"name": "a"}]]}', "two fields"),
        ('{"rows": [[{"name": "a", "kind": "digits", "cells": 40}]]}', "too wide"),
        ('{"rows": [[{"name": "a", "colour": "red"}]]}', "colour"),
        ('{"size": [100, 100], "fields": [{"name": "a", "box": [90, 0, 20, 5]}]}', "lie on"),
    ],
)
def test_what_is_wrong_with_a_description_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spec: str, reason: str
) -> None:
    path = tmp_path / "spec.json"
    path.write_text(spec)
    assert main(["form", str(path), "--output", str(tmp_path / "a.pdf")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(path) in line
    assert reason in line


@pytest.mark.slow
def test_held_out_peoples_worksheets_are_read(tmp_path: Path) -> None:
    """`python -m tests.sheets` measures it on more pages."""
    measured = measure(data_dir("strokes"), "report", 5, tmp_path)
    assert measured.unusable == []
    assert measured.read[True] >= 0.95 * sum(measured.read.values())
    assert measured.false_verdicts <= 1
    assert measured.unsure <= 0.06 * measured.fields


@pytest.mark.slow
@pytest.mark.parametrize("by_outline", [False, True])
def test_held_out_peoples_forms_are_read(tmp_path: Path, by_outline: bool) -> None:
    """`python -m tests.sheets --sheet form|outline` measures it on more pages."""
    measured = measure_forms(data_dir("strokes"), "report", 5, tmp_path, by_outline)
    assert measured.unusable == []
    fields = measured.fields
    assert fields["gift"].right + fields["express"].right == 10
    numbers = [fields[name] for name in ("post code", "amount", "date")]
    assert sum(own.right for own in numbers) >= 13
    assert sum(own.false for own in numbers) <= 1
    assert fields["name"].right >= 4
    assert fields["city"].right >= 3
    assert fields["name"].false + fields["code"].false + fields["city"].false <= 1
