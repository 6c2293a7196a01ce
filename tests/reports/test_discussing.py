"""Comments on an edition and signatures under it: who may write, who reads what, and that nothing doubles."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Missing, Refusal
from app.reports.discussing import add_comment, sign_edition, take_back_comment, withdraw_sign_off
from app.reports.models import Edition, EditionComment, EditionSignOff
from app.reports.publishing import publish_edition
from app.reports.queries.discussion import comments_of, sign_offs_of, signers_by_edition
from app.reports.rules.comments import Typed
from app.studies.models import Study
from app.users.models import AuditEvent, User
from app.users.policy import scope_of
from app.users.rules import Scope
from tests.conftest import Fill
from tests.reports.studies import add_alices_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

EDITION = "/studies/q1/gaps/editions/1"
WORDS = "Account 7 is <b>no</b> surprise to us.\n\nAsk Carl."


def add_edition(session: Session) -> None:
    """Everyone, Alice's study, and its first edition."""
    add_alices_study(session)
    session.flush()
    study = session.scalars(sa.select(Study)).one()
    publish_edition(session, study=study, at=now(), by=study.owner_id)


@pytest.fixture
def published(application: Flask, fill: Fill) -> Flask:
    """A workspace in which Alice's study has an edition; two of its accounts are Carl's."""
    fill(add_edition)
    return application


def parts(session: Session) -> tuple[Study, Edition]:
    return session.scalars(sa.select(Study)).one(), session.scalars(sa.select(Edition)).one()


def person(session: Session, email: str) -> int:
    return session.scalars(sa.select(User.id).where(User.email == email)).one()


def scope(session: Session, email: str) -> Scope:
    return scope_of(session.get_one(User, person(session, email)))


def say(session: Session, email: str, words: str, *, is_for_all: bool = False, key: str = "") -> EditionComment:
    study, edition = parts(session)
    typed = Typed(words, "heard", is_for_all)
    by = person(session, email)
    return add_comment(session, study=study, edition=edition, typed=typed, form_key=key, at=now(), by=by)


def read_by(session: Session, email: str) -> list[str | None]:
    study, edition = parts(session)
    return [each.body for each in comments_of(session, edition, study=study, scope=scope(session, email))]


def actions(session: Session) -> list[str]:
    kept = sa.select(AuditEvent.action).where(AuditEvent.object_type == "study").order_by(AuditEvent.id)
    return list(session.scalars(kept))


@pytest.mark.usefixtures("published")
def test_each_reads_what_tells_them_no_more_than_their_report(session: Session) -> None:
    say(session, LEADER, "To all who see the whole")
    say(session, ADMIN, "To everyone", is_for_all=True)
    say(session, CSM, "Carl's own")
    assert read_by(session, LEADER) == read_by(session, ADMIN)
    assert read_by(session, LEADER) == ["To all who see the whole", "To everyone", "Carl's own"]
    assert read_by(session, CSM) == ["To everyone", "Carl's own"]
    assert read_by(session, VIEWER) == ["To everyone"], "a viewer's report names no people, a comment may"


@pytest.mark.usefixtures("published")
def test_the_audit_log_holds_no_words(session: Session) -> None:
    say(session, LEADER, WORDS)
    event = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event
    assert event.action == "report.comment"
    assert event.fields["number"] == 1
    assert "Carl" not in str(event.fields)


@pytest.mark.usefixtures("published")
def test_the_same_form_makes_one_comment(session: Session) -> None:
    first = say(session, LEADER, WORDS, key="k1")
    assert say(session, LEADER, WORDS, key="k1").id == first.id
    assert say(session, CSM, "Another's form of the same key", key="k1").id != first.id
    assert say(session, LEADER, WORDS).id != say(session, LEADER, WORDS).id, "without a key nothing is known again"


def test_eight_sendings_at_once_make_one_comment_and_one_signature(published: Flask) -> None:
    def send(_number: int) -> int:
        with changing(published) as session:
            study, edition = parts(session)
            sign_edition(session, study=study, edition=edition, note="", at=now(), by=person(session, LEADER))
            return say(session, LEADER, WORDS, key="same").id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    with changing(published) as session:
        for model in (EditionComment, EditionSignOff):
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 1


@pytest.mark.usefixtures("published")
def test_a_comment_is_taken_back_by_its_writer_alone_and_its_words_are_gone(session: Session) -> None:
    study, edition = parts(session)
    comment = say(session, LEADER, WORDS)
    with pytest.raises(Missing):
        take_back_comment(
            session, study=study, edition=edition, comment_id=comment.id, at=now(), by=person(session, ADMIN)
        )
    kept: dict[str, Any] = {
        "study": study,
        "edition": edition,
        "comment_id": comment.id,
        "at": now(),
        "by": person(session, LEADER),
    }
    assert take_back_comment(session, **kept)
    assert not take_back_comment(session, **kept)
    assert read_by(session, LEADER) == [None]
    assert actions(session).count("report.take_back") == 1


