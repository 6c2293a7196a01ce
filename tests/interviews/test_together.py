"""Two people in one interview: who may write, what each sees of the other, and who wins where both write at once."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.interviews.models import NoteTaker
from app.interviews.queries.talks import Talk, line_in_scope, talk_in_scope
from app.interviews.services import assign_interviews, choose_note_taker, save_answer, submit_interview
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Remark
from app.responses.rules import ItemContent
from app.responses.services import Conflict
from app.studies.models import Study
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.interviews.test_services import race, scope_for
from tests.interviews.test_views import JSON, NO_CHANGE, address, save, send
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

RACES = 50


def add_pair(session: Session) -> World:
    """Anna leads Nora's interview, Ben takes notes."""
    world = add_world(session)
    session.add(NoteTaker(interview_id=world.interviews["nora"], user_id=world.people[BEN]))
    session.flush()
    return world


@pytest.fixture
def world(fill: Fill) -> World:
    """Anna leads Nora's interview, Ben takes notes."""
    found: World = fill(add_pair)
    return found


def talk(session: Session, world: World, email: str = ANNA) -> Talk:
    return talk_in_scope(session, scope=scope_for(session, email), interview_id=world.interviews["nora"])


def write(
    session: Session, world: World, email: str, note: str, *, question: str = "reason", revision: int = 0, **more: Any
) -> int:
    scope = scope_for(session, email)
    line = line_in_scope(session, scope=scope, interview_id=world.interviews["nora"], question_key=question)
    assert line.is_mine
    content = ItemContent(note=note)
    saved = save_answer(session, line=line, revision=revision, content=content, at=now(), by=scope.user_id, **more)
    return saved.revision


def choose(session: Session, world: World, email: str | None, *, by: str = ANNA) -> None:
    choose_note_taker(
        session,
        talk=talk(session, world),
        user_id=world.people[email] if email else None,
        at=now(),
        by=world.people[by],
    )


def test_who_takes_notes_may_write_and_only_who_leads_chooses(session: Session, world: World) -> None:
    assert (talk(session, world).is_lead, talk(session, world).note_taker) == (True, "Ben Bystander")
    assert (talk(session, world, BEN).is_mine, talk(session, world, BEN).is_lead) == (True, False)
    assert write(session, world, BEN, "Heard by Ben") == 1


def test_choosing_is_on_record_once_and_takes_the_right_to_write_away(session: Session, world: World) -> None:
    choose(session, world, BEN)
    choose(session, world, CSM)
    assert not talk(session, world, CSM).is_lead
    with pytest.raises(Refusal, match="no such interview"):
        talk(session, world, BEN)
    choose(session, world, None)
    fields = sa.select(AuditEvent.fields).where(AuditEvent.action == "interview.note_taker").order_by(AuditEvent.id)
    assert [each["note_taker"] for each in session.scalars(fields)] == [world.people[CSM], None]


