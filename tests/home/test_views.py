"""Home as each person sees it: owner, colleague, stranger, admin and viewer, in a full and in an empty workspace."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.clock import now, today
from app.core.database import db
from app.customers.models import Account, Contact, Promise
from app.interviews.models import Appointment
from app.reports.publishing import publish_edition
from app.reports.rules import findings
from app.reports.services import gap_report
from app.studies.models import Study
from app.transfer.models import Upload
from app.users.models import RoleRow, User
from tests.conftest import Fill
from tests.interviews.talks import ANNA, World, add_world
from tests.reports.studies import add_alices_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_logins, changing, sign_in

FIVE = "Five steps lead to the first gap report"
HEADINGS = re.compile(r"<h[12][^>]*>(.*?)</h[12]>", re.DOTALL)


def home(application: Flask, email: str) -> str:
    """Return Home as somebody sees it."""
    reply = sign_in(application, email).get("/")
    assert reply.status_code == 200
    return reply.text


def headings(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", found).strip() for found in HEADINGS.findall(page)]


def user_id(session: Session, email: str) -> int:
    return session.scalars(select(User.id).where(User.email == email)).one()


def account_id(session: Session, crm_id: str) -> int:
    return session.scalars(select(Account.id).where(Account.crm_id == crm_id)).one()


def add_duties(session: Session) -> None:
    """Alice's study, follow-ups that are late and due at two accounts, and what they were promised."""
    add_alices_study(session)
    for crm_id, title, owner, days in (
        ("A2", "Send the plan", CSM, -2),
        ("A2", "Call the buyer", CSM, 3),
        ("A3", "Fix the export", ADMIN, -1),
        ("A3", "Far away", ADMIN, 30),
    ):
        session.add(
            Action(
                account_id=account_id(session, crm_id),
                owner_id=user_id(session, owner),
                title=title,
                due_on=today() + timedelta(days=days),
                is_promised=False,
                created_by=user_id(session, owner),
            )
        )
    for crm_id, words, delivered in (
        ("A2", "Two days less", None),
        ("A4", "Kept", today()),
        ("A3", "Not Carl’s", None),
    ):
        session.add(
            Promise(
                crm_id=f"p-{crm_id}",
                account_id=account_id(session, crm_id),
                source="sales",
                aspect="output",
                text=words,
                promised_on=today() - timedelta(days=90),
                delivered_on=delivered,
            )
        )
    session.add(
        Promise(
            crm_id="p-announced",
            account_id=account_id(session, "A2"),
            source="sales",
            aspect="economic",
            text="Announced for tomorrow",
            amount=900,
            currency="USD",
            due_on=today() - timedelta(days=2),
            delivered_on=today() + timedelta(days=1),
        )
    )
    for crm_id in ("A4", "A5"):
        session.get_one(Account, account_id(session, crm_id)).renewal_date = today() + timedelta(days=20)
    session.flush()


@pytest.fixture
def full(application: Flask, fill: Fill) -> Flask:
    """A workspace with a scored study, and duties."""
    fill(add_duties)
    return application


@pytest.fixture
def empty(application: Flask, fill: Fill) -> Flask:
    """A workspace with people alone."""
    fill(add_logins)
    return application


def test_the_owner_sees_the_finding_of_the_report_and_whom_to_call(full: Flask) -> None:
    page = home(full, LEADER)
    with changing(full) as session:
        document = gap_report(session, study=session.scalars(select(Study)).one())
    assert headings(page)[0] == findings.headline(document)
    assert 'href="/studies/q1/gaps"' in page
    assert "10 of 10" not in page
    assert "All 10 accounts have answered" in page
    assert "Do not add them." in page
    assert "No edition is published yet" in page
    assert 'href="/accounts/A4"' in page


def test_the_owner_reads_what_changed_against_the_newest_edition(full: Flask) -> None:
    with changing(full) as session:
        publish_edition(session, study=session.scalars(select(Study)).one(), at=now(), by=None)
    assert "No figure differs from edition 1" in home(full, LEADER)


