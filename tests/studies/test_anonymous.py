"""Anonymous studies as those who run them meet them: planned, drawn, handed out, closed."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.database import db
from app.core.errors import Refusal
from app.customers.models import Account
from app.questionnaires.services import publish_questionnaire
from app.studies.models import OpenLink, Study
from app.studies.rules.anonymity import small_strata_warning
from app.studies.rules.progress import answers_finding, next_anonymous_step
from app.studies.services import draw_study, verify_draw
from tests.conftest import Fill
from tests.studies.cross_section import created
from tests.studies.portfolio import FORM, add_ready, plan, send
from tests.surveys.anonymous import add_anonymous, answer_as
from tests.surveys.kinds import every_kind
from tests.users.people import ADMIN, CSM, LEADER, NOON, STRANGER, VIEWER, add_people, sign_in

ANONYMOUS: dict[str, Any] = {"mode": "survey", "anonymous": True, "strata": ["segment"]}


def add_quiet(session: Session) -> None:
    """Add an anonymous study of Alice's that three people have answered."""
    study = add_anonymous(session, owner=add_people(session)[LEADER])
    for n in range(3):
        answer_as(session, study, "Large", f"form-{n}", recommend="9")


def looked_up(application: Flask, wanted: Select[Any]) -> Any:
    """Return the one value that a statement finds, from a session of its own."""
    with application.app_context():
        return db.session.scalar(wanted)


def test_an_anonymous_study_is_drawn_like_any_and_warns_of_small_strata(workspace: Session) -> None:
    study = created(workspace, **ANONYMOUS)
    assert study.is_anonymous
    assert study.plan["anonymous"] is True
    drawn = draw_study(workspace, study=study)
    assert any("Strata that are never shown by themselves" in warning for warning in drawn.warnings)
    assert verify_draw(workspace, study=study).is_genuine


def test_a_questionnaire_that_needs_an_account_is_refused(workspace: Session) -> None:
    publish_questionnaire(workspace, document=every_kind())
    with pytest.raises(Refusal, match="cannot be asked anonymously: section “second”") as refused:
        created(workspace, **ANONYMOUS, questionnaire="kinds")
    assert refused.value.field == "questionnaire"
    assert not created(workspace, questionnaire="kinds", key="named").is_anonymous


@pytest.mark.parametrize(
    ("strata", "named"),
    [
        pytest.param([("a", 2, 5)], None, id="large-enough"),
        pytest.param([("a", 2, 4), ("b", 1, 9), ("c", 3, 5)], "people: a, b.", id="few-people-or-one-account"),
        pytest.param([(str(n), 1, 1) for n in range(12)], "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more.", id="many"),
    ],
)
def test_strata_that_are_never_shown_are_named(strata: list[tuple[str, int, int]], named: str | None) -> None:
    warning = small_strata_warning(strata)
    assert (warning == []) if named is None else warning[0].endswith(named)


def test_what_an_anonymous_study_waits_for() -> None:
    steps = [
        next_anonymous_step(drawn_at=drawn, answers=answers, closed_at=closed)
        for drawn, answers, closed in ((None, 0, None), (NOON, 0, None), (NOON, 7, None), (NOON, 7, NOON))
    ]
    assert [step and step.waits_for for step in steps] == [
        "Not drawn yet", "Waiting for answers", "Figures come with its close", None,
    ]  # fmt: skip
    assert answers_finding(0, is_closed=False) == "Nobody has answered yet"
    assert answers_finding(1, is_closed=True) == "1 anonymous answer"


def test_the_form_plans_an_anonymous_study(application: Flask, fill: Fill) -> None:
    fill(add_ready)
    alice = sign_in(application, LEADER)
    refused = send(alice, "/studies/new", FORM | {"mode": "both", "anonymous": "yes"})
    assert refused.status_code == 400
    assert "Anonymous needs the mode “survey”" in refused.text
    assert 'name="anonymous" value="yes" checked' in refused.text
    address = plan(alice, mode="survey", anonymous="yes")
    assert looked_up(application, select(Study.is_anonymous)) is True
    assert "Anonymous survey from" in alice.get(address).text
    assert 'name="anonymous" value="yes" checked' in alice.get(f"{address}/edit").text
    assert send(alice, f"{address}/edit", FORM | {"mode": "survey"}).status_code == 302
    assert looked_up(application, select(Study.is_anonymous)) is False


def test_the_page_makes_and_shows_the_links_to_who_runs_the_study(application: Flask, fill: Fill) -> None:
    fill(add_quiet)
    alice = sign_in(application, LEADER)
    page = alice.get("/studies/quiet").text
    assert "3 anonymous answers so far" in page
    assert "/a/" not in page
    assert looked_up(application, select(func.count()).select_from(OpenLink)) == 0
    assert send(alice, "/studies/quiet/open-links", form="/studies/quiet").status_code == 302
    page = alice.get("/studies/quiet").text
    assert page.count("http://localhost/a/") == 2
    assert "2 open links, one per stratum" in page


