"""Studies that ask by interview: people at two accounts, who interviews them, and what they say."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.customers.models import Account, Contact
from app.interviews.models import Interview
from app.questionnaires.models import Question
from app.questionnaires.queries import newest_version
from app.questionnaires.services import publish_built_ins
from app.studies.models import Respondent, SampledAccount, Study
from app.users.models import User
from tests.users.people import CSM, LEADER, add_people

ANNA, BEN = "anna@parallax.test", "ben@parallax.test"
"""Two more csms: Anna holds the interviews with Carl's account, Ben has nothing to do with any of it."""


@dataclass
class World:
    """The ids of what was made."""

    study: int
    people: dict[str, int]
    respondents: dict[str, int]
    interviews: dict[str, int]
    questions: dict[str, int]


def add_interviewers(session: Session, people: dict[str, User]) -> None:
    """Add Anna and Ben with Carl's role."""
    for email, name in ((ANNA, "Anna Asker"), (BEN, "Ben Bystander")):
        carl = people[CSM]
        people[email] = User(
            email=email, name=name, password=carl.password, fs_uniquifier=email, roles=list(carl.roles)
        )
        session.add(people[email])
    session.flush()


def add_interview_study(
    session: Session, *, owner: User | None, key: str = "talks", questionnaire: str = "relationship"
) -> Study:
    """Add a drawn study whose fieldwork is under way, without anybody in it yet."""
    publish_built_ins(session)
    study = Study(
        key=key,
        name=f"Study {key}",
        version_id=newest_version(session, questionnaire).id,
        scorecard_key="default",
        owner_id=owner.id if owner else None,
        plan={"mode": "interview"},
        opens_on=today() - timedelta(days=7),
        closes_on=today() + timedelta(days=7),
        health_as_of=today(),
        drawn_at=now(),
    )
    session.add(study)
    session.flush()
    return study


def add_person(
    session: Session, study: Study, name: str, *, account: Account, consent: str = "yes", mode: str = "interview"
) -> Respondent:
    """Draw a person of an account into a study."""
    contact = Contact(crm_id=f"{study.key}-{name}", account_id=account.id, name=name, consent=consent)
    session.add(contact)
    session.flush()
    respondent = Respondent(study_id=study.id, account_id=account.id, contact_id=contact.id, role="champion", mode=mode)
    session.add(respondent)
    session.flush()
    return respondent


def add_account(session: Session, study: Study, name: str, csm_email: str | None) -> Account:
    """Draw an account into a study."""
    account = Account(crm_id=name, name=name, csm_email=csm_email, arr=120_000, currency="EUR")
    session.add(account)
    session.flush()
    session.add(
        SampledAccount(
            study_id=study.id, account_id=account.id, stratum="all", stratum_size=9, weight=1.0, mode="interview"
        )
    )
    session.flush()
    return account


def add_world(session: Session, *, questionnaire: str = "relationship") -> World:
    """Add Alice's study: Nora and Omar at Carl's account, Pia elsewhere; Anna holds Nora's interview, Carl Pia's."""
    people = add_people(session)
    add_interviewers(session, people)
    study = add_interview_study(session, owner=people[LEADER], questionnaire=questionnaire)
    carls, other = add_account(session, study, "Haskelby", CSM), add_account(session, study, "Ostrava", "x@else.test")
    drawn = {
        "nora": add_person(session, study, "Nora", account=carls),
        "omar": add_person(session, study, "Omar", account=carls),
        "pia": add_person(session, study, "Pia", account=other),
        "quin": add_person(session, study, "Quin", account=other, consent="no"),
        "rosa": add_person(session, study, "Rosa", account=other, mode="survey"),
    }
    held = {
        name: Interview(respondent_id=drawn[name].id, interviewer_id=people[email].id)
        for name, email in (("nora", ANNA), ("pia", CSM))
    }
    session.add_all(held.values())
    session.flush()
    return World(
        study.id,
        {email: person.id for email, person in people.items()},
        {name: row.id for name, row in drawn.items()},
        {name: row.id for name, row in held.items()},
        {row.key: row.id for row in session.execute(select(Question.key, Question.id))},
    )


def add_interview(session: Session, *, study_key: str, account_key: str, email: str) -> Interview:
    """Draw one more person of an account into a study, and give them to an interviewer."""
    study = session.scalars(select(Study).where(Study.key == study_key)).one()
    account = session.scalars(select(Account).where(Account.crm_id == account_key)).one()
    interviewer = session.scalars(select(User).where(User.email == email)).one()
    person = add_person(session, study, "Tilda", account=account)
    interview = Interview(respondent_id=person.id, interviewer_id=interviewer.id)
    session.add(interview)
    session.flush()
    return interview
