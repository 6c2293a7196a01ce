"""Cells that a spreadsheet would take for a formula."""

_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def neutralised(text: str) -> str:
    """The text, led by an apostrophe where a spreadsheet would run it as a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_STARTS) else text
