"""Names, templates, mails that ask for names, and promises, on real databases."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Missing, Refusal
from app.customers.models import Account, Contact, Promise
from app.interviews.services import withdraw_interviews
from app.ledger.models import PromiseVersion
from app.stakeholders.models import Referral, StakeholderTemplate
from app.stakeholders.queries.people import coverage_at, own_templates
from app.stakeholders.rules.names import Named
from app.stakeholders.rules.promises import Typed
from app.stakeholders.rules.templates import BUILT_IN, seats_of
from app.stakeholders.services.asking import ask_for_names, refusal_to_ask
from app.stakeholders.services.naming import SAME_ADDRESS, SAME_NAME, add_name
from app.stakeholders.services.promises import change_promise, keep_promise
from app.stakeholders.services.templates import write_template
from app.studies.models import Letter, MailStop
from app.studies.rules.letters import LetterKind, Unsendable, Wording
from app.studies.services.letters import Reader, queue_letter
from app.studies.tasks import letters
from app.subjects.services.erasing import copy_of, erase_person
from app.users.models import AuditEvent
from app.users.rules import Role, Scope
from tests.conftest import Fill
from tests.interviews.talks import ANNA
from tests.post_office import parts_of
from tests.stakeholders.world import NORA, Place, add_place
from tests.users.people import CSM, LEADER, changing


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


def ask(session: Session, place: Place, name: str = "nora") -> bool:
    return ask_for_names(
        session,
        account=session.get_one(Account, place.account),
        contact_id=place.contacts[name],
        wording=Wording("Who else?", "Hello <Nora>,\r\nwho else?\r\n\r\nCarl {link}"),
        base_url="https://parallax.test",
        at=now(),
        by=place.talks.people[CSM],
    )


def requests(session: Session) -> Sequence[Letter]:
    """The letters as they stand in the database, whatever the session knew of them."""
    return session.scalars(sa.select(Letter).order_by(Letter.id).execution_options(populate_existing=True)).all()


def mails_of(application: Flask) -> list[EmailMessage]:
    """The mails that went out."""
    outbox = application.config["SETTINGS"].home / "outbox"
    return [message_from_bytes(path.read_bytes(), EmailMessage, policy=default) for path in outbox.glob("*.eml")]


def test_a_mail_is_sent_once_with_replies_to_who_asked(application: Flask, session: Session, place: Place) -> None:
    assert ask(session, place)
    session.commit()
    assert (letters(), letters()) == (1, 0)
    (mail,) = mails_of(application)
    assert (mail["Reply-To"], mail["To"]) == (f"Carl Colleague <{CSM}>", f"Nora <{NORA}>")
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Who else?", None)
    parts = parts_of(mail)
    assert parts["text/plain"].splitlines() == ["Hello <Nora>,", "who else?", "", "Carl {link}"]
    assert "Hello &lt;Nora&gt;,<br>who else?" in parts["text/html"]
    (request,) = requests(session)
    assert (request.kind, request.written_by, request.sent_at is not None) == ("names", place.talks.people[CSM], True)
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "contact.ask_for_names")).one()
    assert (event.object_id, event.fields) == (str(place.contacts["nora"]), {"account": "Haskelby"})


@pytest.mark.parametrize(
    ("what", "sentence"),
    [("no", "consent is no"), ("stop", "unsubscribed"), ("dead", "does not exist"), ("lost", "no e-mail")],
)
def test_who_must_not_be_asked_is_not_asked(session: Session, place: Place, what: str, sentence: str) -> None:
    nora = session.get_one(Contact, place.contacts["nora"])
    if what == "no":
        nora.consent = "no"
    elif what == "lost":
        nora.email = None
    else:
        session.add(MailStop(contact_id=nora.id, reason="unsubscribed" if what == "stop" else "bounced"))
    session.commit()
    with pytest.raises(Refusal) as refusal:
        ask(session, place)
    assert sentence in refusal.value.sentence
    assert not requests(session)


@pytest.mark.parametrize(("days", "when"), [(0, "today"), (1, "yesterday"), (89, "89 days ago")])
def test_nobody_is_asked_twice_within_the_days_of_the_budget(
    session: Session, place: Place, days: int, when: str
) -> None:
    ask(session, place)
    requests(session)[0].created_at = now() - timedelta(days=days)
    session.commit()
    with pytest.raises(Refusal, match=f"asked for names {when}; wait 90 days"):
        ask(session, place)
    assert len(requests(session)) == 1


def test_after_the_days_of_the_budget_another_letter_goes(session: Session, place: Place) -> None:
    ask(session, place)
    requests(session)[0].created_at = now() - timedelta(days=91)
    session.commit()
    assert ask(session, place)
    assert len({(letter.key, letter.message_id) for letter in requests(session)}) == 2


def test_who_was_written_to_about_something_else_may_be_asked(session: Session, place: Place) -> None:
    thanks = {"kind": LetterKind.THANKS, "key": "thanks-1", "reader": Reader(contact_id=place.contacts["nora"])}
    queue_letter(session, **thanks, wording=Wording("Hi", "Ho"), base_url="http://x", at=now(), by=None)
    assert ask(session, place)


def test_whom_no_mail_reached_may_be_asked_again_at_once(session: Session, place: Place) -> None:
    ask(session, place)
    requests(session)[0].failed_at = now()
    session.commit()
    nora = session.get_one(Contact, place.contacts["nora"])
    assert refusal_to_ask(session, contact=nora, at=now()) is None
    assert ask(session, place)
    assert len(requests(session)) == 2


def test_two_clicks_at_once_are_one_letter(application: Flask, session: Session, place: Place) -> None:
    def click(_number: int) -> bool:
        try:
            with changing(application) as own:
                return ask(own, place)
        except Refusal:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, range(4))) == [False, False, False, True]
    assert len(requests(session)) == 1
    assert actions(session) == ["contact.ask_for_names"]


def test_a_mail_is_for_people_of_the_account_only(session: Session, place: Place) -> None:
    place.contacts["pia"] = session.scalars(sa.select(Contact.id).where(Contact.name == "Pia")).one()
    with pytest.raises(Missing):
        ask(session, place, "pia")


def test_a_no_that_came_meanwhile_stops_the_mail(application: Flask, session: Session, place: Place) -> None:
    ask(session, place)
    session.get_one(Contact, place.contacts["nora"]).consent = "no"
    session.commit()
    assert letters() == 0
    (request,) = requests(session)
    assert (request.failed_at is not None, request.reason) == (True, Unsendable.CONSENT)
    assert not mails_of(application)


def test_erasure_takes_the_letter_away(session: Session, place: Place, application: Flask) -> None:
    ask(session, place)
    session.get_one(Contact, place.contacts["nora"]).name = "Nora Norsdatter"
    requests(session)[0].body = "Hello Nora Norsdatter"
    session.commit()
    outbox = application.config["SETTINGS"].home / "outbox"
    copied = copy_of(session, address=NORA, outbox=outbox, at=now())
    assert [(each["kind"], each["subject"]) for each in copied["letters"]] == [("names", "Who else?")]
    assert copied["mentioned_by_others"] == {}
    erase_person(session, address=NORA, outbox=outbox, at=now())
    session.commit()
    assert not requests(session)
    assert letters() == 0


def test_a_letter_to_somebody_else_that_names_a_person_is_counted(
    session: Session, place: Place, application: Flask
) -> None:
    ask(session, place, "omar")
    requests(session)[0].body = "Hello Omar,\nNora Norsdatter says hello."
    session.get_one(Contact, place.contacts["nora"]).name = "Nora Norsdatter"
    session.commit()
    outbox = application.config["SETTINGS"].home / "outbox"
    assert copy_of(session, address=NORA, outbox=outbox, at=now())["mentioned_by_others"] == {"letters": 1}


def test_promises_are_kept_and_changed(session: Session, place: Place) -> None:
    account, by = session.get_one(Account, place.account), place.talks.people[CSM]
    promise = keep_promise(session, account=account, typed=Typed("Faster", "sales", "economic"), at=now(), by=by)
    session.commit()
    typed = Typed("Faster", "sales", "economic", delivered_on="2026-03-01", amount="12.5")
    assert change_promise(session, promise=promise, typed=typed, at=now(), by=by)
    assert not change_promise(session, promise=promise, typed=typed, at=now(), by=by)
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(Promise)) == 2
    changed = session.scalars(sa.select(AuditEvent.fields).where(AuditEvent.action == "promise.changed")).one()
    assert changed["changed"] == ["amount", "delivered_on"]
    assert session.scalars(sa.select(PromiseVersion.former)).all() == [{"amount": None, "delivered_on": None}]
    with pytest.raises(Refusal):
        change_promise(session, promise=promise, typed=Typed("", "sales", "economic"), at=now(), by=by)
