"""The brief: what is starred first, what may be quoted and how, paraphrases apart, promises in short, how one met."""

import pytest

from app.interviews.rules.brief import own_level, quotes, starred, told
from app.interviews.rules.brief_promises import promises
from app.interviews.rules.meeting import way_held
from app.interviews.rules.progress import Step, course_of
from app.interviews.rules.slots import slot_named
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import PROMISE
from app.questionnaires.rules.kinds import Absence, ParsedAnswer
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.route import Facts, Item, Route
from app.responses.rules import Item as Standing
from app.responses.rules import ItemContent, QuotePermission

VALUE = parse_definition(built_in_documents()["interview-value"])
FACTS = {"source": "sales", "promised_on": "2 March 2026", "amount": ""}
ITEMS = (
    Item("close", PROMISE, "Books closed in three days", FACTS),
    Item("audit", PROMISE, "One file for the auditors", {}),
    Item("L", "product", "Ledger"),
)
NAMED, ROLE, INTERNAL, NONE = (
    QuotePermission.WITH_NAME,
    QuotePermission.WITHOUT_NAME,
    QuotePermission.INTERNAL,
    QuotePermission.NONE,
)


def steps(**said: ItemContent) -> list[Step]:
    """The questions of a value interview; `promise_delivered__close` is that about the promise `close`."""
    items = {slot_named(name.replace("__", "@")): Standing(1, content) for name, content in said.items()}
    return list(course_of(Route(VALUE, Facts(items=ITEMS), {}), items).steps)


def words(text: str, *, level: QuotePermission | None = None, star: bool = False, meant: bool = False) -> ItemContent:
    return ItemContent(
        ParsedAnswer(None, text), quote=text, quote_permission=level, is_starred=star, is_paraphrase=meant
    )


def chosen(key: str) -> ItemContent:
    return ItemContent(ParsedAnswer(None, key))


def rated(value: float, **more: bool) -> ItemContent:
    return ItemContent(ParsedAnswer(value, None), **more)


LEVELS = {
    "named": (None, NAMED, "Named", False),
    "role": (None, ROLE, "Role only", False),
    "internal": (None, INTERNAL, "Internal", True),
    "nobody asked": (None, None, "Not asked: internal only", True),
    "as in general": ("with_name", None, "Named", False),
    "the sentence counts": ("with_name", INTERNAL, "Internal", True),
}


@pytest.mark.parametrize("case", LEVELS)
def test_quotes_say_how_they_may_be_used(case: str) -> None:
    own, level, use, is_internal = LEVELS[case]
    general = {"quote_permission": chosen(own)} if own else {}
    (quote,) = quotes(steps(value_narrative=words("We close faster.", level=level), **general))
    assert (quote.use, quote.is_internal) == (use, is_internal)


@pytest.mark.parametrize(("own", "level"), [(None, NONE), ("none", None), ("none", NAMED)])
def test_what_is_not_to_be_quoted_is_not_there(own: str | None, level: QuotePermission | None) -> None:
    general = {"quote_permission": chosen(own)} if own else {}
    said = steps(
        value_narrative=words("Never.", level=level),
        promise_evidence__close=words("Never ever.", level=level, star=True),
        **general,
    )
    assert quotes(said) == []
    assert told(said) == []
    assert starred(said) == []
    assert [each.evidence for each in promises(said)] == ["", ""]


def test_starred_comes_first_then_what_may_leave_the_house() -> None:
    said = steps(
        value_narrative=words("Inside.", level=INTERNAL),
        skills_needed=words("Outside.", level=ROLE),
        one_change=words("Starred.", level=INTERNAL, star=True),
    )
    assert [each.words for each in quotes(said)] == ["Starred.", "Outside.", "Inside."]
    assert [each.words for each in starred(said)] == ["Starred."]
    assert [each.words for each in told(said)] == ["Inside.", "Outside."]


def test_paraphrases_are_marked_and_answers_name_what_they_are_about() -> None:
    said = steps(
        product_worth__L=rated(2.0, is_starred=True),
        product_likes__L=words("It is quick.", meant=True),
        promise_recalled__audit=ItemContent(absence=Absence.DONT_KNOW, is_starred=True),
    )
    assert [(each.is_paraphrase, each.question) for each in quotes(said)] == [(True, "What do you like about Ledger?")]
    assert [(each.question, each.words) for each in starred(said)] == [
        ("Is that what you were promised? · One file for the auditors", "Don’t know"),
        ("How content are you with Ledger?", "2 of 5"),
    ]


def test_promises_in_short() -> None:
    first, second = promises(
        steps(
            promise_delivered__close=rated(4.0),
            promise_to_come__close=rated(2.0),
            promise_evidence__close=ItemContent(ParsedAnswer(None, "The calendar")),
            promise_acknowledged__close=chosen("partly"),
        )
    )
    assert (first.text, first.origin) == ("Books closed in three days", "sales, 2 March 2026")
    assert (first.delivered, first.to_come, first.acknowledged) == ("4 of 5", "2 of 5", "partly")
    assert first.evidence == "The calendar"
    assert (second.delivered, second.to_come, second.acknowledged, second.evidence) == ("not said", "", "", "")
    assert own_level(steps()) is None


WAYS = {
    "nothing": (None, [], None),
    "agreed": ("video", [("no_answer", "phone")], "video"),
    "held as the call says": ("video", [("held", "phone")], "phone"),
    "the last call": (None, [("call_back", "mail"), ("not_there", "phone"), ("busy", "video")], "phone"),
}


@pytest.mark.parametrize("case", WAYS)
def test_how_one_met(case: str) -> None:
    agreed, calls, way = WAYS[case]
    assert way_held(agreed, calls) == way