@pytest.mark.parametrize(
    ("email", "words"),
    [
        pytest.param(ANNA, "leads the interview", id="who-leads"),
        pytest.param(LEADER, "role csm", id="a-leader"),
        pytest.param(ADMIN, "role csm", id="an-admin"),
    ],
)
def test_who_cannot_take_notes(session: Session, world: World, email: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        choose(session, world, email)


def test_nobody_joins_a_submitted_interview(session: Session, world: World) -> None:
    scope = scope_for(session, ANNA)
    line = line_in_scope(session, scope=scope, interview_id=world.interviews["nora"], question_key="recommend")
    nine = ItemContent(ParsedAnswer(9.0, None))
    save_answer(session, line=line, revision=0, content=nine, at=now(), by=scope.user_id)
    submit_interview(session, talk=talk(session, world, BEN), at=now(), by=world.people[BEN])
    with pytest.raises(Refusal, match="submitted"):
        choose(session, world, None)


def test_who_takes_notes_and_is_made_the_interviewer_does_not_do_both(session: Session, world: World) -> None:
    choices = {world.respondents["nora"]: world.people[BEN]}
    study = session.get_one(Study, world.study)
    assign_interviews(session, study=study, choices=choices, at=now(), by=world.people[LEADER])
    moved = talk(session, world, BEN)
    assert (moved.is_lead, moved.note_taker_id) == (True, None)


def test_a_save_whose_reply_was_lost_is_known_again_after_somebody_else_wrote(session: Session, world: World) -> None:
    assert write(session, world, ANNA, "one", save_key="a" * 32) == 1
    assert write(session, world, BEN, "two", revision=1, save_key="b" * 32) == 2
    assert write(session, world, ANNA, "one", save_key="a" * 32) == 2, "known, and what stands is told"
    with pytest.raises(Conflict):
        write(session, world, ANNA, "one", save_key="c" * 32)
    assert list(session.scalars(sa.select(Remark.note).order_by(Remark.revision))) == ["one", "two"]


def test_races_of_two_people_never_overwrite_silently(application: Flask, world: World) -> None:
    for number in range(RACES):
        done = race(
            application,
            lambda session, at=number: write(session, world, ANNA, f"Anna {at}", revision=at),
            lambda session, at=number: write(session, world, BEN, f"Ben {at}", revision=at),
        )
        [conflict] = [each for each in done if isinstance(each, Conflict)]
        assert number + 1 in done
        winner = "Ben" if done[0] is conflict else "Anna"
        assert conflict.current.content.note == f"{winner} {number}"
    with changing(application) as session:
        rows = session.execute(sa.select(Remark.revision, Remark.superseded_at).order_by(Remark.revision)).all()
        assert [row.revision for row in rows] == [*range(1, RACES + 1)]
        assert [row.superseded_at is None for row in rows] == [False] * (RACES - 1) + [True]


def test_races_at_different_questions_store_both(application: Flask, world: World) -> None:
    for number in range(5):
        done = race(
            application,
            lambda session, at=number: write(session, world, ANNA, f"{at}", revision=at),
            lambda session, at=number: write(session, world, BEN, f"{at}", question="effort", revision=at),
        )
        assert done == [number + 1, number + 1]


def changes(browser: FlaskClient, world: World, since: str = "") -> Any:
    return browser.get(address(world, tail="/changes.json"), query_string={"since": since}, headers=JSON)


def test_each_sees_what_the_other_saved_and_hears_nothing_twice(application: Flask, world: World) -> None:
    anna, ben = sign_in(application, ANNA), sign_in(application, BEN)
    assert changes(anna, world).status_code == 204, "nothing was saved yet"
    save(ben, world, "reason", note="Heard by Ben")
    first = changes(anna, world).get_json()
    assert first["items"]["reason"]["revision"] == 1
    assert (first["items"]["reason"]["theirs"]["note"], first["items"]["reason"]["theirs"]["by"]) == (
        "Heard by Ben", "Ben Bystander",
    )  # fmt: skip
    assert changes(anna, world, first["since"]).status_code == 204
    save(ben, world, "effort", value="3")
    second = changes(anna, world, first["since"]).get_json()
    assert "effort" in second["items"]
    assert changes(anna, world, second["since"]).status_code == 204
    assert set(changes(anna, world, "nonsense").get_json()["items"]) == {"reason", "effort"}


def test_the_page_hears_that_it_was_submitted(application: Flask, world: World) -> None:
    anna, ben = sign_in(application, ANNA), sign_in(application, BEN)
    save(anna, world, value="9")
    send(ben, address(world, tail="/submit"))
    assert changes(anna, world, changes(anna, world).get_json()["since"]).get_json()["is_submitted"]


@pytest.mark.parametrize(("email", "status"), [(LEADER, 403), (ADMIN, 403), (CSM, 403), (STRANGER, 404), (VIEWER, 403)])
def test_changes_are_for_the_two_who_write(application: Flask, world: World, email: str, status: int) -> None:
    assert changes(sign_in(application, email), world).status_code == status


def test_a_known_save_gives_what_stands_now(application: Flask, world: World) -> None:
    anna, ben = sign_in(application, ANNA), sign_in(application, BEN)
    assert save(anna, world, "reason", note="one", save_key="a" * 32).get_json()["standing"] is None
    save(ben, world, "reason", note="two", revision=1, save_key="b" * 32)
    again = save(anna, world, "reason", note="one", save_key="a" * 32)
    assert again.status_code == 200
    assert again.get_json()["standing"]["theirs"]["note"] == "two"


@pytest.mark.parametrize("key", ["short", "x" * 32, "a" * 37, "a" * 15 + "\n"])
def test_a_save_that_is_not_named_as_it_should_be_is_refused(application: Flask, world: World, key: str) -> None:
    answer = save(sign_in(application, ANNA), world, "reason", note="kept", save_key=key)
    assert (answer.status_code, answer.get_json()["field"]) == (400, "save_key")


def test_note_taker_is_chosen_in_the_guide_by_who_leads(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    assert "Ben Bystander takes notes" in anna.get(address(world)).text
    page = anna.get(address(world, tail="/note-taker")).text
    assert "Ben Bystander" in page
    assert "Anna Asker</option>" not in page
    answer = send(anna, address(world, tail="/note-taker"), note_taker=world.people[CSM])
    assert answer.status_code == 303
    assert "Carl Colleague takes notes" in anna.get(address(world)).text
    for value in ("nobody", str(world.people[LEADER]), "999999999"):
        refused = send(anna, address(world, tail="/note-taker"), note_taker=value)
        assert (refused.status_code, "note_taker-error" in refused.text) == (400, True)


@pytest.mark.parametrize(
    ("email", "status"), [(BEN, 403), (LEADER, 200), (ADMIN, 200), (CSM, 403), (STRANGER, 404), (VIEWER, 403)]
)
def test_note_taker_is_nobody_elses_to_choose(application: Flask, world: World, email: str, status: int) -> None:
    browser = sign_in(application, email)
    assert browser.get(address(world, tail="/note-taker")).status_code == status
    expected = 303 if status == 200 else status
    assert send(browser, address(world, tail="/note-taker"), note_taker="").status_code == expected


def test_a_save_of_who_takes_no_notes_any_more_gives_the_text_back(application: Flask, world: World) -> None:
    ben = sign_in(application, BEN)
    with changing(application) as session:
        session.execute(sa.delete(NoteTaker))
    answer = send(ben, address(world, tail="/items/reason"), revision=0, **{**NO_CHANGE, "note": "Still here"})
    assert answer.status_code == 404
    assert "Still here" in answer.text


def test_the_worker_is_the_same_for_everybody_and_sees_interviews_alone(client: FlaskClient) -> None:
    answer = client.get("/interviews/worker.js", buffered=True)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer.headers
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
