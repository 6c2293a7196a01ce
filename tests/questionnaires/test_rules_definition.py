"""Questionnaire documents: what is read, what is refused, and that nothing is lost on the way."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from app.questionnaires.rules.definition import Anchors, AskedIn, Dimension, ValueSide
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.writing import content_sha256, to_document

Document = dict[str, Any]


def document() -> Document:
    return {
        "key": "pulse",
        "name": "Pulse",
        "language": "en",
        "sections": [{"key": "main", "title": "Main", "script": "Hello.", "minutes": 2}],
        "questions": [
            {
                "key": "received",
                "kind": "scale_1_5",
                "section": "main",
                "text": "How much have you received?",
                "dimension": "value",
                "value_side": "delivered",
                "value_aspect": "economic",
                "anchors": {"low": "little", "high": "much"},
                "core": True,
                "probes": ["Who notices?"],
            },
            {
                "key": "why",
                "kind": "text",
                "section": "main",
                "text": "Why?",
                "about": "received",
                "asked_in": ["interview"],
            },
            {
                "key": "site",
                "kind": "single_choice",
                "section": "main",
                "text": "Where are you?",
                "options": [{"key": "n", "label": "North"}, {"key": "s", "label": "South"}],
                "required": True,
            },
        ],
    }


def changed(change: Callable[[Document], object]) -> Document:
    copy = document()
    change(copy)
    return copy


def with_question(number: int, **fields: Any) -> Document:
    return changed(lambda copy: copy["questions"][number].update(fields))


def test_a_document_is_read_in_full() -> None:
    questionnaire = parse_definition(document())
    received, why, site = questionnaire.questions
    assert (questionnaire.key, questionnaire.sections[0].minutes) == ("pulse", 2)
    assert (received.dimension, received.value_side, received.core) == (Dimension.VALUE, ValueSide.DELIVERED, True)
    assert received.anchors == Anchors("little", "much")
    assert (why.is_scored, why.about, why.asked_in) == (False, "received", (AskedIn.INTERVIEW,))
    assert site.required
    assert [option.label for option in site.options] == ["North", "South"]
    assert questionnaire.question("why") is why
    assert questionnaire.question("nobody") is None
    assert questionnaire.asked_in(AskedIn.SURVEY) == (received, site)


def test_writing_gives_back_what_was_read() -> None:
    assert to_document(parse_definition(document())) == document()


REFUSALS = [
    pytest.param(changed(lambda d: d.update(questions=[])), "has no questions", id="empty"),
    pytest.param(changed(lambda d: d.pop("questions")), "has no questions", id="no-questions-field"),
    pytest.param(changed(lambda d: d.update(questions="many")), "“questions” as a list", id="questions-not-a-list"),
    pytest.param(changed(lambda d: d.update(questions=["why"])), "“questions” as a list", id="question-not-an-object"),
    pytest.param(changed(lambda d: d.update(colour="red")), "unknown field “colour”", id="unknown-field"),
    pytest.param(changed(lambda d: d.pop("name")), "The questionnaire: “name” is missing", id="no-name"),
    pytest.param(changed(lambda d: d.update(key="../x")), "the key “../x” must be", id="key-with-slashes"),
    pytest.param(
        changed(lambda d: d["questions"].append(d["questions"][1])),
        "question “why” stands there twice",
        id="doubled-question",
    ),
    pytest.param(
        changed(lambda d: d["sections"].append(d["sections"][0])),
        "section “main” stands there twice",
        id="doubled-section",
    ),
    pytest.param(
        changed(lambda d: d["sections"][0].update(minutes=0)), "Section “main”: give “minutes”", id="minutes-of-nought"
    ),
    pytest.param(with_question(0, kind="stars"), "Question “received”: Unknown kind “stars”", id="unknown-kind"),
    pytest.param(with_question(0, kind=5), "Question “received”: “kind” is missing", id="kind-not-text"),
    pytest.param(
        with_question(0, dimension="luck"), "Question “received”: unknown dimension “luck”", id="unknown-dimension"
    ),
    pytest.param(
        with_question(0, dimension=["value"]), "Question “received”: unknown dimension", id="dimension-not-text"
    ),
    pytest.param(with_question(0, value_side=None), "Question “received”: give “value_side”", id="value-without-side"),
    pytest.param(
        with_question(0, dimension="support"), "Question “received”: give “value_side”", id="side-without-value"
    ),
    pytest.param(with_question(0, dimension=None, value_side=None), "“value_aspect” needs", id="aspect-without-side"),
    pytest.param(with_question(0, text="  "), "Question “received”: “text” is missing", id="blank-text"),
    pytest.param(
        with_question(0, section="attic"), "Question “received” stands in the unknown section", id="unknown-section"
    ),
    pytest.param(with_question(0, core="yes"), "Question “received”: “core” is true or false", id="flag-not-boolean"),
    pytest.param(with_question(0, anchors="low"), "Question “received”: give “anchors”", id="anchors-not-an-object"),
    pytest.param(with_question(0, anchors={"low": "x"}), "anchors: “high” is missing", id="half-an-anchor"),
    pytest.param(with_question(0, probes="Who?"), "Question “received”: give “probes”", id="probes-not-a-list"),
    pytest.param(with_question(0, options=[{"key": "a", "label": "A"}]), "takes none", id="scale-with-options"),
    pytest.param(with_question(0, dimention="value"), "unknown field “dimention”", id="misspelt-field"),
    pytest.param(with_question(1, dimension="support"), "Question “why” has no scale", id="text-with-dimension"),
    pytest.param(with_question(1, reverse=True), "Question “why” has no scale", id="text-reversed"),
    pytest.param(
        with_question(1, about="site"), "about “site”, which is not a scored question", id="about-an-unscored-one"
    ),
    pytest.param(with_question(1, asked_in=["fax"]), "Question “why”: give “asked_in”", id="unknown-door"),
    pytest.param(with_question(1, asked_in=[]), "Question “why”: give “asked_in”", id="no-door"),
    pytest.param(
        with_question(2, options=[]), "Question “site” is a choice without options", id="choice-without-options"
    ),
    pytest.param(
        with_question(2, options=[{"key": "n", "label": "North"}, {"key": "n", "label": "Nord"}]),
        "Question “site”: the option “n” stands there twice",
        id="doubled-option",
    ),
    pytest.param(
        with_question(2, options=[{"key": "n", "label": "North"}, {"key": "north", "label": "Nord"}]),
        "Question “site”: the option “north” stands there twice",
        id="a-label-that-is-another-key",
    ),
]


@pytest.mark.parametrize(("wrong", "sentence"), REFUSALS)
def test_a_document_at_fault_is_refused_by_name(wrong: Document, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_definition(wrong)


def test_the_hash_sees_content_and_not_the_order_of_keys() -> None:
    reordered = dict(reversed(document().items()))
    assert content_sha256(reordered) == content_sha256(document())
    assert content_sha256(with_question(0, text="How much?")) != content_sha256(document())
    assert content_sha256({"b": "é", "a": 1}) == hashlib.sha256('{"a":1,"b":"é"}'.encode()).hexdigest()
