"""Texts that layouts fear, and documents whose every name and quote is such a text."""

from typing import Any

from tests.reports.portfolios import document_of

TEXTS = {
    "markup": "<b>&amp;</b><script>alert(1)</script></q><style>*{display:none}</style> " * 80,
    "one word": "W" * 5_000,
    "right to left": "שלום עולם " * 500,
    "the widest letter": "\ufdfd" * 5_000,
    "emoji": "👩‍👩‍👧‍👦🇩🇪" * 400,
    "a tower of accents": "a" + "\u0301" * 4_999,
    "no spaces": "漢字" * 2_500,
    "lines": "a\n" * 2_500,
}


def named(text: str, **facts: Any) -> dict[str, Any]:
    """Return a portfolio in which study, accounts, their csms and all that was said are this text."""
    document = document_of(60, 120, **facts)
    document["name"] = text
    for account in document["accounts"]:
        account["name"] = account["csm"] = text
        for each in account["evidence"]:
            each["text"] = each["text"] and text
    return document
