"""Drawings: made once, escaped, without anything that a strict policy would block, and whole when merged."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from app.reports import drawing
from app.reports.drawing import LAYERS, cache_name, draw, drawings, kept_file
from app.reports.rules.charts.quadrant import quadrant_chart
from app.reports.rules.report import charts
from tests.reports.portfolios import document_of

HOSTILE = '</svg><script>alert(\'x\')</script>" onload="y & role="z"'


def test_names_cannot_leave_their_text(tmp_path: Path) -> None:
    document = document_of(20, 40)
    for account in document["accounts"]:
        account["name"] = HOSTILE
    made = drawings(charts(document), tmp_path, "spring")
    for each in made.values():
        for svg in filter(None, (each.wide, each.narrow)):
            root = ET.fromstring(f"<root>{svg}</root>")  # noqa: S314  (our own drawing)
            assert [child.tag for child in root] == ["svg"]
            assert not [e for e in root.iter() if "script" in e.tag]
            assert not [name for e in root.iter() for name in e.attrib if name.startswith(("style", "on", "xlink"))]
            inside = ("/accounts/", f"/studies/{document['study']}/gaps?")
            assert not [e for e in root.iter() if not e.get("href", "/accounts/").startswith(inside)]
    assert "&lt;/svg&gt;" in (made["gaps"].wide or "")


def test_text_that_looks_like_an_attribute_is_kept() -> None:
    text = 'Acme role="x" class="y" 1.23456'
    spec = {"data": {"values": [{"t": text}]}, "mark": "text", "encoding": {"text": {"field": "t"}}}
    assert text in draw(spec)


def test_the_same_specifications_are_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = charts(document_of(12, 24))
    first = drawings(made, tmp_path, "spring")
    monkeypatch.setattr(drawing, "draw", lambda _spec: pytest.fail("drawn again"))
    assert drawings(made, tmp_path, "spring") == first


def test_an_image_says_what_it_shows(tmp_path: Path) -> None:
    chart = replace(quadrant_chart(document_of(20, 40)), links={})
    svg = drawings({"quadrant": chart}, tmp_path, "spring")["quadrant"].wide or ""
    assert f'role="img" aria-label="{chart.label}"' in svg
    assert "<a" not in svg


def test_a_crowd_is_merged_without_losing_a_mark() -> None:
    rows = [{"x": i % 50, "y": i % 37} for i in range(900)]
    axis = {"type": "quantitative", "scale": {"domain": [0, 50]}, "axis": None}
    spec = {
        "width": 100,
        "height": 100,
        "data": {"values": rows},
        "mark": {"type": "point", "shape": "square", "filled": True, "size": 16},
        "encoding": {"x": {"field": "x", **axis}, "y": {"field": "y", **axis}},
    }
    svg = draw(spec)
    paths = re.findall(r'<path d="(M[^"]+)"', svg)
    crowd = [path for path in paths if path.count("M") > 1]
    assert len(crowd) == LAYERS
    assert sum(path.count("M") for path in crowd) == 900
    assert "translate(0," not in svg.partition("M")[2]


@pytest.mark.parametrize(
    "key",
    [pytest.param("../../etc/passwd", id="path"), pytest.param("ключ", id="letters"), pytest.param("", id="empty")],
)
def test_file_names_stay_in_their_folder(key: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]*", cache_name(key, b"content"))


def test_a_kept_file_is_read_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "KEPT", 3)
    for i in range(6):
        assert kept_file(tmp_path / f"{i}.pdf", lambda i=i: str(i).encode()) == str(i).encode()  # type: ignore[misc]
    assert len(list(tmp_path.iterdir())) == 3
    assert kept_file(tmp_path / "5.pdf", lambda: b"made again") in {b"5", b"made again"}
