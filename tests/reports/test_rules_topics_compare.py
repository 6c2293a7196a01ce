"""What the pages of comparison claim: no more than their intervals allow, and a dash with a reason where nothing is."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.reports.rules.topics import dimensions, segments, three_ways
from app.reports.rules.topics.page import Page, Said, Seen, Setting
from app.reports.rules.topics.parts import p_text, relation

SEEN = Seen(1, "A1", "Alder & Co", 1000.0, 80.0, "green", 40.0, "red", "confirmed", "hidden_risk")
SETTING = Setting("q1", "First", date(2026, 3, 31), "EUR", is_restricted=False, accounts={1: SEEN})
NOTHING: dict[str, Any] = {"value": None, "lo": None, "hi": None, "warnings": ["THIN"]}


def estimate(value: float, lo: float, hi: float, **more: Any) -> dict[str, Any]:
    return {"value": value, "lo": lo, "hi": hi, "level": 0.95, "n": 12, "warnings": [], **more}


def words(page: Page) -> str:
    return " ".join([page.title, *page.lede, *(text for section in page.sections for text in section.text)])


def dimension(p: float | None, mean: float = -12.0, n: int = 12) -> dict[str, Any]:
    gap = {"mean": mean, "lo": mean - 8, "hi": mean + 8, "p": p}
    tiers = {tier: {"low": 0, "high": 0} for tier in ("confirmed", "probable", "watch")}
    row = {"id": 1, "telemetry": 80.0, "voice": 40.0, "gap": -30.0, "se": 5.0, "tier": "none", "quadrant": "mixed"}
    return {
        "n": n,
        "measured": n,
        "heard": n,
        "telemetry": 70.0,
        "voice": 70.0 + mean,
        "gap": gap if n >= 10 else None,
        "p_adjusted": p if n >= 10 else None,
        "spearman": NOTHING,
        "table": {"kappa": NOTHING},
        "quadrants": {"insufficient": 3},
        "flags": tiers,
        "was_equated": False,
        "sigma_assumed": True,
        "accounts": [row, {**row, "id": 2}],
    }


def topics(**found: dict[str, Any]) -> dict[str, Any]:
    measure = {"key": "m", "name": "Logins", "group": None, "dimension": "support", "weight": 1, "is_voice": True}
    return {"scorecard": "default", "measures": [measure], "dimensions": found}


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (topics(support=dimension(0.01)), "On support, voice stands 12 points below telemetry"),
        (topics(support=dimension(0.01, 9.0)), "On support, voice stands 9 points above telemetry"),
        (topics(support=dimension(0.06)), "On no topic do telemetry and voice differ on average beyond chance"),
        (topics(support=dimension(0.01, n=9)), "Too few accounts have both telemetry and voice on one topic"),
        (topics(), "No topic has both telemetry and voice yet"),
    ],
    ids=["below", "above", "chance", "few", "none"],
)
def test_a_topic_is_named_only_where_its_difference_holds(found: dict[str, Any], title: str) -> None:
    page = dimensions.page(found, SETTING)
    assert page.title == title
    if "few" in title.lower():
        assert "no difference is claimed" in words(page)


def test_only_accounts_of_the_reader_are_listed_and_circular_measures_named() -> None:
    page = dimensions.page(topics(support=dimension(0.01)), SETTING)
    table = page.sections[1].tables[1]
    assert [row[0].text for row in table.rows] == ["Alder & Co"]
    assert "agreement is partly built in" in words(page)


def spoken(p: float, *, is_of_low: bool, low: int = 0) -> dict[str, Any]:
    """A topic with words for and against: answers 1 to 4, and the quote of remark 5."""
    found = dimension(p)
    found["flags"]["confirmed"]["low"] = low
    return found | {"is_of_low": is_of_low, "speak": [1, -5, 2, 3], "against": [4]}


def told(words: str, account: int = 1, mode: str = "survey", permission: str | None = None) -> Said:
    return Said(words, account, "champion", mode, "R1", permission)


SAID = {
    1: told("They never call back."),
    2: told("They never call back."),
    3: told("Slow."),
    4: told("Quick.", 2),
    -5: told("I wait for days.", mode="interview", permission="without_name"),
}


def test_a_topic_with_a_gap_shows_words_for_and_against() -> None:
    found = topics(support=spoken(0.01, is_of_low=True))
    assert dimensions.answers(found) == [1, -5, 2, 3, 4]
    section = dimensions.page(found, replace(SETTING, said=SAID, accounts={1: SEEN, 2: replace(SEEN, id=2)})).sections[
        1
    ]
    assert [quote.words for quote in section.quotes] == ["They never call back.", "I wait for days."]
    assert [quote.words for quote in section.against] == ["Quick."]
    assert section.quotes[1].who == "Alder & Co · Champion · interview · quote without name"
    assert section.text[-1] == (
        "The first words are of people whose own answers come to under 50, the others say otherwise."
    )


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (spoken(0.3, is_of_low=True, low=1), "One account has a confirmed gap, voice below telemetry. The first words"),
        (spoken(0.01, is_of_low=False), "The first words are of people whose own answers come to from 50 on"),
    ],
    ids=["the mean may be chance", "above"],
)
def test_whose_words_they_are_is_said(found: dict[str, Any], sentence: str) -> None:
    page = dimensions.page(topics(support=found), replace(SETTING, said=SAID))
    assert page.sections[1].text[-1].startswith(sentence)
    assert page.sections[1].against == []


@pytest.mark.parametrize(
    "setting", [SETTING, replace(SETTING, said=SAID, accounts={})], ids=["nothing quotable", "others' accounts"]
)
def test_words_that_the_reader_may_not_see_are_not_there(setting: Setting) -> None:
    section = dimensions.page(topics(support=spoken(0.01, is_of_low=True)), setting).sections[1]
    assert (section.quotes, section.against) == ([], [])
    assert "first words" not in " ".join(section.text)


def test_a_scoring_from_before_holds_no_words() -> None:
    assert dimensions.answers(topics(support=dimension(0.01))) == []


def test_a_topic_that_nobody_was_asked_about_is_said() -> None:
    unheard = {"n": 0, "measured": 5, "heard": 0, "gap": None, "p_adjusted": None}
    assert "Nobody said anything yet about support." in words(dimensions.page(topics(support=unheard), SETTING))


def group(p: float | None, difference: float = -20.0, drawn: int = 20) -> dict[str, Any]:
    if drawn < 5:
        return {"drawn": drawn, "heard": 1, "compared": 1, "is_small": True, "p_adjusted": None}
    return {
        "drawn": drawn,
        "heard": 12,
        "compared": 12,
        "is_small": False,
        "voice": estimate(60, 55, 65),
        "paired_voice": estimate(60, 55, 65),
        "paired_health": estimate(80, 70, 90),
        "bias": estimate(-20, -30, -10),
        "agreement": {"kappa": NOTHING, "n": 12},
        "quadrants": {"hidden_risk": 4},
        "apart": {"difference": difference, "lo": difference - 5, "hi": difference + 5, "p": p},
        "p_adjusted": p,
        "arr": {"confirmed": 5.0, "confirmed_accounts": 1, "expected": 9.0, "portfolio": estimate(20, -5, 45)},
    }


def grouped(**groups: dict[str, Any]) -> dict[str, Any]:
    return {"groupings": {"segment": {"groups": groups, "not_given": 1}}}


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (grouped(Large=group(0.01), Mid=group(0.3)), "In Large, voice stands lower against health than elsewhere"),
        (grouped(Large=group(0.01, 20.0)), "In Large, voice stands higher against health than elsewhere"),
        (grouped(Large=group(0.2)), "No part of the portfolio stands out: the differences between them may be chance"),
        (
            grouped(Large=group(None, drawn=3)),
            "No part of the portfolio has enough accounts to be told apart from the rest",
        ),
        ({"groupings": {}}, "No part of the portfolio has enough accounts to be told apart from the rest"),
    ],
    ids=["lower", "higher", "chance", "small", "none"],
)
def test_a_segment_is_named_only_where_it_stands_out(found: dict[str, Any], title: str) -> None:
    assert segments.page(found, SETTING).title == title


def test_small_segments_say_why_they_have_no_figures_and_totals_are_never_below_nothing() -> None:
    page = segments.page(grouped(Large=group(0.2), Tiny=group(None, drawn=3)), SETTING)
    assert "fewer than five accounts were drawn: Tiny" in words(page)
    assert "One account has no segment." in words(page)
    revenue = page.sections[0].tables[1]
    assert [row[0].text for row in revenue.rows] == ["Large"]
    assert "−" not in revenue.rows[0][3].sub


def measure(p: float | None, mean: float, n: int = 12) -> dict[str, Any]:
    guess = {"off": 10.0, "bias": 2.0, "bands": {"kappa": NOTHING, "share": 0.5}}
    gap = {"mean": mean, "lo": mean - 4, "hi": mean + 4, "p": p} if n >= 10 else None
    return {
        "n": n,
        "without_health": 1,
        "prediction": guess,
        "telemetry": guess,
        "closer": gap,
        "p_adjusted": p if gap else None,
    }


def told(**measures: dict[str, Any]) -> dict[str, Any]:
    return {
        "was_handed_in": True,
        "by_others": 0,
        "measures": measures,
        "renewal_said": None,
        "renewal_came": None,
    }


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (
            told(recommend=measure(0.01, -8), satisfaction=measure(0.2, -3)),
            "CSMs came closer than the health score to what customers say about recommending us",
        ),
        (
            told(renewal_intent=measure(0.01, 8)),
            "The health score came closer than CSMs to what customers say about renewing",
        ),
        (
            told(recommend=measure(0.01, -8), satisfaction=measure(0.01, 9)),
            "CSMs came closer to customers on recommending us, the health score on satisfaction",
        ),
        (told(recommend=measure(0.2, -3)), "Whether CSMs or the health score come closer to customers is not decided"),
        (
            told(recommend=measure(0.01, -9, n=9)),
            "Too few accounts have a sealed prediction and an answer to say who is closer",
        ),
        (told(), "No CSM has sealed a prediction that an interview could be held against yet"),
    ],
    ids=["csm", "telemetry", "both", "chance", "few", "none"],
)
def test_somebody_is_called_closer_only_where_it_holds(found: dict[str, Any], title: str) -> None:
    page = three_ways.page(found, SETTING)
    assert page.title == title
    assert ("was closer by" in words(page)) is ("CSMs came" in title or "score came" in title)


@pytest.mark.parametrize(
    ("rho", "said"),
    [
        (estimate(0.5, 0.1, 0.8), "higher voice"),
        (estimate(-0.5, -0.8, -0.1), "lower voice"),
        (estimate(0.2, -0.1, 0.5), "No relation"),
        (NOTHING, "not estimable"),
    ],
)
def test_a_relation_is_what_its_interval_says(rho: dict[str, Any], said: str) -> None:
    assert said in relation(rho)


@pytest.mark.parametrize(("p", "said"), [(None, "–"), (0.0, "<0.001"), (0.0004, "<0.001"), (0.0123, "0.012")])
def test_a_p_never_reads_as_nothing(p: float | None, said: str) -> None:
    assert p_text(p) == said
