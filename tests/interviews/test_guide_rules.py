"""The route of an interview: names of places, loops, branches and notes in it, its times, and the guide on paper."""

from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from app.core.errors import Refusal
from app.interviews.forms import typed_in
from app.interviews.rules.branches import branches_of, closed_slots, unasked_slots
from app.interviews.rules.items import answer_words, item_content, shape, typed_of
from app.interviews.rules.pace import in_minutes, pace_of
from app.interviews.rules.paper import sheets_of
from app.interviews.rules.progress import course_of
from app.interviews.rules.slots import slot_name, slot_named
from app.interviews.rules.times import Spent, is_faster_than_read, seconds_to_read, spent_in, summed, tab_in
from app.questionnaires.rules.definition import Question
from app.questionnaires.rules.kinds import ParsedAnswer
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.route import Facts, Item, Route, Slot
from app.responses.rules import Item as Standing
from app.responses.rules import ItemContent
from tests.interviews.kinds import FIRST, SECOND, spoken
from tests.surveys.kinds import question

PRODUCTS = (Item("P/1", "product", "Mail"), Item("P/2", "product", "Chat"), Item("S1", "service", "Care"))
KINDS = parse_definition(spoken())
FACTS = Facts({"contact.first_name": "Nora"}, PRODUCTS)
NO = ParsedAnswer(0.0, "no")


def route(**given: ParsedAnswer) -> Route:
    return Route(KINDS, FACTS, {Slot(key): answer for key, answer in given.items()})


def asked(key: str) -> Question:
    found = KINDS.question(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("slot", "name"),
    [
        pytest.param(Slot("use"), "use", id="asked-once"),
        pytest.param(Slot("use", "P1"), "use@P1", id="plain"),
        pytest.param(Slot("use", "a/b c:d@e%"), "use@a%2Fb%20c%3Ad%40e%25", id="anything"),
        pytest.param(Slot("use", "Größe"), "use@Gr%C3%B6%C3%9Fe", id="letters"),
    ],
)
def test_places_have_names_that_mean_nothing_else(slot: Slot, name: str) -> None:
    assert slot_name(slot) == name
    assert slot_named(name) == slot


def test_a_course_loops_and_leaves_closed_branches_aside() -> None:
    course = course_of(route(), {})
    assert [part.section.title for part in course.parts][1:] == ["Your products: Mail", "Your products: Chat"]
    assert [step.name for step in course.steps][-2:] == [FIRST, SECOND]
    assert "missing" not in [step.name for step in course.steps]
    assert course.step("missing") is not None
    assert [step.question.text for step in course.parts[1].steps] == ["How well does Mail work?"]
    opened = course_of(route(works=NO), {})
    assert "missing" in [step.name for step in opened.steps]
    assert opened.beside("works", 1) == opened.step("missing")
    assert len({step.id for step in course.all_steps}) == len(course.all_steps)


def test_notes_and_heads_of_tables_are_read_before_the_question() -> None:
    course = course_of(route(), {})
    leads = {step.name: [lead.text for lead in step.leads] for step in course.steps if step.leads}
    assert leads == {
        "docs": ["Nearly there: the rest is quick.", "How good are these?"],
        "help": ["How good are these?"],
    }


def test_words_repeat_what_was_said() -> None:
    said = branches_of(route(care=ParsedAnswer(2.0, None), works=NO), {"why"})
    assert said.words == {"why": "You said 2. Why?"}
    assert {"missing", "pause", FIRST, SECOND} <= set(said.asked)
    step = course_of(route(), {}).step("why")
    assert step is not None
    assert (step.question.text, step.question.probes) == ("You said nothing. Why?", ("Since when, Nora?",))


def test_answers_behind_a_closed_branch_do_not_count() -> None:
    told = ParsedAnswer(None, "Exports")
    assert closed_slots(route(works=NO, missing=told)) == set()
    assert closed_slots(route(missing=told)) == {Slot("missing")}
    core = replace(KINDS, questions=tuple(replace(each, core=True) for each in KINDS.questions))
    assert unasked_slots(Route(core, FACTS, {})) == {Slot("missing")}


