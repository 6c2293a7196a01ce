"""Drafts as documents: their parts, their arrangement, and all that stands in the way of publishing them."""

import copy
from typing import Any

import pytest

from app.authoring.rules import arranging
from app.authoring.rules.outline import expression_faults, outline_of
from app.authoring.rules.parts import (
    basis_of,
    entry_at,
    keys,
    ordered,
    publishable,
    texts_in,
    with_entry,
)
from app.authoring.rules.problems import NOT_SHOWN, reading_of
from app.authoring.rules.publishing import Elsewhere, clashes, lines_of
from app.authoring.rules.translating import is_language, merged, pipe_fault, text_rows
from app.authoring.rules.words import BAND_WORDS, CHANGE_WORDS, KIND_WORDS, fields_of, language_name
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.changes import ChangeKind
from app.questionnaires.rules.definition import Band
from app.questionnaires.rules.kinds import KINDS
from app.questionnaires.rules.languages import texts_of
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.writing import to_document
from tests.authoring.drafts import PULSE

Document = dict[str, Any]
ORDER = ["recommend", "plan", "grid", "speed", "care", "why"]


def order(document: Document) -> list[str]:
    return [entry["key"] for entry in ordered(document)]


def sections(document: Document) -> dict[str, str]:
    return {entry["key"]: entry["section"] for entry in document["questions"]}


def changed(key: str, **fields: Any) -> Document:
    """Return the questionnaire with other fields of one question; None takes a field away."""
    document = copy.deepcopy(PULSE)
    for entry in document["questions"]:
        if entry["key"] == key:
            entry.update(fields)
            for name in [name for name, value in fields.items() if value is None]:
                del entry[name]
    return document


@pytest.mark.parametrize("place", ["about", "section.more", "question.why", "translation.de", "translation.fr"])
def test_a_part_put_back_changes_nothing(place: str) -> None:
    entry = entry_at(PULSE, place)
    assert entry is not None
    back = publishable(with_entry(PULSE, place, entry))
    assert parse_definition(back) == parse_definition(PULSE)


@pytest.mark.parametrize("place", ["", "question.none", "section.none", "nothing.else", "question"])
def test_there_is_no_such_part(place: str) -> None:
    assert entry_at(PULSE, place) is None


def test_the_basis_changes_with_its_part_alone() -> None:
    other = with_entry(PULSE, "section.main", {"key": "main", "title": "Else"})
    assert basis_of(entry_at(other, "question.why")) == basis_of(entry_at(PULSE, "question.why"))
    assert basis_of(entry_at(other, "section.main")) != basis_of(entry_at(PULSE, "section.main"))


@pytest.mark.parametrize(
    ("place", "step", "expected"),
    [
        pytest.param("question.plan", -1, ["plan", "recommend", "grid", "speed", "care", "why"], id="up"),
        pytest.param("question.recommend", -1, ORDER, id="first-stays"),
        pytest.param("question.why", 1, ORDER, id="last-stays"),
        pytest.param("question.plan", 1, ORDER, id="into-the-next-section"),
        pytest.param("question.grid", 1, ["recommend", "plan", "why", "grid", "speed", "care"], id="matrix-with-rows"),
        pytest.param("question.why", -1, ["recommend", "plan", "why", "grid", "speed", "care"], id="past-a-matrix"),
        pytest.param("question.care", -1, ["recommend", "plan", "grid", "care", "speed", "why"], id="row"),
        pytest.param("question.speed", -1, ORDER, id="first-row-stays"),
        pytest.param("question.care", 1, ORDER, id="last-row-stays"),
        pytest.param("section.more", -1, ["grid", "speed", "care", "why", "recommend", "plan"], id="section"),
        pytest.param("section.main", -1, ORDER, id="first-section-stays"),
    ],
)
def test_moving(place: str, step: int, expected: list[str]) -> None:
    moved = arranging.moved(PULSE, place, step)
    assert order(moved) == expected
    parse_definition(publishable(moved))


def test_at_the_end_of_a_section_a_question_goes_on_into_the_next_and_back() -> None:
    moved = arranging.moved(PULSE, "question.plan", 1)
    assert (order(moved), sections(moved)["plan"]) == (ORDER, "more")
    back = arranging.moved(moved, "question.plan", -1)
    assert (order(back), sections(back)["plan"]) == (ORDER, "main")


