"""What the topics' pages say: never more than an interval allows, and a reason where there is no figure."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from app.reports.drawing import draw
from app.reports.rules.evidence import Told
from app.reports.rules.topics import drivers, modes, trends
from app.reports.rules.topics.page import Page, Seen, Setting
from app.scoring.rules.analyses.drivers import dimension_gaps, importance, is_shown_below, quadrants
from app.scoring.rules.analyses.modes import arm_differences, paired_differences, predictions, proposals, with_voice
from app.scoring.rules.estimates import Estimate
from app.scoring.rules.plain import plain

RNG = np.random.default_rng(12)
TEXT = "The migration took six weeks and nobody answered us."


def setting(told: dict[str, list[Told]] | None = None, seen: int = 3) -> Setting:
    """A reader who sees so many accounts."""
    accounts = {
        i: Seen(i, f"A{i}", f"Account {i}", 1000.0, 80.0, "green", 40.0, "red", "none", "hidden_risk")
        for i in range(1, seen + 1)
    }
    return Setting("q1", "First quarter", date(2026, 3, 31), "EUR", False, accounts=accounts, told=told or {})  # noqa: FBT003


def mode_figures(shift: float, n: int, *, is_randomised: bool = True, sd: float = 8) -> dict[str, Any]:
    """Two arms that differ by so much on two questions."""
    base = {key: RNG.normal(60, sd, n) for key in ("recommend", "effort")}
    a = with_voice({key: column + shift for key, column in base.items()})
    b = with_voice({key: RNG.permutation(column) for key, column in base.items()})
    short, long = {"recommend": base["recommend"]}, {"company": RNG.normal(50, 9, n), "skills": base["effort"]}
    arm = {"accounts": n, "heard": n, "people": n}
    return plain(
        {
            "bound": 10.0,
            "design": {
                "mode": "both",
                "is_randomised": is_randomised,
                "strata": 2,
                "arms": {"interview": arm, "survey": arm},
                "other_door": 1,
                "by_both": 2,
            },
            "questions": {"recommend": {"text": "How likely?", "dimension": "recommendation"}},
            "differences": arm_differences(a, b, ["x", "y"] * (n // 2) + ["x"] * (n % 2)),
            "paired": {"people": n, "accounts": n, "studies": 1, "days": 180, "questions": paired_differences(a, b)},
            "interviewed": n,
            "is_apart": False,
            "predictions": predictions(short, with_voice(long)),
            "proposals": proposals(short, long),
            "long_questions": {"company": "company", "skills": "skills"},
        }
    )


def words_of(page: Page) -> str:
    """Everything a page says."""
    sections = page.sections
    cells = [c.text + c.sub for s in sections for table in s.tables for row in table.rows for c in row]
    workings = [f"{w.name} {w.value} {w.interval} {w.how}" for s in sections for w in s.workings]
    texts = [line for s in sections for line in (s.title, *s.text, s.empty)]
    return " ".join([page.title, *page.lede, *page.notes, *texts, *cells, *workings])


@pytest.mark.parametrize(
    ("figures", "title"),
    [
        pytest.param(
            mode_figures(30, 40), "The way of asking changes the answers to two of two questions", id="large, by lot"
        ),
        pytest.param(
            mode_figures(30, 40, is_randomised=False),
            "Those interviewed and those surveyed answer two of two questions differently",
            id="large, without a lot",
        ),
        pytest.param(mode_figures(0, 60), "Survey and interview give the same scores, within 10 points", id="equal"),
        pytest.param(
            mode_figures(3, 12, sd=25),
            "No difference between survey and interview is shown, and none is ruled out",
            id="undecided",
        ),
        pytest.param(mode_figures(30, 8), "Too few accounts answered to say what the way of asking changes", id="few"),
    ],
)
def test_titles_of_modes(figures: dict[str, Any], title: str) -> None:
    assert modes.page(figures, setting()).title == title


def test_only_a_lot_makes_an_effect() -> None:
    by_lot = words_of(modes.page(mode_figures(30, 40), setting()))
    without = words_of(modes.page(mode_figures(30, 40, is_randomised=False), setting()))
    assert "Mode effect" in by_lot
    assert "Mode effect" not in without
    assert "is not an effect of the way of asking" in without
    assert "count as drawn" in by_lot


def test_nobody_by_the_other_door_says_what_would_fill_the_page() -> None:
    figures = mode_figures(0, 12) | {"differences": [], "predictions": [], "proposals": None, "interviewed": 0}
    figures["paired"]["questions"] = []
    page = modes.page(figures, setting())
    assert page.title == "Everyone was heard the same way, so there is nothing to compare yet"
    assert all(section.empty for section in page.sections)
    assert page.charts == {}


def test_the_basis_of_what_is_foretold_is_told() -> None:
    figures = mode_figures(0, 40)
    assert "in the same talk" in words_of(modes.page(figures, setting()))
    assert "in another survey" in words_of(modes.page(figures | {"is_apart": True}, setting()))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(lambda: modes.page(mode_figures(12, 40), setting()), id="modes"),
        pytest.param(lambda: drivers.page(driver_figures(), setting()), id="drivers"),
        pytest.param(lambda: trends.page(trend_figures(estimate(5), estimate(5)), setting()), id="trends"),
    ],
)
def test_every_chart_draws_wide_and_narrow_with_words_and_a_table(page: Any) -> None:
    charts = page().charts.values()
    assert charts
    for chart in charts:
        assert all(spec is not None and draw(spec).startswith("<svg") for spec in (chart.wide, chart.narrow))
        assert chart.label
        assert chart.rows
        assert "nan" not in chart.label.lower().split()


def test_a_proposal_is_left_to_a_person_and_names_what_would_end() -> None:
    n = 400
    idle, mood = RNG.normal(50, 10, n), RNG.normal(50, 10, n)
    short = {"effort": mood + RNG.normal(0, 6, n), "recommend": idle}
    long = {"company": mood + RNG.normal(0, 4, n), "skills": mood + RNG.normal(0, 4, n)}
    figures = mode_figures(0, 20) | {"proposals": plain(proposals(short, long))}
    section = modes.page(figures, setting()).sections[-1]
    text = " ".join(section.text)
    assert "A person decides" in text
    assert "Recommend adds little" in text
    assert "NPS would end with it" in text
    assert len(section.tables[0].rows) == 3


def estimate(value: float | None, reach: float = 1.0, *codes: str) -> Estimate:
    """An estimate with an interval of so much to either side."""
    ends = (None, None) if value is None or codes else (value - reach, value + reach)
    return Estimate(value, None, *ends, 0.95, 40, 40.0, "test", list(codes))


def driver_figures(*, concentrate: bool = True, shift: float = -20) -> dict[str, Any]:
    """Three topics, one of them heavy and low; support so many points off what to expect."""
    n = 40
    intent, expected = RNG.normal(60, 15, n), RNG.normal(60, 8, n)
    columns = {
        "renewal_intent": intent,
        "support": intent + RNG.normal(0, 3, n),
        "company": RNG.normal(60, 15, n),
        "education": RNG.normal(60, 15, n),
    }
    derived = importance(columns, {})
    reach = 1.0 if concentrate else 90.0
    performance = {"support": estimate(30, reach), "company": estimate(70), "education": estimate(70)}
    weight = {row["dimension"]: row["estimate"] for row in derived["renewal_intent"]}
    gaps = dimension_gaps({"support": expected + shift + RNG.normal(0, 3, n), "education": expected}, expected)
    return plain(
        {
            "outcome": "renewal_intent",
            "derived": derived,
            "performance": performance,
            "reliability": {},
            "stated": {},
            "grid": quadrants(performance, weight),
            "is_equated": True,
            "gaps": gaps,
            "services": [{**gap, "is_gap": is_shown_below(gap)} for gap in gaps],
            "stories": {"support": ["support_story"], "education": ["education"]},
            "accounts": [
                {"id": 1, "people": 2, "dimension": "support", "said": 20.0, "expected": 80.0, "gap": -60.0},
                {"id": 2, "people": 1, "dimension": "support", "said": 90.0, "expected": 60.0, "gap": 30.0},
                {"id": 9, "people": 1, "dimension": "support", "said": 10.0, "expected": 90.0, "gap": -80.0},
            ],
        }
    )


@pytest.mark.parametrize(
    ("figures", "title"),
    [
        pytest.param(driver_figures(), "Concentrate on support: of weight above the mean, rated below it", id="firm"),
        pytest.param(
            driver_figures(concentrate=False), "Support is rated lower than health leads to expect", id="a service gap"
        ),
        pytest.param(
            driver_figures(concentrate=False, shift=0),
            "No topic stands out for sure as the one to concentrate on",
            id="nothing sure",
        ),
    ],
)
def test_titles_of_drivers(figures: dict[str, Any], title: str) -> None:
    assert drivers.page(figures, setting()).title == title


def test_a_service_gap_shows_its_accounts_its_words_and_what_contradicts_it() -> None:
    told = {
        "A1": [
            Told("R1", "champion", "interview", "support_story", None, TEXT, None, -0.8, "internal"),
            Told("R2", "admin", "survey", "reason", None, "Words about something else.", None, -0.9),
        ],
        "A2": [Told("R3", "admin", "survey", "support_story", None, "They answer within minutes.", None, 0.9)],
    }
    figures, reader = driver_figures(), setting(told)
    assert drivers.wanted(figures, reader) == ({"support_story", "education"}, {1, 2})
    section = next(s for s in drivers.page(figures, reader).sections if s.key == "service-support")
    assert section.title == "Support: a service gap"
    assert [row[0].text for row in section.tables[0].rows] == ["Account 1"]
    assert [quote.words for quote in section.quotes] == [TEXT]
    assert section.quotes[0].link.values == {"key": "q1", "external_id": "R1"}
    assert "quote inside the team only" in section.quotes[0].who
    assert [quote.words for quote in section.against] == ["They answer within minutes."]


def stated_figures(way: str | None = None, reach: float = 1.0) -> dict[str, Any]:
    """The same with shares of points for what is said to matter, asked in some way."""
    shares = {"support": estimate(60.0, reach), "company": estimate(25.0, reach), "education": estimate(15.0, reach)}
    found = driver_figures()
    rated = {"support": estimate(30, reach), "company": estimate(70, reach), "education": estimate(70, reach)}
    return found | plain({"stated": shares, "stated_as": way, "stated_grid": quadrants(rated, shares)})


@pytest.mark.parametrize(
    ("way", "words"),
    [("points", "gave each topic points"), ("ratings", "rated how much"), ("ranking", "put the topics in order")],
)
def test_stated_importance_stands_beside_the_derived_with_a_grid_of_its_own(way: str, words: str) -> None:
    page = drivers.page(stated_figures(way), setting())
    section = next(section for section in page.sections if section.key == "stated")
    assert [row[0].text for row in section.tables[0].rows] == ["Support", "Company", "Education"]
    assert section.tables[0].rows[0][1].text == "60\u00a0%"
    assert words in section.text[0]
    assert "clearly the most" in section.text[1]
    assert "Concentrate here: support." in section.text
    assert section.chart is not None
    assert section.chart.rows[0][:2] == ("Support", "30")
    assert section.chart.rows[0][3] == "60.0"
    assert set(page.charts) >= {"importance", "stated-importance"}
    assert section.workings[0].value == "60.0"


def test_stated_importance_that_is_too_close_says_so() -> None:
    section = next(s for s in drivers.page(stated_figures("points", 40.0), setting()).sections if s.key == "stated")
    assert "which may be no more than company and education got" in section.text[1]


def test_a_scoring_from_before_has_no_grid_of_what_is_stated() -> None:
    stated = {"support": plain(estimate(60.0, 5)), "company": plain(estimate(40.0, 5))}
    section = drivers.page(driver_figures() | {"stated": stated}, setting()).sections[1]
    assert (section.chart, len(section.tables)) == (None, 1)


def test_what_is_not_asked_says_how_to_ask_it() -> None:
    section = drivers.page(driver_figures(), setting()).sections[1]
    assert "In the editor a ranking can put topics in order" in section.empty
    silent = {"support": plain(estimate(None)), "company": plain(estimate(None))}
    unsaid = drivers.page(driver_figures() | {"stated": silent}, setting()).sections[1]
    assert unsaid.empty == "Nobody has said it yet."


def test_nobody_heard_has_reasons_instead_of_drivers() -> None:
    nobody = np.full(5, np.nan)
    gaps = dimension_gaps({"support": nobody}, nobody)
    figures = plain(
        {
            "outcome": None,
            "derived": importance({"renewal_intent": nobody, "support": nobody}, {}),
            "performance": {},
            "reliability": {},
            "stated": {},
            "grid": quadrants({}, {}),
            "is_equated": False,
            "gaps": gaps,
            "services": [{**gap, "is_gap": False} for gap in gaps],
            "stories": {"support": []},
            "accounts": [],
        }
    )
    page = drivers.page(figures, setting())
    assert page.title == "Too few accounts answered to say what weighs most"
    assert all(section.empty for section in page.sections)


def trend_figures(same: Estimate, total: Estimate, **against: Any) -> dict[str, Any]:
    """Two waves whose voice changed so."""
    rest = None if same.value is None or total.value is None else total.value - same.value
    row = {
        "before": estimate(60),
        "now": estimate(65),
        "total": total,
        "same": same,
        "mix": estimate(rest),
        "people": 20,
    }
    wave = {"is_alike": True, "questionnaire": "relationship", "accounts": 40, "people": 60}
    return plain(
        {
            "waves": [
                {**wave, "key": "q1", "name": "Spring", "closes_on": "2026-03-31", "voice": row["before"], "nps": same},
                {**wave, "key": "q2", "name": "Summer", "closes_on": "2026-06-30", "voice": row["now"], "nps": same},
            ],
            "against": {
                "key": "q1",
                "name": "Spring",
                "closes_on": "2026-03-31",
                "questionnaire": "relationship",
                "dimensions": ["support"],
                "is_whole": True,
                "same": 20,
                "came": 10,
                "went": 5,
                "other_door": 0,
                **against,
            },
            "changes": [{"figure": name, "p_adjusted": None, **row} for name in ("voice", "nps", "support")],
            "accounts": [
                {"id": 1, "before": 40.0, "now": 70.0, "people": 2},
                {"id": 9, "before": 4.0, "now": 7.0, "people": 2},
            ],
        }
    )


@pytest.mark.parametrize(
    ("same", "total", "title"),
    [
        pytest.param(estimate(5), estimate(5), "The same people rate us five points higher since Spring", id="higher"),
        pytest.param(
            estimate(-1.2, 1), estimate(0), "The same people rate us one point lower since Spring", id="lower"
        ),
        pytest.param(
            estimate(1, 4),
            estimate(8),
            "The voice is eight points higher since Spring, but no change of the same people is shown",
            id="the mix alone",
        ),
        pytest.param(estimate(1, 4), estimate(2, 5), "No change of the voice is shown since Spring", id="nothing"),
        pytest.param(
            estimate(12, 1, "THIN"), estimate(2, 5), "No change of the voice is shown since Spring", id="too few"
        ),
        pytest.param(
            estimate(None, 0, "EMPTY"),
            estimate(8),
            "Nobody was heard both now and in Spring, so no mind is known to have changed",
            id="nobody twice",
        ),
    ],
)
def test_titles_of_trends(same: Estimate, total: Estimate, title: str) -> None:
    page = trends.page(trend_figures(same, total), setting())
    assert page.title == title
    assert "nan" not in words_of(page).lower().split()


def test_one_wave_says_what_would_fill_the_page() -> None:
    page = trends.page({"waves": [], "against": None, "changes": [], "accounts": []}, setting())
    assert page.title == "There is one wave so far, so no change can be told"
    assert "It takes an earlier study" in page.sections[0].empty


def test_other_questions_and_other_doors_are_noted() -> None:
    page = trends.page(trend_figures(estimate(5), estimate(5), is_whole=False, other_door=3), setting())
    assert page.notes == [
        "Both waves asked the same about support: changes are told of these alone.",
        "Three people answered by another way than before; that alone can move an answer.",
    ]


def test_a_reader_sees_the_moves_of_own_accounts_alone() -> None:
    section = trends.page(trend_figures(estimate(5), estimate(5)), setting()).sections[-1]
    assert [row[0].text for row in section.tables[0].rows] == ["Account 1"]
