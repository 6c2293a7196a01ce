"""XLSForm by the rules: what a row becomes, what is named because it cannot be represented, what is left out."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.writing import to_document
from app.questionnaires.rules.xlsform.document import Converted, UnsupportedError, document_of
from app.questionnaires.rules.xlsform.languages import code_of, name_of
from app.questionnaires.rules.xlsform.probes import cell_of, lines_of
from app.questionnaires.rules.xlsform.sheets import Column, column_of
from tests.questionnaires.xlsforms import book

LISTS = """
    list_name | name | label
    yn        | yes  | Yes
    yn        | no   | No
    ja        | yes  | Ja
    ja        | no   | Nein
    five      | 1    | 1 – very poor
    five      | 2    | 2
    five      | 3    | 3
    five      | 4    | 4
    five      | 5    | 5 – very good
    agree     | 1    | Strongly disagree
    agree     | 2    | Disagree
    agree     | 3    | Neither
    agree     | 4    | Agree
    agree     | 5    | Strongly agree
    fruit     | a    | Apple
    fruit     | b    | Pear
"""
FRUIT = [{"key": "a", "label": "Apple"}, {"key": "b", "label": "Pear"}]


def survey_of(row: str) -> str:
    """A survey sheet of one row, whose cells are given as heading=text."""
    cells = dict(part.strip().split("=", 1) for part in row.split("|"))
    return f"{' | '.join(cells)}\n{' | '.join(cells.values())}"


def one(row: str) -> dict[str, Any]:
    """The question that a row becomes, as it is stored, without what all rows of these tests have."""
    document = document_of(book(survey_of(row), LISTS), "k").document
    question: dict[str, Any] = to_document(parse_definition(document))["questions"][0]
    return {name: value for name, value in question.items() if name not in {"key", "section", "text"}}


def read(survey: str, choices: str = LISTS, **more: Any) -> Converted:
    converted = document_of(book(survey, choices, **more), "k")
    parse_definition(converted.document)
    return converted


ROWS = [
    ("type=text|name=q|label=Q", {"kind": "text"}),
    ("type=string|name=q|label=Q", {"kind": "text"}),
    ("type=integer|name=q|label=Q", {"kind": "number", "whole": True}),
    ("type=decimal|name=q|label=Q", {"kind": "number"}),
    ("type=percentage|name=q|label=Q", {"kind": "number", "whole": True, "constraint": "0 <= . and . <= 100"}),
    ("type=date|name=q|label=Q", {"kind": "date"}),
    ("type=note|name=q|label=Q", {"kind": "note"}),
    ("type=acknowledge|name=q|label=Q|required=yes", {"kind": "consent", "required": True}),
    ("type=trigger|name=q|label=Q|required=false()", {"kind": "consent"}),
    ("type=calculate|name=q|calculation=1 + 1", {"kind": "calculated", "calculation": "1 + 1"}),
    ("type=range|name=q|label=Q|parameters=start:0 end:10".replace(":", "="), {"kind": "scale_0_10"}),
    ("type=range|name=q|label=Q|parameters=end=5, step=1", {"kind": "scale_1_5"}),
    ("type=select_one yn|name=q|label=Q", {"kind": "yes_no"}),
    ("type=select_one ja|name=q|label=Q",
     {"kind": "single_choice", "options": [{"key": "yes", "label": "Ja"}, {"key": "no", "label": "Nein"}]}),
    ("type=select_one five|name=q|label=Q|appearance=likert",
     {"kind": "scale_1_5", "anchors": {"low": "very poor", "high": "very good"}}),
    ("type=select one from fruit|name=q|label=Q", {"kind": "single_choice", "options": FRUIT}),
    ("type=select_multiple fruit|name=q|label=Q", {"kind": "multiple_choice", "options": FRUIT}),
    ("type=rank fruit|name=q|label=Q", {"kind": "ranking", "options": FRUIT}),
    ("type=text|name=q|label=Q|hint=H|guidance_hint=Who?", {"kind": "text", "hint": "H", "probes": ["Who?"]}),
    ("type=text|name=q|label=Q|relevance=yes", {"kind": "text", "relevant": "true()"}),
    ("type=text|name=q|label=Q|bind::relevant=${account.tier} != ‘A’",
     {"kind": "text", "relevant": "${account.tier} != 'A'"}),
    ("type=integer|name=q|label=Q|constraint=. > 1|constraint message=More",
     {"kind": "number", "whole": True, "constraint": ". > 1", "constraint_message": "More"}),
    ("type=select_one five|name=q|label=Q|parallax::kind=single_choice",
     {"kind": "single_choice", "options": [{"key": n, "label": w} for n, w in
      (("1", "1 – very poor"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 – very good"))]}),
    ("type=select_one five|name=q|label=Q|parallax::dimension=support|parallax::core=yes|parallax::opt_outs=dont_know",
     {"kind": "scale_1_5", "anchors": {"low": "very poor", "high": "very good"}, "dimension": "support", "core": True,
      "opt_outs": ["dont_know"]}),
    ("type=text|name=q|label=Q|parallax::asked_in=interview|parallax::script=Say it.",
     {"kind": "text", "asked_in": ["interview"], "script": "Say it."}),
]  # fmt: skip


@pytest.mark.parametrize(("row", "question"), ROWS, ids=[row for row, _ in ROWS])
def test_a_row_becomes_a_question(row: str, question: dict[str, Any]) -> None:
    assert one(row) == question


def test_a_list_in_which_every_number_has_words_stays_a_choice() -> None:
    question = one("type=select_one agree|name=q|label=Q")
    assert question["kind"] == "single_choice"
    assert [option["label"] for option in question["options"]][1:3] == ["Disagree", "Neither"]


def test_a_list_that_is_made_a_scale_names_the_words_that_it_loses() -> None:
    converted = read(survey_of("type=select_one agree|name=q|label=Q|parallax::kind=scale_1_5"))
    assert converted.document["questions"][0]["anchors"] == {"low": "Strongly disagree", "high": "Strongly agree"}
    assert [each for each in converted.warnings if "“Neither”" in each]


UNSUPPORTED = [
    ("type=geopoint|name=q|label=Q", ["survey, row 2 “q”: the type “geopoint”: places on a map"]),
    ("type=image|name=q|label=Q", ["pictures, sound"]),
    ("type=barcode|name=q|label=Q", ["barcodes"]),
    ("type=time|name=q|label=Q", ["times of day"]),
    ("type=hidden|name=q", ["“hidden”"]),
    ("type=csv-external|name=q", ["other files"]),
    ("type=whatever|name=q|label=Q", ["no such kind"]),
    ("type=range|name=q|label=Q|parameters=start=0 end=100", ["from 0 to 100 by 1"]),
    ("type=select_one fruit or_other|name=q|label=Q", ["or_other"]),
    ("type=select_one fruit|name=q|label=Q|parameters=randomize=true", ["randomize"]),
    ("type=select_one fruit|name=q|label=Q|choice_filter=a = 1", ["choice_filter “a = 1”"]),
    ("type=select_one_from_file x.csv|name=q|label=Q", ["x.csv", "other files"]),
    ("type=select_one_external x|name=q|label=Q|choice_filter=a", ["choice_filter", "other files or sheets"]),
    ("type=select_one fruit|name=q|label=Q|parallax::kind=scale_1_5", ["parallax::kind “scale_1_5” does not go"]),
    ("type=text|name=q|label=Q|parallax::kind=number", ["does not go with the type"]),
    ("type=text|name=q|label=Q|default=x", ["default “x”"]),
    ("type=text|name=q|label=Q|read_only=yes", ["read_only"]),
    ("type=text|name=q|label=Q|trigger=${q}", ["trigger"]),
    ("type=text|name=q|label=Q|save_to=x", ["save_to"]),
    ("type=text|name=q|label=Q|calculation=1", ["only the type calculate"]),
    ("type=text|name=q|label=Q|media::image=a.jpg", ["image"]),
    ("type=text|name=q|label=Q|required=${q} = 1", ["never by a condition"]),
    ("type=text|name=q|label=Q|relevant=pulldata('a', 'b', 'c', ${q})", ["pulldata() is not supported"]),
    ("type=text|name=q|label=Q|constraint=regex(., 'a') and . != once(now())", ["regex(), once(), now() are not"]),
    ("type=text|name=q|label=Q|relevant=../q = 1", ["relevant “../q = 1”"]),
    ("type=text|name=q|label=Q|relevant=instance('x')/list/item[name=1]/label != ''", ["instance()"]),
    ("type=text|name=größe|label=Q", ["plain letters"]),
    ("type=text|name=q|hint=H", ["no label"]),
    ("type=begin_repeat|name=q|label=Q", ["parallax::per"]),
    ("type=begin loop over fruit|name=q|label=Q", ["a loop over a list"]),
    ("type=begin_group|name=q|label=Q|parallax::minutes=two", ["whole number"]),
    ("type=text|name=q|label=Q|label::Gibberish=X", ["column “label::Gibberish”"]),
    ("type=text|name=q|label=Q|hint::German (de)=X", ["hint has words in de, but none"]),
    ("type=text|name=q|label=Q|guidance_hint=A|guidance_hint::German (de)=A\nB", ["2 lines in de, but 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("row", "named"), UNSUPPORTED, ids=[row for row, _ in UNSUPPORTED])
def test_what_cannot_be_represented_is_named(row: str, named: list[str]) -> None:
    cells = dict(part.strip().split("=", 1) for part in row.split("|"))
    form = book([cells], LISTS)
    with pytest.raises(UnsupportedError) as raised:
        document_of(form, "k")
    for words in named:
        assert any(words in construct for construct in raised.value.constructs), raised.value.constructs


def test_all_of_it_is_named_at_once() -> None:
    survey = """
        type            | name | label | relevant  | default
        geopoint        | a    | A     |           |
        text            | b    | B     | today()=1 | x
        begin_group     | g    | G     |           |
        begin_repeat    | r    | R     |           |
        text            | a    | A     |           |
        end_repeat      |      |       |           |
        end_group       |      |       |           |
    """
    with pytest.raises(UnsupportedError) as raised:
        document_of(book(survey, elsewhere=["entities"]), "k")
    named = "\n".join(raised.value.constructs)
    for words in ("row 2 “a”: the type", "row 3 “b”: default", "row 3 “b”: relevant", "row 5 “r”: a repetition inside",
                  "row 6 “a”: another question has the same name", "the sheet entities"):  # fmt: skip
        assert words in named


LEFT_OUT = [
    ("type=start|name=s", "survey, row 3 “s”: records the device's clock"),
    ("type=deviceid|name=s", "row 3 “s”: Parallax records no devices"),
    ("type=audit|name=audit", "row 3 “audit”: records what is done"),
    ("type=text|name=s|label=S|disabled=yes", "row 3 “s”: it is disabled"),
    ("type=text|name=s|label=S|required_message=!", "required_message"),
    ("type=text|name=s|label=S|appearance=multiline", "appearance “multiline”: Parallax has its own look (row 3)"),
    ("type=text|name=s|label=S|my notes=?", "column “my_notes” (row 3)"),
    ("type=text|name=s|label=S|body::kb:x=1", "column “body::kb:x” (row 3)"),
    ("type=text|name=s|label=S|parameters=rows=5", "parameters “rows=5”"),
    ("type=text|name=s|label=S|constraint_message=No", "there is no constraint"),
    ("type=note|name=s|label=S|required=yes", "required: nothing is answered here"),
    ("type=phone number|name=s|label=S", "other characters than digits"),
    ("hint=only a remark", "it is a comment"),
    ("type=text|name=s|label=<b>S</b>", "markup"),
]


@pytest.mark.parametrize(("row", "named"), LEFT_OUT, ids=[row for row, _ in LEFT_OUT])
def test_what_respondents_do_not_miss_is_left_out_and_named(row: str, named: str) -> None:
    cells = dict(part.strip().split("=", 1) for part in row.split("|"))
    form = book([{"type": "text", "name": "q", "label": "Q"}, cells])
    warnings = document_of(form, "k").warnings
    assert any(named in warning for warning in warnings), warnings


def test_a_condition_on_what_is_left_out_is_refused() -> None:
    survey = """
        type        | name | label          | relevant
        today       | t    |                |
        text        | a    | It is ${t}     | ${t} > '2026-01-01'
        acknowledge | ok   | Agreed         |
        text        | b    | B              | ${ok} = 'OK'
        note        | n    | N              |
        text        | c    | C              | ${n} = 1
    """
    with pytest.raises(UnsupportedError) as raised:
        document_of(book(survey), "k")
    assert len(raised.value.constructs) == 4
    assert "${ok} = 'yes'" in raised.value.constructs[2]


def test_groups_are_sections_and_what_stands_between_them_too() -> None:
    survey = """
        type        | name | label  | relevant   | appearance
        text        | a    | A      |            |
        begin group | g    | Group  | ${a} = 'x' |
        text        | b    | B      |            |
        begin_group | h    | Inner  | ${b} = 'y' | field-list
        text        | c    | C      | ${a} = 'z' |
        integer     | d    | D      |            |
        end_group   |      |        |            |
        end group   |      |        |            |
        text        | e    | E      |            |
    """
    document = read(survey, settings={"form_title": "Title"}).document
    assert document["sections"] == [
        {"key": "part_1", "title": "Title"},
        {"key": "g", "title": "Group", "relevant": "${a} = 'x'"},
        {"key": "part_2", "title": "Title"},
    ]
    placed = [(each["key"], each["section"], each.get("relevant")) for each in document["questions"]]
    assert placed == [
        ("a", "part_1", None),
        ("b", "g", None),
        ("h", "g", "${b} = 'y'"),
        ("c", "g", "(${b} = 'y') and (${a} = 'z')"),
        ("d", "g", "${b} = 'y'"),
        ("e", "part_2", None),
    ]
    assert document["questions"][2]["kind"] == "note"


@pytest.mark.parametrize("look", ["table-list", "field-list"])
def test_a_group_of_one_list_is_a_matrix(look: str) -> None:
    survey = f"""
        type            | name | label | appearance | hint      | relevant
        begin_group     | g    | Grid  | {look}     | One a row | ${{x}} = 1
        select_one five | a    | A     |            |           |
        select_one five | b    | B     |            |           | ${{a}} = 1
        end_group       |      |       |            |           |
        integer         | x    | X     |            |           |
    """
    document = read(survey).document
    head, first, second, _ = document["questions"]
    assert head == {
        "key": "g", "kind": "matrix", "text": "Grid", "section": "g", "hint": "One a row", "relevant": "${x} = 1"
    }  # fmt: skip
    assert (first["matrix"], first["kind"], second["matrix"], second["relevant"]) == ("g", "scale_1_5", "g", "${a} = 1")


def test_the_older_way_to_write_a_grid() -> None:
    survey = """
        type             | name  | label | appearance
        begin_group      | g     |       | field-list
        select_one fruit | head  | Grid  | label
        select_one fruit | a     | A     | list-nolabel
        select_one fruit | b     | B     | list-nolabel
        end_group        |       |       |
    """
    questions = read(survey).document["questions"]
    assert [(each["key"], each["kind"], each.get("matrix")) for each in questions] == [
        ("head", "matrix", None),
        ("a", "single_choice", "head"),
        ("b", "single_choice", "head"),
    ]


def test_a_repetition_for_each_relationship() -> None:
    survey = """
        type         | name | label                     | parallax::per | repeat_count
        begin_repeat | each | About ${relationship.name} | product       | 3
        text         | a    | A                         |               |
        end_repeat   |      |                           |               |
    """
    converted = read(survey)
    assert converted.document["sections"] == [{"key": "each", "title": "About ${relationship.name}", "per": "product"}]
    assert any("repeat_count “3”" in warning for warning in converted.warnings)


def test_languages() -> None:
    survey = """
        type             | name | label::German | label::English (en) | hint::en | guidance_hint | guidance_hint::de
        select_one fruit | q    | Was?          | What?               | Why      | One           | Eins
    """
    choices = """
        list name | name | label::English | label::deutsch
        fruit     | a    | Apple          | Apfel
        fruit     | b    | Pear           |
    """
    document = read(survey, choices).document
    assert (document["language"], document["questions"][0]["text"]) == ("en", "What?")
    assert document["translations"] == {
        "de": {"question.q.text": "Was?", "question.q.probes.1": "Eins", "question.q.options.a": "Apfel"}
    }


def test_without_a_language_english_is_taken_and_said() -> None:
    plain = document_of(book("type|name|label\ntext|q|Q", settings={"default_language": ""}), "k")
    assert plain.document["language"] == "en"
    assert "does not name its language" in plain.warnings[0]
    french = document_of(book("type|name|label::French (fr)\ntext|q|Q", settings={"default_language": ""}), "k")
    assert (french.document["language"], french.warnings) == ("fr", ())


def test_settings() -> None:
    given = {
        "form_title": "My form", "form_id": "k", "style": "pages", "version": "7", "default_language": "Deutsch (de)",
        "parallax::thanks::others": "Danke", "parallax::direction::ar": "ltr", "parallax::name::English (en)": "Mine",
    }  # fmt: skip
    converted = document_of(book("type|name|label\ntext|q|Q", settings=given), "k")
    document = to_document(parse_definition(converted.document))
    assert (document["name"], document["language"], document["is_paged"]) == ("My form", "de", True)
    assert (document["thanks"], document["directions"]) == ({"others": "Danke"}, {"ar": "ltr"})
    assert document["translations"] == {"en": {"name": "Mine"}}
    assert converted.warnings == ("settings, version “7”",)


HEADINGS = [
    ("label", ["label"], Column("label")),
    ("Label", ["Label"], Column("label")),
    ("label::English (en)", ["label"], Column("label", "English (en)")),
    ("label:English", ["label:English"], Column("label", "English")),
    ("caption", [], Column("label")),
    ("constraint message", [], Column("constraint_message")),
    ("bind:jr:constraintMsg", [], Column("constraint_message")),
    ("bind: relevant", [], Column("relevant")),
    ("media::image::German (de)", [], Column("image", "German (de)")),
    ("jr:count", [], Column("repeat_count")),
    ("parallax::script", [], Column("parallax::script")),
    ("parallax::script::de", [], Column("parallax::script", "de")),
    ("parallax::thanks::others::de", [], Column("parallax::thanks::others", "de")),
    ("my notes", [], Column("my_notes")),
]


@pytest.mark.parametrize(("heading", "headings", "column"), HEADINGS, ids=[heading for heading, *_ in HEADINGS])
def test_headings(heading: str, headings: list[str], column: Column) -> None:
    assert column_of(heading, headings) == column


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English (en)", "en"), ("german", "de"), ("Deutsch", "de"), ("EN", "en"), ("pt-BR", "pt-BR"),
        ("Portuguese (pt-BR)", "pt-BR"), ("Kiswahili (sw)", "sw"), ("chinese", "zh"), ("Gibberish", None), ("", None),
    ],
)  # fmt: skip
def test_languages_by_name(name: str, code: str | None) -> None:
    assert code_of(name) == code


@pytest.mark.parametrize("code", ["en", "de", "pt-BR", "zh-Hant", "ar", "xyz"])
def test_a_language_is_known_by_the_name_that_it_is_given(code: str) -> None:
    assert code_of(name_of(code)) == code


@given(probes=st.lists(st.text("ab\n -", min_size=1).map(str.strip).filter(bool), max_size=4))
def test_probes_are_read_back(probes: list[str]) -> None:
    tidy = ["\n".join(line.strip() or "." for line in probe.split("\n")) for probe in probes]
    assert lines_of(cell_of(tidy)) == tidy


TYPES = st.sampled_from([
    "text", "integer", "select_one fruit", "select_one five", "select_multiple fruit", "rank fruit", "note",
    "calculate", "acknowledge", "range", "begin_group", "end_group", "begin_repeat", "end_repeat", "start",
    "select_one none", "xyz",
])  # fmt: skip
EXPRESSIONS = st.sampled_from(["${a} = 1", ". > 1", "today()", "((", "yes", "${start} = ''", "selected(${b}, 'a')"])
WORDS = st.sampled_from(["A", "${a}", "${a|x}", "${", "A\nB", "<b>", "${contact.role}", "x" * 300, "ß"])
CELLS = st.fixed_dictionaries(
    {"type": TYPES},
    optional={
        "name": st.sampled_from(["a", "b", "c", "meta", "a b", "1", "ü"]),
        "label": WORDS, "label::German (de)": WORDS, "hint": WORDS, "guidance_hint": WORDS,
        "guidance_hint::de": WORDS, "relevant": EXPRESSIONS, "constraint": EXPRESSIONS, "calculation": EXPRESSIONS,
        "constraint_message": WORDS, "required": st.sampled_from(["yes", "no", "${a}"]),
        "appearance": st.sampled_from(["field-list", "table-list", "label", "w1"]),
        "parallax::per": st.sampled_from(["product", "*", "?"]),
        "parallax::kind": st.sampled_from(["matrix", "fact", "pipe", "text", "yes_no"]),
        "parallax::position": st.sampled_from(["0", "1", "x"]),
        "parallax::dimension": st.sampled_from(["support", "value"]),
        "parallax::minutes": st.sampled_from(["1", "0", "x"]), "parallax::pipe": WORDS,
    },
)  # fmt: skip


@given(survey=st.lists(CELLS, max_size=8))
@settings(max_examples=300, deadline=None)
def test_any_rows_become_a_questionnaire_or_are_refused(survey: list[dict[str, str]]) -> None:
    with suppress(ValueError):
        assert parse_definition(document_of(book(survey, LISTS), "k").document).questions