@pytest.mark.usefixtures("published")
def test_a_signature_is_given_once_withdrawn_and_given_again(session: Session) -> None:
    study, edition = parts(session)
    by: dict[str, Any] = {"study": study, "edition": edition, "at": now(), "by": person(session, LEADER)}
    assert sign_edition(session, note=" Read twice ", **by)
    assert not sign_edition(session, note="Once more", **by)
    assert [(each.who, each.note) for each in sign_offs_of(session, edition)] == [("Alice Owner", "Read twice")]
    sign_edition(session, note="", **(by | {"by": person(session, ADMIN)}))
    assert signers_by_edition(session, study) == {1: ["Alice Owner", "Ada Min"]}
    assert withdraw_sign_off(session, **by)
    assert not withdraw_sign_off(session, **by)
    assert signers_by_edition(session, study) == {1: ["Ada Min"]}
    assert sign_edition(session, note="", **by)
    assert actions(session).count("report.sign") == 3
    assert actions(session).count("report.withdraw") == 1
    with pytest.raises(Refusal, match="to 1,000 characters"):
        sign_edition(session, note="x" * 1_001, **by)


def post(browser: FlaskClient, address: str, **fields: str) -> tuple[int, str]:
    token = token_in(browser.get(EDITION).text)
    reply = browser.post(address, data={"csrf_token": token, **fields}, follow_redirects=True)
    return reply.status_code, reply.text.replace("\u00a0", " ")


def comment_on(browser: FlaskClient, body: str, part: str = "whole", **fields: str) -> tuple[int, str]:
    return post(browser, f"{EDITION}/comments", body=body, part=part, **fields)


def test_a_comment_from_the_form_to_the_page_and_back(published: Flask) -> None:
    alice = sign_in(published, LEADER)
    assert "No comments yet" in alice.get(EDITION).text
    status, page = comment_on(alice, WORDS, "voices")
    assert status == 200
    assert "Your comment stands under the edition" in page
    assert "One comment from colleagues" in page
    assert "Account 7 is &lt;b&gt;no&lt;/b&gt; surprise" in page
    assert "about: In their words" in page
    carl = sign_in(published, CSM)
    assert "Ask Carl" not in carl.get(EDITION).text, "it may name accounts that are not his"
    status, page = comment_on(carl, "I disagree", is_for_all="1")
    assert "I disagree" in page
    assert "for everyone here" not in alice.get(EDITION).text, "who sees a part cannot address everyone"
    number = re.findall(r"/comments/(\d+)/take-back", alice.get(EDITION).text)
    assert len(number) == 1, "nobody takes another's comment back"
    assert post(carl, f"{EDITION}/comments/{number[0]}/take-back")[0] == 404
    status, page = post(alice, f"{EDITION}/comments/{number[0]}/take-back")
    assert status == 200
    assert "Taken back on" in page
    assert "Ask Carl" not in page


@pytest.mark.parametrize(
    ("body", "part", "told"),
    [
        ("x" * 4_001, "heard", "it has 4,001"),
        ("Kept words", "none", "Choose which part"),
        (" ", "heard", "Write what"),
    ],
    ids=["too long", "no such part", "no words"],
)
def test_what_is_refused_keeps_what_was_typed(published: Flask, body: str, part: str, told: str) -> None:
    alice = sign_in(published, LEADER)
    status, page = comment_on(alice, body, part, is_for_all="1", form_key="abc")
    assert status == 400
    assert told in page
    assert f">\n{body}</textarea>" in page
    assert 'name="is_for_all" value="1" checked' in page
    assert 'name="form_key" value="abc"' in page
    status, page = post(alice, f"{EDITION}/sign-off", note="y" * 1_001)
    assert status == 400
    assert "y" * 1_001 in page


def test_who_runs_the_study_signs_and_everybody_sees_by_whom(published: Flask) -> None:
    alice, vera = sign_in(published, LEADER), sign_in(published, VIEWER)
    assert "nobody yet" in vera.get("/studies/q1/gaps/editions").text
    for _ in range(2):
        status, page = post(alice, f"{EDITION}/sign-off", note="Account 7 was checked")
        assert status == 200
    assert "One person stands behind this edition" in page
    seen = vera.get(EDITION).text
    assert "Alice Owner" in seen
    assert "Account 7 was checked" not in seen
    assert "stand behind it</button>" not in seen
    assert "Alice Owner</td>" in vera.get("/studies/q1/gaps/editions").text.split("Signed by")[1]
    assert "Account 7 was checked" in sign_in(published, ADMIN).get(EDITION).text
    status, page = post(alice, f"{EDITION}/sign-off/withdraw")
    assert "Nobody has signed this edition yet" in page


@pytest.mark.parametrize(("email", "status"), [(CSM, 403), (VIEWER, 403), (STRANGER, 404)])
def test_who_does_not_run_the_study_does_not_sign(published: Flask, email: str, status: int) -> None:
    browser = sign_in(published, email)
    token = token_in(browser.get("/password").text)
    for end in ("sign-off", "sign-off/withdraw"):
        assert browser.post(f"{EDITION}/{end}", data={"csrf_token": token}).status_code == status


def test_a_stranger_cannot_comment(published: Flask) -> None:
    browser = sign_in(published, STRANGER)
    token = token_in(browser.get("/password").text)
    reply = browser.post(f"{EDITION}/comments", data={"csrf_token": token, "body": "Hello", "part": "whole"})
    assert reply.status_code == 404


def test_people_outside_see_neither_comments_nor_signatures(published: Flask) -> None:
    alice = sign_in(published, LEADER)
    comment_on(alice, "Only between us", is_for_all="1")
    post(alice, f"{EDITION}/sign-off", note="Only between us")
    _, page = post(alice, f"{EDITION}/links", made_for="The board", days="7")
    path = "/r/" + page.split("/r/")[1].split('"')[0]
    shown = published.test_client().get(path).text
    assert "Account 7" in shown
    for words in ("Only between us", "Alice Owner", "omment"):
        assert words not in shown
