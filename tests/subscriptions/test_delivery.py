"""Pages by mail: who gets what, once; who gets nothing any more, and why."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Refusal
from app.health.models import HealthScore
from app.subscriptions.models import PageMail, PageSubscription
from app.subscriptions.rules.wishes import Rhythm, Unsent, Wish
from app.subscriptions.services.preparing import queue_due
from app.subscriptions.services.subscribing import end, go_on, pause
from app.users.rules import Role
from app.users.services.second_factors import require_factor
from tests.conftest import Fill
from tests.customer360.workspace import add_workspace
from tests.post_office import PostOffice, open_post_office
from tests.reports.delivered import parts_of, pdf_text
from tests.subscriptions.delivered import (
    MONDAY,
    PLACE,
    account_of,
    another_week,
    day_comes,
    fates,
    order,
    ordered,
    person,
    sent,
)
from tests.surveys.mailed import with_settings
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests."""
    fill(add_workspace)
    with_settings(application, base_url=PLACE.base_url)
    return application


@pytest.fixture
def office(filled: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(filled, mail_url=office.url)
        yield office


def test_a_mail_arrives_whole_and_the_next_tells_what_moved(filled: Flask, office: PostOffice) -> None:
    ordered(filled, CSM)
    assert sent(filled) == 1
    address, mail = office.took[0]
    assert address == CSM
    assert mail["Subject"].startswith("Account 4: health stands at ")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    parts = parts_of(mail)
    assert list(parts) == ["text/plain", "text/html", "application/pdf"]
    for words in (parts["text/plain"], parts["text/html"]):
        assert "Voice stands at" in words
        assert "https://gap.test/accounts/A4" in words
        assert "every Monday" in words
        assert mail["List-Unsubscribe"].strip("<>") in words
    assert [part.get_filename() for part in mail.iter_attachments()] == [f"account-4-{today().isoformat()}.pdf"]
    page = pdf_text(mail)
    assert "Account 4" in page
    assert "Person 4 champion" in page, "sections that the web reads later are there"
    for left_out in ("They promised two days", "People there", "First contact"):
        assert left_out not in page, "what leaves in a mail cannot be taken away again"
    assert f"Account 4 · made for {mail['To'].addresses[0].display_name} on" in page
    with changing(filled) as session:
        for score in session.scalars(sa.select(HealthScore)):
            score.score = 12.0
        another_week(session)
    assert sent(filled) == 1
    assert "Account 4: health moved from " in office.mails[1]["Subject"]
    assert "to 12 since" in office.mails[1]["Subject"]
    assert fates(filled) == [(CSM, True, None), (CSM, True, None)]


def test_a_mail_is_queued_and_sent_once_and_the_next_day_is_set(filled: Flask, office: PostOffice) -> None:
    ordered(filled, LEADER)
    with changing(filled) as session:
        assert queue_due(session, at=now(), place=PLACE) == 1
    with changing(filled) as session:
        assert queue_due(session, at=now(), place=PLACE) == 0
        kept = session.scalars(sa.select(PageSubscription)).one()
        assert kept.next_at is not None
        assert kept.next_at.weekday() == 0
        assert now().date() < kept.next_at.date() <= now().date() + timedelta(days=7)
    assert sent(filled) == 1
    assert sent(filled) == 0
    assert len(office.mails) == 1


def test_each_page_is_cut_to_what_its_reader_may_see(filled: Flask, office: PostOffice) -> None:
    ordered(filled, ADMIN, VIEWER)
    assert sent(filled) == 2
    pages = {address: pdf_text(mail) for address, mail in office.took}
    assert "Person 4 champion" in pages[ADMIN]
    assert "Person 4 champion" not in pages[VIEWER]


def lose_account(session: Session) -> None:
    account_of(session, "A4").csm_email = ADMIN


def shut_out(session: Session) -> None:
    person(session, CSM).active = False


def lose_role(session: Session) -> None:
    person(session, CSM).roles = []


def must_have_a_factor(session: Session) -> None:
    require_factor(session, role=Role.CSM, is_required=True)


def end_it(session: Session) -> None:
    end(session, account=account_of(session, "A4"), user_id=person(session, CSM).id, at=now(), by=1)


def pause_it(session: Session) -> None:
    pause(session, account=account_of(session, "A4"), user_id=person(session, CSM).id, at=now())


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (lose_account, Unsent.NO_ACCESS),
        (shut_out, Unsent.GONE),
        (lose_role, Unsent.NO_ACCESS),
        (must_have_a_factor, Unsent.NO_FACTOR),
        (end_it, Unsent.ENDED),
        (pause_it, Unsent.PAUSED),
    ],
    ids=["lost the account", "not active", "role sees none", "second factor", "ended", "paused"],
)
def test_who_may_not_see_it_any_more_gets_nothing_and_it_is_noted_why(
    filled: Flask, office: PostOffice, change: Callable[[Session], None], because: Unsent
) -> None:
    ordered(filled, CSM)
    with changing(filled) as session:
        queue_due(session, at=now(), place=PLACE)
    with changing(filled) as session:
        change(session)
    assert sent(filled) == 0
    assert office.mails == []
    assert fates(filled) == [(CSM, False, because.value)]


def test_a_server_that_will_not_have_it_is_asked_again(filled: Flask, office: PostOffice) -> None:
    ordered(filled, CSM)
    office.data = lambda _mail: "451 4.3.0 try again later"
    assert sent(filled) == 0
    office.data = lambda _mail: None
    with changing(filled) as session:
        mail = session.scalars(sa.select(PageMail)).one()
        assert mail.tries == 1
        mail.due_at = now()
    assert sent(filled) == 1


def test_a_pause_lets_nothing_come_until_it_ends(filled: Flask) -> None:
    with changing(filled) as session:
        order(session, CSM)
        of = {"account": account_of(session, "A4"), "user_id": person(session, CSM).id, "at": now()}
        assert pause(session, **of)
        assert not pause(session, **of)
        day_comes(session)
        assert queue_due(session, at=now(), place=PLACE) == 0
        assert go_on(session, **of)
        assert not go_on(session, **of)
        day_comes(session)
        assert queue_due(session, at=now(), place=PLACE) == 1


@pytest.mark.parametrize(("days", "told"), [(121, 1), (119, 1), (118, 0), (31, 1), (45, 0)])
def test_a_renewal_that_comes_near_is_told_once(filled: Flask, days: int, told: int) -> None:
    with changing(filled) as session:
        order(session, CSM, wish=Wish(Rhythm.RENEWAL))
        session.scalars(sa.select(PageSubscription)).one().made_at = now() - timedelta(days=30)
        account_of(session, "A4").renewal_date = today() + timedelta(days=days)
    for expected in (told, 0):
        with changing(filled) as session:
            assert queue_due(session, at=now(), place=PLACE) == expected


def test_a_colleagues_own_choice_is_not_touched(filled: Flask) -> None:
    with changing(filled) as session:
        assert order(session, CSM, by=LEADER)
    with changing(filled) as session:
        with pytest.raises(Refusal, match="gets it already, every Monday"):
            order(session, CSM, by=LEADER)
        end_it(session)
        session.scalars(sa.select(PageSubscription)).one().ended_by = person(session, CSM).id
        with pytest.raises(Refusal, match="They alone can start it again"):
            order(session, CSM, by=LEADER)
        with pytest.raises(Refusal, match="who may see this account"):
            order(session, CSM, crm_id="A3", by=LEADER)
        assert order(session, CSM, wish=MONDAY)
