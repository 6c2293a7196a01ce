"""What a study.json may say."""

from datetime import date
from typing import Any

import pytest

from app.core.documents import FieldError
from app.studies.rules.plan import Method, Mode, design_document, design_of, parse_plan

PLAN: dict[str, Any] = {
    "key": "q3", "name": "Q3 cross-section", "questionnaire": "relationship", "mode": "survey",
    "strata": ["segment", "tier"], "filter": {"country": ["United States"]}, "size": 400, "minimum_per_stratum": 3,
    "method": "proportional", "certainty": {"top_arr": 10, "accounts": ["A-1"]}, "seed": 360, "wave": "w1",
    "roles": {"decision_maker": 0.35, "champion": 0.25}, "scorecard": "default", "owner": "leader@sample.parallax.test",
    "opens_on": "2026-01-05", "closes_on": "2026-02-13", "health_as_of": "2026-02-10",
}  # fmt: skip
OPTIONAL = ("filter", "minimum_per_stratum", "certainty", "wave", "scorecard", "owner", "health_as_of")


def without(*fields: str) -> dict[str, Any]:
    return {field: value for field, value in PLAN.items() if field not in fields}


def test_everything_that_is_said_is_read() -> None:
    plan = parse_plan(PLAN)
    assert (plan.key, plan.questionnaire, plan.scorecard) == ("q3", "relationship", "default")
    assert (plan.opens_on, plan.health_as_of) == (date(2026, 1, 5), date(2026, 2, 10))
    assert (plan.design.mode, plan.design.method) == (Mode.SURVEY, Method.PROPORTIONAL)
    assert plan.design.fields == ("country", "segment", "tier")
    assert design_document(plan.design) == {
        "mode": "survey", "strata": ["segment", "tier"], "filter": {"country": ["United States"]}, "size": 400,
        "minimum_per_stratum": 3, "method": "proportional", "certainty": {"top_arr": 10, "accounts": ["A-1"]},
        "seed": 360, "wave": "w1", "roles": {"decision_maker": 0.35, "champion": 0.25},
    }  # fmt: skip
    assert design_of(design_document(plan.design)) == plan.design


def test_what_is_left_out_has_its_default() -> None:
    plan = parse_plan(without(*OPTIONAL))
    assert (plan.scorecard, plan.owner, plan.health_as_of) == ("default", None, plan.closes_on)
    design = plan.design
    assert (design.wave, design.minimum_per_stratum, design.filter) == ("q3", 2, {})
    assert (design.top_arr, design.certain_accounts) == (0, ())


def test_an_anonymous_plan_says_so_and_others_stay_as_they_were() -> None:
    anonymous = parse_plan({**PLAN, "anonymous": True}).design
    assert anonymous.is_anonymous
    assert design_document(anonymous)["anonymous"] is True
    assert design_of(design_document(anonymous)) == anonymous
    for plain in (PLAN, {**PLAN, "anonymous": False}, {**PLAN, "anonymous": None}):
        assert "anonymous" not in design_document(parse_plan(plain).design)


@pytest.mark.parametrize("size", [400, None, "many"], ids=["given", "null", "nonsense"])
def test_a_census_ignores_size(size: object) -> None:
    assert parse_plan({**PLAN, "method": "census", "size": size}).design.size is None
    assert parse_plan({**without("size"), "method": "census"}).design.size is None


