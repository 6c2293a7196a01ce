"""Which occasions of an account are due on a day, and what a study.json may say about them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from app.core.documents import FieldError
from app.studies.rules.plan import Method, Mode, design_document, design_of, parse_plan
from app.studies.rules.triggers import (
    DAYS,
    Event,
    Occasion,
    Trigger,
    coming_occasion,
    day_of,
    days_of_events,
    due_occasion,
    occasion_of,
    trigger_words,
)
from tests.studies.test_rules_plan import without

PLAN = without("size", "minimum_per_stratum", "method", "certainty", "seed", "wave") | {"trigger": {"event": "renewal"}}

RENEWAL = Trigger(Event.RENEWAL, 120)
CLOSED = Trigger(Event.CASE_CLOSED, 1)
GO_LIVE = Trigger(Event.GO_LIVE, 30)
NEW_YORK = timezone(timedelta(hours=-5))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("", None, id="empty"),
        pytest.param("soon", None, id="words"),
        pytest.param("05.01.2026", None, id="another shape"),
        pytest.param("2026-02-30", None, id="no such day"),
        pytest.param("9999-12-31", None, id="never"),
        pytest.param("2026-11-27" * 50, None, id="endless"),
        pytest.param(7, None, id="number"),
        pytest.param(True, None, id="yes"),
        pytest.param(date(2026, 11, 27), "2026-11-27", id="date"),
        pytest.param(" 2026-11-27 ", "2026-11-27", id="text"),
        pytest.param("2026-11-27T23:30:00-05:00", "2026-11-28", id="text of an instant that is tomorrow in UTC"),
        pytest.param("2026-11-27 10:00", "2026-11-27", id="text of an instant without a zone"),
        pytest.param(datetime(2026, 11, 27, 23, 30, tzinfo=NEW_YORK), "2026-11-28", id="instant, tomorrow in UTC"),
        pytest.param(datetime(2026, 11, 27, 23, 59, tzinfo=UTC), "2026-11-27", id="instant before midnight"),
    ],
)
def test_days_are_utc_days(value: object, expected: str | None) -> None:
    assert day_of(value) == (None if expected is None else day(expected))


@pytest.mark.parametrize(
    ("trigger", "happened", "due", "last"),
    [
        pytest.param(RENEWAL, "2027-03-27", "2026-11-27", "2026-12-11", id="renewal ahead"),
        pytest.param(RENEWAL, "2028-06-28", "2028-02-29", "2028-03-14", id="due on a leap day"),
        pytest.param(
            Trigger(Event.RENEWAL, 366), "2029-03-01", "2028-02-29", "2028-03-14", id="a year with a leap day"
        ),
        pytest.param(Trigger(Event.RENEWAL, 5), "2026-12-01", "2026-11-26", "2026-12-01", id="never after the renewal"),
        pytest.param(Trigger(Event.RENEWAL, 0), "2026-12-01", "2026-12-01", "2026-12-01", id="on the day of renewal"),
        pytest.param(GO_LIVE, "2028-01-30", "2028-02-29", "2028-03-14", id="go-live before a leap day"),
        pytest.param(CLOSED, "2026-12-31", "2027-01-01", "2027-01-15", id="closed on the last day of a year"),
        pytest.param(Trigger(Event.CASE_CLOSED, 0, 0), "2026-12-31", "2026-12-31", "2026-12-31", id="that day alone"),
    ],
)
def test_an_occasion_has_a_first_and_a_last_day(trigger: Trigger, happened: str, due: str, last: str) -> None:
    assert occasion_of(trigger, happened) == Occasion(day(happened), day(due), day(last))


@pytest.mark.parametrize(
    ("trigger", "happened", "on", "expected"),
    [
        pytest.param(RENEWAL, [date(2027, 3, 28)], "2026-11-27", None, id="a day too early"),
        pytest.param(RENEWAL, [date(2027, 3, 27)], "2026-11-27", "2027-03-27", id="on the day"),
        pytest.param(RENEWAL, [date(2027, 3, 27)], "2026-12-11", "2027-03-27", id="on the last day"),
        pytest.param(RENEWAL, [date(2027, 3, 27)], "2026-12-12", None, id="a day too late"),
        pytest.param(RENEWAL, [date(2026, 11, 1)], "2026-11-27", None, id="renewal in the past"),
        pytest.param(Trigger(Event.RENEWAL, 5), [date(2026, 11, 26)], "2026-11-27", None, id="renewal was yesterday"),
        pytest.param(RENEWAL, [None], "2026-11-27", None, id="no date"),
        pytest.param(CLOSED, [None, None], "2026-11-27", None, id="cases that are open"),
        pytest.param(CLOSED, [], "2026-11-27", None, id="no cases"),
        pytest.param(CLOSED, ["2026-11-20", "2026-11-26", None], "2026-11-27", "2026-11-26", id="the newest of two"),
        pytest.param(CLOSED, ["2026-11-20", "2026-11-27"], "2026-11-27", "2026-11-20", id="the newest that is due"),
        pytest.param(
            CLOSED, [datetime(2026, 11, 26, 23, 30, tzinfo=NEW_YORK)], "2026-11-27", None, id="closed today in UTC"
        ),
        pytest.param(GO_LIVE, ["x"], "2026-11-27", None, id="no day at all"),
        pytest.param(GO_LIVE, ["2026-10-28"], "2026-11-27", "2026-10-28", id="go-live in a custom field"),
    ],
)
def test_what_is_due_on_a_day(trigger: Trigger, happened: list[object], on: str, expected: str | None) -> None:
    found = due_occasion(trigger, happened, day(on))
    assert (found and found.happened_on) == (None if expected is None else day(expected))


def test_what_comes_is_told_by_its_first_day() -> None:
    first, last = day("2026-11-28"), day("2026-12-28")
    assert coming_occasion(CLOSED, ["2026-12-02", "2026-11-30", "2026-11-01"], first, last) == Occasion(
        day("2026-11-30"), day("2026-12-01"), day("2026-12-15")
    )
    assert coming_occasion(CLOSED, ["2026-11-26", None, "2026-12-28"], first, last) is None


@pytest.mark.parametrize("trigger", [RENEWAL, CLOSED, GO_LIVE], ids=str)
def test_events_lie_where_the_query_looks(trigger: Trigger) -> None:
    on = day("2026-11-27")
    first, last = days_of_events(trigger, on - timedelta(days=trigger.within), on)
    around = [on + timedelta(days=n) for n in range(-400, 400)]
    due = [each for each in around if due_occasion(trigger, [each], on)]
    assert due == [each for each in around if first <= each <= last]


@pytest.mark.parametrize("event", Event)
def test_a_trigger_has_defaults(event: Event) -> None:
    plan = parse_plan(PLAN | {"trigger": {"event": event.value}})
    trigger = plan.design.trigger
    assert trigger == Trigger(event, DAYS[event], 14, "start_date")
    assert (plan.design.mode, plan.design.method, plan.design.size) == (Mode.SURVEY, Method.CENSUS, None)


def test_a_plan_with_a_trigger_reads_back() -> None:
    trigger = {"event": "go_live", "days": 45, "within": 7, "field": "go_live_date"}
    plan = parse_plan(PLAN | {"trigger": trigger, "quotas": {"A": 3}})
    document = design_document(plan.design)
    assert document["trigger"] == trigger
    assert not {"size", "minimum_per_stratum", "method", "certainty"} & set(document)
    assert design_of(document) == plan.design


def test_a_plan_without_a_trigger_stays_the_document_that_it_was() -> None:
    assert "trigger" not in design_document(parse_plan(PLAN | {"trigger": None, "method": "census", "seed": 1}).design)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"size": 10}, "size", "“size” does not go with a trigger"),
    ({"method": "census"}, "method", "“method” does not go with a trigger"),
    ({"minimum_per_stratum": 2}, "minimum_per_stratum", "does not go with a trigger"),
    ({"certainty": {}}, "certainty", "does not go with a trigger"),
    ({"mode": "interview"}, "mode", "must be survey"),
    ({"mode": "both"}, "mode", "must be survey"),
    ({"trigger": []}, "", "trigger must be an object"),
    ({"trigger": {}}, "trigger_event", "“event” is missing"),
    ({"trigger": {"event": "birthday"}}, "trigger_event", "go_live, case_closed, renewal"),
    ({"trigger": {"event": "renewal", "days": -1}}, "trigger_days", "“days” must be a whole number from 0"),
    ({"trigger": {"event": "renewal", "days": 1.5}}, "trigger_days", "“days” must be a whole number"),
    ({"trigger": {"event": "renewal", "days": 10**400}}, "trigger_days", "“days”"),
    ({"trigger": {"event": "renewal", "within": 91}}, "trigger_within", "from 0 to 90"),
    ({"trigger": {"event": "renewal", "field": "start_date"}}, "trigger_field", "field.* is unknown"),
    ({"trigger": {"event": "case_closed", "when": 1}}, "trigger_when", "when.* is unknown"),
    ({"trigger": {"event": "go_live", "field": 'a"b'}}, "trigger_field", "quotation marks"),
    ({"trigger": {"event": "go_live", "field": 7}}, "trigger_field", "must be a text"),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), BAD, ids=[f"{each[1]}: {each[2]}" for each in BAD])
def test_a_bad_trigger_is_refused_with_a_sentence(changes: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(FieldError, match=sentence) as refused:
        parse_plan(PLAN | changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (RENEWAL, "120 days before renewal"),
        (Trigger(Event.RENEWAL, 0), "on the day of renewal"),
        (CLOSED, "1 day after a support case is closed"),
        (Trigger(Event.CASE_CLOSED, 0), "on the day on which a support case is closed"),
        (GO_LIVE, "30 days after go-live"),
        (Trigger(Event.GO_LIVE, 0, 14, "went_live"), "on the day of go-live (went_live)"),
    ],
    ids=str,
)
def test_a_trigger_in_words(trigger: Trigger, words: str) -> None:
    assert trigger_words(trigger) == words