def test_a_matrix_takes_its_rows_into_the_next_section() -> None:
    moved = arranging.moved(PULSE, "question.grid", -1)
    assert order(moved) == ORDER
    assert {sections(moved)[key] for key in ("grid", "speed", "care")} == {"main"}
    parse_definition(publishable(moved))


@pytest.mark.parametrize("key", ["recommend", "grid", "why", "care"])
def test_what_is_deleted_comes_back_where_it_was(key: str) -> None:
    gone = arranging.without(PULSE, f"question.{key}")
    assert key not in order(gone)
    assert "deleted" not in publishable(gone)
    back, place = arranging.restored(gone, 0)
    assert (order(back), place) == (ORDER, f"question.{key}")
    assert parse_definition(publishable(back)) == parse_definition(PULSE)


def test_the_rows_of_a_matrix_go_with_it() -> None:
    assert order(arranging.without(PULSE, "question.grid")) == ["recommend", "plan", "why"]


def test_a_section_goes_only_when_it_is_empty() -> None:
    with pytest.raises(ValueError, match="Move or delete"):
        arranging.without(PULSE, "section.main")
    added, place = arranging.with_section(PULSE, after="main")
    assert keys(added, "section") == ["main", "section_1", "more"]
    assert keys(arranging.without(added, place), "section") == ["main", "more"]


@pytest.mark.parametrize("number", [1, 99])
def test_nothing_is_put_back_twice(number: int) -> None:
    with pytest.raises(ValueError, match="already"):
        arranging.restored(arranging.without(PULSE, "question.why"), number)


def test_what_is_deleted_does_not_come_back_over_its_successor() -> None:
    gone = arranging.without(PULSE, "question.why")
    again, _ = arranging.with_question(gone, {"key": "why", "kind": "note", "section": "main", "text": "New"})
    with pytest.raises(ValueError, match="again"):
        arranging.restored(again, 0)


def test_only_the_last_deletions_are_kept() -> None:
    document: Document = {**PULSE, "questions": []}
    for number in range(30):
        entry = arranging.new_question("note", "main", key=f"n{number}")
        document, place = arranging.with_question(document, entry)
        document = arranging.without(document, place)
    assert len(document["deleted"]) == arranging.MOST_DELETED


def test_a_question_is_added_below_another_but_not_into_its_matrix() -> None:
    entry = arranging.new_question("single_choice", "more", key="pulse_1")
    added, place = arranging.with_question(PULSE, entry, after="grid")
    assert place == "question.pulse_1"
    assert order(added) == ["recommend", "plan", "grid", "speed", "care", "pulse_1", "why"]


def test_a_row_offers_what_the_other_rows_offer() -> None:
    head = entry_at(PULSE, "question.grid")
    assert head
    added, place = arranging.new_row(changed("speed", opt_outs=["refused"]), head, key="grid_1")
    assert order(added)[5] == "grid_1"
    assert (entry_at(added, place) or {})["opt_outs"] == ["refused"]


def test_the_rows_of_a_matrix_change_together() -> None:
    row = {**(entry_at(PULSE, "question.speed") or {}), "kind": "yes_no"}
    aligned = arranging.aligned(with_entry(PULSE, "question.speed", row), row)
    assert {entry["kind"] for entry in arranging.rows_of(aligned, "grid")} == {"yes_no"}
    parse_definition(publishable(aligned))


def test_another_key_is_another_key_everywhere() -> None:
    renamed = arranging.renamed(PULSE, "recommend", "likely")
    why = entry_at(renamed, "question.why") or {}
    assert (why["relevant"], why["text"], why["about"]) == ("${likely} < 7", "Why ${likely}?", "likely")
    assert renamed["translations"]["de"]["question.likely.text"] == "Würden Sie uns empfehlen?"
    parse_definition(publishable(renamed))


def test_a_longer_key_that_begins_alike_is_left_alone() -> None:
    document = changed("why", relevant="${recommend_2} < 7 or ${ recommend } = 3", text="${recommend|none}")
    why = entry_at(arranging.renamed(document, "recommend", "r"), "question.why") or {}
    assert (why["relevant"], why["text"]) == ("${recommend_2} < 7 or ${r } = 3", "${r|none}")


@pytest.mark.parametrize(
    ("words", "taken", "key"),
    [
        ("Very satisfied", (), "very_satisfied"),
        ("Größe", (), "groe"),
        ("很好", (), "option"),
        ("3 times", (), "option_3_times"),
        ("Small", ("small",), "small_1"),
        ("", ("option",), "option_1"),
    ],
)
def test_keys_from_words(words: str, taken: tuple[str, ...], key: str) -> None:
    assert arranging.key_from(words, taken, blank="option") == key


