"""What is typed at a question, how far an interview has come, when it may be held, and how people are shared out."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.core.errors import Refusal
from app.interviews.rules.items import Typed, answer_words, choices, item_content, key_hint, typed_of
from app.interviews.rules.period import refusal_to_ask, refusal_to_count
from app.interviews.rules.progress import Mark, course_of, mark
from app.interviews.rules.sharing import ToShare, shared_out
from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire, Section
from app.questionnaires.rules.kinds import Absence, Option, ParsedAnswer
from app.questionnaires.rules.route import Facts, Route, Slot
from app.responses.rules import Item, ItemContent, QuotePermission

SCORE = Question("score", "scale_1_5", "How much?", "one", probes=("Why?", "Who?"))
NPS = replace(SCORE, key="nps", kind="scale_0_10")
STORY = Question("story", "text", "What happened?", "one")
PICK = Question("pick", "single_choice", "Which?", "two", options=(Option("a", "First"), Option("b", "Second")))
AGAIN = Question("again", "yes_no", "May we?", "two", asked_in=(AskedIn.INTERVIEW,))
ASKED_BY_SURVEY = Question("web", "text", "On the web?", "one", asked_in=(AskedIn.SURVEY,))
INSTRUMENT = Questionnaire(
    "probe",
    "Probe",
    "en",
    (Section("one", "One", minutes=10), Section("two", "Two", minutes=4), Section("none", "Nothing in it")),
    (PICK, SCORE, STORY, ASKED_BY_SURVEY, AGAIN),
)
ALONG = Route(INSTRUMENT, Facts(), {})
FULL = Typed("2", "", "a note", "their words", "without_name", ("Who?", "Why?"))


@pytest.mark.parametrize(
    ("question", "typed", "expected"),
    [
        pytest.param(SCORE, Typed(), ItemContent(), id="nothing"),
        pytest.param(SCORE, Typed(value=" 4 "), ItemContent(ParsedAnswer(4.0, None)), id="number"),
        pytest.param(STORY, Typed(value="a\r\nb "), ItemContent(ParsedAnswer(None, "a\nb")), id="text"),
        pytest.param(PICK, Typed(value="b"), ItemContent(ParsedAnswer(None, "b")), id="choice"),
        pytest.param(AGAIN, Typed(value="partly"), ItemContent(ParsedAnswer(0.5, "partly")), id="partly"),
        pytest.param(SCORE, Typed(absence="dont_know"), ItemContent(absence=Absence.DONT_KNOW), id="absence"),
        pytest.param(SCORE, Typed(note=" \n "), ItemContent(), id="blank-note-is-nothing"),
        pytest.param(
            SCORE,
            FULL,
            ItemContent(
                ParsedAnswer(2.0, None), "a note", "their words", QuotePermission.WITHOUT_NAME, None, ("Why?", "Who?")
            ),
            id="all-with-probes-in-the-order-of-the-question",
        ),
    ],
)
def test_typed_text_becomes_content_and_reads_back(question: Question, typed: Typed, expected: ItemContent) -> None:
    content = item_content(question, typed)
    assert content == expected
    assert item_content(question, typed_of(content)) == content


@pytest.mark.parametrize(
    ("question", "typed", "field", "words"),
    [
        pytest.param(SCORE, Typed(value="6"), "value", "from 1 to 5", id="off-the-scale"),
        pytest.param(SCORE, Typed(value="9" * 9000), "value", "from 1 to 5", id="huge"),
        pytest.param(SCORE, Typed(value="\0"), "value", "from 1 to 5", id="nul"),
        pytest.param(PICK, Typed(value="c"), "value", "Choose one of", id="no-such-option"),
        pytest.param(STORY, Typed(value="x" * 10_001), "value", "Shorten", id="long-text"),
        pytest.param(SCORE, Typed(note="x" * 10_001), "note", "Shorten", id="long-note"),
        pytest.param(SCORE, Typed(quote="a\0b"), "quote", "control characters", id="nul-in-a-quote"),
        pytest.param(SCORE, Typed(note="a\ud800"), "note", "control characters", id="lone-surrogate"),
        pytest.param(SCORE, Typed(value="2", absence="refused"), "absence", "only one", id="answer-and-absence"),
        pytest.param(SCORE, Typed(absence="lazy"), "absence", "from the list", id="no-such-absence"),
        pytest.param(SCORE, Typed(quote_permission="all"), "quote_permission", "from the list", id="no-permission"),
        pytest.param(SCORE, Typed(probes=("Why?", "When?")), "probes", "of this question", id="no-such-probe"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_field(question: Question, typed: Typed, field: str, words: str) -> None:
    with pytest.raises(Refusal) as caught:
        item_content(question, typed)
    assert caught.value.field == field
    assert words in caught.value.sentence


@pytest.mark.parametrize(
    ("question", "content", "words"),
    [
        pytest.param(SCORE, ItemContent(), "", id="nothing"),
        pytest.param(SCORE, ItemContent(ParsedAnswer(4.0, None)), "4", id="number"),
        pytest.param(PICK, ItemContent(ParsedAnswer(None, "b")), "Second", id="choice"),
        pytest.param(AGAIN, ItemContent(ParsedAnswer(0.5, "partly")), "Partly", id="partly"),
        pytest.param(SCORE, ItemContent(absence=Absence.REFUSED), "Did not want to say", id="absence"),
    ],
)
def test_answers_read_as_words(question: Question, content: ItemContent, words: str) -> None:
    assert answer_words(question, content) == words


@pytest.mark.parametrize(
    ("question", "count", "hint"),
    [
        pytest.param(SCORE, 5, "keys 1 to 5, 0 for not applicable", id="one-to-five"),
        pytest.param(NPS, 11, "keys 0 to 9, and 1 then 0 for ten", id="nought-to-ten"),
        pytest.param(PICK, 2, "keys 1 to 2 in this order, 0 for not applicable", id="list"),
        pytest.param(AGAIN, 3, "keys 1 to 3 in this order, 0 for not applicable", id="yes-no"),
        pytest.param(STORY, 0, "", id="text"),
    ],
)
def test_keys_are_announced(question: Question, count: int, hint: str) -> None:
    assert len(choices(question)) == count
    assert key_hint(question) == hint


def test_a_course_goes_by_sections_and_leaves_out_what_surveys_ask() -> None:
    course = course_of(ALONG, {Slot("score"): Item(1, ItemContent(ParsedAnswer(3.0, None)))})
    assert [step.question.key for step in course.steps] == ["score", "story", "pick", "again"]
    assert [(part.mark, part.done, len(part.steps)) for part in course.parts] == [(Mark.HALF, 1, 2), (Mark.OPEN, 0, 2)]
    assert (course.done, course.minutes_left, course.first_open().question.key) == (1, 9, "story")
    assert course.beside("score", -1) is None
    assert course.beside("again", 1) is None
    assert [(step.position, step.of) for step in course.steps] == [(1, 2), (2, 2), (1, 2), (2, 2)]


def test_a_note_alone_leaves_a_question_open_and_an_absence_does_not() -> None:
    items = {
        Slot("score"): Item(1, ItemContent(note="hm")),
        Slot("story"): Item(1, ItemContent(absence=Absence.DONT_KNOW)),
    }
    assert course_of(ALONG, items).done == 1


@pytest.mark.parametrize(("done", "total", "expected"), [(0, 3, "open"), (1, 3, "half"), (3, 3, "done")])
def test_marks(done: int, total: int, expected: str) -> None:
    assert mark(done, total) == expected


CLOSED = datetime(2026, 2, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "closed_at", "words"),
    [
        pytest.param(date(2026, 1, 31), None, "opens on", id="before"),
        pytest.param(date(2026, 2, 1), None, None, id="first-day"),
        pytest.param(date(2026, 2, 9), None, None, id="last-day"),
        pytest.param(date(2026, 2, 10), None, "ended on", id="after"),
        pytest.param(date(2026, 2, 5), CLOSED, "was closed", id="closed"),
    ],
)
def test_the_period_of_fieldwork(today: date, closed_at: datetime | None, words: str | None) -> None:
    sentence = refusal_to_ask(opens_on=date(2026, 2, 1), closes_on=date(2026, 2, 9), closed_at=closed_at, today=today)
    assert (sentence is None) if words is None else (sentence is not None and words in sentence)
    assert (refusal_to_count(closed_at) is None) is (closed_at is None)


def people(*accounts: int, own: int | None = None) -> list[ToShare]:
    return [ToShare(number, account, own) for number, account in enumerate(accounts)]


def test_sharing_keeps_accounts_together_and_evens_out() -> None:
    shared = shared_out(people(1, 1, 1, 2, 2, 3), interviewers=[7, 8], load={}, known={})
    assert shared == {0: 7, 1: 7, 2: 7, 3: 8, 4: 8, 5: 8}


def test_sharing_counts_what_each_has_to_do_already() -> None:
    assert shared_out(people(1, 2), interviewers=[7, 8], load={7: 5}, known={}) == {0: 8, 1: 8}


def test_sharing_stays_with_who_knows_the_account_where_chosen() -> None:
    assert shared_out(people(1), interviewers=[7, 8], load={8: 9}, known={1: 8}) == {0: 8}
    assert shared_out(people(1), interviewers=[7], load={}, known={1: 8}) == {0: 7}


def test_sharing_goes_to_the_own_csm_first_where_asked() -> None:
    mixed = [*people(1, 1, own=9), ToShare(5, 2)]
    assert shared_out(mixed, interviewers=[7], load={}, known={}, to_own=True) == {0: 9, 1: 9, 5: 7}
    assert shared_out(mixed, interviewers=[], load={}, known={}, to_own=True) == {0: 9, 1: 9}
    assert shared_out(mixed, interviewers=[7], load={}, known={}) == {0: 7, 1: 7, 5: 7}
