"""An account that several studies drew shows what it said last; a study that has only begun hides nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.database import db
from app.customer360.queries.account import account_facts
from app.customer360.queries.listing import Listing
from app.customer360.rules.listing import Asked, Show
from app.customers.models import Account, Contact
from app.scoring.models import AccountScore, Scoring
from app.studies.models import Respondent, SampledAccount, Study
from app.users.models import User
from app.users.policy import scope_of
from tests.conftest import Fill
from tests.customer360.workspace import add_workspace, the_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, sign_in

SECOND = {"A1": (0, "insufficient"), "A2": (2, "agree"), "A3": (1, "insufficient"), "A12": (0, "insufficient")}
"""How many people the second study heard at each account that it drew, and how voice and health stand there.

The first one heard three people at each of A1 to A10.
"""


@pytest.fixture(params=["newer", "older"])
def twice(request: pytest.FixtureRequest, application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests with a second scored study, that ended after the first or before it."""
    fill(add_twice, is_newer=request.param == "newer")
    application.config["SECOND"] = request.param
    return application


def add_twice(session: Session, *, is_newer: bool) -> None:
    """Add the workspace and the second study."""
    add_workspace(session)
    add_second(session, is_newer=is_newer)


def add_second(session: Session, *, is_newer: bool) -> None:
    """Add it, with a voice of 11 wherever somebody was heard."""
    first = the_study(session)
    scoring = session.scalars(sa.select(Scoring).where(Scoring.study_id == first.id)).one()
    copied = {column.key: getattr(first, column.key) for column in sa.inspect(Study).column_attrs if column.key != "id"}
    days = 40 if is_newer else -40
    study = Study(**copied | {"key": "q2", "name": "Second", "closes_on": first.closes_on + timedelta(days=days)})
    session.add(study)
    session.flush()
    second = Scoring(study_id=study.id, health_computation_id=scoring.health_computation_id, figures={})
    session.add(second)
    session.flush()
    ids = dict(session.execute(sa.select(Account.crm_id, Account.id)).all())  # type: ignore[arg-type]
    nobody = Contact(crm_id="c-12", account_id=ids["A12"], name="Nils Silent", role="champion")
    session.add(nobody)
    session.flush()
    for each in (first, study):
        session.add(Respondent(
            study_id=each.id, account_id=ids["A12"], contact_id=nobody.id, role="champion", mode="survey"
        ))  # fmt: skip
    session.add(SampledAccount(
        study_id=first.id, account_id=ids["A12"], stratum="all", stratum_size=3, weight=1.0, mode="survey"
    ))  # fmt: skip
    for crm_id, (heard, quadrant) in SECOND.items():
        session.add(SampledAccount(
            study_id=study.id, account_id=ids[crm_id], stratum="all", stratum_size=3, weight=1.0, mode="survey"
        ))  # fmt: skip
        session.add(AccountScore(
            scoring_id=second.id, account_id=ids[crm_id], respondents=heard, voice=11.0 if heard else None,
            voice_band="red" if heard > 1 else None, tier="none", quadrant=quadrant, dimensions={},
        ))  # fmt: skip


def listing(email: str, asked: Asked) -> Listing:
    """Return the list as somebody asks for it; needs an application context."""
    person = db.session.scalars(sa.select(User).where(User.email == email)).one()
    return Listing(db.session, scope_of(person), asked, today(), "EUR")


@pytest.mark.parametrize("person", [ADMIN, LEADER, CSM, STRANGER])
def test_each_account_shows_what_it_said_last(twice: Flask, person: str) -> None:
    is_newer = twice.config["SECOND"] == "newer"
    with twice.test_request_context():
        asked = listing(person, Asked())
        rows = {row.crm_id: row for row in asked.rows(page=1, total=asked.counts()[Show.ALL])}
        first = {row.account_id: row.voice for row in db.session.scalars(_scores("q1"))}
    expected = {
        crm_id: (11.0 if crm_id == "A2" and is_newer else first.get(row.id)) if person != STRANGER else None
        for crm_id, row in rows.items()
    }
    assert {crm_id: row.voice for crm_id, row in rows.items()} == expected
    if person in {ADMIN, LEADER}:
        assert rows["A1"].respondents == rows["A3"].respondents == 3
        assert rows["A12"].respondents == 0


@pytest.mark.parametrize("words", ["", "a"])
def test_every_account_is_counted_once(twice: Flask, words: str) -> None:
    with twice.test_request_context():
        counts = listing(ADMIN, Asked(words=words)).counts()
        for show in (Show.HEARD, Show.SILENT):
            asked = listing(ADMIN, Asked(words=words, show=show))
            rows = asked.rows(page=1, total=asked.counts()[show])
            assert len(rows) == counts[show]
    assert (counts[Show.HEARD], counts[Show.SILENT]) == (10, 1)


def test_the_page_of_an_account_goes_by_the_same_study(twice: Flask) -> None:
    with twice.test_request_context():
        person = db.session.scalars(sa.select(User).where(User.email == LEADER)).one()
        shown = {crm_id: account_facts(db.session, scope=scope_of(person), crm_id=crm_id).scored for crm_id in SECOND}
        keys = {crm_id: row.study.key if row else None for crm_id, row in shown.items()}
    assert keys == {
        "A1": "q1", "A2": "q2" if twice.config["SECOND"] == "newer" else "q1", "A3": "q1", "A12": "q2"
    }  # fmt: skip


def test_the_tile_names_the_study_that_a_voice_is_from(twice: Flask) -> None:
    page = sign_in(twice, LEADER).get("/accounts/A1").text
    assert "Silent" not in page
    assert "three people in “First quarter”" in page


def test_who_was_asked_by_two_studies_is_one_person(twice: Flask) -> None:
    page = sign_in(twice, LEADER).get("/accounts/A12").text
    assert "one person asked, nobody has answered" in page
    assert "One person was asked; nobody answered." in page


def _scores(key: str) -> sa.Select[tuple[AccountScore]]:
    joined = sa.select(AccountScore).join(Scoring, Scoring.id == AccountScore.scoring_id)
    return joined.join(Study, Study.id == Scoring.study_id).where(Study.key == key)
