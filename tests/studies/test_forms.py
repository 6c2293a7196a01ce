"""The form of a plan: what is typed becomes the document that a file would hold, and back."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from app.core.errors import Refusal
from app.studies.forms import (
    PlanForm,
    fresh_plan,
    in_words,
    joined_values,
    number_typed,
    split_values,
    stored_plan,
    typed_plan,
)
from app.studies.rules.plan import design_document, parse_plan

TYPED = [
    ("name", " Spring "), ("key", "spring"), ("questionnaire", "relationship"), ("mode", "both"),
    ("scorecard", "default"), ("opens_on", "2026-05-01"), ("closes_on", "2026-05-28"), ("health_as_of", ""),
    ("method", "proportional"), ("size", "60"), ("minimum_per_stratum", ""), ("top_arr", "5"),
    ("accounts", "A-1; A-2\nA-3"), ("seed", "360"), ("wave", ""), ("strata", "segment"), ("strata", "tier"),
    ("filter_field", "country"), ("filter_values", "France; (none)"), ("filter_field", ""), ("filter_values", ""),
    ("role", "champion"), ("weight", "0,6"), ("role", "admin"), ("weight", "1"), ("role", "user"), ("weight", ""),
]  # fmt: skip


def typed(**changes: str) -> PlanForm:
    return typed_plan(MultiDict([(name, changes.get(name, value)) for name, value in TYPED]))


def test_a_form_makes_the_document_of_a_file() -> None:
    assert typed().document() == {
        "key": "spring", "name": "Spring", "questionnaire": "relationship", "mode": "both", "scorecard": "default",
        "opens_on": "2026-05-01", "closes_on": "2026-05-28", "method": "proportional", "size": 60, "seed": 360,
        "strata": ["segment", "tier"], "filter": {"country": ["France", None]},
        "certainty": {"top_arr": 5, "accounts": ["A-1", "A-2", "A-3"]}, "roles": {"champion": 0.6, "admin": 1},
    }  # fmt: skip


def test_a_stored_plan_fills_the_form_that_makes_it_again() -> None:
    plan = parse_plan(typed().document())
    facts = {"key": "spring", "name": "Spring", "questionnaire": "relationship", "scorecard": "default"}
    days = {name: getattr(plan, name).isoformat() for name in ("opens_on", "closes_on", "health_as_of")}
    form = stored_plan(facts | days, design_document(plan.design), ["champion", "user"])
    assert parse_plan(form.document()) == plan
    assert ("user", "") in form.roles


def test_a_fresh_plan_needs_only_a_name() -> None:
    form = fresh_plan(date(2026, 5, 1), ["champion", "buyer"])
    form.texts |= {"name": "Spring", "key": "spring"}
    plan = parse_plan(form.document())
    assert (plan.opens_on, plan.closes_on) == (date(2026, 5, 1), date(2026, 5, 29))
    assert plan.design.roles == {"decision_maker": 0.35, "champion": 0.25, "admin": 0.15, "power_user": 0.25}
    assert ("buyer", "") in form.roles


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"name": "a\0b"}, "name", "cannot be stored", id="nul"),
        pytest.param({"role": "champion"}, "roles", "one weight", id="role twice"),
        pytest.param({"filter_field": ""}, "filter", "Choose the field", id="values without field"),
        pytest.param({"accounts": '"' + "x" * 200_000}, "accounts", "could not be read", id="endless quote"),
    ],
)
def test_what_no_document_could_say_is_refused(changes: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        typed(**changes).document()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "place"),
    [("size", "size"), ("country", "filter"), ("champion", "roles"), ("nothing of this form", ""), (None, "")],
)
def test_a_refusal_stands_at_its_field(field: str | None, place: str) -> None:
    form = typed()
    form.show(Refusal("No.", field))
    assert form.errors == {place: "No."}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60", 60), (" -7 ", -7), ("0.35", 0.35), ("0,35", 0.35), (".5", 0.5), ("", ""), ("many", "many"),
        ("²", "²"), ("٣", "٣"), ("1e5", "1e5"), ("nan", "nan"), ("9" * 5_000, "9" * 5_000), ("1,000.5", "1,000.5"),
    ],
)  # fmt: skip
def test_numbers_are_read_and_other_text_is_left(text: str, number: object) -> None:
    assert number_typed(text) == number


@pytest.mark.parametrize("values", [["a", "b c"], ["x; y", 'say "so"', '"'], [None, "a"], []])
def test_values_come_back_as_they_were_shown(values: list[str | None]) -> None:
    assert split_values("filter", joined_values(values)) == ["(none)" if value is None else value for value in values]


def test_a_sentence_about_a_file_becomes_one_about_the_form() -> None:
    assert in_words("The study: “size” must be a whole number.", "Size") == "Size must be a whole number."
    assert in_words("The study's roles: “x” must weigh more than 0.", "Roles") == "Roles must weigh more than 0."
    assert in_words("There is no study.", "Key") == "There is no study."


def test_quotas_are_typed_one_a_line_and_come_back_as_they_were() -> None:
    document = typed_plan(MultiDict([*TYPED, ("quotas", "Large · A = 40\n\n Small=2 ")])).document()
    assert document["quotas"] == {"Large · A": 40, "Small": 2}
    facts = {"key": "spring", "name": "Spring", "questionnaire": "relationship", "scorecard": "default"}
    form = stored_plan(facts, design_document(parse_plan(document).design), [])
    assert form.texts["quotas"] == "Large · A = 40\nSmall = 2"


@pytest.mark.parametrize("text", ["Large", "= 4", "Large = 4\nLarge = 5"])
def test_odd_lines_of_quotas_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        typed_plan(MultiDict([*TYPED, ("quotas", text)])).document()
    assert refused.value.field == "quotas"
