"""A study that asks customers by link, and a customer who opens one without a browser."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core.workspace import ONLY, Workspace
from app.customers.models import Account, Contact, Relationship
from app.questionnaires.queries import newest_version
from app.questionnaires.services import publish_built_ins, publish_questionnaire
from app.responses.models import Answer, Response
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.services.links import issue_links
from app.users.models import User
from tests.factories.answers import question_ids

SECRET = "a secret for tests only"
BASE = "http://localhost"
TODAY = datetime.now(UTC).date()
ORGANISATION = "Fernhollow Software"
GOOD = {
    "recommend": "9",
    "reason": "The reports are clear.\r\nSupport is slow.",
    "satisfaction": "4",
    "effort": "5",
    "value_promised": "4",
    "value_delivered": "3",
    "renewal_intent": "5",
    "contact_again": "yes",
}
"""A form as a customer fills it in."""
STORED = {
    "recommend": 9.0, "reason": "The reports are clear.\nSupport is slow.", "satisfaction": 4.0, "effort": 5.0,
    "value_promised": 4.0, "value_delivered": 3.0, "renewal_intent": 5.0, "contact_again": "yes",
}  # fmt: skip
"""What is stored of it."""


def add_survey(
    session: Session,
    *,
    key: str = "pulse",
    people: int = 1,
    owner: User | None = None,
    opens_on: date = TODAY - timedelta(days=3),
    closes_on: date = TODAY + timedelta(days=30),
    organisation: str | None = ORGANISATION,
    document: dict[str, Any] | None = None,
    products: Sequence[str] = (),
    language: str | None = None,
    **facts: Any,
) -> Study:
    """Add a drawn study of the relationship survey or another, open now unless said otherwise.

    It asks so many people, and their account has these products.
    """
    publish_built_ins(session)
    version = publish_questionnaire(session, document=document) if document else newest_version(session, "relationship")
    if session.get(Workspace, ONLY) is None:
        session.add(Workspace(id=ONLY, organisation=organisation))
    study = Study(
        key=key, name="Pulse", version_id=version.id, scorecard_key="default",
        owner_id=owner.id if owner else None, plan={"mode": "survey"}, opens_on=opens_on, closes_on=closes_on,
        health_as_of=closes_on, drawn_at=datetime.now(UTC), **facts,
    )  # fmt: skip
    account = Account(crm_id=f"{key}-account", name="Acme")
    session.add_all([study, account])
    session.flush()
    session.add(SampledAccount(
        study_id=study.id, account_id=account.id, stratum="all", stratum_size=1, weight=1.0, mode="survey"
    ))  # fmt: skip
    contacts = [
        Contact(
            crm_id=f"{key}-{n:05}",
            account_id=account.id,
            name="Dalia Ferro",
            email=f"dalia{n}@acme.test",
            language=language,
        )
        for n in range(people)
    ]
    session.add_all(contacts)
    session.add_all(
        Relationship(crm_id=f"{key}/{name}", account_id=account.id, type="product", name=name) for name in products
    )
    session.flush()
    session.add_all(
        Respondent(study_id=study.id, account_id=account.id, contact_id=each.id, role="champion", mode="survey")
        for each in contacts
    )
    session.flush()
    return study


def tokens_of(session: Session, study: Study) -> list[str]:
    """Return the tokens of everybody whom a study asks."""
    issued = issue_links(session, study=study, secret=SECRET, base_url=BASE)
    return [link.url.rsplit("/", 1)[1] for link in issued.links]


def add_asked(session: Session, **facts: Any) -> str:
    """Add a study with one respondent and return the address of their survey."""
    return f"/s/{tokens_of(session, add_survey(session, **facts))[0]}"


def form_key(page: str) -> str:
    """Return the key of a form."""
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    assert found, page
    return found[1]


@dataclass
class Customer:
    """Somebody with a link: opens it, fills the form in, sends it."""

    browser: FlaskClient
    address: str

    def send(self, answers: dict[str, Any] | Sequence[tuple[str, str]] | None = None, **headers: str) -> Any:
        """Open the form and send it with these answers."""
        page = self.browser.get(self.address)
        fields = MultiDict(GOOD if answers is None else answers)
        fields.setdefault("form_key", form_key(page.text))
        return self.browser.post(self.address, data=fields, headers=headers)


def stored(session: Session) -> dict[str, float | str]:
    """Return the current answers of all responses by question key: words where there are words, else numbers."""
    names = {identity: key for key, identity in question_ids(session).items()}
    rows = session.scalars(sa.select(Answer).where(Answer.superseded_at.is_(None)))
    return {names[row.question_id]: row.value_text or row.value_number for row in rows}  # type: ignore[misc]


def counts(session: Session) -> dict[str, int]:
    """Return how many rows each table has that an answer could touch."""
    tables = ("response", "answer", "submission", "response_change", "remark", "link", "audit_event")
    found = {name: session.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
    session.rollback()
    return found


def chosen(page: str) -> dict[str, str]:
    """Return the radios that a page has chosen."""
    return dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"[^>]* checked>', page))


def written(page: str, key: str) -> str:
    """Return what stands in a text field."""
    found = re.search(rf'<textarea id="q-{key}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def responses(session: Session) -> Sequence[Response]:
    """Return all responses."""
    return session.scalars(sa.select(Response).order_by(Response.id)).all()
