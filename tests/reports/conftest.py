"""Reports of the same content are drawn and made into a PDF once in a process: both take seconds of work."""

import json
from functools import cache

import pytest

from app.core.pdf import render_pdf
from app.reports import drawing, rendering
from app.reports.rules.charts.base import Spec

draw = drawing.draw


@cache
def drawn(spec: str) -> str:
    """Return the drawing of a specification, drawn the first time."""
    return draw(json.loads(spec))


@cache
def rendered(html: str) -> bytes:
    """Return the PDF of a page, rendered the first time."""
    return render_pdf(html)


def draw_once(spec: Spec) -> str:
    """Return the drawing of a specification."""
    return drawn(json.dumps(spec))


@pytest.fixture(autouse=True)
def drawn_and_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws and renders only what no other test has; each test still keeps its files by itself."""
    monkeypatch.setattr(drawing, "draw", draw_once)
    monkeypatch.setattr(rendering, "render_pdf", rendered)