def test_options_change_places() -> None:
    plan = entry_at(PULSE, "question.plan") or {}
    assert [option["key"] for option in arranging.with_option_up(plan, 1)["options"]] == ["large", "small"]
    assert arranging.with_option_up(plan, 0) == plan
    assert arranging.with_option_up(plan, 9) == plan


@pytest.mark.parametrize("key", built_in_documents())
def test_texts_stand_at_the_places_that_reading_knows(key: str) -> None:
    document = to_document(parse_definition(built_in_documents()[key]))
    assert sorted(texts_in(document)) == sorted(texts_of(parse_definition(document)))


def test_translations_of_what_is_gone_are_not_published_but_come_back_with_it() -> None:
    gone = arranging.without(PULSE, "question.recommend")
    assert publishable(gone)["translations"] == {"de": {"name": "Puls"}}
    back, _ = arranging.restored(gone, 0)
    assert publishable(back)["translations"] == PULSE["translations"]


PROBLEMS = [
    pytest.param(changed("why", text=""), "question.why", "“text” is missing", id="no-words"),
    pytest.param(changed("why", relevant="${"), "question.why", "ends too early", id="condition"),
    pytest.param(changed("why", relevant="${nobody} > 1"), "question.why", "nobody", id="unknown-name"),
    pytest.param(changed("why", relevant="(" * 1_000), "question.why", "ends too early", id="deep"),
    pytest.param(changed("why", about="plan"), "question.why", "not a scored question", id="about"),
    pytest.param(changed("why", section="nowhere"), "question.why", "unknown section", id="lost"),
    pytest.param(changed("plan", options=None), "question.plan", "choice without options", id="no-options"),
    pytest.param(changed("speed", matrix=None, section="main"), "", "", id="row-set-free"),
    pytest.param(changed("care", kind="yes_no"), "question.grid", "must all be of one kind", id="rows-differ"),
    pytest.param(changed("recommend", relevant="${why} = ''"), "question.recommend", "circle", id="circle"),
    pytest.param({**PULSE, "name": ""}, "about", "“name” is missing", id="no-name"),
    pytest.param({**PULSE, "questions": []}, "about", "no question yet", id="empty"),
    pytest.param(
        {**PULSE, "sections": [{"key": "main", "title": ""}, PULSE["sections"][1]]}, "section.main", "title", id="title"
    ),
    pytest.param({**PULSE, "translations": {"de": {"name": "${x}"}}}, "translation.de", "names “x”", id="pipe"),
    pytest.param({**PULSE, "translations": {"DE!": {"name": "x"}}}, "translation.DE!", "no language", id="language"),
]


@pytest.mark.parametrize(("document", "place", "words"), PROBLEMS)
def test_a_problem_is_named_at_its_place_and_the_rest_is_shown(document: Document, place: str, words: str) -> None:
    reading = reading_of(document)
    if not place:
        assert not reading.problems
        return
    assert [problem.place for problem in reading.problems][:1] == [place]
    assert words in reading.problems[0].sentence
    if document["questions"]:
        assert reading.questionnaire is not None


def test_all_problems_are_named_at_once() -> None:
    document = changed("why", text="", relevant="${")
    document["questions"][1].pop("options")
    document["questions"][0]["kind"] = "text"
    reading = reading_of(document)
    assert {problem.place for problem in reading.problems} == {"question.why", "question.plan", "question.recommend"}
    assert reading.questionnaire
    assert [question.text for question in reading.questionnaire.questions].count(NOT_SHOWN) == 3


def test_a_hundred_problems_are_looked_for_no_longer_than_thirty() -> None:
    questions = [{"key": f"q{n}", "kind": "text", "section": "main", "text": ""} for n in range(100)]
    reading = reading_of({**PULSE, "questions": questions, "translations": {}})
    assert (reading.questionnaire, len(reading.problems)) == (None, 30)


def test_the_outline_says_where_to_mend() -> None:
    document = changed("why", section="nowhere")
    groups = outline_of(document, reading_of(document))
    assert [group.section.title for group in groups] == ["Main", "More", "In no section"]
    assert [(item.title, item.has_problem) for item in groups[2].items] == [("Why ${recommend}?", True)]
    assert [item.is_row for item in groups[1].items] == [False, True, True]


