"""Names and promises as people type them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import Refusal
from app.stakeholders.rules.names import Named, checked_name
from app.stakeholders.rules.promises import Typed, checked_promise

GOOD = Typed("Twice as fast", "sales", "economic", "2026-01-31", "9,000.50", "2026-03-01", "A slide\r\nof May")


def test_a_name_is_tidied() -> None:
    assert checked_name(Named("  Nora   Berg ", "Power User", " nora@x.example ", "+49 30/123-45")) == Named(
        "Nora Berg", "Power User", "nora@x.example", "+49 30/123-45"
    )
    assert checked_name(Named("N")) == Named("N")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Named(""), "name"),
        (Named(" \t "), "name"),
        (Named("x" * 301), "name"),
        (Named("Nora\0"), "name"),
        (Named("\u202eNora"), "name"),
        (Named("Nora", role="x" * 81), "role"),
        (Named("Nora", email="nora"), "email"),
        (Named("Nora", email="nora@x"), "email"),
        (Named("Nora", email="a@x.example\r\nBcc: b@x.example"), "email"),
        (Named("Nora", email=f"{'a' * 250}@x.example"), "email"),
        (Named("Nora", phone="call me"), "phone"),
        (Named("Nora", phone="12"), "phone"),
    ],
)
def test_a_name_that_cannot_be_kept_names_its_field(typed: Named, field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        checked_name(typed)
    assert refusal.value.field == field


def test_a_promise_is_read() -> None:
    found = checked_promise(GOOD)
    assert (found.text, found.source, found.aspect) == ("Twice as fast", "sales", "economic")
    assert (found.promised_on, found.amount) == (date(2026, 1, 31), Decimal("9000.50"))
    assert (found.delivered_on, found.evidence) == (date(2026, 3, 1), "A slide\nof May")
    bare = checked_promise(Typed("Faster", "product", "emotional"))
    assert (bare.promised_on, bare.amount, bare.delivered_on, bare.evidence) == (None, None, None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "x" * 2001},
        {"text": "Fas\0ter"},
        {"source": ""},
        {"source": "legal"},
        {"aspect": "spiritual"},
        {"promised_on": "31.01.2026"},
        {"promised_on": "2026-02-30"},
        {"delivered_on": "2026-01-30"},
        {"amount": "nan"},
        {"amount": "inf"},
        {"amount": "-1"},
        {"amount": "1.234"},
        {"amount": "1e400"},
        {"amount": "9" * 5000},
        {"amount": "٣"},
        {"evidence": "x" * 10_001},
    ],
    ids=str,
)
def test_a_promise_that_cannot_be_kept_names_its_field(wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        checked_promise(replace(GOOD, **wrong))
    assert [refusal.value.field] == list(wrong)