@pytest.mark.parametrize("field", sorted(set(PLAN) - set(OPTIONAL)))
def test_a_required_field_is_asked_for_by_name(field: str) -> None:
    with pytest.raises(FieldError, match=f"“{field}”"):
        parse_plan(without(field))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"anonymous": "yes"}, "“anonymous” is “yes”; use true or false", id="anonymous is true or false"),
        pytest.param({"anonymous": True, "mode": "both"}, "needs the mode “survey”", id="an anonymous interview"),
        pytest.param({"anonymous": True, "mode": "interview"}, "needs the mode “survey”", id="anonymous interviews"),
        pytest.param({"anonymous": True, "quotas": {"a": 5}}, "“quotas” cannot be kept", id="anonymous quotas"),
        pytest.param({"sized": 1}, "sized.* is unknown", id="unknown field"),
        pytest.param({"key": "../q3"}, "“key”", id="key no address can carry"),
        pytest.param({"key": "x" * 81}, "longer than 80", id="key too long"),
        pytest.param({"name": " "}, "“name” must be a text", id="empty name"),
        pytest.param({"name": "x" * 201}, "longer than 200", id="name too long"),
        pytest.param({"mode": "telephone"}, "survey, interview, both", id="unknown mode"),
        pytest.param({"method": "quota"}, "census, proportional", id="unknown method"),
        pytest.param({"size": 1, "certainty": {"accounts": ["A", "B"]}}, "“certainty” lists 2", id="too certain"),
        pytest.param({"size": 0}, "“size” must be a whole number from 1", id="size 0"),
        pytest.param({"size": 1.5}, "“size” must be a whole number", id="size one and a half"),
        pytest.param({"size": True}, "“size” must be a number", id="size true"),
        pytest.param({"size": 10**400}, "finite", id="size beyond floats"),
        pytest.param({"minimum_per_stratum": 0}, "“minimum_per_stratum”", id="strata without accounts"),
        pytest.param({"seed": "360"}, "“seed” must be a number", id="seed as text"),
        pytest.param({"seed": 0.5}, "“seed” must be a whole number", id="seed one half"),
        pytest.param({"strata": "segment"}, "“strata” must be a list", id="strata as text"),
        pytest.param({"strata": ["segment", "segment"]}, "“segment” twice", id="stratum key twice"),
        pytest.param({"strata": [1]}, "“strata” must be a list of texts", id="stratum key a number"),
        pytest.param({"filter": ["country"]}, "filter must be an object", id="filter as a list"),
        pytest.param({"filter": {"country": "United States"}}, "“country” must be a list", id="filter value as text"),
        pytest.param({"filter": {"country": []}}, "“country” must be a list", id="filter without values"),
        pytest.param({"filter": {"country": [{}]}}, "“country” must be a number", id="filter value an object"),
        pytest.param({"filter": {"country": [True]}}, "“country” must be a number", id="filter value true"),
        pytest.param({"certainty": {"top": 10}}, "“top”", id="unknown certainty"),
        pytest.param({"certainty": {"top_arr": -1}}, "“top_arr”", id="negative top"),
        pytest.param({"certainty": {"accounts": ["A", "A"]}}, "“A” twice", id="certainty account twice"),
        pytest.param({"roles": {}}, "“roles” must name", id="no roles"),
        pytest.param({"roles": {"champion": 0}}, "“champion” must weigh", id="role of weight 0"),
        pytest.param({"roles": {"champion": -1}}, "“champion” must weigh", id="role of negative weight"),
        pytest.param({"roles": {"champion": float("nan")}}, "“champion” must be a finite", id="role of weight NaN"),
        pytest.param({"roles": {"x" * 81: 1}}, "“roles” must name", id="role too long"),
        pytest.param({"roles": ["champion"]}, "roles must be an object", id="roles as a list"),
        pytest.param({"opens_on": "05.01.2026"}, "“opens_on”.*YYYY-MM-DD", id="another date shape"),
        pytest.param({"closes_on": "2026-01-04"}, "before “opens_on”", id="closes before it opens"),
        pytest.param({"health_as_of": "soon"}, "“health_as_of”", id="no date"),
        pytest.param({"owner": 5}, "“owner” must be a text", id="owner a number"),
    ],
)
def test_a_bad_plan_is_refused_with_a_sentence_naming_the_field(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FieldError, match=sentence):
        parse_plan({**PLAN, **changes})


@pytest.mark.parametrize("method", ["neyman", "pps"])
def test_every_method_can_be_planned(method: str) -> None:
    plan = parse_plan({**PLAN, "method": method})
    assert plan.design.method == method
    assert design_of(design_document(plan.design)) == plan.design


def test_filter_values_compare_as_texts() -> None:
    plan = parse_plan({**PLAN, "filter": {"age": [53, 1.5, " x ", "", None]}})
    assert plan.design.filter == {"age": ("53", "1.5", "x", None, None)}


def test_dates_in_the_past_are_fine() -> None:
    plan = parse_plan({**without("health_as_of"), "opens_on": "1999-01-01", "closes_on": "1999-01-01"})
    assert plan.health_as_of == date(1999, 1, 1)


def test_quotas_are_part_of_a_plan_only_where_there_are_some() -> None:
    assert "quotas" not in design_document(parse_plan(PLAN).design)
    plan = parse_plan(PLAN | {"quotas": {"Enterprise": 40, " Mid ": 5}})
    assert design_document(plan.design)["quotas"] == {"Enterprise": 40, "Mid": 5}
    assert design_of(design_document(plan.design)) == plan.design


@pytest.mark.parametrize(
    "quotas", [[], "x", {"": 1}, {"A": 0}, {"A": -1}, {"A": 1.5}, {"A": "many"}, {"A": 1, " A": 2}], ids=str
)
def test_odd_quotas_are_refused(quotas: object) -> None:
    with pytest.raises(FieldError):
        parse_plan(PLAN | {"quotas": quotas})
