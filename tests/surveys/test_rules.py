"""Whether a link opens, what a form says, and pages that are cut where words go."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import AskedIn
from app.questionnaires.rules.kinds import LONGEST_TEXT, ParsedAnswer
from app.questionnaires.rules.reading import parse_definition
from app.surveys.rules.doors import STATUS, Shut, shut_because
from app.surveys.rules.forms import (
    FOREIGN_FORM,
    NO_FORM_KEY,
    NOTHING_ANSWERED,
    choices,
    preselected,
    read_form,
    sent_value,
    shortened,
)
from app.surveys.rules.slots import Slots
from app.surveys.rules.words import ERRORS, OTHER, error_words, shut_words
from tests.surveys.asked import GOOD

QUESTIONS = parse_definition(built_in_documents()["relationship"]).asked_in(AskedIn.SURVEY)
FIRST, LAST = date(2026, 1, 5), date(2026, 2, 13)
END = datetime(2026, 2, 14, tzinfo=UTC)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("moment", "facts", "expected"),
    [
        pytest.param(at(2026, 1, 4, 23, 59, 59), {}, Shut.NOT_YET, id="a-second-before"),
        pytest.param(at(2026, 1, 5), {}, None, id="first-instant"),
        pytest.param(at(2026, 2, 13, 23, 59, 59, 999999), {}, None, id="last-instant"),
        pytest.param(at(2026, 2, 14), {}, Shut.CLOSED, id="over"),
        pytest.param(at(2026, 1, 9), {"closed_at": at(2026, 1, 8)}, Shut.CLOSED, id="closed-early"),
        pytest.param(at(2026, 1, 9), {"expires_at": at(2026, 1, 9)}, Shut.CLOSED, id="expired"),
        pytest.param(at(2026, 1, 9), {"revoked_at": at(2026, 1, 8)}, Shut.REVOKED, id="revoked"),
        pytest.param(at(2026, 1, 1), {"revoked_at": at(2026, 1, 1)}, Shut.REVOKED, id="revoked-before-the-start"),
    ],
)
def test_a_link_opens_only_within_the_period(moment: datetime, facts: dict[str, Any], expected: Shut | None) -> None:
    open_facts = {"closed_at": None, "revoked_at": None, "expires_at": END, "opens_on": FIRST, "closes_on": LAST}
    assert shut_because(at=moment, **{**open_facts, **facts}) is expected


@pytest.mark.parametrize("shut", Shut)
def test_every_closed_door_has_words_and_a_status(shut: Shut) -> None:
    words = shut_words(shut, opens_on=FIRST, closed_on=LAST)
    assert words.title
    assert words.advice
    assert STATUS[shut] in {403, 410}


def test_every_error_has_words() -> None:
    assert {error_words(status) for status in ERRORS} == set(ERRORS.values())
    assert error_words(418) is OTHER


def test_a_good_form_is_read_whole() -> None:
    sent = read_form(QUESTIONS, [("form_key", "k"), *GOOD.items()])
    assert sent.is_good
    assert sent.form_key == "k"
    assert sent.answers["recommend"] == ParsedAnswer(9.0, None)
    assert sent.answers["reason"] == ParsedAnswer(None, "The reports are clear.\nSupport is slow.")
    assert sent.answers["contact_again"] == ParsedAnswer(1.0, "yes")
    assert {sent_value(answer) for answer in sent.answers.values()} >= {"9", "yes", "3"}


def test_what_is_empty_is_not_answered() -> None:
    sent = read_form(QUESTIONS, [("recommend", ""), ("reason", " \r\n "), ("effort", "7")])
    assert sent.is_good
    assert set(sent.answers) == {"effort"}
    assert (sent.form_key, sent.has_key) == (NO_FORM_KEY, False)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("recommend", "11", "Enter a whole number from 0 to 10."),
        ("recommend", "-1", "Enter a whole number from 0 to 10."),
        ("recommend", "9" * 5_000, "Enter a whole number from 0 to 10."),
        ("satisfaction", "0", "Enter a whole number from 1 to 5."),
        ("effort", "٣", "Enter a whole number from 1 to 7."),
        ("contact_again", "partly", "Choose yes or no."),
        ("contact_again", "1", "Choose yes or no."),
        ("reason", "x" * (LONGEST_TEXT + 1), "Shorten the text to 10,000 characters; it has 10,001."),
        ("reason", "a\0b", "Remove the control characters from the text; only line breaks and tabs may stay."),
        ("reason", "a\x1bb", "Remove the control characters from the text; only line breaks and tabs may stay."),
    ],
)
def test_a_wrong_value_is_told_at_its_question_and_kept(field: str, value: str, sentence: str) -> None:
    sent = read_form(QUESTIONS, [("renewal_intent", "5"), (field, value)])
    assert sent.errors == {field: sentence}
    assert not sent.is_good
    assert sent.typed == {"renewal_intent": "5", field: value}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        pytest.param([], NOTHING_ANSWERED, id="nothing"),
        pytest.param([("form_key", "k")], NOTHING_ANSWERED, id="only-the-key"),
        pytest.param([("recommend", "1"), ("products", "4")], FOREIGN_FORM, id="a-question-of-another-form"),
        pytest.param([("recommend", "1"), ("form_key", "")], FOREIGN_FORM, id="empty-key"),
        pytest.param([("recommend", "1"), ("form_key", "k" * 65)], FOREIGN_FORM, id="long-key"),
        pytest.param([("recommend", "1"), ("form_key", "ä")], FOREIGN_FORM, id="strange-key"),
        pytest.param([("recommend", "1"), ("recommend", "1")], "“recommend” came more than once", id="doubled"),
        pytest.param([("recommend", "1"), ("form_key", "a"), ("form_key", "b")], "“form_key” came", id="two-keys"),
    ],
)
def test_a_form_that_is_not_ours_is_refused_whole(fields: list[tuple[str, str]], problem: str) -> None:
    sent = read_form(QUESTIONS, fields)
    assert not sent.is_good
    assert any(line.startswith(problem) for line in sent.problems)


def test_files_are_no_part_of_the_form() -> None:
    assert read_form(QUESTIONS, [("recommend", "1")], has_files=True).problems == [FOREIGN_FORM]


@pytest.mark.parametrize(
    ("score", "expected"),
    [("9", {"recommend": "9"}), ("0", {"recommend": "0"}), ("11", {}), ("9.0", {}), ("", {}), (None, {}), ("x", {})],
)
def test_a_score_in_the_address_preselects_only_what_is_offered(score: str | None, expected: dict[str, str]) -> None:
    assert preselected(QUESTIONS, score) == expected
    assert preselected(QUESTIONS[1:], score) == {}


def test_every_question_offers_what_its_parser_takes() -> None:
    for question in QUESTIONS:
        for choice in choices(question):
            assert sent_value(question.parse(choice.value)) == choice.value


def test_long_and_strange_names_are_quoted_short() -> None:
    assert shortened("a" * 500) == "a" * 60 + "…"
    assert shortened("a\0\x1b") == "a\ufffd\ufffd"


def test_a_prepared_page_is_the_page_with_its_slots_filled() -> None:
    slots = Slots("#")
    page = slots.cut(f"<p>{slots.mark('name')}</p>{slots.mark('rest')}!")
    assert page.filled({"name": "Dalia"}) == "<p>Dalia</p>!"
    assert page.filled({"name": "#rest#", "rest": "x"}) == "<p>#rest#</p>x!"
