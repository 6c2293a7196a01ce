"""The sentences of the report: no claim beyond its interval, and sense in every corner case."""

import copy
import re
from typing import Any

import pytest

from app.reports.rules import findings
from app.reports.rules.advice import steps, steps_title
from app.reports.rules.certainty import how_sure
from app.reports.rules.document import Document
from app.reports.rules.estimates import with_interval
from app.reports.rules.report import report
from app.reports.rules.tables import calls, calls_title, sums
from app.reports.rules.workings import workings
from tests.reports.portfolios import document_of

S = "\u00a0"
NONSENSE = (
    r"\bNone\b(?! of)|nan\b|\binf\b|[{}]|  |\bno of\b|\.\.|"
    r"\b1[ \u00a0](accounts|people|points)\b|\bone (accounts|people)\b"
)
CAUSES = r"because of|caused by|leads to|drives"


@pytest.fixture(scope="module")
def typical() -> Document:
    """Sixty of 120 accounts, most answering."""
    return document_of(60, 120)


def estimate(value: float | None, lo: float | None = None, hi: float | None = None, *codes: str) -> dict[str, Any]:
    known = {"value": value, "se": 1.0, "lo": lo, "hi": hi}
    return {**known, "level": 0.95, "n": 40, "n_eff": 40, "method": "x", "warnings": list(codes)}


def changed(document: Document, path: str, value: Any) -> Document:
    twin = copy.deepcopy(document)
    *parents, last = path.split("/")
    place = twin
    for key in parents:
        place = place[key]
    place[last] = value
    return twin


def risk(n: int, confirmed: int = 0, probable: int = 0, arr: float = 2_290_000) -> dict[str, Any]:
    return {"accounts": n, "arr": arr, "confirmed": confirmed, "probable": probable}


@pytest.mark.parametrize(
    ("hidden", "sentence"),
    [
        pytest.param(
            risk(9, confirmed=6),
            f"Nine accounts look healthy but are not happy. They pay €2.29{S}m a year.",
            id="many, some confirmed",
        ),
        pytest.param(
            risk(1, confirmed=1, arr=412_000),
            f"One account looks healthy but is not happy. It pays €412{S}k a year.",
            id="one, confirmed",
        ),
        pytest.param(
            risk(3, probable=2),
            "Three accounts look healthy but sound unhappy; for two of them that is probably not by chance. "
            f"They pay €2.29{S}m a year.",
            id="none confirmed, two probable",
        ),
        pytest.param(
            risk(1, probable=1, arr=0),
            "One account looks healthy but sounds unhappy; that is probably not by chance.",
            id="one, probable, revenue unknown",
        ),
        pytest.param(
            risk(12),
            "12 accounts look healthy but sound unhappy; with so few voices, chance may explain it.",
            id="none probable",
        ),
        pytest.param(
            risk(0),
            "No account looks healthy and sounds unhappy, among the 40 accounts that we could compare.",
            id="none",
        ),
    ],
)
def test_headline(typical: Document, hidden: dict[str, Any], sentence: str) -> None:
    assert findings.headline(changed(typical, "hidden_risk", hidden)) == sentence


def test_headline_of_a_silent_study() -> None:
    assert "Nobody has answered yet" in findings.headline(document_of(10, 40, answering=0))


def test_headline_without_any_health() -> None:
    document = document_of(30, 90, has_health=False)
    assert findings.headline(document).endswith("but none can be held against a health score yet.")
    assert "None of them has a health score" in " ".join(findings.lede(document))


@pytest.mark.parametrize(
    ("kappa", "ending"),
    [
        pytest.param(estimate(0.18, -0.03, 0.4), "colour: no more than chance may give", id="zero inside"),
        pytest.param(estimate(0.3, 0.1, 0.5), "colour: more than chance would", id="above zero"),
        pytest.param(estimate(0.8, 0.7, 0.9), "colour: far more than chance would", id="well above"),
        pytest.param(estimate(-0.3, -0.5, -0.1), "colour: fewer than chance would", id="below zero"),
        pytest.param(estimate(None, None, None, "ZERO_VAR"), "colour", id="not estimable"),
        pytest.param(estimate(0.3, 0.1, 0.5, "THIN"), "colour: no more than chance may give", id="too few to claim"),
    ],
)
def test_agreement_claims_no_more_than_kappas_interval(typical: Document, kappa: dict[str, Any], ending: str) -> None:
    assert findings.agreement_title(changed(typical, "agreement/kappa", kappa)).endswith(ending)


