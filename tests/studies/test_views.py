"""The list of studies, as each person sees it."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.core.database import db
from app.core.errors import Missing
from app.customers.models import Account
from app.health.models import HealthComputation, ScorecardVersion
from app.scoring.models import Scoring
from app.studies.models import SampledAccount, Study
from app.studies.rules.progress import next_step
from app.studies.scope import (
    may_see_all,
    may_see_contacts,
    studies_in_scope,
    study_in_scope,
    visible_accounts,
)
from app.users.policy import scope_of
from app.users.rules import Permission, Scope
from tests.conftest import Fill
from tests.users.people import (
    ADMIN,
    CSM,
    LEADER,
    NOON,
    STRANGER,
    VIEWER,
    add_people,
    add_study,
    changing,
    populate,
    sign_in,
)


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """A workspace with people and two studies."""
    fill(populate)
    return application


def score(application: Flask, key: str) -> None:
    """Make a study a scored one."""
    with changing(application) as session:
        study = session.scalars(select(Study).where(Study.key == key)).one()
        card = ScorecardVersion(
            key="probe", version=1, name="Probe", definition={}, content_sha256="0", is_circular=False
        )
        session.add(card)
        session.flush()
        health = HealthComputation(scorecard_version_id=card.id, as_of=date(2026, 2, 13), content_sha256="0")
        session.add(health)
        session.flush()
        session.add(Scoring(study_id=study.id, health_computation_id=health.id, figures={}, scored_at=NOON))


@pytest.mark.parametrize(
    ("email", "seen"),
    [
        pytest.param(ADMIN, {"alices", "admins"}, id="admin-sees-all"),
        pytest.param(LEADER, {"alices"}, id="owner-sees-hers"),
        pytest.param(STRANGER, set(), id="stranger-sees-none"),
        pytest.param(CSM, {"alices"}, id="csm-sees-where-an-account-of-his-was-drawn"),
        pytest.param(VIEWER, {"alices", "admins"}, id="viewer-sees-all"),
    ],
)
def test_index_shows_what_the_caller_may_see(people: Flask, email: str, seen: set[str]) -> None:
    page = sign_in(people, email).get("/studies")
    assert page.status_code == 200
    assert {key for key in ("alices", "admins") if f"Study {key}" in page.text} == seen
    assert page.text.count("<h1") == 1


def test_index_asks_strangers_to_sign_in(people: Flask) -> None:
    assert people.test_client().get("/studies").location == "/sign-in?next=/studies"


def test_index_links_a_scored_study_and_says_what_others_wait_for(people: Flask) -> None:
    score(people, "alices")
    page = sign_in(people, ADMIN).get("/studies").text
    assert "2 studies, 1 scored" in page
    assert 'href="/studies/alices/gaps"' in page
    assert "/studies/admins/gaps" not in page
    assert 'href="/studies/admins">Score the answers</a>' in page
    assert "1\u00a0March 2026" in page


def test_index_shows_the_next_step_to_those_who_run_the_study(people: Flask) -> None:
    owner, viewer = (sign_in(people, email).get("/studies").text for email in (LEADER, VIEWER))
    assert 'href="/studies/new"' in owner
    assert ">Score the answers</a>" in owner
    assert 'href="/studies/new"' not in viewer
    assert "Score the answers" not in viewer
    assert 'href="/studies/alices"' in viewer


@pytest.mark.parametrize(
    ("email", "words"),
    [
        pytest.param(ADMIN, "/studies/new", id="admin-learns-the-first-steps"),
        pytest.param(CSM, "assigned to you", id="csm-learns-what-to-wait-for"),
        pytest.param(VIEWER, "as soon as a leader", id="viewer-learns-what-to-wait-for"),
    ],
)
def test_index_of_nothing_teaches_the_next_step(application: Flask, email: str, words: str) -> None:
    with changing(application) as session:
        add_people(session)
    page = sign_in(application, email).get("/studies").text
    assert words in page
    assert "<table" not in page


def test_index_counts_only_what_a_csm_may_see(people: Flask) -> None:
    with changing(people) as session:
        rows = {email: studies_in_scope(session, scope=scope_for(session, email)) for email in (LEADER, CSM)}
        counts = {email: [(row.drawn, row.heard) for row in found] for email, found in rows.items()}
    assert counts == {LEADER: [(2, 2)], CSM: [(1, 1)]}
    assert "accounts assigned to you" in sign_in(people, CSM).get("/studies").text


def test_index_names_are_text_and_never_markup(people: Flask) -> None:
    with changing(people) as session:
        session.execute(sa.update(Study).values(name='"><script>x()</script>'))
    page = sign_in(people, ADMIN).get("/studies").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_index_asks_as_many_queries_for_many_studies_as_for_two(people: Flask) -> None:
    browser = sign_in(people, ADMIN)
    few = count_queries(people, lambda: browser.get("/studies"))
    with changing(people) as session:
        for number in range(20):
            add_study(session, f"more-{number}", owner=None, csm_emails=(None, None))
    assert count_queries(people, lambda: browser.get("/studies")) == few


def count_queries(application: Flask, act: object) -> int:
    """Count the statements that a request sends."""
    with application.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    act()  # type: ignore[operator]
    event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in seen if statement.startswith("SELECT")])


def scope_for(session: Session, email: str) -> Scope:
    from app.users.queries import user_by_email

    person = user_by_email(session, email)
    assert person is not None
    return scope_of(person)


@pytest.mark.parametrize(
    ("email", "expected", "accounts"),
    [
        pytest.param(ADMIN, {"finds", "sees all", "sees contacts"}, 2, id="admin"),
        pytest.param(LEADER, {"finds", "sees all", "sees contacts"}, 2, id="owner"),
        pytest.param(STRANGER, set(), 0, id="stranger"),
        pytest.param(CSM, {"finds", "sees contacts"}, 1, id="csm"),
        pytest.param(VIEWER, {"finds", "sees all"}, 2, id="viewer"),
    ],
)
def test_scope_of_one_study(people: Flask, email: str, expected: set[str], accounts: int) -> None:
    with changing(people) as session:
        scope = scope_for(session, email)
        study = session.scalars(select(Study).where(Study.key == "alices")).one()
        can = {
            "finds": found(session, scope, "alices") is not None,
            "sees all": may_see_all(scope, study),
            "sees contacts": scope.can(Permission.REPORTS) and may_see_contacts(scope, study),
        }
        assert {what for what, holds in can.items() if holds} == expected
        seen = (
            select(Account.id)
            .join(SampledAccount, SampledAccount.account_id == Account.id)
            .join(Study, Study.id == SampledAccount.study_id)
            .where(Study.key == "alices", visible_accounts(scope))
        )
        assert len(session.scalars(seen).all()) == accounts


def found(session: Session, scope: Scope, key: str, permission: Permission = Permission.REPORTS) -> Study | None:
    try:
        return study_in_scope(session, scope=scope, key=key, permission=permission)
    except Missing:
        return None


@pytest.mark.parametrize("key", ["nope", "a\0b", "", "x" * 3000, "'; --"])
def test_a_study_that_is_none_is_missing(people: Flask, key: str) -> None:
    with changing(people) as session:
        assert found(session, scope_for(session, ADMIN), key) is None


def test_managing_reaches_less_far_than_reading(people: Flask) -> None:
    with changing(people) as session:
        for email, expected in ((ADMIN, True), (LEADER, True), (CSM, False), (VIEWER, False), (STRANGER, False)):
            study = found(session, scope_for(session, email), "alices", Permission.STUDIES)
            assert (study is not None) is expected, email


def test_the_case_of_a_csms_address_does_not_matter(people: Flask) -> None:
    with changing(people) as session:
        session.execute(sa.update(Account).where(Account.csm_email == CSM).values(csm_email=CSM.upper()))
    assert "Study alices" in sign_in(people, CSM).get("/studies").text


@pytest.mark.parametrize(
    ("drawn", "heard", "scored", "words"),
    [
        pytest.param(False, 0, False, "Not drawn yet", id="new"),
        pytest.param(True, 0, False, "Waiting for answers", id="drawn"),
        pytest.param(True, 4, False, "Answers are in, not scored yet", id="answered"),
        pytest.param(True, 4, True, None, id="scored"),
    ],
)
def test_the_next_step(drawn: bool, heard: int, scored: bool, words: str | None) -> None:
    step = next_step(drawn_at=NOON if drawn else None, heard=heard, scored_at=NOON if scored else None)
    assert (step.waits_for if step else None) == words
