"""Mails that came back, from the file of a mail service."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Contact
from app.studies.models import Invitation, MailStop, Respondent

Run = Callable[..., Any]
SENT = datetime(2026, 1, 10, 9, tzinfo=UTC)
HEADER = "email,bounced_at,type,reason,message_id\n"


@pytest.fixture
def mailed(world: Session) -> Session:
    """The small world, in which both respondents had a mail."""
    contacts = world.scalars(sa.select(Contact).order_by(Contact.id)).all()
    for number, contact in enumerate(contacts[:2], start=1):
        contact.email = f"Person{number}@mail.example"
        respondent = world.scalars(sa.select(Respondent).where(Respondent.contact_id == contact.id)).one()
        for each in range(2):
            world.add(
                Invitation(
                    study_id=respondent.study_id, respondent_id=respondent.id, number=each,
                    message_id=f"<inv-{number}-{each}@here>", due_at=SENT, sent_at=SENT,
                )
            )  # fmt: skip
    world.commit()
    return world


def stops(session: Session) -> list[str]:
    session.rollback()
    rows = session.scalars(sa.select(Contact.crm_id).join(MailStop, MailStop.contact_id == Contact.id))
    return sorted(rows)


def notes(session: Session) -> dict[str, tuple[str | None, bool]]:
    session.rollback()
    rows = session.execute(sa.select(Invitation.message_id, Invitation.reason, Invitation.bounced_at))
    return {name: (reason, at is not None) for name, reason, at in rows if reason or at}


def test_a_hard_bounce_marks_the_last_mail_and_stops_the_person(run: Run, mailed: Session) -> None:
    content = HEADER + "person1@mail.example,2026-01-11T08:00:00Z,hard,no such user,\n"
    assert run("bounces", content).counts == (1, 1, 0, 0)
    assert stops(mailed) == ["C-1"]
    assert notes(mailed) == {"<inv-1-1@here>": ("no such user", True)}
    assert run("bounces", content).counts == (1, 0, 0, 1)
    assert stops(mailed) == ["C-1"]


def test_a_mail_may_be_named(run: Run, mailed: Session) -> None:
    assert run("bounces", "email,message_id\nPERSON2@mail.example,inv-2-0@here\n").counts == (1, 1, 0, 0)
    assert notes(mailed) == {"<inv-2-0@here>": ("The mail came back.", True)}


def test_another_s_mail_is_not_touched(run: Run, mailed: Session) -> None:
    run("bounces", "email,message_id\nperson2@mail.example,<inv-1-0@here>\n")
    assert set(notes(mailed)) == {"<inv-2-1@here>"}


def test_a_soft_bounce_is_only_noted(run: Run, mailed: Session) -> None:
    content = HEADER + "person1@mail.example,2026-01-11,soft,mailbox full,\n"
    assert run("bounces", content).counts == (1, 0, 1, 0)
    assert stops(mailed) == []
    assert notes(mailed) == {"<inv-1-1@here>": ("Came back for now: mailbox full", False)}
    assert run("bounces", content).counts == (1, 0, 0, 1)


def test_an_unknown_address_is_an_error_that_names_the_row_and_nothing_is_stored(run: Run, mailed: Session) -> None:
    said = run("bounces", "email\nperson1@mail.example\nnobody@mail.example\n")
    assert said.status == 1
    assert said.places == [(3, "email")]
    assert "No contact has the address" in said.reasons
    assert (stops(mailed), notes(mailed)) == ([], {})


def test_a_dry_run_counts_and_stores_nothing(run: Run, mailed: Session) -> None:
    content = "email\nperson1@mail.example\nperson1@mail.example\nperson2@mail.example\n"
    assert run("bounces", content, "--dry-run").counts == (3, 2, 0, 1)
    assert (stops(mailed), notes(mailed)) == ([], {})


BAD = {
    "no bounces at all": ("account_id,name\nA-1,Acme\n", [(1, "email"), (1, "account_id"), (1, "name")]),
    "no address": ("email\nnot an address\n", [(2, "email")]),
    "another type": (HEADER + "person1@mail.example,,maybe,,\n", [(2, "type")]),
    "an impossible day": (HEADER + "person1@mail.example,2026-02-31,hard,,\n", [(2, "bounced_at")]),
    "a header in the address": ('email\n"person1@mail.example\nBcc: all@mail.example"\n', [(2, "email")]),
}


@pytest.mark.parametrize("name", BAD)
def test_files_of_bounces_that_are_none_are_refused(run: Run, mailed: Session, name: str) -> None:
    content, places = BAD[name]
    said = run("bounces", content)
    assert said.status == 1
    assert {column for _, column in said.places} & {column for _, column in places}
    assert (stops(mailed), notes(mailed)) == ([], {})


def test_another_address_ends_the_stop_and_the_same_one_does_not(run: Run, mailed: Session) -> None:
    run("bounces", "email\nperson1@mail.example\nperson2@mail.example\n")
    header = "contact_id,account_id,name,email\n"
    run("contacts", header + "C-1,A-1,Contact 1,PERSON1@mail.example\nC-2,A-2,Contact 2,new@mail.example\n")
    assert stops(mailed) == ["C-1"]


def test_who_unsubscribed_stays_so_with_another_address(run: Run, mailed: Session) -> None:
    contact = mailed.scalars(sa.select(Contact).where(Contact.crm_id == "C-1")).one()
    mailed.add(MailStop(contact_id=contact.id, reason="unsubscribed"))
    mailed.commit()
    run("contacts", "contact_id,account_id,name,email\nC-1,A-1,Contact 1,new@mail.example\n")
    assert stops(mailed) == ["C-1"]