def test_the_owner_sees_late_follow_ups_of_whom_they_may(full: Flask) -> None:
    assert "No follow-up is due within 7 days" in headings(home(full, LEADER))
    with changing(full) as session:
        for action in session.scalars(select(Action)):
            action.owner_id = user_id(session, LEADER)
    page = home(full, LEADER)
    assert "Two follow-ups late, one due within 7 days" in headings(page)
    assert "Send the plan" in page
    assert "Far away" not in page


def test_a_colleague_sees_their_own_accounts_and_duties_alone(full: Flask) -> None:
    page = home(full, CSM)
    assert headings(page)[0].startswith("Two accounts are assigned to you: all heard")
    assert {"/accounts/A2", "/accounts/A4"} <= set(re.findall(r'href="(/accounts/A\d+)"', page))
    assert not {"/accounts/A3", "/accounts/A5"} & set(re.findall(r'href="(/accounts/A\d+)"', page))
    assert "One follow-up late, one due within 7 days" in headings(page)
    assert "Fix the export" not in page
    assert "Two promises still owed" in headings(page)
    assert "Two days less" in page
    assert page.index("Announced for tomorrow") < page.index("Two days less"), "what is late comes first"
    assert ", which is past · $900" in page
    assert "Not Carl’s" not in page
    assert "One account renews within 90 days" in headings(page)


def test_a_stranger_sees_nothing_of_the_study_and_what_to_do(full: Flask) -> None:
    page = home(full, STRANGER)
    assert "First quarter" not in page
    assert "Send the plan" not in page
    assert headings(page)[0] == "Three of five steps to the first gap report are done"
    assert 'href="/studies/new">Create a study' in page


def test_a_viewer_sees_the_report_and_no_duties(full: Flask) -> None:
    page = home(full, VIEWER)
    assert 'href="/studies/q1/gaps"' in page
    assert "follow-up" not in page
    assert "What changed" not in page
    assert "Contact" not in page
    assert 'href="/actions' not in page


def test_an_admin_sees_the_system_imports_and_studies(full: Flask) -> None:
    with changing(full) as session:
        for email, name in ((ADMIN, "mine.csv"), (LEADER, "hers.csv")):
            session.add(
                Upload(
                    user_id=user_id(session, email),
                    kind="accounts",
                    filename=name,
                    stored_as=name,
                    sha256="0",
                    size=1,
                    options={},
                )
            )
    page = home(full, ADMIN)
    assert headings(page)[0] == "One part of the system is at fault"
    assert "Never seen here" in page
    assert "Five people may sign in" in page
    assert "Five without a second factor." in page
    assert re.search(r'<a class="breaks" href="/imports/\d+">mine.csv</a>', page)
    assert '<span class="breaks">hers.csv</span>' in page
    assert 'href="/users"' in page
    assert "First quarter" in page
    assert "State of the system" in headings(page)


@pytest.mark.parametrize("email", [LEADER, CSM, VIEWER])
def test_nobody_else_sees_the_system(full: Flask, email: str) -> None:
    page = home(full, email)
    assert "State of the system" not in page
    assert "second factor." not in page


@pytest.mark.parametrize(
    ("email", "title", "link"),
    [
        pytest.param(ADMIN, FIVE, 'href="/imports">Import your accounts', id="admin"),
        pytest.param(LEADER, FIVE, 'href="/studies/new">Create a study', id="leader"),
        pytest.param(CSM, "No account is assigned to you yet", "A leader gives you the people to talk to", id="csm"),
        pytest.param(VIEWER, "No study is shared with you yet", "as soon as a leader has created one", id="viewer"),
    ],
)  # fmt: skip
def test_an_empty_workspace_teaches_the_next_step(empty: Flask, email: str, title: str, link: str) -> None:
    page = home(empty, email)
    assert headings(page)[0] == title
    assert link in page


