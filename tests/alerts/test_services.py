"""Who is told of which move of health: noted once, each for their own accounts alone."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.alerts.models import Alert, AlertMail, AlertSubscription
from app.alerts.rules.wishes import Extent
from app.alerts.services.queueing import queue_alerts
from app.alerts.services.subscribing import stop_alert, stop_all_alerts
from app.core.clock import now
from app.core.errors import Missing, Refusal
from app.surveys.services.invitations import Place
from app.users.models import AuditEvent
from tests.alerts.world import ALL, COLOUR, account, add_world, ask, computed, noted, person
from tests.conftest import Fill
from tests.users.people import ADMIN, CSM, LEADER, VIEWER

PLACE = Place("https://gap.test", "a secret for tests only", at_any_hour=True)
MINE = replace(ALL, extent=Extent.MINE)
ONE = replace(ALL, extent=Extent.ACCOUNT)


@pytest.fixture(autouse=True)
def world(fill: Fill) -> None:
    fill(add_world)


def queue(session: Session) -> int:
    return queue_alerts(session, at=now(), place=PLACE)


def test_each_is_told_of_what_they_asked_for(session: Session) -> None:
    ask(session, LEADER, ALL)
    ask(session, CSM, MINE)
    ask(session, VIEWER, COLOUR)
    ask(session, ADMIN, ONE, about="B")
    computed(session, 1, A=(70, 80), B=(58, 60), C=None)
    assert queue(session) == 3
    assert noted(session) == [
        (LEADER, "A", ["colour"]),
        (LEADER, "C", ["silence"]),
        (CSM, "A", ["colour"]),
        (VIEWER, "A", ["colour"]),
    ]
    computed(session, 2, A=(71, 80), B=(40, 60), C=(90, 90))
    assert queue(session) == 4
    assert [each for each in noted(session)[4:] if each[0] == ADMIN] == [(ADMIN, "B", ["colour", "fall"])]


def test_a_slow_fall_is_told_from_where_it_began(session: Session) -> None:
    ask(session, LEADER, replace(ALL, colour=False))
    days = [computed(session, day, A=(80, 80), B=(60 - 2 * day, 60), C=(90, 90)).id for day in range(1, 9)]
    assert queue(session) == 1
    alert = session.scalars(sa.select(Alert)).one()
    assert alert.kinds == ["fall"]
    assert alert.computation_id == days[6], "seven days of one and a half points each"
    assert alert.before_id < days[0]


def test_nothing_is_noted_twice(session: Session) -> None:
    ask(session, LEADER)
    computed(session, 1, A=(70, 80), B=(60, 60), C=(90, 90))
    assert (queue(session), queue(session)) == (1, 0)
    session.execute(sa.update(AlertSubscription).values(seen_id=0))
    queue(session)
    assert len(noted(session)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(AlertMail)) == 1


def test_what_was_computed_before_somebody_asked_is_not_told(session: Session) -> None:
    computed(session, 1, A=(20, 20), B=(60, 60), C=(90, 90))
    ask(session, LEADER)
    assert queue(session) == 0
    computed(session, -30, A=(90, 90), B=(10, 10), C=(10, 10))
    assert queue(session) == 0, "history tells nothing"


def test_asking_again_changes_what_is_told(session: Session) -> None:
    assert ask(session, LEADER, COLOUR)
    assert not ask(session, LEADER, COLOUR)
    assert ask(session, LEADER, ALL)
    kept = session.scalars(sa.select(AlertSubscription)).one()
    assert (kept.falls_by, kept.tells_silence) == (10, True)
    assert ask(session, LEADER, ONE, about="A")
    assert session.scalar(sa.select(sa.func.count()).select_from(AlertSubscription)) == 2
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "alert.subscribe")).all()
    assert len(events) == 3


def test_who_sees_assigned_accounts_asks_for_those(session: Session) -> None:
    with pytest.raises(Refusal, match="assigned to you") as refused:
        ask(session, CSM, ALL)
    assert refused.value.field == "extent"
    with pytest.raises(Refusal, match="which accounts"):
        ask(session, CSM, ONE)


def test_what_is_stopped_is_told_no_more(session: Session) -> None:
    ask(session, LEADER)
    ask(session, CSM, MINE)
    ids = {each.user_id: each.id for each in session.scalars(sa.select(AlertSubscription))}
    alice, carl = (person(session, email).id for email in (LEADER, CSM))
    with pytest.raises(Missing):
        stop_alert(session, user_id=alice, subscription_id=ids[carl], at=now())
    stop_alert(session, user_id=alice, subscription_id=ids[alice], at=now())
    with pytest.raises(Missing):
        stop_alert(session, user_id=alice, subscription_id=ids[alice], at=now())
    computed(session, 1, A=(70, 80), B=(60, 60), C=(90, 90))
    queue(session)
    assert noted(session) == [(CSM, "A", ["colour"])]
    assert stop_all_alerts(session, user_id=carl, at=now()) == 1
    assert stop_all_alerts(session, user_id=carl, at=now()) == 0
    mail = session.scalars(sa.select(AlertMail).execution_options(populate_existing=True)).one()
    assert mail.cancelled_at is not None


def test_an_account_given_to_somebody_else_is_not_told_any_more(session: Session) -> None:
    ask(session, CSM, ONE, about="A")
    account(session, "A").csm_email = "someone@else.test"
    computed(session, 1, A=(70, 80), B=(60, 60), C=(90, 90))
    assert queue(session) == 0
