"""The sample's import files: repeatable, whole, consistent and invented."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from app.sample.rules.people import slug
from app.sample.rules.portfolio import SAMPLE_SEED, Portfolio, build_portfolio
from app.sample.rules.quotes import all_quotes
from app.sample.rules.stories import Archetype
from app.sample.rules.telemetry import month_ends
from app.stakeholders.rules.templates import BUILT_IN, OTHERS, tier_key

TODAY = date(2026, 11, 22)
KEYS = {
    "accounts": ("account_id",),
    "relationships": ("relationship_id",),
    "contacts": ("contact_id",),
    "promises": ("promise_id",),
    "telemetry": ("account_id", "period_end", "metric"),
    "cases": ("case_id",),
    "interactions": ("interaction_id",),
    "opportunities": ("opportunity_id",),
    "outcomes": ("account_id", "outcome_date", "outcome"),
}
REAL_BRANDS = (
    "adobe airbus amazon amex apple asana atlassian aws bayer boeing bosch cisco datev deutsche dhl disney "
    "dropbox ebay ericsson excel facebook fedex gainsight github google heineken hubspot ibm ikea infor intel "
    "jira lego linkedin lufthansa maersk mercedes microsoft nestle netflix nokia nvidia oracle outlook paypal "
    "pfizer philips porsche power-bi qualtrics renault roche sage salesforce samsung sap servicenow shell "
    "shopify siemens slack sony spotify stripe tableau tesla totango toyota twitter uber unilever vodafone "
    "volkswagen volvo workday xerox zendesk zoom"
)


@cache
def portfolio(seed: int = SAMPLE_SEED, today: date = TODAY) -> Portfolio:
    return build_portfolio(seed=seed, today=today)


def texts(built: Portfolio) -> dict[str, str]:
    return {name: table.csv_text() for name, table in built.tables.items()}


def test_the_same_seed_gives_the_same_bytes() -> None:
    again = build_portfolio(seed=SAMPLE_SEED, today=TODAY)
    assert texts(again) == texts(portfolio())
    assert (again.scorecard, again.study) == (portfolio().scorecard, portfolio().study)


def test_another_seed_gives_other_bytes_in_every_file() -> None:
    other = texts(portfolio(seed=SAMPLE_SEED + 1))
    assert [name for name, text in texts(portfolio()).items() if text == other[name]] == []


def test_the_files_load_in_the_order_in_which_they_stand() -> None:
    assert list(portfolio().tables) == list(KEYS)


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique(name: str) -> None:
    table = portfolio().tables[name]
    keys = [tuple(record[column] for column in KEYS[name]) for record in table.records()]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("name", KEYS)
def test_every_row_belongs_to_an_account(name: str) -> None:
    known = set(portfolio().tables["accounts"].column("account_id"))
    assert set(portfolio().tables[name].column("account_id")) <= known


def test_the_portfolio_has_the_promised_size() -> None:
    accounts = portfolio().tables["accounts"].records()
    assert Counter(account["segment"] for account in accounts) == {"Enterprise": 24, "Mid-market": 48, "Small": 48}
    assert 25_000_000 <= sum(int(account["arr"]) for account in accounts) <= 35_000_000
    assert {account["currency"] for account in accounts} == {"EUR"}
    assert {account["status"] for account in accounts} == {"active"}
    assert all(int(account["seats"]) >= 8 for account in accounts)
    assert len({account["name"] for account in accounts}) == 120


@pytest.mark.parametrize("seed", [1, 7, SAMPLE_SEED], ids="seed-{}".format)
def test_revenue_orders_the_segments(seed: int) -> None:
    accounts = portfolio(seed=seed).accounts
    medians = {
        segment: sorted(account.arr for account in accounts if account.segment == segment)[12]
        for segment in ("Small", "Mid-market", "Enterprise")
    }
    assert medians["Small"] < medians["Mid-market"] < medians["Enterprise"]


def test_contracts_renew_within_the_coming_year_and_are_older_than_the_telemetry() -> None:
    for account in portfolio().tables["accounts"].records():
        assert TODAY < date.fromisoformat(account["renewal_date"]) <= TODAY + timedelta(days=365)
        assert date.fromisoformat(account["start_date"]) <= TODAY - timedelta(days=363)


def test_contacts_fill_every_role_at_invented_addresses() -> None:
    names = dict(
        zip(
            portfolio().tables["accounts"].column("account_id"),
            portfolio().tables["accounts"].column("name"),
            strict=True,
        )
    )
    contacts = portfolio().tables["contacts"].records()
    assert {contact["role"] for contact in contacts} == set(portfolio().study["roles"])
    assert set(Counter(contact["account_id"] for contact in contacts).values()) <= {3, 4, 5, 6}
    assert len({contact["account_id"] for contact in contacts}) == 120
    assert len({contact["email"] for contact in contacts}) == len(contacts)
    assert len({contact["name"] for contact in contacts}) == len(contacts)
    for contact in contacts:
        assert re.fullmatch(r"[a-z.]+@[a-z-]+\.example", contact["email"])
        assert contact["email"].endswith(f"@{slug(names[contact['account_id']])}.example")


def test_every_account_has_the_product_of_its_line_and_a_tier_with_a_template() -> None:
    accounts = portfolio().tables["accounts"].records()
    products = portfolio().tables["relationships"].records()
    first = {product["account_id"]: product["name"] for product in reversed(products)}
    assert first == {account["account_id"]: account["product_line"] for account in accounts}
    assert len({(product["account_id"], product["name"]) for product in products}) == len(products)
    assert {tier_key(account["tier"]) for account in accounts} == set(BUILT_IN) - {OTHERS}


def test_most_people_agree_to_be_asked() -> None:
    contacts = portfolio().tables["contacts"].column("consent")
    shares = {consent: count / len(contacts) for consent, count in Counter(contacts).items()}
    assert shares["yes"] > 0.7
    assert 0.05 < shares["unknown"] < 0.25
    assert 0 < shares["no"] < 0.1


def test_telemetry_is_whole_for_twelve_months() -> None:
    records = portfolio().tables["telemetry"].records()
    months = Counter((record["account_id"], record["metric"]) for record in records)
    assert len(months) == 120 * 6
    assert set(months.values()) == {12}
    assert {record["period_end"] for record in records} == {end.isoformat() for end in month_ends(TODAY)}
    assert all(float(record["value"]) >= 0 for record in records)


def test_nobody_has_more_active_users_than_seats() -> None:
    seats = {account.account_id: account.seats for account in portfolio().accounts}
    records = portfolio().tables["telemetry"].records()
    over = [r for r in records if r["metric"] == "active_users" and float(r["value"]) > seats[r["account_id"]]]
    assert over == []


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        pytest.param(date(2026, 11, 22), date(2025, 11, 30), date(2026, 10, 31), id="mid-month"),
        pytest.param(date(2026, 11, 30), date(2025, 12, 31), date(2026, 11, 30), id="last-day-of-a-month"),
        pytest.param(date(2028, 3, 1), date(2027, 3, 31), date(2028, 2, 29), id="after-a-leap-day"),
    ],
)
def test_months_end_where_the_calendar_says(today: date, first: date, last: date) -> None:
    ends = month_ends(today)
    assert (len(ends), ends[0], ends[-1]) == (12, first, last)
    assert ends == sorted(ends)


def test_cases_close_after_they_open_and_before_the_study_closes() -> None:
    closes_on = date.fromisoformat(portfolio().study["closes_on"])
    for case in portfolio().tables["cases"].records():
        opened = datetime.fromisoformat(case["opened_at"])
        assert opened.date() < closes_on
        assert (case["closed_at"] == "") == (case["status"] == "open")
        if case["closed_at"]:
            assert opened < datetime.fromisoformat(case["closed_at"])
            assert datetime.fromisoformat(case["closed_at"]).date() < closes_on
        assert case["csat"] in {"", "1", "2", "3", "4", "5"}


def test_outcomes_lie_in_the_past_year() -> None:
    outcomes = portfolio().tables["outcomes"].records()
    assert 30 <= len(outcomes) < 120
    assert {outcome["outcome"] for outcome in outcomes} == {"renewed", "expanded", "contracted"}
    assert all(
        TODAY - timedelta(days=366) <= date.fromisoformat(outcome["outcome_date"]) < TODAY for outcome in outcomes
    )


def test_the_archetypes_are_as_frequent_as_meant() -> None:
    assert Counter(account.archetype for account in portfolio().accounts) == {
        Archetype.HIDDEN_RISK: 14,
        Archetype.HIDDEN_STRENGTH: 8,
        Archetype.SILENT: 24,
        Archetype.ALIGNED: 74,
    }


@pytest.mark.parametrize(
    ("today", "season"),
    [
        pytest.param(date(2026, 11, 22), "Autumn", id="november"),
        pytest.param(date(2026, 12, 2), "Autumn", id="closed-in-november"),
        pytest.param(date(2027, 1, 31), "Winter", id="january"),
        pytest.param(date(2028, 2, 29), "Winter", id="leap-day"),
        pytest.param(date(2027, 4, 30), "Spring", id="april"),
        pytest.param(date(2027, 8, 31), "Summer", id="august"),
    ],
)
def test_the_study_is_finished_on_any_day(today: date, season: str) -> None:
    study = portfolio(today=today).study
    opens_on, closes_on = date.fromisoformat(study["opens_on"]), date.fromisoformat(study["closes_on"])
    assert study["name"] == f"{season} cross-section"
    assert (closes_on - opens_on).days + 1 == 42
    assert closes_on < today
    assert study["health_as_of"] == study["closes_on"]
    assert sum(study["roles"].values()) == pytest.approx(1)


def test_no_real_brand_is_named() -> None:
    built = portfolio()
    words = " ".join((texts(built)["accounts"], texts(built)["contacts"], *(quote.text for quote in all_quotes())))
    named = re.findall(rf"\b(?:{REAL_BRANDS.replace(' ', '|')})\b", words, re.IGNORECASE)
    assert named == []
