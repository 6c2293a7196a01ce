"""When the page of an account comes, and what its mail says."""

from datetime import UTC, date, datetime

import pytest

from app.core.errors import Refusal
from app.subscriptions.rules.wishes import (
    Rhythm,
    Wish,
    checked_wish,
    next_before_renewal,
    next_by_day,
    renewals_told,
)
from app.subscriptions.rules.words import Figures, figures_document, figures_of, moved

SATURDAY = date(2026, 11, 28)
BEFORE = Figures("2026-11-21", 80.2, 41.0)


@pytest.mark.parametrize(
    ("wish", "at_any_hour", "due"),
    [
        pytest.param(Wish(Rhythm.WEEKLY, 0), True, datetime(2026, 11, 30, tzinfo=UTC), id="Monday"),
        pytest.param(Wish(Rhythm.WEEKLY, 0), False, datetime(2026, 11, 30, 9, tzinfo=UTC), id="in working hours"),
        pytest.param(Wish(Rhythm.MONTHLY, 31), True, datetime(2026, 11, 30, tzinfo=UTC), id="last of a short month"),
        pytest.param(Wish(Rhythm.MONTHLY, 6), False, datetime(2026, 12, 7, 9, tzinfo=UTC), id="a Sunday comes Monday"),
        pytest.param(Wish(Rhythm.RENEWAL), True, None, id="the renewal decides"),
    ],
)
def test_the_next_mail_is_due_on_the_chosen_day(wish: Wish, at_any_hour: bool, due: datetime | None) -> None:
    assert next_by_day(wish, SATURDAY, at_any_hour=at_any_hour) == due


@pytest.mark.parametrize(
    ("renewal", "due"),
    [
        pytest.param(None, None, id="no renewal is known"),
        pytest.param(date(2027, 3, 31), datetime(2026, 11, 30, tzinfo=UTC), id="before 120 days"),
        pytest.param(date(2027, 3, 29), datetime(2026, 12, 28, tzinfo=UTC), id="that day is today, so the next"),
        pytest.param(date(2026, 12, 10), None, id="all are past"),
    ],
)
def test_the_day_before_a_milestone(renewal: date | None, due: datetime | None) -> None:
    assert next_before_renewal(renewal, SATURDAY, at_any_hour=True) == due


def test_a_day_tells_of_milestones_that_are_a_day_away_and_of_two_that_were_missed() -> None:
    told = renewals_told(SATURDAY)
    assert (date(2027, 3, 29), 120, SATURDAY) in told
    assert (date(2027, 3, 27), 120, date(2026, 11, 26)) in told
    assert len(told) == 12


@pytest.mark.parametrize(
    ("typed", "field"),
    [({}, "rhythm"), ({"rhythm": "edition"}, "rhythm"), ({"rhythm": "weekly", "weekday": "6"}, "weekday")],
)
def test_what_is_unclear_is_refused_at_its_field(typed: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_wish(typed)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("now", "before", "health", "voice"),
    [
        pytest.param((72.0, 41.4), None, "Health stands at 72.", "Voice stands at 41.", id="the first mail"),
        pytest.param(
            (72.0, 41.4),
            BEFORE,
            "Health moved from 80 to 72 since 21 November 2026.",
            "Voice stands at 41, as it did on 21 November 2026.",
            id="one moved",
        ),
        pytest.param(
            (None, 60.0),
            Figures("2026-11-21", 80.2, None),
            "Health is not known: nothing was measured; on 21 November 2026 it was 80.",
            "Voice stands at 60; on 21 November 2026 it was not known.",
            id="one went, one came",
        ),
        pytest.param(
            (None, None),
            None,
            "Health is not known: nothing was measured.",
            "Voice is not known: too few people were heard.",
            id="nothing is known",
        ),
    ],
)
def test_two_sentences_say_what_moved(
    now: tuple[float | None, float | None], before: Figures | None, health: str, voice: str
) -> None:
    told = moved(Figures("2026-11-28", *now), figures_of(figures_document(before) if before else None))
    assert (told.health.replace("\u00a0", " "), told.voice.replace("\u00a0", " ")) == (health, voice)