def test_expressions_are_checked_by_themselves() -> None:
    faults = expression_faults({"relevant": "${a} <", "constraint": ". > 1", "calculation": "nope(1)"})
    assert set(faults) == {"relevant", "calculation"}


def test_changes_carry_the_responses_that_they_meet() -> None:
    new = parse_definition(publishable(arranging.without(changed("plan", text="Plan?"), "question.why")))
    lines = lines_of(parse_definition(PULSE), new, {"why": 47, "plan": 12})
    assert [(line.key, line.affected, line.is_breaking) for line in lines] == [("why", 47, True), ("plan", 12, False)]


def test_kinds_are_named_in_words() -> None:
    new = parse_definition(changed("why", kind="number"))
    lines = lines_of(parse_definition(PULSE), new, {})
    assert [(line.before, line.after) for line in lines if line.label == "Another kind"] == [("Open text", "Number")]


def test_a_question_of_another_kind_elsewhere_does_not_compare() -> None:
    there = parse_definition({**changed("recommend", kind="scale_1_5"), "key": "other", "name": "Other"})
    here = parse_definition(PULSE)
    found = clashes(here, [Elsewhere(there, {"recommend": 9})])
    assert [(line.key, line.affected, line.is_breaking) for line in found] == [("recommend", 9, True)]
    assert "“Other”" in found[0].words
    assert clashes(here, [Elsewhere(there, {})]) == []
    assert clashes(here, [Elsewhere(there, {"recommend": 9})], known=here) == []


@pytest.mark.parametrize(
    ("original", "words", "fault"),
    [
        ("Hi ${contact.name}", "Hallo ${contact.name}", ""),
        ("Hi ${contact.name}", "Hallo", "missing here"),
        ("Hi", "Hallo ${contact.name}", "take it out"),
        ("Hi ${contact.name}", "", ""),
    ],
)
def test_placeholders_are_kept(original: str, words: str, fault: str) -> None:
    found = pipe_fault(original, words)
    assert fault in found
    assert bool(fault) == bool(found)


def test_a_translation_keeps_what_the_page_did_not_show() -> None:
    current = {"texts": {"name": "Puls", "question.gone.text": "Weg"}, "direction": "rtl"}
    typed = {"texts": {"name": "Takt"}}
    assert merged(current, typed, {"name", "section.main.title"}) == {
        "texts": {"name": "Takt", "question.gone.text": "Weg"}
    }


def test_rows_of_a_translation_show_both_versions_of_a_conflict() -> None:
    rows = {row.place: row for row in text_rows(PULSE, {"name": "Puls"}, {"name": "Takt"})}
    assert (rows["name"].words, rows["name"].theirs) == ("Takt", "Puls")
    assert rows["question.why.text"].words == ""
    assert rows["question.plan.options.small"].label == "Answer to plan"


@pytest.mark.parametrize(
    ("code", "is_one"), [("de", True), ("pt-BR", True), ("DE", False), ("", False), ("../x", False)]
)
def test_codes_of_languages(code: str, is_one: bool) -> None:
    assert is_language(code) is is_one


def test_every_kind_change_and_band_has_its_words() -> None:
    assert set(KIND_WORDS) == set(KINDS)
    assert set(CHANGE_WORDS) == set(ChangeKind)
    assert set(BAND_WORDS) == set(Band)
    assert (language_name("de"), language_name("xx-nothing")) == ("German", "xx-nothing")


@pytest.mark.parametrize("kind", KINDS)
def test_the_fields_of_a_kind_are_those_that_reading_takes(kind: str) -> None:
    values = {
        "options": [{"key": "a", "label": "A"}], "dimension": "support", "reverse": True, "required": True,
        "core": True, "opt_outs": ["refused"], "constraint": ". != ''", "calculation": "1", "whole": True,
        "anchors": {"low": "No", "high": "Yes"}, "hint": "Hint", "script": "Say", "probes": ["And?"],
    }  # fmt: skip
    given = {name: value for name, value in values.items() if name in fields_of(kind)}
    question = {"key": "q", "kind": kind, "text": "Q?", "section": "main", **given}
    row = {"key": "row", "kind": "yes_no", "text": "R", "section": "main", "matrix": "q"}
    document = {**PULSE, "questions": [question, *([row] if kind == "matrix" else [])], "translations": {}}
    assert reading_of(document).problems == ()
