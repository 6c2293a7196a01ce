"""The one door to PDF: tagged, limited, and closed to the outside."""

import http.server
import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.core import pdf
from app.core.errors import Refusal
from app.core.pdf import STATIC, own_static_file, render_pdf


class Listener(http.server.BaseHTTPRequestHandler):
    """Remembers whoever asks."""

    asked: list[str] = []  # noqa: RUF012  (the server makes a handler per request; the list is shared on purpose)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the tests quiet."""


@pytest.fixture
def listener() -> Iterator[str]:
    """A web server that notices whether anything was fetched."""
    Listener.asked.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>A title</title>{head}</head><body>{body}</body></html>'


def test_a_pdf_is_tagged_and_keeps_its_text() -> None:
    reader = PdfReader(io.BytesIO(render_pdf(page("<h1>Nine accounts</h1><p>€655\u00a0k</p>"))))
    catalog = reader.root_object
    assert "Nine accounts" in reader.pages[0].extract_text()
    assert "€655" in reader.pages[0].extract_text()
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "A title"


def test_nothing_foreign_is_fetched(listener: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'leaked' }", encoding="utf-8")
    head = (
        f'<link rel="stylesheet" href="{listener}/link.css"><link rel="stylesheet" href="{secret.as_uri()}">'
        f'<link rel="attachment" href="{secret.as_uri()}">'
        f"<style>@import url({listener}/import.css); @import url({secret.as_uri()});"
        f"body {{ background: url({listener}/back.png) }}"
        f"@font-face {{ font-family: x; src: url({listener}/font.woff2) }}</style>"
    )
    body = (
        f'<p style="font-family: x">Text</p><img src="{listener}/image.png" alt="x">'
        f'<img src="file:///etc/hostname" alt="y"><object data="{listener}/object.svg"></object>'
        f'<svg width="9" height="9"><image href="{listener}/inner.png" width="9" height="9"/></svg>'
    )
    reader = PdfReader(io.BytesIO(render_pdf(page(body, head))))
    assert Listener.asked == []
    assert "leaked" not in reader.pages[0].extract_text()
    assert not reader.attachments


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("http://example.org/a.css", id="http"),
        pytest.param("file:///etc/passwd", id="another file"),
        pytest.param(f"{STATIC.as_uri()}/../core/pdf.py", id="dots"),
        pytest.param(f"{STATIC.as_uri()}/%2e%2e/core/config.py", id="dots in disguise"),
        pytest.param("file://elsewhere/a.css", id="another host"),
        pytest.param("data:text/css,a{}", id="data"),
        pytest.param(f"{STATIC.as_uri()}/css", id="a folder"),
        pytest.param(f"{STATIC.as_uri()}/img/mark.svg", id="a kind that no report needs"),
    ],
)
def test_only_own_styles_and_fonts_may_be_opened(address: str) -> None:
    with pytest.raises(ValueError, match="our own"):
        own_static_file(address)


def test_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "static"
    folder.mkdir()
    (tmp_path / "outside.css").write_text("", encoding="utf-8")
    (folder / "link.css").symlink_to(tmp_path / "outside.css")
    with pytest.raises(ValueError, match="our own"):
        own_static_file((folder / "link.css").as_uri(), folder)


def test_our_own_style_sheet_may_be_opened() -> None:
    assert own_static_file(f"{STATIC.as_uri()}/css/report.css") == STATIC / "css" / "report.css"


def test_a_page_that_takes_too_long_is_refused_with_a_sentence() -> None:
    endless = page("<table>" + "<tr><td>x</td></tr>" * 40_000 + "</table>")
    with pytest.raises(Refusal, match=r"not ready after 1 seconds|within its limits"):
        render_pdf(endless, seconds=1)


def test_missing_pango_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_pango(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], pdf.PANGO_MISSING, b"", b"cannot load library")

    monkeypatch.setattr(pdf.subprocess, "run", without_pango)
    with pytest.raises(Refusal, match=r"apt-get install -y libpango-1.0-0 .* fonts-noto-core"):
        render_pdf(page("x"))


def test_the_child_says_when_pango_is_missing(tmp_path: Path) -> None:
    broken = tmp_path / "weasyprint.py"
    broken.write_text("raise OSError('cannot load library pango')", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", pdf.__file__],
        input=b"<p>x</p>",
        capture_output=True,
        env={"PYTHONPATH": str(tmp_path)},
        check=False,
    )
    assert done.returncode == pdf.PANGO_MISSING


def test_after_a_page_that_took_too_long_the_next_is_made() -> None:
    endless = page("<table>" + "<tr><td>x</td></tr>" * 40_000 + "</table>")
    before = threading.active_count()
    with pytest.raises(Refusal):
        render_pdf(endless, seconds=1)
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert not any(b"core/pdf.py" in command for command in commands), "the child is gone"
    assert threading.active_count() == before
    assert render_pdf(page("<p>x</p>")).startswith(b"%PDF")
