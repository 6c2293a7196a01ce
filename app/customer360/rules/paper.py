"""A page of an account as it goes to paper: nothing to press, addresses that lead back, long lists and texts cut."""

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from app.core.display import count

MOST_LINES = 20
"""Lines of one list on paper; the page shows the others."""
LONGEST_TEXT = 700
"""Characters of one text on paper."""
OFF_PAPER = frozenset({"more"})
"""Sections that only lead elsewhere."""
OFF_MAIL = frozenset({"quotes", "quote", "contacts"})
"""Sections and widgets that no mail carries: what customers said in their own words, and how to reach them."""

VOID = frozenset({"br", "hr", "img", "wbr", "input", "col"})
UNPRINTED = frozenset({"form", "button", "script", "style", "select", "textarea", "input", "label", "img", "noscript"})
UNPRINTED_CLASSES = frozenset({"btn", "btn-row", "vh"})
WORDED = frozenset({"quote", "tl-words"})
"""The classes of what customers said in their own words."""
LISTED = frozenset({"li", "blockquote", "details"})
"""Elements of which a list may hold many; rows of tables and lines of studies beside them."""
KEPT = frozenset({"class", "dir", "lang", "scope", "colspan", "rowspan"})
DRAWN = frozenset({"svg", "g", "line", "circle", "path", "polyline", "rect", "text", "title"})
"""What drawings are made of, whose attributes stay as they are: they are numbers."""
INK, GRID, VOICE, HEALTH = "#17202e", "#e2ded5", "#2347a5", "#5b6472"
STROKES = {"s-voice": VOICE, "s-rest": "#857f72", "s-risk": "#b0301c", "s-strength": "#0b6f62"}
LITERAL = {
    "c-grid": f'stroke="{GRID}"',
    "c-health": f'fill="#ffffff" stroke="{HEALTH}" stroke-width="2"',
    "c-voice": f'fill="{VOICE}"',
    "c-t": f'fill="{HEALTH}" font-size="10"',
    "c-tt": f'fill="{INK}" font-size="10"',
    **{name: f'stroke="{colour}"' for name, colour in STROKES.items()},
}
"""What a class of a drawing looks like: drawings on paper know no style sheet."""


def on_paper(html: str, *, base_url: str, has_words: bool = True) -> str:
    """The HTML of a part of a page as it goes to paper; `base_url` is where links without a host lead.

    What is to be pressed is gone; links lead to the web, to mail, or nowhere. Of each list the first MOST_LINES stay,
    under which stands how many more the page has; a text is cut after LONGEST_TEXT characters. Unless it
    `has_words`, what customers said themselves is left out.
    """
    unprinted = UNPRINTED_CLASSES if has_words else UNPRINTED_CLASSES | WORDED
    printer = _Printer(base_url.rstrip("/"), unprinted)
    printer.feed(html)
    printer.close()
    return printer.printed


@dataclass
class _Open:
    """An element that is open: its tag, what it closes with, and how many lines of each kind it holds."""

    tag: str
    classes: frozenset[str] = frozenset()
    closing: str = ""
    lines: dict[str, int] = field(default_factory=dict)
    cells: int = 0


class _Printer(HTMLParser):
    """Writes what it reads, but for what has no place on paper; what is left out is only counted."""

    def __init__(self, base_url: str, unprinted: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._base_url = base_url
        self._unprinted = unprinted
        self._open = [_Open("")]
        self._left_out = 0
        self._written: list[str] = []

    @property
    def printed(self) -> str:
        """What was written."""
        return "".join(self._written)

    def close(self) -> None:
        """Finish, and say of what was open to the end how much of it was cut."""
        super().close()
        while len(self._open) > 1:
            self._shut()
        self._tell_cut(self._open[0])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element that closes itself, as those of drawings do."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an element, or leave it out with all that it holds."""
        values = {name: value or "" for name, value in attrs}
        classes = frozenset(values.get("class", "").split())
        if self._left_out or not self._is_printed(tag, classes):
            self._left_out += tag not in VOID
            return
        if tag in {"td", "th"}:
            self._open[-1].cells += 1
        if tag in VOID:
            self._written.append(f"<{tag}>")
            return
        opening, closing = self._tags(tag, values, classes)
        self._written.append(opening)
        self._open.append(_Open(tag, classes, closing))

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag in VOID:
            return
        if self._left_out:
            self._left_out -= 1
        elif len(self._open) > 1:
            self._shut()

    def handle_data(self, data: str) -> None:
        """Write a text, cut where it is too long."""
        if self._left_out:
            return
        text = data if len(data) <= LONGEST_TEXT else f"{data[:LONGEST_TEXT].rstrip()}… (the page has all of it)"
        self._written.append(escape(text))

    def _is_printed(self, tag: str, classes: frozenset[str]) -> bool:
        if tag in UNPRINTED or classes & self._unprinted:
            return False
        if tag == "svg" and "rag" in self._open[-1].classes:
            return False
        kind = self._kind(tag, classes)
        if not kind:
            return True
        lines = self._open[-1].lines
        lines[kind] = lines.get(kind, 0) + 1
        return lines[kind] <= MOST_LINES

    def _kind(self, tag: str, classes: frozenset[str]) -> str:
        """The kind of line that an element is; empty where it is none."""
        if tag in LISTED:
            return tag
        if tag == "tr" and self._open[-1].tag == "tbody":
            return tag
        return "p" if tag == "p" and "study-line" in classes else ""

    def _tags(self, tag: str, values: dict[str, str], classes: frozenset[str]) -> tuple[str, str]:
        if tag == "a":
            address = self._address(values.get("href", ""))
            return (f'<a href="{escape(address)}">', "</a>") if address else ("<span>", "</span>")
        if tag == "details":
            return "<div>", "</div>"
        if tag == "summary":
            return '<p class="opens">', "</p>"
        if tag in DRAWN:
            return self._drawn(tag, values, classes), f"</{tag}>"
        kept = "".join(f' {name}="{escape(value)}"' for name, value in values.items() if name in KEPT)
        return f"<{tag}{kept}>", f"</{tag}>"

    def _drawn(self, tag: str, values: dict[str, str], classes: frozenset[str]) -> str:
        names = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
        kept = "".join(f' {names.get(name, name)}="{escape(value)}"' for name, value in values.items())
        look = "".join(f" {LITERAL[name]}" for name in sorted(classes & LITERAL.keys()))
        told = f"<title>{escape(values['aria-label'])}</title>" if tag == "svg" and values.get("aria-label") else ""
        return f"<{tag}{kept}{look}>{told}"

    def _address(self, href: str) -> str:
        if href.startswith("/") and not href.startswith("//"):
            return f"{self._base_url}{href}"
        return href if href.startswith(("https://", "http://", "mailto:")) else ""

    def _shut(self) -> None:
        closed = self._open.pop()
        self._tell_cut(closed)
        self._written.append(closed.closing)
        if closed.tag == "tr":
            self._open[-1].cells = closed.cells

    def _tell_cut(self, element: _Open) -> None:
        """Say how many lines of an element the page has beside those that stand here."""
        for kind, lines in element.lines.items():
            if lines > MOST_LINES:
                words = f"and {count(lines - MOST_LINES)} more on the page"
                self._written.append(_LINES.get(kind, '<p class="cut">{}</p>').format(words, element.cells or 1))


_LINES = {"li": '<li class="cut">{}</li>', "tr": '<tr class="cut"><td colspan="{1}">{0}</td></tr>'}
