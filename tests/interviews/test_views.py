"""What each person sees of interviews and may do with them, page by page, and what hostile senders get."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.clock import now, today
from app.core.database import db
from app.interviews.models import Interview
from app.responses.models import Answer, Remark, Response
from app.studies.models import Study
from app.users.models import SignIn
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in, token_in

JSON = {"Accept": "application/json"}
NO_CHANGE = {"value": "", "absence": "", "note": "", "quote": "", "quote_permission": ""}


@pytest.fixture
def world(fill: Fill) -> World:
    """Alice's study: Anna holds Nora's interview at Carl's account, Carl that with Pia elsewhere."""
    found: World = fill(add_world)
    return found


def address(world: World, name: str = "nora", tail: str = "") -> str:
    return f"/interviews/{world.interviews[name]}{tail}"


def send(browser: FlaskClient, path: str, *, json: bool = False, **fields: object) -> TestResponse:
    """Send a form with a token of the browser's own session."""
    token = token_in(browser.get("/password").text)
    return browser.post(path, data={"csrf_token": token, **fields}, headers=JSON if json else {})


def save(
    browser: FlaskClient,
    world: World,
    question: str = "recommend",
    *,
    json: bool = True,
    revision: object = 0,
    **fields: object,
) -> TestResponse:
    path = address(world, tail=f"/items/{question}")
    return send(browser, path, json=json, revision=revision, **{**NO_CHANGE, **fields})


def stored(application: Flask, model: type[Answer | Remark | Response]) -> int:
    with changing(application) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def move_study(application: Flask, **values: object) -> None:
    with changing(application) as session:
        session.execute(sa.update(Study).values(**values))


READS = {ADMIN: 200, LEADER: 200, STRANGER: 404, ANNA: 200, CSM: 200, BEN: 404, VIEWER: 403}
WRITES = {ADMIN: 403, LEADER: 403, STRANGER: 404, ANNA: 200, CSM: 403, BEN: 404, VIEWER: 403}
REOPENS = {ADMIN: 303, LEADER: 303, STRANGER: 404, ANNA: 403, CSM: 403, BEN: 404, VIEWER: 403}


@pytest.mark.parametrize("email", READS)
def test_guide_is_written_by_who_holds_it_and_read_by_who_may(application: Flask, world: World, email: str) -> None:
    browser = sign_in(application, email)
    page = browser.get(address(world))
    assert page.status_code == READS[email]
    assert ("READ ALOUD" in page.text) is (email == ANNA)
    assert browser.get(address(world, tail="/history")).status_code == READS[email]
    assert save(browser, world, value="9").status_code == WRITES[email]
    assert stored(application, Answer) == (1 if email == ANNA else 0)


@pytest.mark.parametrize("email", REOPENS)
def test_reopen_is_for_the_owner_and_admins(application: Flask, world: World, email: str) -> None:
    anna = sign_in(application, ANNA)
    save(anna, world, value="9")
    assert send(anna, address(world, tail="/submit")).status_code == 303
    browser = sign_in(application, email)
    page = browser.get(address(world))
    assert ("Reopen…" in page.text) is (REOPENS[email] == 303)
    assert send(browser, address(world, tail="/reopen"), reason="A wrong figure").status_code == REOPENS[email]
    with changing(application) as session:
        is_open = session.scalars(sa.select(Response.submitted_at)).one() is None
    assert is_open is (REOPENS[email] == 303)


def test_reopen_without_a_reason_is_refused_where_it_was_asked(application: Flask, world: World) -> None:
    anna, alice = sign_in(application, ANNA), sign_in(application, LEADER)
    save(anna, world, value="9")
    send(anna, address(world, tail="/submit"))
    page = send(alice, address(world, tail="/reopen"), reason=" ")
    assert page.status_code == 400
    assert "Say why" in page.text
    again = send(alice, address(world, tail="/reopen"), reason="x" * 10_001)
    assert again.status_code == 400
    assert "x" * 10_001 in again.text, "what was typed is given back"


@pytest.mark.parametrize("tail", ["", "/review", "/history", "/submit", "/reopen", "/items/recommend"])
def test_nobody_signed_out_gets_anywhere(application: Flask, world: World, tail: str) -> None:
    browser = application.test_client()
    assert browser.get(address(world, tail=tail)).status_code in {302, 405}
    assert browser.post(address(world, tail=tail), data={"note": "kept"}).status_code in {401, 405}


