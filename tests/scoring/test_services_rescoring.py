"""Single accounts scored at once: what they come to is what a scoring of the portfolio gives them."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.responses.models import Answer, Response
from app.responses.services import note_change
from app.scoring import queries
from app.scoring.models import AccountScore, RespondentScore
from app.scoring.queries.rescoring import changed_people
from app.scoring.services import score_study
from app.scoring.services.rescoring import rescore_accounts
from app.scoring.services.scoring import asked_in
from app.scoring.tasks import score, score_accounts_first
from app.studies.models import Respondent, Study
from tests.reports.studies import scored_study

LEFT = {"cross_check_p"}
"""What is only known from all accounts together."""


@pytest.fixture
def study(session: Session) -> Study:
    """A scored study whose people answered by the survey of their own link."""
    found = scored_study(session, accounts=9)
    session.execute(update(Response).values(source="survey"))
    score_study(session, study=found)
    return found


def rows(session: Session, study: Study) -> tuple[dict[int, Any], dict[int, Any]]:
    """What is stored of accounts and of people, by their ids."""
    scoring = queries.scoring_of(session, study)
    assert scoring is not None
    session.expire_all()
    accounts = {
        row.account_id: {c.name: getattr(row, c.name) for c in AccountScore.__table__.columns if c.name not in LEFT}
        for row in queries.account_scores(session, scoring)
    }
    people = {
        row.respondent_id: {c.name: getattr(row, c.name) for c in RespondentScore.__table__.columns if c.name != "mark"}
        for row in queries.respondent_scores(session, scoring)
    }
    return accounts, people


def near(one: dict[int, Any], other: dict[int, Any]) -> None:
    assert one.keys() == other.keys()
    for key, row in one.items():
        for name, value in row.items():
            expected = pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
            assert other[key][name] == expected, (key, name)


def again(session: Session, study: Study, accounts: list[int], *, share: int = 1) -> int:
    """Score accounts anew, of whose people every so many changed."""
    people = select(Respondent.id, Respondent.account_id).where(
        Respondent.study_id == study.id, Respondent.account_id.in_(accounts), Respondent.id % share == 0
    )
    changed = dict(map(tuple, session.execute(people)))
    return rescore_accounts(session, study=study, asked=asked_in(session, study), changed=changed)


@pytest.mark.parametrize("share", [1, 2, 3])
def test_accounts_of_which_nothing_changed_stay_as_they_are(session: Session, study: Study, share: int) -> None:
    before = rows(session, study)
    everybody = list(before[0])
    assert 0 < again(session, study, everybody, share=share) <= len(everybody)
    after = rows(session, study)
    near(before[0], after[0])
    near(before[1], after[1])


def test_a_changed_answer_changes_its_account_alone(session: Session, study: Study) -> None:
    before = rows(session, study)
    person = session.scalars(select(Respondent).where(Respondent.study_id == study.id)).first()
    assert person is not None
    response = session.scalars(select(Response).where(Response.respondent_id == person.id)).one()
    session.execute(update(Answer).where(Answer.response_id == response.id).values(value_number=1))
    note_change(session, study.id, response.changed_at, response_id=response.id)
    assert changed_people(session, study) == {person.id: person.account_id}
    changed = changed_people(session, study)
    assert rescore_accounts(session, study=study, asked=asked_in(session, study), changed=changed) == 1
    now = rows(session, study)
    changed = [key for key in before[0] if before[0][key] != now[0][key]]
    assert changed == [person.account_id]
    assert now[0][person.account_id]["voice"] < before[0][person.account_id]["voice"]
    score_study(session, study=study)
    whole = rows(session, study)[0][person.account_id]
    exact = ("voice", "role_coverage", "respondents", "role_range", "health", "voice_band", "quadrant", "dimensions")
    assert [whole[name] for name in exact] == [now[0][person.account_id][name] for name in exact]


def test_imported_answers_and_unscored_studies_wait_for_the_portfolio(session: Session, study: Study) -> None:
    accounts = list(rows(session, study)[0])
    session.execute(update(Response).values(source="import"))
    assert again(session, study, accounts[:1]) == 0
    assert again(session, study, []) == 0


def test_the_job_scores_the_account_first_and_the_portfolio_after_it(session: Session, study: Study) -> None:
    response = session.scalars(select(Response).where(Response.study_id == study.id)).first()
    assert response is not None
    account = session.get_one(Respondent, response.respondent_id).account_id
    before = rows(session, study)[0][account]["voice"]
    session.execute(update(Answer).where(Answer.response_id == response.id).values(value_number=1))
    note_change(session, study.id, response.changed_at, response_id=response.id)
    session.commit()
    assert score_accounts_first(study.key) == 1
    assert rows(session, study)[0][account]["voice"] < before
    assert score() == [study.key]
    assert score_accounts_first(study.key) == 0


def test_what_was_flagged_stays_flagged(session: Session, study: Study) -> None:
    flags = [{"kind": "speeder", "reason": "Fast, and 5 % of “that”."}]
    session.execute(update(RespondentScore).values(flags=flags))
    accounts, people = rows(session, study)
    assert again(session, study, list(accounts)) == len(accounts)
    assert rows(session, study)[1] == people
