"""How each person was asked and what came back, read from mails, links, stops and answers."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.responses.models import Response
from app.scoring.models import RespondentScore, Scoring
from app.studies.models import CallAttempt, Invitation, Link, MailStop, Respondent, Study
from app.studies.queries.people import drawn_people
from app.studies.rules.dispositions import ORDER, dispositions_of
from app.studies.services import close_study
from tests.conftest import Fill
from tests.studies.test_views import score
from tests.users.people import CSM, LEADER, NOON, VIEWER, add_heard_account, changing, populate, sign_in

LATER = NOON + timedelta(days=1)


@pytest.fixture
def study(application: Flask, fill: Fill, session: Session) -> Study:
    """Alice's study, of whom nobody has answered."""
    del application
    fill(populate)
    session.execute(sa.delete(Response))
    return session.scalars(sa.select(Study).where(Study.key == "alices")).one()


def mail(session: Session, study: Study, respondent: Respondent, number: int, **facts: Any) -> None:
    session.add(
        Invitation(
            study_id=study.id,
            respondent_id=respondent.id,
            number=number,
            message_id=f"<{respondent.id}-{number}@x>",
            due_at=NOON,
            **facts,
        )
    )


def found(session: Session, study: Study) -> list[str]:
    session.flush()
    people = drawn_people(session, study)
    positions = dispositions_of(people.facts, is_heard=people.is_heard, core_share=np.ones(len(people.ids)))
    return [str(ORDER[position]) for position in positions]


def respondents(session: Session, study: Study) -> list[Respondent]:
    return list(session.scalars(sa.select(Respondent).where(Respondent.study_id == study.id).order_by(Respondent.id)))


def test_a_waiting_mail_invites_nobody_and_a_returned_one_is_undelivered(session: Session, study: Study) -> None:
    first, second = respondents(session, study)
    mail(session, study, first, 0)
    mail(session, study, second, 0, sent_at=NOON)
    assert found(session, study) == ["not_invited", "nothing_returned"]
    mail(session, study, second, 1, sent_at=LATER, bounced_at=LATER)
    assert found(session, study) == ["not_invited", "undelivered"]
    mail(session, study, second, 2, sent_at=LATER)
    assert found(session, study) == ["not_invited", "nothing_returned"]


def test_a_link_alone_was_sent_from_elsewhere(session: Session, study: Study) -> None:
    first, _ = respondents(session, study)
    link = Link(
        respondent_id=first.id, purpose="survey", nonce="n", token_sha256="t", created_at=NOON, expires_at=LATER
    )
    session.add(link)
    assert found(session, study) == ["nothing_returned", "not_invited"]
    link.revoked_at = LATER
    assert found(session, study) == ["not_invited", "not_invited"]


@pytest.mark.parametrize(
    ("reason", "at", "expected"),
    [
        pytest.param("unsubscribed", LATER, "refused", id="after-the-invitation"),
        pytest.param("unsubscribed", NOON - timedelta(days=9), "nothing_returned", id="long-before"),
        pytest.param("bounced", LATER, "nothing_returned", id="no-wish-of-theirs"),
    ],
)
def test_who_unsubscribes_from_this_study_refuses(
    session: Session, study: Study, reason: str, at: Any, expected: str
) -> None:
    first, _ = respondents(session, study)
    mail(session, study, first, 0, sent_at=NOON)
    session.add(MailStop(contact_id=first.contact_id, reason=reason, stopped_at=at))
    assert found(session, study)[0] == expected


def test_consent_that_became_no_is_a_refusal_and_a_full_quota_makes_ineligible(session: Session, study: Study) -> None:
    first, _ = respondents(session, study)
    mail(session, study, first, 0, sent_at=NOON)
    session.execute(sa.update(Contact).values(consent="no"))
    assert found(session, study) == ["refused", "not_invited"]
    study.plan = study.plan | {"quotas": {"all": 1}}
    add_heard_account(session, study, "more", None)
    assert found(session, study) == ["refused", "quota_full", "complete"]


def test_the_page_counts_flags_and_offers_newer_figures(application: Flask, fill: Fill) -> None:
    fill(populate)
    browser = sign_in(application, LEADER)
    page = browser.get("/studies/alices").text
    before = browser.get("/studies/alices/fieldwork.json").json
    assert before is not None
    assert f'data-stamp="{before["stamp"]}"' in page
    assert "0 of 2 people have answered in full" in page
    assert "Broke off: sent with less than half of them" in page
    with changing(application) as session:
        study = session.scalars(sa.select(Study).where(Study.key == "alices")).one()
        add_heard_account(session, study, "new", None)
    after = browser.get("/studies/alices/fieldwork.json").json
    assert after is not None
    assert after["stamp"] != before["stamp"]


def test_flagged_responses_are_named_with_the_reason(application: Flask, fill: Fill) -> None:
    fill(populate)
    score(application, "alices")
    with changing(application) as session:
        flags = [{"kind": "speeder", "reason": "Answered in 4 seconds."}]
        chosen = session.scalars(sa.select(Response.respondent_id).where(Response.external_id == "r-alices-0")).one()
        scoring = session.scalars(sa.select(Scoring)).one()
        session.add(RespondentScore(scoring_id=scoring.id, respondent_id=chosen, dimensions={}, flags=flags))
    page = sign_in(application, LEADER).get("/studies/alices").text
    assert "1 response is unusual" in page
    assert "Answered in 4 seconds." in page
    assert "counts in every figure" in page
    assert "Answered in 4 seconds." in sign_in(application, CSM).get("/studies/alices").text
    told = sign_in(application, VIEWER).get("/studies/alices/responses/r-alices-0").text
    assert "flagged, not removed" in told
    assert "Answered in 4 seconds." in told
    assert "flagged, not removed" not in sign_in(application, LEADER).get("/studies/alices/responses/r-alices-1").text


def test_the_silent_go_out_as_a_file_cut_to_what_its_reader_may_see(application: Flask, fill: Fill) -> None:
    fill(populate)
    with changing(application) as session:
        session.execute(sa.delete(Response))
        session.execute(sa.update(Account).where(Account.crm_id == "alices-0").values(name="=cmd", arr=5))
    text = sign_in(application, LEADER).get("/studies/alices/silent.csv").text
    assert text.splitlines()[0].startswith("account_id,account,arr,currency,health,band,stratum,csm_email,people")
    assert "'=cmd" in text
    assert '"Contact of alices-0, champion"' in text
    assert len(text.splitlines()) == 3
    assert len(sign_in(application, CSM).get("/studies/alices/silent.csv").text.splitlines()) == 2
    viewers = sign_in(application, VIEWER).get("/studies/alices/silent.csv").text
    assert "Contact of" not in viewers
    with changing(application) as session:
        close_study(session, study=session.scalars(sa.select(Study).where(Study.key == "alices")).one())
    assert "data-fresh" not in sign_in(application, LEADER).get("/studies/alices").text


def test_calls_tell_what_mails_do_not(session: Session, study: Study) -> None:
    first, second = respondents(session, study)
    for outcome, facts in (("not_now", {}), ("no_answer", {}), ("refused", {"superseded_at": LATER})):
        session.add(CallAttempt(respondent_id=first.id, outcome=outcome, channel="phone", attempted_at=NOON, **facts))
    session.add(CallAttempt(respondent_id=second.id, outcome="left_company", channel="phone", attempted_at=NOON))
    assert found(session, study) == ["soft_refusal", "left"]
    mail(session, study, first, 0, sent_at=NOON)
    assert found(session, study)[0] == "soft_refusal"
