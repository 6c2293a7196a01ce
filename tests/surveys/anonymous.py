"""An anonymous study, the open links into it, and people who answer by them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core.workspace import ONLY, Workspace
from app.customers.models import Account, Contact
from app.questionnaires.queries import definition_of, newest_version, questions_of
from app.questionnaires.services import publish_built_ins, publish_questionnaire
from app.responses.rules import Place
from app.responses.services import OpenDoor, submit_anonymously
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.services.open_links import issue_open_links
from app.users.models import User
from tests.surveys.asked import BASE, GOOD, ORGANISATION, SECRET, TODAY, form_key

STRATA = {"Large": 6, "Small": 7}
"""People by stratum, one a contact of each of two accounts by turns."""


def add_anonymous(
    session: Session,
    *,
    key: str = "quiet",
    strata: Mapping[str, int] = STRATA,
    owner: User | None = None,
    opens_on: date = TODAY - timedelta(days=3),
    closes_on: date = TODAY + timedelta(days=30),
    document: dict[str, Any] | None = None,
    accounts: int = 2,
    **facts: Any,
) -> Study:
    """Add a drawn anonymous study of the relationship survey or another, open now unless said otherwise."""
    publish_built_ins(session)
    version = publish_questionnaire(session, document=document) if document else newest_version(session, "relationship")
    if session.get(Workspace, ONLY) is None:
        session.add(Workspace(id=ONLY, organisation=ORGANISATION))
    study = Study(
        key=key, name="Quiet look", version_id=version.id, scorecard_key="default", is_anonymous=True,
        owner_id=owner.id if owner else None, plan={"mode": "survey", "anonymous": True}, opens_on=opens_on,
        closes_on=closes_on, health_as_of=closes_on, drawn_at=datetime.now(UTC), **facts,
    )  # fmt: skip
    session.add(study)
    session.flush()
    for stratum, people in strata.items():
        add_stratum(session, study, stratum, people, accounts)
    return study


def add_stratum(session: Session, study: Study, stratum: str, people: int, accounts: int) -> None:
    """Add so many people at so many accounts that were drawn from a stratum."""
    firms = [Account(crm_id=f"{study.key}-{stratum}-{n}", name=f"{stratum} firm {n}") for n in range(accounts)]
    session.add_all(firms)
    session.flush()
    for firm in firms:
        session.add(SampledAccount(
            study_id=study.id, account_id=firm.id, stratum=stratum, stratum_size=accounts, weight=1.0, mode="survey"
        ))  # fmt: skip
    contacts = [
        Contact(
            crm_id=f"{study.key}-{stratum}-{n:03}",
            account_id=firms[n % accounts].id,
            name=f"Dalia {n}",
            email=f"{study.key}.{stratum.lower()}{n}@acme.test",
        )
        for n in range(people)
    ]
    session.add_all(contacts)
    session.flush()
    session.add_all(
        Respondent(study_id=study.id, account_id=each.account_id, contact_id=each.id, role="champion", mode="survey")
        for each in contacts
    )
    session.flush()


def open_addresses(session: Session, study: Study) -> dict[str, str]:
    """Return the path of the open link of each stratum."""
    issued = issue_open_links(session, study=study, secret=SECRET, base_url=BASE)
    return {link.stratum: link.url.removeprefix(BASE) for link in issued.links}


def answer_as(session: Session, study: Study, stratum: str, form: str, **answers: str) -> str:
    """Store a form past the web, and return the id of its response."""
    version = newest_version(session, "relationship")
    ids = questions_of(session, version)
    asked = definition_of(version)
    parsed = {}
    for key, raw in (answers or GOOD).items():
        question = asked.question(key)
        assert question is not None
        parsed[Place(ids[key])] = question.parse(raw)
    door = OpenDoor(study.id, stratum, version.id, "en")
    return submit_anonymously(session, door=door, form_key=form, answers=parsed, on=TODAY)


@dataclass
class Somebody:
    """Somebody with an open link: opens it, fills the form in, sends it."""

    browser: FlaskClient
    address: str

    def send(self, answers: dict[str, Any] | None = None, key: str | None = None, **headers: str) -> Any:
        """Open the form and send it with these answers."""
        fields = MultiDict(GOOD if answers is None else answers)
        fields.setdefault("form_key", key or form_key(self.browser.get(self.address).text))
        return self.browser.post(self.address, data=fields, headers=headers)


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page by name."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


ANONYMOUS_TABLES = ("anonymous_response", "anonymous_answer")
NAMED_TABLES = ("response", "answer", "submission", "response_change", "remark", "link", "invitation")


def rows_of(session: Session, *tables: str) -> dict[str, int]:
    """Return how many rows tables have."""
    found = {name: session.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
    session.rollback()
    return found