def test_somebody_with_two_roles_sees_the_panels_of_both(full: Flask) -> None:
    with changing(full) as session:
        alice = session.scalars(select(User).where(User.email == LEADER)).one()
        alice.roles.append(session.scalars(select(RoleRow).where(RoleRow.name == "csm")).one())
        session.get_one(Account, account_id(session, "A7")).csm_email = LEADER
    page = home(full, LEADER)
    assert "What changed" in headings(page)
    assert any(each.startswith("One account is assigned to you") for each in headings(page))
    own = page[page.index('id="accounts"') : page.index('id="renewals"')]
    assert re.findall(r'href="(/accounts/A\d+)"', own) == ["/accounts/A7"]


def test_signing_in_leads_home_and_a_deep_link_still_wins(full: Flask) -> None:
    browser = full.test_client()
    assert browser.get("/").location == "/sign-in"
    assert browser.get("/accounts/A2").location == "/sign-in?next=/accounts/A2"
    signed_in = sign_in(full, LEADER)
    assert signed_in.get("/sign-in").location == "/"
    assert signed_in.get("/sign-in?next=/accounts/A2").location == "/accounts/A2"
    assert 'href="/" aria-current="page">Home' in signed_in.get("/").text
    assert 'class="brand" href="/"' in signed_in.get("/accounts").text


def add_calls(session: Session) -> World:
    """Alice's interviews: Anna meets Nora today and once more in three days."""
    world = add_world(session)
    session.add(meeting(world.interviews["nora"], world.people[ANNA], hours=0))
    session.flush()
    return world


def meeting(interview_id: int, organiser_id: int, *, hours: float) -> Appointment:
    at = now().replace(hour=23, minute=30) + timedelta(hours=hours)
    return Appointment(
        interview_id=interview_id,
        uid=f"u-{interview_id}",
        sequence=0,
        starts_at=at,
        timezone="UTC",
        wall=f"{at:%Y-%m-%dT%H:%M}",
        minutes=45,
        way="phone",
        place="+49 30 1",
        organiser_id=organiser_id,
    )


def test_calls_are_those_of_who_holds_them(application: Flask, fill: Fill) -> None:
    world: World = fill(add_calls)
    page = home(application, ANNA)
    assert any(each.startswith("One appointment today") for each in headings(page))
    assert f'href="/interviews/{world.interviews["nora"]}"' in page
    other = home(application, CSM)
    assert f'href="/interviews/{world.interviews["nora"]}"' not in other
    with changing(application) as session:
        found = session.scalars(select(Appointment)).one()
        found.starts_at += timedelta(days=3)
    page = home(application, ANNA)
    assert any(each.startswith("No appointment today") for each in headings(page))
    assert "Next appointments" in page


def counted(application: Flask, email: str) -> int:
    """Count the statements that Home sends."""
    browser, seen = sign_in(application, email), []
    with application.app_context():
        engine = db.engine
    browser.get("/")

    def note(*arguments: object) -> None:
        seen.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    browser.get("/")
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize(("email", "most"), [(LEADER, 20), (CSM, 24), (ADMIN, 12), (VIEWER, 16)])
def test_statements_do_not_grow_with_the_accounts(full: Flask, email: str, most: int) -> None:
    few = counted(full, email)
    with changing(full) as session:
        for number in range(60):
            account = Account(crm_id=f"N{number}", name=f"New {number}", csm_email=CSM, arr=number)
            session.add(account)
            session.flush()
            account.renewal_date = today() + timedelta(days=number)
            session.add(Contact(crm_id=f"n{number}", account_id=account.id, name="Somebody"))
            session.add(
                Promise(crm_id=f"n{number}", account_id=account.id, source="sales", aspect="output", text="Soon")
            )
    # A list asks once more for what has no value in the column that sorts, where its first page is not full without it.
    assert counted(full, email) <= min(few + 1, most)
