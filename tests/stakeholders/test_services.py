"""Names, templates, mails that ask for names, and promises, on real databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Missing, Refusal
from app.customers.models import Account, Contact, Promise
from app.interviews.services import withdraw_interviews
from app.stakeholders.models import NamesRequest, Referral, StakeholderTemplate
from app.stakeholders.queries.people import coverage_at, own_templates
from app.stakeholders.rules.names import Named
from app.stakeholders.rules.promises import Typed
from app.stakeholders.rules.templates import BUILT_IN, seats_of
from app.stakeholders.services.asking import ask_for_names, claim_request, note_later, withdraw_requests
from app.stakeholders.services.naming import SAME_ADDRESS, SAME_NAME, add_name
from app.stakeholders.services.promises import change_promise, keep_promise
from app.stakeholders.services.templates import write_template
from app.stakeholders.tasks import ask_for_names as send_due
from app.studies.models import MailStop
from app.subjects.services.erasing import copy_of, erase_person
from app.users.models import AuditEvent
from app.users.rules import Role, Scope
from tests.conftest import Fill
from tests.interviews.talks import ANNA
from tests.stakeholders.world import NORA, Place, add_place
from tests.users.people import CSM, LEADER


@pytest.fixture
def place(fill: Fill) -> Place:
    found: Place = fill(add_place)
    return found


def actions(session: Session) -> list[str]:
    return [
        action
        for action in session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id))
        if action.startswith(("contact.", "stakeholders.", "promise."))
    ]


def add(session: Session, place: Place, **typed: str) -> Contact:
    return add_name(
        session,
        account_id=place.account,
        typed=Named(**typed),
        at=now(),
        by=place.talks.people[ANNA],
        referred_by=place.contacts["nora"],
        interview_id=place.talks.interviews["nora"],
    )


def test_a_name_becomes_a_contact_whose_consent_is_unknown(session: Session, place: Place) -> None:
    added = add(session, place, name=" Vito  Lund ", role="Technical", email="vito@haskelby.example")
    session.commit()
    contact = session.get_one(Contact, added.id)
    assert (contact.name, contact.role, contact.consent, contact.account_id) == (
        "Vito Lund",
        "Technical",
        "unknown",
        place.account,
    )
    assert contact.searched == "vito lund"
    referral = session.scalars(sa.select(Referral)).one()
    assert (referral.referred_by, referral.interview_id, referral.noted_by) == (
        place.contacts["nora"],
        place.talks.interviews["nora"],
        place.talks.people[ANNA],
    )
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "contact.named")).one()
    assert "Vito" not in str(event.fields)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "Nora again", "email": "NORA@haskelby.example"}, SAME_ADDRESS),
        ({"name": "nora"}, SAME_NAME),
    ],
)
def test_nobody_is_added_twice(session: Session, place: Place, typed: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        add(session, place, **typed)
    assert refusal.value.sentence == sentence
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Referral)) == 0


def test_a_namesake_with_another_address_is_another_person(session: Session, place: Place) -> None:
    assert add(session, place, name="Nora", email="other@haskelby.example").id != place.contacts["nora"]


def test_a_referral_outlives_the_interview_that_is_withdrawn(session: Session, place: Place) -> None:
    add(session, place, name="Vito")
    session.commit()
    withdraw_interviews(session, contact_ids=[place.contacts["nora"]])
    session.commit()
    assert session.scalars(sa.select(Referral)).one().referred_by == place.contacts["nora"]


def test_templates_are_written_and_taken_back(session: Session, place: Place) -> None:
    by = place.talks.people[LEADER]
    write_template(session, tier="Tier 2", text="2 champions\n1 admin", at=now(), by=by)
    write_template(session, tier="2", text="2 champions\n1 admin", at=now(), by=by)
    session.commit()
    assert [seat.words for seat in seats_of("tier-2", own_templates(session))] == ["2 champions", "1 admin"]
    assert actions(session) == ["stakeholders.template"]
    assert write_template(session, tier="2", text=" ", at=now(), by=by) is None
    session.commit()
    assert seats_of("2", own_templates(session)) == BUILT_IN["2"]
    assert session.scalar(sa.select(sa.func.count()).select_from(StakeholderTemplate)) == 0


def test_coverage_counts_who_was_heard_within_the_window(session: Session, place: Place) -> None:
    scope = Scope(place.talks.people[CSM], CSM, "Carl", frozenset({Role.CSM}))
    account = session.get_one(Account, place.account)
    today = coverage_at(session, scope=scope, account=account, at=now())
    assert (today.identified, today.heard, today.wanted) == (3, 1, 10)
    assert [each.tally.silent for each in today.seats] == [0, 0, 1, 0, 0, 0]
    later = coverage_at(session, scope=scope, account=account, at=now() + timedelta(days=800))
    assert (later.identified, later.heard) == (3, 0)
    stranger = Scope(0, "x@else.test", "X", frozenset({Role.LEADER}))
    assert coverage_at(session, scope=stranger, account=account, at=now()).heard == 0


def ask(session: Session, place: Place, name: str = "nora") -> NamesRequest:
    return ask_for_names(
        session,
        account=session.get_one(Account, place.account),
        contact_id=place.contacts[name],
        subject="Who else?",
        body="Hello <Nora>,\nwho else?\n\nCarl",
        host="parallax.test",
        at=now(),
        by=place.talks.people[CSM],
    )


def test_a_mail_is_sent_once_with_replies_to_who_asked(application: Flask, session: Session, place: Place) -> None:
    ask(session, place)
    session.commit()
    assert (send_due(), send_due()) == (1, 0)
    mails = list((application.config["SETTINGS"].home / "outbox").glob("*.eml"))
    text = mails[0].read_text()
    assert f"Reply-To: Carl Colleague <{CSM}>" in text
    assert f"To: Nora <{NORA}>" in text
    assert "Hello &lt;Nora&gt;,<br>who else?" in text
    assert len(mails) == 1
    assert session.scalars(sa.select(NamesRequest)).one().sent_at is not None
    assert actions(session) == ["contact.ask_for_names"]


@pytest.mark.parametrize(
    ("what", "sentence"), [("no", "consent is no"), ("stop", "unsubscribed"), ("lost", "no e-mail")]
)
def test_who_must_not_be_asked_is_not_asked(session: Session, place: Place, what: str, sentence: str) -> None:
    nora = session.get_one(Contact, place.contacts["nora"])
    if what == "no":
        nora.consent = "no"
    elif what == "lost":
        nora.email = None
    else:
        session.add(MailStop(contact_id=nora.id, reason="unsubscribed"))
    session.commit()
    with pytest.raises(Refusal) as refusal:
        ask(session, place)
    assert sentence in refusal.value.sentence


def test_nobody_is_asked_twice_within_the_days_of_the_budget(session: Session, place: Place) -> None:
    request = ask(session, place)
    session.commit()
    with pytest.raises(Refusal, match="asked for names today; wait 90 days"):
        ask(session, place)
    request.created_at = now() - timedelta(days=91)
    session.commit()
    assert ask(session, place).id != request.id


def test_a_mail_is_for_people_of_the_account_only(session: Session, place: Place) -> None:
    place.contacts["pia"] = session.scalars(sa.select(Contact.id).where(Contact.name == "Pia")).one()
    with pytest.raises(Missing):
        ask(session, place, "pia")


def test_a_no_that_came_meanwhile_stops_the_mail(application: Flask, session: Session, place: Place) -> None:
    ask(session, place)
    session.get_one(Contact, place.contacts["nora"]).consent = "no"
    session.commit()
    assert send_due() == 0
    request = session.scalars(sa.select(NamesRequest).execution_options(populate_existing=True)).one()
    assert (request.cancelled_at is not None, request.reason) == (True, "consent")
    assert not (application.config["SETTINGS"].home / "outbox").exists() or not list(
        (application.config["SETTINGS"].home / "outbox").glob("*.eml")
    )


def test_a_server_that_is_busy_is_tried_again_and_given_up_in_the_end(session: Session, place: Place) -> None:
    ask(session, place)
    at = now()
    for _ in range(8):
        claimed = claim_request(session, at=at)
        assert claimed
        assert claim_request(session, at=at) is None
        note_later(session, claimed, reason="451 later", at=at)
        session.commit()
        at += timedelta(days=1)
    request = session.scalars(sa.select(NamesRequest).execution_options(populate_existing=True)).one()
    assert (request.tries, request.failed_at is not None) == (8, True)
    assert claim_request(session, at=at) is None


def test_erasure_takes_the_words_of_mails_away(session: Session, place: Place, application: Flask) -> None:
    ask(session, place)
    session.commit()
    home = application.config["SETTINGS"].home
    assert (
        copy_of(session, address=NORA, outbox=home / "outbox", at=now())["asked_for_names"][0]["subject"] == "Who else?"
    )
    erase_person(session, address=NORA, outbox=home / "outbox", at=now())
    session.commit()
    request = session.scalars(sa.select(NamesRequest).execution_options(populate_existing=True)).one()
    assert (request.subject, request.body, request.cancelled_at is not None) == ("", "", True)
    assert withdraw_requests(session, contact_ids=[0], at=now()) == 0


def test_promises_are_kept_and_changed(session: Session, place: Place) -> None:
    account, by = session.get_one(Account, place.account), place.talks.people[CSM]
    promise = keep_promise(session, account=account, typed=Typed("Faster", "sales", "economic"), at=now(), by=by)
    session.commit()
    typed = Typed("Faster", "sales", "economic", delivered_on="2026-03-01", amount="12.5")
    assert change_promise(session, promise=promise, typed=typed, by=by)
    assert not change_promise(session, promise=promise, typed=typed, by=by)
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(Promise)) == 2
    changed = session.scalars(sa.select(AuditEvent.fields).where(AuditEvent.action == "promise.changed")).one()
    assert changed["changed"] == ["amount", "delivered_on"]
    with pytest.raises(Refusal):
        change_promise(session, promise=promise, typed=Typed("", "sales", "economic"), by=by)
