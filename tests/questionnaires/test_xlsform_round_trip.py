"""What is written as XLSForm is read back as the same questionnaire, and other tools can read it too."""

import copy
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.core.errors import Refusal
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.writing import content_sha256, to_document
from app.questionnaires.services import read_xlsform, write_xlsform
from tests.questionnaires.rich import RICH

DOCUMENTS = {**built_in_documents(), "rich": RICH}


def again(document: dict[str, Any]) -> dict[str, Any]:
    """The document after it went out and came in; pyxform has converted it on the way."""
    written = write_xlsform(parse_definition(document))
    converted = read_xlsform(written, "form.xlsx", key=document["key"])
    assert not [warning for warning in converted.warnings if warning.startswith(("survey", "choices", "settings"))]
    return to_document(parse_definition(converted.document))


@pytest.mark.parametrize("key", DOCUMENTS)
def test_out_and_in_is_the_same_content(key: str) -> None:
    before = to_document(parse_definition(DOCUMENTS[key]))
    after = again(DOCUMENTS[key])
    assert after == before
    assert content_sha256(after) == content_sha256(before)


def test_questions_that_do_not_stand_in_the_order_of_their_sections_keep_their_places() -> None:
    document = copy.deepcopy(built_in_documents()["interview-360"])
    document["questions"].append({**document["questions"][0], "key": "again"})
    assert again(document) == to_document(parse_definition(document))


def cells_of(document: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The cells of the exported sheets by heading."""
    written = load_workbook(BytesIO(write_xlsform(parse_definition(document))))
    sheets = {}
    for sheet in written:
        first, *others = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [{name: text for name, text in zip(first, row, strict=True) if text} for row in others]
    return sheets


def test_other_tools_find_what_they_know_in_the_columns_of_xlsform() -> None:
    sheets = cells_of(RICH)
    rows = {row["name"]: row for row in sheets["survey"] if "name" in row}
    assert rows["recommend"]["guidance_hint"] == "What happened?\nWho else?\n  And why?\n-"
    assert rows["recommend"]["guidance_hint::German (de)"] == "-\nWer noch?\n  Und warum?\nEnde"
    assert rows["products"]["type"] == "begin_repeat"
    assert (rows["m"]["type"], rows["m"]["appearance"]) == ("begin_group", "table-list")
    ends = [row["label"] for row in sheets["choices"] if row["list_name"] == "scale_0_10"]
    assert (ends[0], ends[5], ends[-1]) == ("0 – no – never", "5", "10 – 10 times")
    assert rows["account.segment"]["type"] == "hidden"
    pipe = next(row for row in sheets["survey"] if row.get("parallax::pipe") == "contact.role|you there")
    assert rows["why"]["label"] == f"Why, ${{{pipe['name']}}}?"
    assert pipe["calculation"] == "coalesce(${contact.role}, 'you there')"
    assert sheets["settings"][0]["style"] == "pages"


def test_a_text_that_begins_like_a_formula_is_stored_as_a_text() -> None:
    document = copy.deepcopy(RICH)
    document["questions"][0]["text"] = "=HYPERLINK(1)"
    written = load_workbook(BytesIO(write_xlsform(parse_definition(document))))
    found = [cell for row in written["survey"] for cell in row if cell.value == "=HYPERLINK(1)"]
    assert [cell.data_type for cell in found] == ["s"]
    assert again(document)["questions"][0]["text"] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("field", "words", "sentence"),
    [
        ("text", "Costs ${ and more", "cannot hold"),
        ("text", "bell \x07", "control characters"),
        ("text", "x" * 40_000, "32,767"),
        ("key", "meta", "keeps the name"),
    ],
    ids=["a lone ${", "a control character", "too long", "a reserved name"],
)
def test_what_a_workbook_cannot_hold_is_refused(field: str, words: str, sentence: str) -> None:
    document = copy.deepcopy(built_in_documents()["relationship"])
    document["questions"][-1][field] = words
    document["translations"] = {}
    with pytest.raises(Refusal, match=sentence):
        write_xlsform(parse_definition(document))


KEYS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,6}", fullmatch=True).filter(
    lambda key: key not in {"meta", "instanceID", "instanceName"}
)
TEXTS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" \n="), min_size=1, max_size=20
).filter(lambda text: text == text.strip() != "" and "$" not in text and "\n " not in text and " \n" not in text)
YES = st.just(value=True)
LANGUAGES = st.sampled_from(["de", "fr", "pt-BR", "ar"])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Questionnaires of any questions in any sections."""
    sections = draw(st.lists(KEYS, min_size=1, max_size=3, unique_by=str.casefold))
    keys = draw(st.lists(KEYS, min_size=1, max_size=6, unique_by=str.casefold))
    questions = [draw(question(key, sections)) for key in keys]
    places = [f"question.{each['key']}.text" for each in questions] + [f"section.{key}.title" for key in sections]
    document = {
        "key": draw(KEYS),
        "name": draw(TEXTS),
        "language": "en",
        "sections": [
            {"key": key, "title": draw(TEXTS), **draw(st.fixed_dictionaries({}, optional={
                "script": TEXTS, "minutes": st.integers(1, 99), "per": st.sampled_from(["product", "*"])}))}
            for key in sections
        ],
        "questions": questions,
        "is_paged": draw(st.booleans()),
        "translations": draw(st.dictionaries(LANGUAGES, st.dictionaries(st.sampled_from(places), TEXTS, max_size=4))),
    }  # fmt: skip
    return {name: value for name, value in document.items() if value}


@st.composite
def question(draw: st.DrawFn, key: str, sections: list[str]) -> dict[str, Any]:
    """One question of any kind that stands alone."""
    kind = draw(st.sampled_from(["scale_0_10", "scale_1_5", "scale_1_7", "yes_no", "single_choice", "multiple_choice",
                                 "ranking", "number", "date", "consent", "text", "note"]))  # fmt: skip
    entry = {"key": key, "kind": kind, "text": draw(TEXTS), "section": draw(st.sampled_from(sections))}
    more: dict[str, Any] = {"hint": TEXTS, "script": TEXTS, "probes": st.lists(TEXTS, min_size=1, max_size=3)}
    if kind.startswith("scale"):
        more |= {"anchors": st.fixed_dictionaries({"low": TEXTS, "high": TEXTS}), "dimension": st.just("support")}
    if kind in {"single_choice", "multiple_choice", "ranking"}:
        labels = draw(st.lists(TEXTS.map(lambda text: f"{text}!"), min_size=1, max_size=4, unique_by=str.casefold))
        entry["options"] = [{"key": f"{number}", "label": label} for number, label in enumerate(labels)]
    if kind == "number":
        more |= {"whole": YES, "constraint": st.just(". > 1")}
    if kind != "note":
        more |= {"required": YES, "opt_outs": st.just(["dont_know"])}
    return {**entry, **draw(st.fixed_dictionaries({}, optional=more))}


@given(document=documents())
@settings(max_examples=40, deadline=None)
def test_any_questionnaire_goes_out_and_comes_in(document: dict[str, Any]) -> None:
    before = to_document(parse_definition(document))
    assert again(document) == before
