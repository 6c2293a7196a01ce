"""Erasing a person: nothing of them is left anywhere, every figure holds, and no file brings them back."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Refusal
from app.customers.models import Contact
from app.education.models import EducationRecord
from app.overlays.models import OverlayChange
from app.overlays.rules.typed import TypedOverlay
from app.overlays.services import begin_overlay
from app.pulse.models import PulseJudgement, PulseLight, PulseOverride, PulseSentiment
from app.reports.models import Edition, EditionComment
from app.responses.models import Answer, Remark, Response
from app.responses.rules import ItemContent
from app.responses.services.items import save_item
from app.studies.models import Invitation, Link, Study
from app.surveys.rules.invitations.sending import Unwanted
from app.users.models import AuditEvent, User
from app.users.services import verify_chain
from tests.conftest import Fill
from tests.subjects.marked import (
    EMAIL,
    MARK,
    NAME,
    OTHERS,
    WORDS,
    add_marked,
    bounce,
    dumped,
    files_with,
    leave_upload,
    scored_again,
)
from tests.surveys.asked import GOOD, Customer
from tests.surveys.mailed import send_due, with_settings


@pytest.fixture
def marked(application: Flask, fill: Fill) -> Customer:
    """The marked person, who was mailed, answered twice by link, and stands in a file that waits."""
    token = fill(add_marked)
    with_settings(application)
    send_due(application)
    customer = Customer(application.test_client(), f"/s/{token}")
    for words in (f"{MARK}first words", f"{MARK}second words"):
        assert customer.send({**GOOD, "reason": words}).status_code == 200
    with application.app_context():
        bounce(db.session)
        leave_upload(db.session, application.config["SETTINGS"].home)
        db.session.commit()
    return customer


def erase(runner: FlaskCliRunner, *options: str) -> dict[str, Any]:
    done = runner.invoke(args=["subject", "erase", EMAIL.upper(), "--json", *options])
    assert done.exit_code == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.usefixtures("marked")
def test_nothing_of_them_is_left(application: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    assert dumped(application).count(MARK) > 30
    assert [name for name in files_with(tmp_path, MARK) if "outbox" in name or "uploads" in name]
    told = erase(runner)
    assert told["contacts"] == 5
    assert MARK not in dumped(application)
    assert files_with(tmp_path, MARK) == []
    assert told["swept"]
    assert told["answers_in_words"] == 6
    assert told["notes_and_quotes"] == 2
    assert (told["reasons"], told["interviews"], told["mails_waiting"], told["mails_in_outbox"]) == (1, 1, 1, 1)
    assert told["uploads_waiting"] == 1
    assert MARK not in json.dumps(told).lower()


@pytest.mark.usefixtures("marked")
def test_a_dry_run_says_the_same_and_changes_nothing(application: Flask, runner: FlaskCliRunner) -> None:
    before = dumped(application)
    would = erase(runner, "--dry-run")
    assert dumped(application) == before
    told = erase(runner)
    assert {**would, "dry_run": False} == told


@pytest.mark.usefixtures("marked")
def test_figures_hold(runner: FlaskCliRunner, session: Session) -> None:
    before = scored_again(session)
    session.close()
    erase(runner)
    assert scored_again(session) == before


@pytest.mark.usefixtures("marked")
def test_numbers_and_choices_stay_and_words_are_marked(runner: FlaskCliRunner, session: Session) -> None:
    def kept() -> list[Any]:
        rows = session.execute(
            sa.select(Answer.id, Answer.value_number).where(Answer.value_number.is_not(None)).order_by(Answer.id)
        )
        return [tuple(row) for row in rows]

    before = kept()
    session.close()
    erase(runner)
    assert kept() == before
    blanked = session.scalars(sa.select(Answer).where(Answer.blanked_at.is_not(None))).all()
    assert len(blanked) == 6
    assert {each.value_text for each in blanked} == {None}
    assert {each.note for each in session.scalars(sa.select(Remark).where(Remark.blanked_at.is_not(None)))} == {None}
    assert session.scalar(sa.select(sa.func.count()).where(Response.erased_at.is_not(None))) == 3


def test_links_end_mails_stop_and_contacts_are_marked(
    marked: Customer, runner: FlaskCliRunner, session: Session, application: Flask
) -> None:
    erase(runner)
    contacts = session.scalars(sa.select(Contact).where(Contact.erased_at.is_not(None))).all()
    assert {(each.name, each.email, each.consent, each.role) for each in contacts} == {
        ("Erased person", None, "no", None)
    }
    assert session.scalars(sa.select(Link).where(Link.revoked_at.is_(None))).all() == []
    waiting = session.scalars(sa.select(Invitation).where(Invitation.cancelled_at.is_not(None))).one()
    assert waiting.reason == Unwanted.ERASED
    assert marked.browser.get(marked.address).status_code == 410
    session.close()
    assert send_due(application) == []


@pytest.mark.usefixtures("marked")
def test_the_audit_log_holds_ids_and_counts_and_its_chain(runner: FlaskCliRunner, session: Session) -> None:
    erase(runner)
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "subject.erased")).one()
    assert len(event.fields["contacts_erased"]) == 5
    assert event.fields["counts"]["answers_in_words"] == 6
    assert "@" not in json.dumps(event.fields)
    assert verify_chain(session).broken_at is None


@pytest.mark.usefixtures("marked")
def test_the_same_files_do_not_bring_them_back(application: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    erase(runner)
    people = tmp_path / "people.csv"
    people.write_text(
        f"contact_id,account_id,name,email\nA1-champion,A1,{NAME},{EMAIL}\nA1-new,A1,Somebody,\nCRM/{EMAIL},A1,{NAME},\n"
    )
    done = runner.invoke(args=["import", "contacts", str(people), "--json"])
    told = json.loads(done.stdout)
    assert (told["rows"], told["created"], told["updated"], told["unchanged"]) == (3, 1, 0, 2)
    assert told["left_out_as_erased"] == 2
    said = tmp_path / "said.csv"
    rows = [("R-A1-champion", "A1", "A1-champion", WORDS), ("R-A2-champion", "A2", "A2-champion", "Other words.")]
    lines = [
        f"{response},{account},{contact},2026-03-15T00:00:00Z,reason,{words}"
        for response, account, contact, words in rows
    ]
    said.write_text("response_id,account_id,contact_id,submitted_at,question,value\n" + "\n".join(lines) + "\n")
    done = runner.invoke(args=["import", "responses", str(said), "--study", "q1", "--json"])
    told = json.loads(done.stdout)
    assert (told["rows"], told["updated"], told["unchanged"], told["left_out_as_erased"]) == (2, 1, 1, 1)
    talks = tmp_path / "talks.csv"
    header = "interaction_id,account_id,occurred_at,channel,summary"
    talks.write_text(
        f"{header},contact_id\nI-9,A1,2026-03-15,call,{MARK}new,A1-champion\nI-8,A2,2026-03-15,call,Fine,\n"
    )
    done = runner.invoke(args=["import", "interactions", str(talks), "--json"])
    told = json.loads(done.stdout)
    assert (told["created"], told["unchanged"], told["left_out_as_erased"]) == (1, 1, 1)
    talks.write_text(f"{header}\nI-1,A1,2026-03-15,call,{MARK}again\n")
    told = json.loads(runner.invoke(args=["import", "interactions", str(talks), "--json"]).stdout)
    assert (told["updated"], told["unchanged"], told["left_out_as_erased"]) == (0, 1, 1)
    for each in (people, said, talks):
        each.unlink()
    assert MARK not in dumped(application)


@pytest.mark.usefixtures("marked")
def test_an_interviewer_who_is_still_typing_brings_nothing_back(runner: FlaskCliRunner, session: Session) -> None:
    erase(runner)
    open_one = session.scalars(sa.select(Response).where(Response.mode == "interview")).one()
    remark = session.scalars(sa.select(Remark).where(Remark.superseded_at.is_(None))).one()
    with pytest.raises(Refusal, match="erased"):
        save_item(
            session, response_id=open_one.id, question_id=remark.question_id, revision=remark.revision,
            content=ItemContent(note=f"{MARK}again"), at=now(), by=1,
        )  # fmt: skip


@pytest.mark.parametrize(
    "address", ["nobody@acme.test", "", "  ", "%", "a\tb", "x" * 5_000, "'; DROP TABLE contact; --"]
)
@pytest.mark.parametrize("command", ["erase", "export"])
@pytest.mark.usefixtures("marked")
def test_who_is_not_on_record_is_refused(
    application: Flask, runner: FlaskCliRunner, command: str, address: str
) -> None:
    before = dumped(application)
    done = runner.invoke(args=["subject", command, address])
    assert done.exit_code == 1
    assert "Nobody on record" in done.stderr
    assert dumped(application) == before


@pytest.mark.usefixtures("marked")
def test_who_is_erased_is_not_known_any_more(runner: FlaskCliRunner) -> None:
    erase(runner)
    assert runner.invoke(args=["subject", "erase", EMAIL]).exit_code == 1
    assert runner.invoke(args=["subject", "export", EMAIL]).exit_code == 1


@pytest.mark.usefixtures("marked")
def test_comments_that_name_somebody_are_counted_for_the_admin_to_read(
    runner: FlaskCliRunner, session: Session
) -> None:
    study = session.scalars(sa.select(Study.id)).first()
    user = session.scalars(sa.select(User.id)).first()
    assert study
    assert user
    edition = Edition(study_id=study, number=1, document="{}", sha256="0" * 64, scored_at=now())
    session.add(edition)
    session.flush()
    session.add(
        EditionComment(
            edition_id=edition.id, part="summary", body=f"{NAME} told me.", is_for_all=False, written_by=user
        )
    )
    session.commit()
    session.close()
    assert erase(runner, "--dry-run")["mentions"] == {"comments on reports": 1}


@pytest.mark.usefixtures("marked")
def test_texts_of_others_are_counted_and_stay(runner: FlaskCliRunner, session: Session) -> None:
    other = session.scalars(sa.select(Answer).where(Answer.value_text == OTHERS)).first()
    assert other
    other.value_text = f"Ask {NAME} about it."
    session.commit()
    session.close()
    assert erase(runner)["mentions"] == {"answers": 1}
    assert session.scalar(sa.select(sa.func.count()).where(Answer.value_text.contains(NAME))) == 1


@pytest.mark.usefixtures("marked")
def test_judgements_of_situations_and_notes_of_education_that_name_somebody_are_counted(
    runner: FlaskCliRunner, session: Session
) -> None:
    account = session.scalars(sa.select(Contact.account_id).where(Contact.name == NAME)).first()
    overlay = begin_overlay(session, typed=TypedOverlay("Strike", "", "2026-01-01"), at=now(), by=None)
    said = {"overlay_id": overlay.id, "account_id": account, "reason": "So it is"}
    session.add(OverlayChange(**said, billing=f"{NAME} asked to pay monthly"))
    session.add(OverlayChange(**said))
    session.add(EducationRecord(account_id=account, included="yes", takers=f"The team of {NAME}"))
    session.commit()
    session.close()
    assert erase(runner)["mentions"] == {"situations": 1, "education": 1}


@pytest.mark.usefixtures("marked")
def test_words_of_judgement_that_name_somebody_are_counted_and_their_places_listed(
    runner: FlaskCliRunner, session: Session
) -> None:
    person = session.scalars(sa.select(Contact).where(Contact.name == NAME).order_by(Contact.id)).first()
    assert person
    account, by = person.account_id, session.scalars(sa.select(User.id).order_by(User.id)).first()
    assert by
    other = Contact(crm_id="other-one", account_id=account, name="Somebody Else")
    session.add(other)
    session.flush()
    cell = {"account_id": account, "dimension": "support", "value": 3, "author_id": by}
    facts = {"account_id": account, "author_id": by, "form_key": "k"}
    session.add(PulseSentiment(**facts, value=25, reason=f"{NAME} sounds tired"))
    session.add(PulseOverride(**facts, band="red", reason=f"{NAME.upper()} left", expires_on=today()))
    light = {"colour": "red", "occasion": "call", "happened_on": today()}
    session.add(PulseLight(**facts, **light, note=f"With {NAME}"))
    session.add(PulseJudgement(**cell, contact_id=other.id, reason=f"As {NAME} told"))
    session.add(PulseJudgement(**cell, contact_id=person.id, reason=f"{NAME} likes it"))
    session.add(PulseJudgement(**cell, contact_id=other.id, reason="Nobody is named"))
    session.commit()
    session.close()
    told = erase(runner)
    assert told["mentions"] == {
        "reasons of sentiments": 1,
        "notes of interactions": 1,
        "reasons in matrices": 1,
        "reasons of overrides": 1,
    }
    assert sorted(place["what"] for place in told["places"]) == sorted(told["mentions"])
    assert not session.scalar(sa.select(PulseJudgement.id).where(PulseJudgement.reason.contains("likes it")))


@pytest.mark.usefixtures("marked")
def test_the_sentences_say_what_was_done(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["subject", "erase", EMAIL])
    assert "answers in their own words, earlier versions included: 6" in done.stdout
    assert "Backups" in done.stdout
