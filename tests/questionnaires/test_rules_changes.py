"""What differs between two versions: each difference is named once, and said to break or not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from app.questionnaires.rules.changes import ChangeKind, changes_between, differs_in_identity
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.reading import parse_definition

Document = dict[str, Any]
BASE: Document = {
    "key": "pulse", "name": "Pulse", "language": "en",
    "sections": [{"key": "main", "title": "Main"}, {"key": "more", "title": "More", "script": "Go on."}],
    "questions": [
        {"key": "recommend", "kind": "scale_0_10", "section": "main", "text": "Recommend?",
         "dimension": "recommendation", "anchors": {"low": "Never", "high": "Always"}, "opt_outs": ["dont_know"]},
        {"key": "value", "kind": "scale_1_5", "section": "main", "text": "Value?", "dimension": "value",
         "value_side": "promised"},
        {"key": "plan", "kind": "single_choice", "section": "main", "text": "Plan?",
         "options": [{"key": "a", "label": "Small"}, {"key": "b", "label": "Large"}]},
        {"key": "seats", "kind": "number", "section": "more", "text": "Seats?", "constraint": ". > 0"},
        {"key": "grid", "kind": "matrix", "section": "more", "text": "How good is"},
        {"key": "speed", "kind": "scale_1_5", "section": "more", "text": "Speed", "matrix": "grid"},
        {"key": "care", "kind": "scale_1_5", "section": "more", "text": "Care", "matrix": "grid"},
        {"key": "why", "kind": "text", "section": "more", "text": "Why?", "about": "recommend",
         "relevant": "${recommend} < 7"},
        {"key": "sum", "kind": "calculated", "section": "more", "text": "Sum", "calculation": "${speed} + ${care}"},
    ],
    "translations": {"de": {"name": "Puls"}},
}  # fmt: skip


def read(document: Document) -> Questionnaire:
    return parse_definition(document)


def changed(edit: Callable[[Document, dict[str, Document]], object]) -> Questionnaire:
    document = copy.deepcopy(BASE)
    edit(document, {question["key"]: question for question in document["questions"]})
    return read(document)


def without(key: str) -> Callable[[Document, dict[str, Document]], object]:
    return lambda document, by_key: document["questions"].remove(by_key[key])


def question(key: str, **fields: Any) -> Callable[[Document, dict[str, Document]], object]:
    return lambda _document, by_key: by_key[key].update(fields)


def whole(**fields: Any) -> Callable[[Document, dict[str, Document]], object]:
    return lambda document, _by_key: document.update(fields)


SMALL, LARGE, OWN = ({"key": key, "label": label} for key, label in (("a", "Small"), ("b", "Large"), ("c", "Own")))
MAIN, MORE = {"key": "main", "title": "Main"}, {"key": "more", "title": "More"}
NEW = {"key": "new", "kind": "note", "section": "main", "text": "Hi"}

BREAKING = [
    pytest.param(without("seats"), (ChangeKind.REMOVED, "seats"), id="question-removed"),
    pytest.param(question("value", kind="scale_1_7"), (ChangeKind.KIND, "value"), id="another-scale"),
    pytest.param(question("plan", options=[SMALL]), (ChangeKind.OPTION_REMOVED, "plan"), id="option-removed"),
    pytest.param(question("recommend", dimension="support"), (ChangeKind.SCORING, "recommend"), id="dimension"),
    pytest.param(question("value", value_side="delivered"), (ChangeKind.SCORING, "value"), id="value-side"),
    pytest.param(question("value", value_aspect="economic"), (ChangeKind.SCORING, "value"), id="value-aspect"),
    pytest.param(question("recommend", reverse=True), (ChangeKind.SCORING, "recommend"), id="reversed"),
    pytest.param(question("why", relevant="${recommend} < 9"), (ChangeKind.CONDITION, "why"), id="condition"),
    pytest.param(question("seats", relevant="${recommend} < 9"), (ChangeKind.CONDITION, "seats"), id="condition-new"),
    pytest.param(question("seats", constraint=". > 5"), (ChangeKind.CONSTRAINT, "seats"), id="constraint"),
    pytest.param(question("seats", whole=True), (ChangeKind.CONSTRAINT, "seats"), id="whole-numbers"),
    pytest.param(question("care", matrix=None), (ChangeKind.MATRIX, "care"), id="out-of-the-matrix"),
    pytest.param(question("sum", calculation="${care}"), (ChangeKind.CALCULATION, "sum"), id="calculation"),
    pytest.param(question("why", asked_in=["interview"]), (ChangeKind.DOORS, "why"), id="no-longer-in-surveys"),
    pytest.param(question("recommend", opt_outs=[]), (ChangeKind.OPT_OUTS, "recommend"), id="opt-out-removed"),
]  # fmt: skip

KEEPING = [
    pytest.param(question("plan", options=[SMALL, LARGE, OWN]), (ChangeKind.OPTION_ADDED, "plan"), id="option-added"),
    pytest.param(
        question("plan", options=[SMALL, LARGE | {"label": "Big"}]), (ChangeKind.WORDING, "plan"), id="option-reworded"
    ),
    pytest.param(question("value", text="Which value?"), (ChangeKind.WORDING, "value"), id="wording"),
    pytest.param(question("value", hint="Think."), (ChangeKind.WORDING, "value"), id="hint"),
    pytest.param(
        question("recommend", anchors={"low": "No", "high": "Yes"}), (ChangeKind.WORDING, "recommend"), id="anchors"
    ),
    pytest.param(question("value", probes=["And?"]), (ChangeKind.WORDING, "value"), id="probes"),
    pytest.param(question("why", about="value"), (ChangeKind.WORDING, "why"), id="about"),
    pytest.param(question("value", required=True), (ChangeKind.REQUIRED, "value"), id="required"),
    pytest.param(question("seats", constraint=None), (ChangeKind.CONSTRAINT, "seats"), id="constraint-lifted"),
    pytest.param(question("value", opt_outs=["refused"]), (ChangeKind.OPT_OUTS, "value"), id="opt-out-added"),
    pytest.param(whole(name="Beat"), (ChangeKind.WORDING, ""), id="name"),
    pytest.param(whole(sections=[MAIN, MORE]), (ChangeKind.WORDING, ""), id="script-of-a-section"),
    pytest.param(whole(translations={"de": {"name": "Takt"}}), (ChangeKind.TRANSLATION, ""), id="translation"),
    pytest.param(whole(translations={}), (ChangeKind.TRANSLATION, ""), id="translation-gone"),
    pytest.param(whole(is_paged=True), (ChangeKind.LOOK, ""), id="paged"),
    pytest.param(whole(directions={"en": "rtl"}), (ChangeKind.LOOK, ""), id="direction"),
    pytest.param(lambda document, _: document["sections"].reverse(), (ChangeKind.ORDER, ""), id="sections-turned"),
    pytest.param(
        lambda document, _: document["questions"].append(NEW), (ChangeKind.ADDED, "new"), id="question-added"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "expected"), BREAKING)
def test_a_breaking_change_is_named_once(edit: Any, expected: tuple[ChangeKind, str]) -> None:
    found = changes_between(read(BASE), changed(edit))
    assert [(change.kind, change.key) for change in found if change.is_breaking] == [expected]


@pytest.mark.parametrize(("edit", "expected"), KEEPING)
def test_other_changes_are_named_and_break_nothing(edit: Any, expected: tuple[ChangeKind, str]) -> None:
    found = changes_between(read(BASE), changed(edit))
    assert [(change.kind, change.key) for change in found] == [expected]
    assert not any(change.is_breaking for change in found)


def test_the_same_again_has_no_change() -> None:
    assert changes_between(read(BASE), changed(lambda *_: None)) == []


def test_wording_is_named_with_before_and_after() -> None:
    (change,) = changes_between(read(BASE), changed(question("value", text="Which value?")))
    assert (change.before, change.after) == ("Value?", "Which value?")


def test_a_condition_of_the_section_or_the_matrix_is_one_of_its_questions() -> None:
    sections = [BASE["sections"][0], {"key": "more", "title": "More", "script": "Go on.", "relevant": "${value} > 1"}]
    by_section = changes_between(read(BASE), changed(whole(sections=sections)))
    assert {change.key for change in by_section if change.is_breaking} == {
        "seats",
        "grid",
        "speed",
        "care",
        "why",
        "sum",
    }
    by_head = changes_between(read(BASE), changed(question("grid", relevant="${value} > 1")))
    assert {change.key for change in by_head} == {"grid", "speed", "care"}


def test_what_breaks_stands_first() -> None:
    def edit(document: Document, by_key: dict[str, Document]) -> None:
        by_key["recommend"]["text"] = "Would you?"
        document["questions"].remove(by_key["seats"])

    assert [change.is_breaking for change in changes_between(read(BASE), changed(edit))] == [True, False]


@pytest.mark.parametrize(
    ("edit", "key", "words"),
    [
        (question("value", kind="scale_1_7"), "value", "kind"),
        (question("plan", options=[{"key": "z", "label": "Other"}]), "plan", "other answers"),
        (question("recommend", reverse=True), "recommend", "scored"),
        (question("recommend", text="Otherwise?"), "recommend", ""),
    ],
)
def test_one_identity_in_two_questionnaires(edit: Any, key: str, words: str) -> None:
    here, there = read(BASE).question(key), changed(edit).question(key)
    assert here
    assert there
    found = differs_in_identity(here, there)
    assert words in found
    assert bool(words) == bool(found)
