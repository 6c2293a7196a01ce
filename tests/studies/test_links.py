"""Links to a survey: issued once, listed as often as wanted, revoked, and bound to purpose and person."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.customers.models import Contact
from app.studies.models import Link, Respondent
from app.studies.rules.links import is_token, link_expiry, link_token, survey_address
from app.studies.services.links import COLUMNS, issue_links, revoke_links
from app.users.models import AuditEvent
from app.users.rules.sign_ins import token_sha256
from tests.conftest import Fill
from tests.surveys.asked import BASE, SECRET, add_survey, tokens_of
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in, token_in

FACTS = {"purpose": "survey", "respondent_id": 7, "nonce": "n"}


def test_a_token_is_43_characters_and_always_the_same() -> None:
    token = link_token("secret", purpose="survey", respondent_id=7, nonce="n")
    assert len(token) == 43
    assert is_token(token)
    assert link_token("secret", purpose="survey", respondent_id=7, nonce="n") == token


@pytest.mark.parametrize(
    "other", [{"purpose": "unsubscribe"}, {"respondent_id": 8}, {"nonce": "m"}], ids=["purpose", "person", "nonce"]
)
def test_a_token_is_bound_to_all_that_it_stands_for(other: dict[str, object]) -> None:
    facts = {**FACTS, **other}
    assert link_token("secret", **facts) != link_token("secret", **FACTS)  # type: ignore[arg-type]
    assert link_token("another", **FACTS) != link_token("secret", **FACTS)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "/", "ä" * 43, "a" * 43 + "\n"])
def test_what_has_not_the_shape_is_no_token(text: str) -> None:
    assert not is_token(text)


def test_a_link_ends_with_the_last_day_in_utc() -> None:
    assert link_expiry(date(2026, 2, 28)) == datetime(2026, 3, 1, tzinfo=UTC)
    assert survey_address("https://x.test", "T") == "https://x.test/s/T"


def test_listing_again_lists_the_same_links(session: Session) -> None:
    study = add_survey(session, people=3)
    first = issue_links(session, study=study, secret=SECRET, base_url=BASE)
    again = issue_links(session, study=study, secret=SECRET, base_url=BASE)
    assert (first.new, again.new) == (3, 0)
    assert again.links == first.links
    assert [link.contact_id for link in first.links] == ["pulse-00000", "pulse-00001", "pulse-00002"]
    assert len({link.url for link in first.links}) == 3


def test_only_the_hash_is_stored(session: Session) -> None:
    (token,) = tokens_of(session, add_survey(session))
    link = session.scalars(sa.select(Link)).one()
    assert link.token_sha256 == token_sha256(token)
    assert token not in {str(value) for value in vars(link).values()}


def test_who_said_no_and_who_is_interviewed_gets_none(session: Session) -> None:
    study = add_survey(session, people=4)
    session.execute(sa.update(Contact).where(Contact.crm_id == "pulse-00000").values(consent="no"))
    session.execute(sa.update(Contact).where(Contact.crm_id == "pulse-00001").values(consent="yes"))
    interviewed = sa.select(Contact.id).where(Contact.crm_id == "pulse-00002").scalar_subquery()
    session.execute(sa.update(Respondent).where(Respondent.contact_id == interviewed).values(mode="interview"))
    issued = issue_links(session, study=study, secret=SECRET, base_url=BASE)
    assert [link.contact_id for link in issued.links] == ["pulse-00001", "pulse-00003"]


def test_another_secret_key_issues_new_links_beside_the_old(session: Session) -> None:
    study = add_survey(session)
    old = tokens_of(session, study)
    issued = issue_links(session, study=study, secret="another secret", base_url=BASE)
    assert issued.new == 1
    assert issued.links[0].url.rsplit("/", 1)[1] not in old
    assert session.scalar(sa.select(sa.func.count()).where(Link.revoked_at.is_(None))) == 2
    assert tokens_of(session, study) == old


def test_a_revoked_link_is_replaced_by_the_next_listing(session: Session) -> None:
    study = add_survey(session, people=2)
    old = tokens_of(session, study)
    assert revoke_links(session, study=study, contact_id="pulse-00001") == 1
    assert revoke_links(session, study=study, contact_id="pulse-00001") == 0
    new = tokens_of(session, study)
    assert new[0] == old[0]
    assert new[1] != old[1]


@pytest.mark.parametrize("contact", ["nobody", "nul\0"])
def test_revoking_a_stranger_is_refused(session: Session, contact: str) -> None:
    study = add_survey(session)
    with pytest.raises(Missing):
        revoke_links(session, study=study, contact_id=contact)


def test_before_the_draw_nobody_has_a_link(session: Session) -> None:
    study = add_survey(session)
    study.drawn_at = None
    session.flush()
    with pytest.raises(Refusal, match="not been drawn"):
        issue_links(session, study=study, secret=SECRET, base_url=BASE)


def test_the_audit_log_counts_and_names_no_token(session: Session) -> None:
    tokens = tokens_of(session, add_survey(session, people=2))
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "links.issue")).one()
    assert event.fields == {"issued": 2, "listed": 2}
    assert not any(token in json.dumps(event.fields) for token in tokens)


def test_the_command_writes_the_file(runner: FlaskCliRunner, session: Session, tmp_path: Path) -> None:
    add_survey(session, people=2)
    session.execute(sa.update(Contact).where(Contact.crm_id == "pulse-00000").values(name="=cmd()", email=None))
    session.commit()
    path = tmp_path / "links.csv"
    result = runner.invoke(args=["study", "links", "pulse", "--csv", str(path), "--json"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {"study": "pulse", "links": 2, "issued": 2, "file": str(path)}
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["name"], rows[0]["email"], rows[0]["role"]) == ("'=cmd()", "", "champion")
    assert rows[0]["url"].startswith("http://localhost/s/")
    assert rows[0]["expires_at"].endswith("T00:00:00Z")
    before = path.read_bytes()
    assert runner.invoke(args=["study", "links", "pulse", "--csv", str(path)]).exit_code == 0
    assert path.read_bytes() == before


def test_the_command_revokes_and_wants_one_thing(runner: FlaskCliRunner, session: Session, tmp_path: Path) -> None:
    tokens_of(session, add_survey(session))
    session.commit()
    result = runner.invoke(args=["study", "links", "pulse", "--revoke", "pulse-00000", "--json"])
    assert json.loads(result.stdout) == {"study": "pulse", "revoked": 1}
    for arguments in ([], ["--csv", str(tmp_path / "x"), "--revoke", "c"]):
        assert runner.invoke(args=["study", "links", "pulse", *arguments]).exit_code == 2
    missing = runner.invoke(args=["study", "links", "nope", "--csv", str(tmp_path / "x")])
    assert (missing.exit_code, missing.stderr.strip()) == (1, "There is no study “nope”.")


def add_alices_survey(session: Session) -> None:
    """People, and an open survey that Alice owns."""
    add_survey(session, people=2, owner=add_people(session)[LEADER])


@pytest.fixture
def people(application: Flask, fill: Fill) -> Flask:
    """People, and an open survey that Alice owns."""
    fill(add_alices_survey)
    return application


@pytest.mark.parametrize(
    ("email", "status"), [(ADMIN, 200), (LEADER, 200), (STRANGER, 404), (CSM, 403), (VIEWER, 403)], ids=str
)
def test_links_csv_is_for_who_runs_the_study(people: Flask, email: str, status: int) -> None:
    browser = sign_in(people, email)
    token = token_in(browser.get("/password").text)
    reply = browser.post("/studies/pulse/links.csv", data={"csrf_token": token})
    assert reply.status_code == status
    with changing(people) as session:
        issued = session.scalar(sa.select(sa.func.count()).select_from(Link))
    assert issued == (2 if status == 200 else 0)
    if status == 200:
        assert reply.headers["Content-Disposition"] == 'attachment; filename="links-pulse.csv"'
        assert [row["contact_id"] for row in csv.DictReader(io.StringIO(reply.text))] == ["pulse-00000", "pulse-00001"]


def test_links_csv_needs_the_form_s_token(people: Flask) -> None:
    assert sign_in(people, LEADER).post("/studies/pulse/links.csv").status_code == 400