@pytest.mark.parametrize(
    ("key", "fields", "words"),
    [
        pytest.param("liked", [("value", "people"), ("value", "speed")], "Speed, People", id="boxes"),
        pytest.param("liked", [("value", "speed people")], "Speed, People", id="boxes-in-one"),
        pytest.param(
            "order",
            [("place/speed", "2"), ("place/price", "1"), ("place/people", "3")],
            "1. Price, 2. Speed, 3. People",
            id="places",
        ),
        pytest.param("order", [("value", "people price speed")], "1. People, 2. Price, 3. Speed", id="order"),
        pytest.param("seats", [("value", "1234567")], "1234567", id="number"),
        pytest.param("since", [("value", "2026-03-31")], "2026-03-31", id="day"),
        pytest.param("terms", [("value", "no")], "Does not agree", id="consent"),
        pytest.param("care", [("value", ":refused")], "Did not want to say", id="absence"),
        pytest.param("why", [("value", ":-) fine")], ":-) fine", id="words-with-a-colon"),
        pytest.param("why", [("reason", "No time")], "Skipped", id="skipped"),
    ],
)
def test_every_kind_is_read_and_shown(key: str, fields: list[tuple[str, str]], words: str) -> None:
    content = item_content(asked(key), typed_in(MultiDict(fields)))
    assert answer_words(asked(key), content) == words
    assert item_content(asked(key), typed_of(content)) == content


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        pytest.param(
            "order", [("place/speed", "1"), ("place/price", "1"), ("place/people", "2")], id="one-place-twice"
        ),
        pytest.param("order", [("place/speed", "1")], id="not-all"),
        pytest.param("order", [("place/x", "1"), ("place/price", "2"), ("place/people", "3")], id="foreign"),
        pytest.param("liked", [("value", "speed"), ("value", "love")], id="no-such-box"),
        pytest.param("seats", [("value", "1e9")], id="no-number"),
        pytest.param("seats", [("value", "1.5")], id="no-whole-number"),
        pytest.param("since", [("value", "2026-02-30")], id="no-day"),
        pytest.param("terms", [("value", "partly")], id="half-a-consent"),
        pytest.param("care", [("value", "2"), ("reason", "No time")], id="answer-and-reason"),
        pytest.param("why", [("reason", "a\0b")], id="nul"),
    ],
)
def test_what_no_kind_accepts_is_refused(key: str, fields: list[tuple[str, str]]) -> None:
    with pytest.raises(Refusal):
        item_content(asked(key), typed_in(MultiDict(fields)))


@pytest.mark.parametrize(
    ("key", "expected"),
    [("recommend", "scale"), ("works", "choice"), ("terms", "choice"), ("liked", "multiple_choice"), ("why", "text")],
)
def test_shapes(key: str, expected: str) -> None:
    assert shape(asked(key)) == expected


def test_later_is_what_the_button_says_too() -> None:
    assert typed_in(MultiDict([("go", "later")])).later == "1"
    content = item_content(asked("why"), typed_in(MultiDict([("later", "1"), ("star", "1"), ("paraphrase", "1")])))
    assert (content.is_later, content.is_starred, content.is_paraphrase) == (True, True, True)


@pytest.mark.parametrize(
    "row", ["", "care", "care 1 - 0 0", "care x - 0 0 0", "care 9999999 - 0 0 0", "a\nb 1 - 0 0 0"]
)
def test_times_that_are_none_are_refused(row: str) -> None:
    with pytest.raises(Refusal):
        spent_in([row], ["care"])


@pytest.mark.parametrize("tab", ["", "short", "x" * 16, "0" * 33])
def test_windows_that_are_none_are_refused(tab: str) -> None:
    with pytest.raises(Refusal):
        tab_in(tab)


def test_times_are_read_bounded_and_summed() -> None:
    sent = spent_in(["care 999999 7 1 2 1", "gone 1 - 0 0 0"], ["care"])
    assert sent == [Spent("care", 86_400, 7, 1, 2, 1)]
    assert summed(Spent("care", 5), Spent("care", 7, 3, 1, 1, 1)) == Spent("care", 12, 3, 1, 1, 1)


@pytest.mark.parametrize(
    ("words", "until", "expected"),
    [
        pytest.param(75, 29, True, id="before-the-end"),
        pytest.param(75, 30, False, id="at-the-end"),
        pytest.param(75, None, False, id="no-answer"),
        pytest.param(1, 0, False, id="too-short-to-tell"),
    ],
)
def test_faster_than_it_can_be_read(words: int, until: int | None, expected: bool) -> None:
    text = " ".join(["word"] * words)
    assert is_faster_than_read(text, Spent("care", 60, until)) is expected
    assert seconds_to_read(text) == pytest.approx(words * 0.4)


def test_pace_goes_by_sections() -> None:
    course = course_of(route(), {Slot("care"): Standing(1, ItemContent(ParsedAnswer(2.0, None)))})
    assert pace_of(course, {}) is None
    pace = pace_of(course, {"care": Spent("care", 61, 2, 1, 2, 1), FIRST: Spent(FIRST, 9)})
    assert pace is not None
    assert (pace.used, [part.used for part in pace.parts]) == ("1 min 10 s", ["1 min 01 s", "9 s"])
    assert in_minutes(59) == "59 s"


def test_the_guide_on_paper_prints_what_may_come_up() -> None:
    facts_only = spoken()
    facts_only["questions"].append(question("vip", "text", relevant="${account.tier} = 'vip'"))
    sheets = sheets_of(Route(parse_definition(facts_only), FACTS, {}))
    printed = {each.step.name: each for sheet in sheets for each in sheet.questions}
    assert printed["missing"].only_if == "${works} = 'no'"
    assert "vip" not in printed, "nothing that is said makes this account another one"
    assert [each.number for sheet in sheets for each in sheet.questions] == list(range(1, len(printed) + 1))
    assert (printed["why"].lines, printed["order"].lines) == (6, 0)
