"""Turns HTML into a tagged PDF: the only user of WeasyPrint, in a child process with limits, fetching nothing foreign.

Run as a program this file is that child: HTML on standard input, PDF on standard output. It is started by its path and
imports nothing of the application, because starting the web framework would cost more than rendering a page.
"""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parents[1] / "static"
KINDS = {".css": "text/css", ".woff2": "font/woff2"}
MEMORY = 2 * 1024**3
SECONDS = 30
PANGO_MISSING = 3
APT_LINE = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-inter fonts-noto-core"


def render_pdf(html: str, *, seconds: int = SECONDS) -> bytes:
    """The HTML as a tagged PDF (PDF/UA-1); relative addresses mean our own static files, all others are refused.

    Refuses with a sentence where Pango is not installed and where the limits of time or memory are reached.
    """
    from app.core.errors import Refusal

    command = [sys.executable, "-P", __file__, str(seconds)]
    try:
        child = subprocess.run(command, input=html.encode(), capture_output=True, timeout=seconds, check=False)  # noqa: S603  (our own interpreter and file)
    except subprocess.TimeoutExpired as late:
        raise Refusal(f"The PDF was not ready after {seconds} seconds; the web page shows the same report.") from late
    if child.returncode == PANGO_MISSING:
        raise Refusal(f"PDF needs Pango, which is not on this machine. Install it with: {APT_LINE}")
    if child.returncode != 0 or not child.stdout.startswith(b"%PDF"):
        raise Refusal("The PDF could not be made within its limits; the web page shows the same report.")
    return child.stdout


def own_static_file(address: str, folder: Path = STATIC) -> Path:
    """The file of ours that a `file:` address names; ValueError for every other address.

    Links and dots are resolved first, so that nothing outside the folder can be reached.
    """
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(address)
    path = Path(unquote(parts.path)).resolve()
    is_ours = parts.scheme == "file" and not parts.netloc and path.is_relative_to(folder.resolve())
    if not is_ours or path.suffix not in KINDS or not path.is_file():
        raise ValueError("only our own style sheets and fonts may be fetched")
    return path


def _limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types.
        """Opens style sheets and fonts of ours, by hand, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return the file of ours; whatever else is asked for raises and is left out."""
            del headers
            path = own_static_file(url)
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": KINDS[path.suffix]})

    return OwnFiles(allowed_protocols={"file"}, allow_redirects=False)


def main() -> int:
    """Render standard input to standard output within the limits; 3 where Pango is missing."""
    _limit(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
    try:
        import weasyprint
    except OSError as missing:
        sys.stderr.write(f"{missing}\n")
        return PANGO_MISSING
    html = sys.stdin.buffer.read().decode()
    page = weasyprint.HTML(string=html, base_url=f"{STATIC.as_uri()}/", url_fetcher=_fetcher())
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
