"""What stands behind the gap, in short: a finding for each topic, naming no account, and what was agreed."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.core.clock import now, today
from app.customers.models import Account, Promise
from app.reports.rules.beyond import NO_ACTIONS, UNTESTED, Followed, actions_entry, actions_title, entry
from app.reports.rules.topics.page import Page, Section
from app.reports.rules.workings import Working
from app.studies.models import Study
from app.users.models import User
from tests.conftest import Fill
from tests.reports.studies import add_alices_study
from tests.users.people import CSM, LEADER, changing, sign_in

NONE = Followed(0, 0, 0)
ORDER = ["silence", "dimensions", "drivers", "three_ways", "modes", "validity", "trends", "actions"]


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


@pytest.mark.parametrize(
    ("promised", "internal", "title"),
    [
        pytest.param(NONE, NONE, "No follow-up was agreed on yet", id="none"),
        pytest.param(
            Followed(5, 1, 2), Followed(9, 0, 9), "Two of five follow-ups promised to customers are late", id="both"
        ),
        pytest.param(Followed(1, 0, 1), NONE, "One of one follow-up promised to customers is late", id="the only one"),
        pytest.param(Followed(2, 2, 0), Followed(12, 0, 1), "One of 12 follow-ups among ourselves is late", id="ours"),
        pytest.param(Followed(2, 2, 0), Followed(1, 0, 0), "No follow-up is late; two of three done", id="none late"),
        pytest.param(Followed(1, 0, 0), NONE, "No follow-up is late; none of one done", id="none done"),
    ],
)
def test_titles_of_what_was_agreed(promised: Followed, internal: Followed, title: str) -> None:
    assert actions_title(promised, internal) == title


def test_without_anything_agreed_the_next_step_is_taught() -> None:
    made = actions_entry(NONE, NONE, NONE)
    assert (made["title"], made["counts"], made["empty"]) == ("", [], NO_ACTIONS)


def test_a_page_gives_its_finding_and_first_figures() -> None:
    working = Working("Change", "+2.0", "+0.5 to +3.5", "40", "Mean of now less then.")
    page = Page(
        "It rose",
        ["One.", "Two.", "Three."],
        [Section("a", "A", empty="Nothing."), Section("b", "B", workings=[working] * 5)],
    )
    made = entry("trends", "Trends", page)
    assert (made["title"], made["text"], len(made["figures"]), made["empty"]) == ("It rose", ["One.", "Two."], 3, "")
    assert made["figures"][0]["interval"] == "+0.5 to +3.5"


@pytest.mark.parametrize(
    ("page", "title", "empty"),
    [
        pytest.param(None, "", UNTESTED, id="never computed"),
        pytest.param(
            Page("One wave", [], [Section("a", "A", empty="Ask again.")]), "One wave", "Ask again.", id="empty"
        ),
    ],
)
def test_where_nothing_can_be_said_it_says_what_would_fill_it(page: Page | None, title: str, empty: str) -> None:
    made = entry("validity", "Is the health score right?", page, empty=UNTESTED)
    assert (made["title"], made["empty"]) == (title, empty)


def agree(session: Session, crm_id: str, *, due: date, is_promised: bool, is_done: bool = False) -> None:
    account = session.scalars(sa.select(Account).where(Account.crm_id == crm_id)).one()
    owner = session.scalars(sa.select(User).where(User.email == LEADER)).one()
    session.add(
        Action(account_id=account.id, owner_id=owner.id, created_by=owner.id, title="Call", due_on=due,
               is_promised=is_promised, done_at=now() if is_done else None)
    )  # fmt: skip


def test_follow_ups_and_promises_of_the_accounts_drawn_are_counted(scored: Flask) -> None:
    with changing(scored) as session:
        late, ahead = today() - timedelta(days=1), today() + timedelta(days=1)
        agree(session, "A7", due=late, is_promised=True)
        agree(session, "A7", due=late, is_promised=True, is_done=True)
        agree(session, "A2", due=ahead, is_promised=True)
        agree(session, "A2", due=late, is_promised=False)
        drawn = session.scalars(sa.select(Account.id).where(Account.crm_id == "A7")).one()
        other = Account(crm_id="elsewhere", name="Not drawn", status="active")
        session.add(other)
        session.flush()
        agree(session, "elsewhere", due=late, is_promised=True)
        session.add(Promise(crm_id="P1", account_id=drawn, source="contract", aspect="financial", text="Half the time"))
    document = sign_in(scored, LEADER).get("/studies/q1/gaps.json").json
    assert document is not None
    made = {each["key"]: each for each in document["beyond"]}["actions"]
    assert [tuple(row.values()) for row in made["counts"]] == [
        ("Follow-ups promised to customers", 3, 1, 1),
        ("Follow-ups among ourselves", 1, 0, 1),
        ("Promises of value", 1, 0, 0),
    ]
    assert made["title"] == "One of three follow-ups promised to customers is late"


def test_each_question_has_its_finding_or_what_would_fill_it(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    document = browser.get("/studies/q1/gaps.json").json
    assert document is not None
    assert [each["key"] for each in document["beyond"]] == ORDER
    assert all(each["title"] or each["empty"] for each in document["beyond"])
    page = browser.get("/studies/q1/gaps").text
    assert 'href="/studies/q1/gaps/silence"' in page
    assert UNTESTED in page
    for each in document["beyond"]:
        assert json.dumps(each, allow_nan=False)


def test_findings_name_no_account_so_that_every_reader_may_see_them(scored: Flask) -> None:
    seen = [sign_in(scored, who).get("/studies/q1/gaps.json").json for who in (LEADER, CSM)]
    assert seen[0]["beyond"] == seen[1]["beyond"]
    with scored.app_context():
        names = [account["name"] for account in seen[0]["accounts"]]
    assert not [name for name in names if name in json.dumps(seen[0]["beyond"], ensure_ascii=False)]


def test_a_part_of_a_study_leaves_them_out(scored: Flask) -> None:
    browser = sign_in(scored, LEADER)
    with changing(scored) as session:
        role = session.scalars(sa.select(Study)).one().plan["roles"]
    part = browser.get(f"/studies/q1/gaps?role={next(iter(role))}").text
    assert "What stands behind the gap" not in part