@pytest.mark.parametrize(
    ("bias", "start"),
    [
        pytest.param(estimate(-5, -9, -1), "Voice runs five points below health;", id="below"),
        pytest.param(estimate(1.2, 0.4, 2), "Voice runs one point above health;", id="above, singular"),
        pytest.param(estimate(0.3, 0.1, 0.5), "Voice runs less than a point above health;", id="tiny"),
        pytest.param(estimate(-5, -11, 1), "On average voice and health cannot be told apart;", id="zero inside"),
        pytest.param(
            estimate(-5, None, None, "SINGLETON"), "Voice is −5 points from health on average;", id="no interval"
        ),
        pytest.param(estimate(None, None, None, "EMPTY"), "The difference between voice and health is not", id="null"),
    ],
)
def test_difference_claims_no_more_than_its_interval(typical: Document, bias: dict[str, Any], start: str) -> None:
    assert findings.differences_title(changed(typical, "agreement/bias", bias)).startswith(start)


@pytest.mark.parametrize(
    ("gap", "title"),
    [
        pytest.param(estimate(-18, -25, -11), "Value received is rated 18 points below the value promised", id="below"),
        pytest.param(estimate(4, 1, 7), "Value received is rated four points above the value promised", id="above"),
        pytest.param(estimate(-4, -9, 1), "Value received and value promised cannot be told apart", id="zero inside"),
        pytest.param(
            estimate(None, None, None, "EMPTY"),
            "Value promised and received cannot be compared: nobody has answered what it needs",
            id="null",
        ),
    ],
)
def test_value_title(typical: Document, gap: dict[str, Any], title: str) -> None:
    assert findings.value_title(changed(typical, "value/gap", gap)) == title


@pytest.mark.parametrize(
    ("others", "ending"),
    [
        pytest.param([(60, 55, 65), (70, 65, 75)], "its interval lies apart from every other topic", id="apart"),
        pytest.param([(50, 44, 56), (70, 65, 75)], "one other topic is too close to call", id="one close"),
        pytest.param(
            [(50, 44, 56), (49, 44, 56), (70, 65, 75)], "two other topics are too close to call", id="two close"
        ),
    ],
)
def test_the_lowest_topic_is_named_with_what_is_too_close(
    typical: Document, others: list[tuple[float, float, float]], ending: str
) -> None:
    topics = {"support": estimate(41, 36, 46), **{f"topic_{i}": estimate(*o) for i, o in enumerate(others)}}
    title = findings.dimensions_title(changed(typical, "voice/dimensions", topics))
    assert title.startswith("Support is rated lowest, at 41 of 100")
    assert title.endswith(ending)


def with_tiers(document: Document, *tiers: str) -> Document:
    twin = copy.deepcopy(document)
    for account in twin["accounts"]:
        account["tier"] = "none"
    for account, tier in zip(twin["accounts"], tiers, strict=False):
        account.update(tier=tier, p_low=0.9, p_high=0.0, quadrant="hidden_risk")
    return twin


@pytest.mark.parametrize(
    ("tiers", "title", "rows"),
    [
        pytest.param(["confirmed"] * 7, "Call these five first", 5, id="seven confirmed"),
        pytest.param(["confirmed"], "Call this one first", 1, id="one confirmed"),
        pytest.param(["confirmed", "probable"], "Call these two first", 2, id="confirmed before probable"),
        pytest.param(["probable"] * 3, "Call these three first: probable, not confirmed", 3, id="none confirmed"),
        pytest.param(["watch"] * 2, "Nothing is probable; these two are worth watching", 2, id="none probable"),
        pytest.param([], "No account stands out clearly enough to be called first", 0, id="none at all"),
    ],
)
def test_calls_are_named_as_sure_as_they_are(typical: Document, tiers: list[str], title: str, rows: int) -> None:
    document = with_tiers(typical, *tiers)
    assert calls_title(document) == title
    assert len(calls(document)) == rows


def test_a_high_voice_is_never_called_as_a_risk(typical: Document) -> None:
    document = with_tiers(typical)
    document["accounts"][0].update(tier="confirmed", p_low=0.0, p_high=0.99)
    assert calls(document) == []


def test_three_sums_carry_their_basis_and_clip_only_what_cannot_be(typical: Document) -> None:
    document = changed(typical, "arr_at_risk/portfolio", estimate(500_000.0, -100_000.0, 9e12))
    document["population"]["arr"] = 1_000_000.0
    confirmed, expected, whole = sums(document)
    assert (confirmed.label, expected.label, whole.label) == (
        "Confirmed at risk",
        "Expected in the sample",
        f"Estimated for all 120{S}accounts",
    )
    assert whole.basis == f"95{S}% interval €0 to{S}€1{S}m"
    assert whole.small == f"of €1{S}m"


