"""The instruments that ship with the product."""

from dataclasses import replace
from typing import Any

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import AskedIn, Dimension, Questionnaire, ValueAspect, ValueSide
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.writing import to_document

RELATIONSHIP = {
    "recommend": ("scale_0_10", "recommendation"),
    "satisfaction": ("scale_1_5", "overall_sentiment"),
    "effort": ("scale_1_7", "support"),
    "value_promised": ("scale_1_5", "value"),
    "value_delivered": ("scale_1_5", "value"),
    "renewal_intent": ("scale_1_5", "renewal_intent"),
    "reason": ("text", None),
    "contact_again": ("yes_no", None),
}


def built_in(key: str) -> Questionnaire:
    return parse_definition(built_in_documents()[key])


def test_the_documents_go_by_their_own_keys() -> None:
    documents = built_in_documents()
    assert {key: document["key"] for key, document in documents.items()} == {
        "relationship": "relationship",
        "interview-360": "interview-360",
        "interview-value": "interview-value",
    }


@pytest.mark.parametrize("document", built_in_documents().values(), ids=built_in_documents().keys())
def test_a_built_in_survives_reading_and_writing(document: dict[str, Any]) -> None:
    assert to_document(parse_definition(document)) == document


def test_relationship_asks_exactly_the_fixed_questions() -> None:
    questions = built_in("relationship").questions
    assert {question.key: (question.kind, question.dimension) for question in questions} == RELATIONSHIP
    assert {question.key: question.value_side for question in questions if question.value_side} == {
        "value_promised": ValueSide.PROMISED,
        "value_delivered": ValueSide.DELIVERED,
    }


def test_both_instruments_share_keys_kinds_and_anchors() -> None:
    interview = [question for question in built_in("interview-360").questions if question.key in RELATIONSHIP]
    survey = built_in("relationship").questions
    shared = ("kind", "dimension", "anchors", "value_side", "value_aspect", "reverse", "core")
    assert {each.key: [getattr(each, field) for field in shared] for each in interview} == {
        each.key: [getattr(each, field) for field in shared] for each in survey
    }
    assert {question.key for question in built_in("interview-360").asked_in(AskedIn.SURVEY)} == RELATIONSHIP.keys()


def test_the_interview_covers_every_dimension_and_all_nine_values() -> None:
    scored = [question for question in built_in("interview-360").questions if question.is_scored]
    assert {question.dimension for question in scored} == set(Dimension)
    pairs = {(question.value_side, question.value_aspect) for question in scored if question.value_aspect}
    assert pairs == {(side, aspect) for side in ValueSide for aspect in ValueAspect}


def test_the_interview_fits_into_an_hour() -> None:
    interview = built_in("interview-360")
    assert sum(section.minutes or 0 for section in interview.sections) <= 60
    assert 30 <= len(interview.questions) <= 38


def test_every_interview_question_can_be_read_aloud_and_probed() -> None:
    interview = built_in("interview-360")
    assert all(section.script for section in interview.sections)
    assert all(question.script for question in interview.questions)
    assert {len(question.probes) for question in interview.questions} <= {2, 3, 4}


def test_the_value_interview_asks_about_every_promise_and_every_product() -> None:
    value = built_in("interview-value")
    looped = {section.key: section.per for section in value.sections if section.per}
    assert looped == {"promises": "promise", "products": "product"}
    asked = [question.key for question in value.questions if question.section == "promises"]
    assert asked == [
        "promise_recalled",
        "promise_delivered",
        "promise_evidence",
        "promise_to_come",
        "promise_open",
        "promise_acknowledged",
    ]
    basis = value.question("value_basis")
    assert basis
    assert {option.key for option in basis.options} == {"standard", "benchmark", "success_plan", "none"}


def test_the_value_interview_fits_into_an_hour_and_can_be_read_aloud() -> None:
    value = built_in("interview-value")
    assert sum(section.minutes or 0 for section in value.sections) <= 60
    assert all(section.script for section in value.sections)
    assert all(question.script and len(question.probes) >= 2 for question in value.questions)
    assert all(question.anchors for question in value.questions if question.is_scored)


def test_questions_that_instruments_share_are_the_same() -> None:
    other = {question.key: question for question in built_in("interview-360").questions}
    shared = [question for question in built_in("interview-value").questions if question.key in other]
    assert {question.key for question in shared} >= {"value_promised", "value_delivered", "skills", "contact_again"}
    for question in shared:
        assert replace(question, section="") == replace(other[question.key], section="")


@pytest.mark.parametrize("key", ["relationship", "interview-360"])
def test_scales_have_anchors_and_the_core_is_the_shared_scored_questions(key: str) -> None:
    questions = built_in(key).questions
    assert all(question.anchors for question in questions if question.is_scored)
    assert {question.key for question in questions if question.core} == {
        shared for shared, (_, dimension) in RELATIONSHIP.items() if dimension
    }
