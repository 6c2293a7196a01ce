"""Who the tests sign in: Alice owns the study, Carl is her colleague, Lars a stranger, and the accounts they share."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.database import db
from app.customers.models import Account, Contact
from app.questionnaires.models import Question, QuestionnaireVersion, VersionQuestion
from app.responses.models import Response
from app.studies.models import Respondent, SampledAccount, Study
from app.users.models import RoleRow, User
from app.users.rules import Role

PASSWORD = "seven quiet otters swim"
ADMIN, LEADER, STRANGER, CSM, VIEWER = (f"{name}@parallax.test" for name in ("ada", "alice", "lars", "carl", "vera"))
PEOPLE = {
    ADMIN: (Role.ADMIN, "Ada Min"),
    LEADER: (Role.LEADER, "Alice Owner"),
    STRANGER: (Role.LEADER, "Lars Stranger"),
    CSM: (Role.CSM, "Carl Colleague"),
    VIEWER: (Role.VIEWER, "Vera Viewer"),
}
SHORT = {
    "key": "short",
    "name": "Short survey",
    "language": "en",
    "sections": [{"key": "all", "title": "All"}],
    "questions": [{"key": "recommend", "kind": "scale_0_10", "text": "Would you?", "section": "all", "core": True}],
}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@cache
def password_hash() -> str:
    """The hash of everybody's password: argon2 is slow on purpose, and its cheapest form is as good for a test."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def add_people(session: Session) -> dict[str, User]:
    """Add a login of each kind."""
    rows = {role: RoleRow(name=role.value) for role in Role}
    people = {
        email: User(
            email=email, name=name, password=password_hash(), fs_uniquifier=uuid.uuid4().hex, roles=[rows[role]]
        )
        for email, (role, name) in PEOPLE.items()
    }
    session.add_all(people.values())
    session.flush()
    return people


def add_study(session: Session, key: str, *, owner: User | None, csm_emails: tuple[str | None, ...] = ()) -> Study:
    """Add a drawn study with one account, one contact and one submitted response for each of the addresses."""
    study = Study(
        key=key,
        name=f"Study {key}",
        version_id=any_version(session).id,
        scorecard_key="default",
        owner_id=owner.id if owner else None,
        plan={"mode": "survey", "roles": {"champion": 1.0}},
        opens_on=date(2026, 1, 5),
        closes_on=date(2026, 2, 13),
        health_as_of=date(2026, 2, 13),
        drawn_at=NOON,
    )
    session.add(study)
    session.flush()
    for number, csm_email in enumerate(csm_emails):
        add_heard_account(session, study, f"{key}-{number}", csm_email)
    return study


def add_heard_account(session: Session, study: Study, name: str, csm_email: str | None) -> Account:
    """Add an account that was drawn and answered."""
    account = Account(crm_id=name, name=name, csm_email=csm_email)
    session.add(account)
    session.flush()
    contact = Contact(crm_id=f"c-{name}", account_id=account.id, name=f"Contact of {name}")
    session.add_all(
        [
            contact,
            SampledAccount(
                study_id=study.id, account_id=account.id, stratum="all", stratum_size=9, weight=1.0, mode="survey"
            ),
        ]
    )
    session.flush()
    respondent = Respondent(
        study_id=study.id, account_id=account.id, contact_id=contact.id, role="champion", mode="survey"
    )
    session.add(respondent)
    session.flush()
    session.add(
        Response(
            study_id=study.id,
            respondent_id=respondent.id,
            external_id=f"r-{name}",
            version_id=study.version_id,
            mode="survey",
            source="import",
            submitted_at=NOON,
        )
    )
    session.flush()
    return account


def any_version(session: Session) -> QuestionnaireVersion:
    """Return a questionnaire version, made where there is none."""
    version = session.scalar(select(QuestionnaireVersion).limit(1))
    if version is None:
        version = QuestionnaireVersion(
            key="short", version=1, name="Short survey", definition=SHORT, content_sha256="0"
        )
        question = Question(key="recommend")
        session.add_all([version, question])
        session.flush()
        session.add(VersionQuestion(version_id=version.id, question_id=question.id, position=0))
        session.flush()
    return version


def add_logins(session: Session) -> None:
    """Fill a workspace with a login of each kind."""
    add_people(session)


def populate(session: Session) -> None:
    """Fill a workspace: a login of each kind, a study of Alice with an account of Carl, and a study of the admins."""
    people = add_people(session)
    add_study(session, "alices", owner=people[LEADER], csm_emails=(CSM, "someone@else.test"))
    add_study(session, "admins", owner=None, csm_emails=(None,))


@contextmanager
def changing(application: Flask) -> Iterator[Session]:
    """Give a session of its own, committed at the end, as another process would have it."""
    with application.app_context():
        yield db.session
        db.session.commit()


def token_in(page: str) -> str:
    """Return the CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def sign_in(application: Flask, email: str, password: str = PASSWORD, **environ: str) -> FlaskClient:
    """Return a browser in which this person has signed in through the form."""
    browser = application.test_client()
    token = token_in(browser.get("/sign-in", environ_base=environ).text)
    reply = browser.post(
        "/sign-in", data={"csrf_token": token, "email": email, "password": password}, environ_base=environ
    )
    assert reply.status_code == 302, reply.text
    return browser