def test_save_of_an_ended_sign_in_is_401_in_json_and_a_page_that_keeps_the_text(
    application: Flask, world: World
) -> None:
    anna = sign_in(application, ANNA)
    token = token_in(anna.get(address(world)).text)
    with changing(application) as session:
        session.execute(sa.update(SignIn).values(ended_at=now()))
    fields = {"csrf_token": token, "revision": "0", "note": "said in confidence"}
    path = address(world, tail="/items/recommend")
    reply = anna.post(path, data=fields, headers=JSON)
    assert (reply.status_code, reply.json["error"]["status"]) == (401, 401)  # type: ignore[index]
    page = anna.post(path, data=fields)
    assert page.status_code == 401
    assert "said in confidence" in page.text
    assert anna.get("/interviews/token.json").status_code == 401
    assert stored(application, Remark) == 0


def test_token_is_that_of_the_present_sign_in(application: Flask, world: World) -> None:
    browser = sign_in(application, ANNA)
    given = browser.get("/interviews/token.json").json
    assert given is not None
    assert given["user"] == world.people[ANNA]
    path = address(world, tail="/items/recommend")
    headers = {**JSON, "X-CSRFToken": given["token"]}
    reply = browser.post(path, data={"revision": "0", "value": "7"}, headers=headers)
    assert reply.status_code == 200
    foreign = browser.post(path, data={"revision": "1"}, headers={**headers, "Origin": "https://evil.test"})
    assert foreign.status_code == 400


