"""Draws chart specifications as SVG, once: drawings are kept in a file named by what they draw."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from app.reports.rules.charts.base import PLACEHOLDER, Chart, Spec

LAYERS = 6
"""Paths into which a crowd of equal marks is merged: enough for overlaps to look darker, few enough to be quick."""

KEPT = 200
"""Cached files after which the oldest go: drawings and PDFs can be made again at any time."""

_TAG = re.compile(r"<[^>]+>")
_NOISE = re.compile(r' (?:role|class|pointer-events|aria-[a-z]+)="[^"]*"')
_LONG = re.compile(r"(\d\.\d\d?)\d+")
_MARK = re.compile(r'<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="([^"]+)"([^>]*)/>')
_RUN = re.compile(r'(?:<path transform="translate\([-\d.]+,[-\d.]+\)" d="[^"]+"[^>]*/>){50,}')
_COMMAND = re.compile(r"([MLAhvZ])([-\d.,e]*)")
_EMPTY_PATH = re.compile(r'<path(?: [a-z-]+="[^"]*")* d="(?:|M0,0h0v0h0Z)"(?: [a-z-]+="[^"]*")*/>')
_ROOT = re.compile(r"<svg [^>]*>")
_LINK = re.compile(f'<a xlink:href="{re.escape(PLACEHOLDER)}([^"]*)">')
_BOX = re.compile(r'viewBox="([^"]+)"')


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG elements for the page: for sheets and screens, and where it differs for phones."""

    wide: Markup | None
    narrow: Markup | None


def drawings(charts: Mapping[str, Chart], folder: Path, name: str) -> dict[str, Drawing]:
    """Every chart drawn; what was drawn before is read from the file under `folder` that the specifications name."""
    specs = {key: [chart.wide, chart.narrow] for key, chart in charts.items()}
    content = json.dumps(specs, sort_keys=True, ensure_ascii=False).encode()
    path = folder / f"{cache_name(name, content)}.charts.json"
    kept = kept_file(path, lambda: json.dumps({key: _draw_both(pair) for key, pair in specs.items()}).encode())
    svgs = json.loads(kept)
    return {key: Drawing(*(_labelled(svg, chart) for svg in svgs[key])) for key, chart in charts.items()}


def cache_name(name: str, content: bytes) -> str:
    """A file name for content that was made from these bytes: the study's key, then what cannot collide."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:60]
    return f"{plain}-{hashlib.sha256(content).hexdigest()[:32]}"


def kept_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's bytes; where there is no such file it is made, written whole, and the oldest of its folder may go.

    Two processes may make the same file at once: both write the same bytes under names of their own, and the last
    rename wins.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        content = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(draft).replace(path)
    _forget(path.parent.glob("*.*"))
    return content


def draw(spec: Spec) -> str:
    """The SVG of a specification, without classes, roles and needless digits; nothing is fetched."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return _RUN.sub(_merged, _TAG.sub(_plain_tag, _EMPTY_PATH.sub("", svg)))


def _draw_both(pair: Iterable[Spec | None]) -> list[str | None]:
    return [None if spec is None else draw(spec) for spec in pair]


def _plain_tag(tag: re.Match[str]) -> str:
    """One tag without what the page does not need; text between tags, which holds names, is never touched."""
    return _LONG.sub(r"\1", _NOISE.sub("", tag.group()))


def _merged(run: re.Match[str]) -> str:
    """A crowd of equal marks as a few paths of many shapes: to PDF and browsers each element has its price."""
    marks = _MARK.findall(run.group())
    kinds = {(shape, style) for _, _, shape, style in marks}
    if len(kinds) != 1:
        return run.group()
    ((shape, style),) = kinds
    moved = [_moved(shape, float(x), float(y)) for x, y, _, _ in marks]
    return "".join(f'<path d="{"".join(moved[i::LAYERS])}"{style}/>' for i in range(LAYERS))


def _moved(shape: str, x: float, y: float) -> str:
    """A mark's path with its absolute points (M and L: all, A: the last) moved; h, v and Z are relative already."""
    parts = []
    for command, text in _COMMAND.findall(shape):
        numbers = [float(part) for part in text.split(",") if part]
        if command in "MLA":
            numbers[-2:] = [numbers[-2] + x, numbers[-1] + y]
        parts.append(command + ",".join(f"{value:.1f}".removesuffix(".0") for value in numbers))
    return "".join(parts)


def _labelled(svg: str | None, chart: Chart) -> Markup | None:
    if svg is None:
        return None
    # A picture has no parts for those who do not see it; marks that can be clicked are parts. Keys reach them in the
    # table, so that nobody has to tab through hundreds of bubbles.
    role = "group" if chart.links else "img"
    if chart.links:
        svg = _LINK.sub(lambda found: _link(*chart.links[found.group(1)]), svg)
    elif _LINK.search(svg):
        svg = _LINK.sub("", svg).replace("</a>", "")
    box = _BOX.search(svg)
    size = box.group(1) if box else "0 0 1 1"
    root = f'<svg viewBox="{size}" role="{role}" aria-label="{escape(chart.label)}">'
    # The drawing comes from our own specification; vl-convert escapes the names that stand in it as text.
    return Markup(_ROOT.sub(lambda _: root, svg, count=1))  # noqa: S704  (see the line above)


def _link(address: str, name: str) -> str:
    return f'<a href="{escape(address)}" tabindex="-1" aria-label="{escape(name)}"><title>{escape(name)}</title>'


def _forget(files: Iterable[Any]) -> None:
    by_age = sorted((path for path in files if path.is_file()), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in by_age[KEPT:]:
        path.unlink(missing_ok=True)
