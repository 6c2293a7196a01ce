"""How far back a period of months reaches, and how erasures and expiries are told."""

from datetime import UTC, datetime

import pytest

from app.subjects.rules import BACKUPS, ELSEWHERE, Expiry, Traces, erased_sentences, months_before

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "months", "before"),
    [
        pytest.param((2026, 11, 27), 24, (2024, 11, 27), id="two-years"),
        pytest.param((2026, 1, 15), 1, (2025, 12, 15), id="over-new-year"),
        pytest.param((2026, 12, 31), 12, (2025, 12, 31), id="december"),
        pytest.param((2026, 3, 31), 1, (2026, 2, 28), id="shorter-month"),
        pytest.param((2028, 2, 29), 12, (2027, 2, 28), id="leap-day"),
        pytest.param((2028, 3, 31), 1, (2028, 2, 29), id="leap-year"),
        pytest.param((2026, 6, 1), 240, (2006, 6, 1), id="longest"),
    ],
)
def test_months_before(at: tuple[int, int, int], months: int, before: tuple[int, int, int]) -> None:
    assert months_before(datetime(*at, 10, 30, tzinfo=UTC), months) == datetime(*before, 10, 30, tzinfo=UTC)


def test_an_erasure_names_what_there_was_and_what_remains() -> None:
    told = erased_sentences(Traces(contacts=1, answers_in_words=2), is_dry_run=False)
    assert told == [
        "Erased:",
        "  contacts: 1",
        "  answers in their own words, earlier versions included: 2",
        f"Numbers stay. {BACKUPS}",
    ]


def test_an_erasure_says_what_others_wrote_and_what_could_not_be_swept() -> None:
    told = erased_sentences(Traces(contacts=1, mentions={"answers": 3}), is_dry_run=True, is_swept=False)
    assert told[0] == "Would be erased:"
    assert f"Other texts name them too (answers: 3). {ELSEWHERE}" in told
    assert any("log still holds traces" in line for line in told)


@pytest.mark.parametrize(
    ("expiry", "months", "words"),
    [
        pytest.param(Expiry(None), None, "for ever", id="for-ever"),
        pytest.param(Expiry(LONG_AGO), 24, "Nothing is older than 24 months.", id="nothing"),
        pytest.param(Expiry(LONG_AGO, 2, 3, 1, 0, 4), 24, "that lost their words: 2 (3 answers", id="some"),
    ],
)
def test_an_expiry_is_told(expiry: Expiry, months: int | None, words: str) -> None:
    assert words in expiry.sentence(months, is_dry_run=False)
