"""Who was closer, on a real database: the account's own csm's predictions, outcomes since, and nobody's numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact, Outcome
from app.interviews.models import Interview, Prediction
from app.interviews.queries.coding import predicted_pairs
from app.scoring.queries import analysis_of, outcomes_since
from app.scoring.services import Beside, score_study
from app.studies.models import Respondent
from app.users.models import User
from tests.conftest import Fill
from tests.reports.studies import DAY, add_alices_study, scored_study
from tests.users.people import CSM, LEADER, add_people, sign_in

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


def add_predictions(session: Session) -> int:
    """A study of ten accounts, all with Carl as their csm; he predicts for one person each, Alice for one as well."""
    people = add_people(session)
    study = scored_study(session)
    study.owner_id = people[LEADER].id
    for account in session.scalars(select(Account)):
        account.csm_email = CSM.upper()
    rows = session.execute(
        select(Respondent.id, Account.crm_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(Respondent.role == "champion")
        .order_by(Respondent.id)
    ).all()
    for respondent_id, crm_id in rows:
        interview = Interview(respondent_id=respondent_id, interviewer_id=people[CSM].id)
        session.add(interview)
        session.flush()
        seal(session, interview, people[CSM], recommend=5)
        if crm_id == "A3":
            seal(session, interview, people[LEADER], recommend=0)
    session.flush()
    score_study(session, study=study, beside=Beside(predicted_pairs))
    return study.id


def seal(session: Session, interview: Interview, author: User, *, recommend: int) -> None:
    told = {"recommend": recommend, "renewal_intent": 3, "satisfaction": None}
    session.add(Prediction(interview_id=interview.id, author_id=author.id, predicted_at=MORNING, **told))


def test_the_csms_predictions_are_held_against_what_was_said(session: Session, fill: Fill) -> None:
    found = analysis_of(session, fill(add_predictions), "three_ways") or {}
    assert set(found["measures"]) == {"recommend", "renewal_intent"}
    recommend = found["measures"]["recommend"]
    # VOICE of the accounts with health is 1 9 8 2 7 6 9 10 3; one of ten has no health.
    assert (recommend["n"], recommend["without_health"]) == (9, 1)
    assert recommend["prediction"]["off"] == pytest.approx(
        10 * sum(abs(v - 5) for v in (1, 9, 8, 2, 7, 6, 9, 10, 3)) / 9
    )
    assert recommend["closer"] is None
    assert found["by_others"] == 1
    assert found["renewal_said"]["n"] == 9
    assert found["renewal_came"] is None


def test_only_the_first_outcome_since_counts_and_new_is_none(fill: Fill) -> None:
    def add(session: Session) -> int:
        study = scored_study(session)
        ids = list(session.scalars(select(Account.id).order_by(Account.id)))
        rows = [
            (ids[0], -1, "churned"),
            (ids[0], 5, "renewed"),
            (ids[0], 9, "churned"),
            (ids[1], 3, "expanded"),
            (ids[1], 3, "churned"),
            (ids[2], 3, "new"),
        ]
        for account_id, days, outcome in rows:
            session.add(Outcome(account_id=account_id, outcome_date=DAY + timedelta(days=days), outcome=outcome))
        session.flush()
        found = [row.outcome for row in outcomes_since(session, study)]
        assert found == ["renewed", "churned"]
        return study.id

    fill(add)


def test_the_page_describes_few_accounts_and_names_nobody(application: Flask, fill: Fill) -> None:
    fill(add_predictions)
    page = sign_in(application, LEADER).get("/studies/q1/gaps/three_ways").text
    assert "Too few accounts have a sealed prediction and an answer" in page
    assert "these figures describe and claim nothing" in page
    assert "No contract of these accounts has come up since" in page
    assert "one prediction by others than the account’s CSM" in page
    assert "Account 7" not in page


def test_a_scoring_that_was_not_handed_predictions_says_so(application: Flask, fill: Fill) -> None:
    fill(add_alices_study)
    page = sign_in(application, LEADER).get("/studies/q1/gaps/three_ways").text
    assert "No CSM has sealed a prediction" in page
    assert "were not looked at in this scoring" in page


def test_the_worker_hands_predictions_in(application: Flask) -> None:
    handler = application.extensions["bell"]._handlers["score"]  # noqa: SLF001  (the list is the bell's own)
    assert handler.args == (Beside(predicted_pairs),)