def test_save_answers_with_the_revision_and_the_time(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    first = save(anna, world, value="9", note="hm").json
    assert first is not None
    assert (first["revision"], first["saved_at"][:10]) == (1, today().isoformat())
    assert save(anna, world, value="9", note="hm").json == first, "the same again is the same save"
    assert 'value="9" checked' in anna.get(address(world, tail="?q=recommend")).text


def test_save_of_a_stale_revision_gives_both_texts(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    save(anna, world, value="9", note="first window")
    reply = save(anna, world, value="3", note="second window")
    assert reply.status_code == 409
    told = reply.json
    assert told is not None
    assert (told["revision"], told["theirs"]["note"], told["theirs"]["by"]) == (1, "first window", "Anna Asker")
    assert (told["yours"]["note"], told["yours"]["value"]) == ("second window", "3")
    page = save(anna, world, json=False, value="3", note="second window")
    assert page.status_code == 409
    assert "first window" in page.text
    assert "second window" in page.text
    assert 'name="revision" value="1"' in page.text
    kept = save(anna, world, json=False, revision=1, value="3", note="second window", go="stay")
    assert kept.status_code == 303
    assert "second window" in anna.get(kept.location).text


BAD_SAVES = [
    pytest.param({"value": "11"}, 400, "value", id="off-the-scale"),
    pytest.param({"value": "9", "absence": "refused"}, 400, "absence", id="answer-and-absence"),
    pytest.param({"note": "a\0b"}, 400, "note", id="nul"),
    pytest.param({"quote": "x" * 10_001}, 400, "quote", id="long-quote"),
    pytest.param({"quote_permission": "everybody"}, 400, "quote_permission", id="no-such-permission"),
    pytest.param({"probes": ["drop table"]}, 400, "probes", id="no-such-probe"),
    pytest.param({"revision": ""}, 400, "revision", id="no-revision"),
    pytest.param({"revision": "9" * 40}, 400, "revision", id="huge-revision"),
    pytest.param({"revision": "-1"}, 400, "revision", id="negative-revision"),
    pytest.param({"revision": "7"}, 409, None, id="revision-of-the-future"),
]


@pytest.mark.parametrize(("fields", "status", "field"), BAD_SAVES)
def test_save_of_what_cannot_stand_stores_nothing_and_gives_it_back(
    application: Flask, world: World, fields: dict[str, object], status: int, field: str | None
) -> None:
    anna = sign_in(application, ANNA)
    sent = {"note": "typed with care", **fields}
    reply = save(anna, world, **sent)
    assert reply.status_code == status
    assert (reply.json or {}).get("field") == field
    page = save(anna, world, json=False, **sent)
    assert page.status_code == status
    assert "typed with care" in page.text or "note" in fields
    assert stored(application, Remark) == 0


@pytest.mark.parametrize("question", ["nope", "goals", "%00", "x" * 3000, "'; --"])
def test_save_at_no_question_is_404(application: Flask, world: World, question: str) -> None:
    anna = sign_in(application, ANNA)
    assert save(anna, world, question, value="1").status_code in {400, 404}
    assert anna.get(address(world, tail=f"?q={question}")).status_code in {400, 404}


@pytest.mark.parametrize("number", ["0", "99", "9" * 30, "2147483648"])
def test_an_interview_that_is_none_is_404(application: Flask, world: World, number: str) -> None:
    assert world.interviews
    for tail in ("", "/history", "/review"):
        assert sign_in(application, ADMIN).get(f"/interviews/{number}{tail}").status_code == 404


def test_save_without_script_goes_on_and_back(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    assert save(anna, world, json=False, value="9", go="next").location.endswith("?q=reason")
    assert save(anna, world, "reason", json=False, value="Good", go="back").location.endswith("?q=recommend")
    assert save(anna, world, "contact_again", json=False, value="yes", go="next").location.endswith("/review")
    absent = save(anna, world, "effort", json=False, value=":refused", go="later")
    assert absent.location.endswith("?q=value_promised")
    assert 'value=":refused" checked' in anna.get(address(world, tail="?q=effort")).text


def test_save_outside_the_period_says_why_and_gives_the_text_back(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    move_study(application, closes_on=today() - timedelta(days=1))
    assert "fieldwork of this study ended" in anna.get(address(world)).text
    reply = save(anna, world, note="too late")
    assert (reply.status_code, (reply.json or {})["field"]) == (400, "period")
    page = save(anna, world, json=False, note="too late")
    assert page.status_code == 400
    assert "too late" in page.text
    assert "ended on" in page.text


def test_save_after_submission_is_locked_and_keeps_the_text(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    save(anna, world, value="9")
    send(anna, address(world, tail="/submit"))
    assert save(anna, world, revision=1, value="3").status_code == 423
    page = save(anna, world, json=False, revision=1, value="3", note="one more thing")
    assert page.status_code == 423
    assert "one more thing" in page.text


def test_save_of_who_no_longer_holds_it_keeps_the_text_on_the_page(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    with changing(application) as session:
        session.execute(sa.update(Interview).values(interviewer_id=world.people[CSM]))
    page = save(anna, world, json=False, note="was about to write")
    assert page.status_code == 404
    assert "was about to write" in page.text


def test_review_names_what_is_open_and_absent_and_submit_refuses_nothing(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    empty = send(anna, address(world, tail="/submit"))
    assert empty.status_code == 400
    assert "Nothing has been answered yet" in empty.text
    save(anna, world, value="9")
    save(anna, world, "effort", absence="dont_know")
    page = anna.get(address(world, tail="/review")).text
    assert "1 of 8 questions answered, 6 still open" in page
    assert "Don’t know" in page
    assert "?q=reason" in page
    assert send(anna, address(world, tail="/submit")).status_code == 303
    assert send(anna, address(world, tail="/submit")).status_code == 303, "a second click is harmless"
    read_only = anna.get(address(world)).text
    assert "it is locked and counts" in read_only
    assert "no longer hidden" in read_only
    assert anna.get(address(world, tail="/review")).status_code == 302


def test_history_shows_versions_with_author_and_submission(application: Flask, world: World) -> None:
    anna, alice = sign_in(application, ANNA), sign_in(application, LEADER)
    save(anna, world, value="9", note="<b>first</b>")
    send(anna, address(world, tail="/submit"))
    send(alice, address(world, tail="/reopen"), reason="Look again")
    save(anna, world, revision=1, value="3", note="second")
    guide = anna.get(address(world)).text
    assert "reopened by Alice Owner" in guide
    assert "Look again" in guide
    page = anna.get(address(world, tail="/history")).text
    assert "&lt;b&gt;first&lt;/b&gt;" in page
    assert "second" in page
    assert "Anna Asker" in page
    assert "stands now" in page


@pytest.mark.parametrize(
    ("email", "seen"),
    [
        pytest.param(ANNA, {"Nora"}, id="interviewer"),
        pytest.param(CSM, {"Nora", "Pia"}, id="csm-of-the-account"),
        pytest.param(BEN, set(), id="other-csm"),
        pytest.param(LEADER, {"Nora", "Pia"}, id="owner"),
        pytest.param(ADMIN, {"Nora", "Pia"}, id="admin"),
        pytest.param(STRANGER, set(), id="stranger"),
    ],
)
def test_index_lists_what_the_caller_may_read(application: Flask, world: World, email: str, seen: set[str]) -> None:
    assert world.people
    page = sign_in(application, email).get("/interviews").text
    assert {name for name in ("Nora", "Omar", "Pia", "Quin") if f">{name}<" in page} == seen


def test_index_teaches_and_counts(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    save(anna, world, value="9")
    save(anna, world, "effort", absence="refused")
    assert "2 of 8" in anna.get("/interviews").text
    assert "A leader gives you" in sign_in(application, BEN).get("/interviews").text


def test_index_of_an_empty_workspace_teaches_leaders(application: Flask) -> None:
    with changing(application) as session:
        add_people(session)
    assert "who asks whom" in sign_in(application, LEADER).get("/interviews").text


def test_assign_lists_people_and_sets_those_apart_who_said_no(application: Flask, world: World) -> None:
    alice = sign_in(application, LEADER)
    page = alice.get("/studies/talks/interviews").text
    assert "1 of 3 people has no interviewer yet" in page
    assert f'name="person-{world.respondents["omar"]}"' in page
    assert f'name="person-{world.respondents["quin"]}"' not in page
    assert "Quin" in page
    assert "Rosa" not in page
    done = send(
        alice,
        "/studies/talks/interviews",
        action="assign",
        **{f"person-{world.respondents['omar']}": str(world.people[BEN])},
    )
    assert done.status_code == 303
    assert "1 assigned." in alice.get(done.location).text


@pytest.mark.parametrize("value", ["x", "9" * 40, "-1", "0", "1\0", "1e3"])
def test_assign_keeps_what_was_chosen_where_it_is_refused(application: Flask, world: World, value: str) -> None:
    alice = sign_in(application, LEADER)
    fields = {
        f"person-{world.respondents['omar']}": str(world.people[BEN]),
        f"person-{world.respondents['nora']}": value,
    }
    page = send(alice, "/studies/talks/interviews", action="assign", **fields)
    assert page.status_code == 400
    assert f'<option value="{world.people[BEN]}" selected>Ben Bystander' in page.text
    with changing(application) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Interview)) == 2


@pytest.mark.parametrize(("fields", "status"), [({}, 400), ({"to_own": "1"}, 303), ({"interviewers": "x"}, 400)])
def test_assign_shares_out(application: Flask, world: World, fields: dict[str, str], status: int) -> None:
    assert world.people
    alice = sign_in(application, LEADER)
    reply = send(alice, "/studies/talks/interviews", action="share", **fields)
    assert reply.status_code == status
    if status == 303:
        assert "All 3 people have an interviewer" in alice.get(reply.location).text


@pytest.mark.parametrize("page", ["0", "-3", "9999999999999999999999", "x"])
def test_assign_opens_at_any_page_number(application: Flask, world: World, page: str) -> None:
    assert world.people
    assert sign_in(application, LEADER).get(f"/studies/talks/interviews?page={page}").status_code == 200


def counted(application: Flask, act: Callable[[], object]) -> list[str]:
    """Return the statements that a request sends."""
    with application.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    sa.event.listen(engine, "before_cursor_execute", note)
    act()
    sa.event.remove(engine, "before_cursor_execute", note)
    return seen


def test_a_later_save_is_one_short_transaction(application: Flask, world: World) -> None:
    anna = sign_in(application, ANNA)
    save(anna, world, value="9")
    headers = {**JSON, "X-CSRFToken": token_in(anna.get("/password").text)}
    path, fields = address(world, tail="/items/recommend"), {"revision": "1", "value": "8", "note": "more"}
    replies: list[int] = []
    seen = counted(application, lambda: replies.append(anna.post(path, data=fields, headers=headers).status_code))
    assert replies == [200]
    assert len(seen) <= 16, seen