def test_every_null_has_its_reason() -> None:
    document = document_of(12, 40, answering=0.36, people=(1, 1), seed=7)
    said = " ".join(how_sure(document))
    assert "takes 10 accounts with both scores" in said
    for row in workings(document):
        assert row.value != "–" or len(row.how) > 10, row.name


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"drawn": 60, "population": 120}, id="typical"),
        pytest.param({"drawn": 10, "population": 40, "answering": 0}, id="silent"),
        pytest.param({"drawn": 4, "population": 4, "answering": 1, "people": (1, 1)}, id="four answers"),
        pytest.param({"drawn": 1, "population": 1, "answering": 1}, id="one account"),
        pytest.param({"drawn": 30, "population": 90, "has_health": False}, id="no health"),
        pytest.param({"drawn": 40, "population": 80, "is_circular": True}, id="circular"),
        pytest.param({"drawn": 60, "population": 120, "is_restricted": True}, id="some accounts only"),
        pytest.param({"drawn": 20, "population": 40, "currency": None, "words": 0}, id="no currency, no words"),
    ],
)
def test_the_report_reads_well_in_every_corner(options: dict[str, Any]) -> None:
    made = report(document_of(**options))
    texts = [made.headline, *made.lede, *made.how_sure, made.agreement_title, made.heard_title, made.voice_sentence]
    texts += [part for c in made.charts.values() for part in (c.title, c.subtitle, c.source, c.label, c.empty)]
    texts += [part for step in made.steps for part in (step.what, step.who, step.when, step.why)]
    for text in texts:
        assert not re.search(NONSENSE, text), text
        assert not re.search(CAUSES, text), text
    assert all(chart.wide or chart.empty for chart in made.charts.values())


def test_circular_scorecards_are_marked() -> None:
    made = report(document_of(40, 80, is_circular=True))
    assert "agree in part by design" in made.notes[0]
    assert any("agree in part by design" in sentence for sentence in made.how_sure)


def test_steps_name_account_person_and_date(typical: Document) -> None:
    document = with_tiers(typical, "confirmed")
    document["accounts"][0].update(name="Haskelby Clinics", csm="m.oskjold@example.org", renewal_on="2026-08-16")
    step = steps(document)[0]
    assert (step.what, step.who, step.when) == ("Call Haskelby Clinics", "M. Oskjold", f"before 16{S}Aug{S}2026")


def test_a_renewal_in_the_past_is_said(typical: Document) -> None:
    document = with_tiers(typical, "confirmed")
    document["accounts"][0].update(renewal_on="2026-05-01")
    assert steps(document)[0].when == f"now: renewal was due 1{S}May{S}2026"


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        pytest.param(estimate(62, 57, 67), f"62 (95{S}% interval 57 to{S}67)", id="wide"),
        pytest.param(
            estimate(65.14, 64.9, 65.4), f"65.1 (95{S}% interval 64.9 to{S}65.4)", id="narrow: a decimal more"
        ),
        pytest.param(estimate(50, 50, 50), "50 (all accounts answered: no sampling error)", id="census"),
        pytest.param(estimate(50, 50, 50, "ZERO_VAR"), "50 (all answers alike)", id="all alike"),
        pytest.param(
            estimate(50, None, None, "SINGLETON"), "50 (no interval: one account alone has no interval)", id="one"
        ),
        pytest.param(
            estimate(None, None, None, "ALL_NA"),
            "not estimable: every answer was “not applicable” or “don’t know”",
            id="null",
        ),
        pytest.param(None, "not estimable: nobody has answered what it needs", id="absent"),
        pytest.param(
            estimate(None, None, None, "NEW_CODE"), "not estimable: too few accounts answered", id="unknown code"
        ),
    ],
)
def test_a_figure_with_its_interval(figure: dict[str, Any] | None, text: str) -> None:
    assert with_interval(figure) == text


@pytest.mark.parametrize(
    ("tiers", "start"),
    [
        pytest.param(["confirmed"] * 7, "Five calls first, then ", id="many"),
        pytest.param(["confirmed"], "One call first, then ", id="one"),
        pytest.param([], "No call is urgent; ", id="none"),
    ],
)
def test_the_title_of_the_steps_counts_them(typical: Document, tiers: list[str], start: str) -> None:
    assert steps_title(with_tiers(typical, *tiers)).startswith(start)


def test_where_no_topic_stands_apart_none_is_named(typical: Document) -> None:
    topics = {"support": estimate(41, 36, 46), "skills": estimate(45, 40, 50), "company": estimate(50, 44, 56)}
    title = findings.dimensions_title(changed(typical, "voice/dimensions", topics))
    assert title == "No topic stands clearly below the others; they lie between 41 and 50 of 100"


def test_silent_accounts_are_asked_while_the_fieldwork_lasts_and_else_next_time(typical: Document) -> None:
    def when(closes_on: str) -> str:
        document = {**typical, "as_of": "2026-05-14", "closes_on": closes_on}
        return next(step.when for step in steps(document) if step.what.startswith("Ask again"))

    assert when("2026-05-30").replace("\u00a0", " ") == "by 30 May 2026"
    assert when("2026-05-14") == "next study"