@pytest.mark.parametrize(
    ("caller", "status"), [(ADMIN, 200), (LEADER, 200), (VIEWER, 200), (STRANGER, 404), (CSM, 404)]
)
def test_nobody_sees_more_than_how_many_answers_there_are(
    application: Flask, fill: Fill, caller: str, status: int
) -> None:
    fill(add_quiet)
    browser = sign_in(application, caller)
    page = browser.get("/studies/quiet")
    assert page.status_code == status
    for hidden in ("Dalia", "firm", "silent", "RR1"):
        assert hidden not in page.text
    if status == 200:
        assert ("Make the links" in page.text) == (caller in {ADMIN, LEADER})
        assert "3" in browser.get("/studies").text


def test_a_csm_sees_no_figures_of_a_study_that_drew_their_account(application: Flask, fill: Fill) -> None:
    fill(add_carls)
    carl = sign_in(application, CSM)
    assert carl.get("/studies/quiet").status_code == 200
    assert "/a/" not in carl.get("/studies/quiet").text
    assert carl.get("/studies/quiet/segments").status_code == 404
    account = carl.get("/accounts/quiet-Large-0")
    assert account.status_code == 200
    assert "Quiet look" not in account.text
    assert carl.get("/accounts").status_code == 200


def add_carls(session: Session) -> None:
    """Add the same, at accounts that are all Carl's."""
    add_quiet(session)
    session.query(Account).update({"csm_email": CSM})


def test_who_does_not_run_the_study_makes_no_links(application: Flask, fill: Fill) -> None:
    fill(add_quiet)
    for caller, status in ((STRANGER, 404), (VIEWER, 403), (CSM, 403)):
        reply = send(sign_in(application, caller), "/studies/quiet/open-links", form="/studies")
        assert reply.status_code == status
    assert looked_up(application, select(func.count()).select_from(OpenLink)) == 0


def test_what_needs_names_is_refused_in_the_browser(application: Flask, fill: Fill) -> None:
    fill(add_quiet)
    alice = sign_in(application, LEADER)
    for address in ("silent.csv", "gaps.json", "gaps.pdf", "answers.csv"):
        reply = alice.get(f"/studies/quiet/{address}")
        assert (reply.status_code, "flask report segments quiet" in reply.text) == (400, True), address
    for address in ("links.csv", "score"):
        reply = send(alice, f"/studies/quiet/{address}", form="/studies/quiet")
        assert reply.status_code == 400, address
    assert alice.get("/studies/quiet/gaps").location == "/studies/quiet/segments"


def test_closing_in_the_browser_opens_the_figures(application: Flask, fill: Fill) -> None:
    fill(add_quiet)
    alice = sign_in(application, LEADER)
    asks = alice.get("/studies/quiet/close").text
    assert "Close Quiet look with 3 answers?" in asks
    assert "silent" not in asks
    assert send(alice, "/studies/quiet/close").status_code == 302
    assert "Figures by segment" in alice.get("/studies/quiet").text
    assert "3 answers: too few to show anything" in alice.get("/studies/quiet/segments").text
    assert "Read it by segment" in alice.get("/studies").text


def test_the_command_lists_revokes_and_writes(runner: FlaskCliRunner, fill: Fill, tmp_path: Path) -> None:
    fill(add_quiet)
    listed = json.loads(runner.invoke(args=["study", "open-links", "quiet", "--json"]).stdout)
    assert (listed["issued"], [link["stratum"] for link in listed["links"]]) == (2, ["Large", "Small"])
    assert listed["links"][0]["url"].startswith("http://localhost/a/")
    file = tmp_path / "links.csv"
    again = runner.invoke(args=["study", "open-links", "quiet", "--csv", str(file)])
    assert again.exit_code == 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert [row["url"] for row in csv.DictReader(lines)] == [link["url"] for link in listed["links"]]
    assert runner.invoke(args=["study", "open-links", "quiet", "--revoke", "Large"]).exit_code == 0
    assert runner.invoke(args=["study", "open-links", "quiet", "--revoke", "None"]).exit_code == 1
    personal = runner.invoke(args=["study", "links", "quiet", "--csv", str(file)])
    assert (personal.exit_code, "flask study open-links quiet" in personal.stderr) == (1, True)
    scored = runner.invoke(args=["study", "score", "quiet"])
    assert (scored.exit_code, "flask report segments quiet" in scored.stderr) == (1, True)
