"""Importing by the browser: upload, preview, confirm or discard, as owner, stranger and others see it."""

import io
import os
import stat
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import db
from app.customers.models import Account
from app.responses.models import Answer
from app.studies.models import Study
from app.transfer.models import Upload
from app.transfer.tasks import forget_old_uploads
from app.users.models import AuditEvent, User
from tests.conftest import Fill
from tests.transfer.conftest import build_world
from tests.transfer.test_bad_files import CASES, GOOD
from tests.transfer.uploading import (
    ACCOUNTS,
    ask,
    change,
    everything_in,
    kept_files,
    press,
    send_file,
    uploads_of,
)
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in, token_in

RESPONSES = "response_id,account_id,contact_id,submitted_at,question,value\nR-1,A-1,C-1,2026-01-31,recommend,{}\n"


def add_owned(session: Session) -> None:
    """The small world with people; Alice owns the study `s`."""
    build_world(session)
    people = add_people(session)
    session.execute(sa.update(Study).values(owner_id=people[LEADER].id))


@pytest.fixture
def owned(application: Flask, fill: Fill) -> Flask:
    """The small world with people; Alice owns the study `s`."""
    fill(add_owned)
    return application


@pytest.fixture
def alice(owned: Flask) -> FlaskClient:
    """Alice's browser."""
    return sign_in(owned, LEADER)


def test_uploads_teaches_the_first_step_and_the_columns(application: Flask) -> None:
    with changing(application) as session:
        add_people(session)
    page = sign_in(application, ADMIN).get("/imports").text
    assert "0 accounts so far" in page
    assert "docs/importing.md" in page
    assert "<code>account_id</code>" in page
    assert "there is none of yours yet" in page


def test_a_file_is_previewed_and_stored_only_after_yes(owned: Flask, alice: FlaskClient) -> None:
    reply = send_file(alice, "accounts", ACCOUNTS, filename="my files/book.csv")
    assert reply.status_code == 302, reply.text
    page = alice.get(reply.location).text
    for words in ("1 new and 1 changed", "nothing is stored yet", "book.csv", "UTF-8", "Customer One", "Eight"):
        assert words in page
    assert "my files" not in page
    assert ask(owned, sa.select(Account.name).order_by(Account.crm_id)) == ["Customer 1", "Customer 2"]
    (path,) = kept_files(owned)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    done = press(alice, reply.location, "confirm")
    assert done.location == reply.location
    assert "1 new and 1 changed: accounts are imported" in alice.get(reply.location).text
    assert kept_files(owned) == []
    assert ask(owned, sa.select(Account.name).order_by(Account.crm_id)) == [
        "Customer One",
        "Customer 2",
        "Eight",
    ]
    (actor,) = ask(owned, sa.select(User.id).where(User.email == LEADER))
    told = sa.select(AuditEvent.action).where(AuditEvent.actor_id == actor).order_by(AuditEvent.id)
    assert ask(owned, told) == ["upload.previewed", "import", "upload.imported"]


def test_after_yes_no_values_of_the_file_stay_with_the_upload(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", ACCOUNTS).location
    assert "Customer One" in str(uploads_of(owned)[0].options)
    press(alice, address, "confirm")
    assert "Customer One" not in str(uploads_of(owned)[0].options)


def test_a_second_yes_does_no_harm(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", ACCOUNTS).location
    press(alice, address, "confirm")
    before = everything_in(owned)
    token_page = alice.get("/imports")
    assert token_page.status_code == 200
    again = alice.post(f"{address}/confirm", data={"csrf_token": token_in(token_page.text)})
    assert again.location == address
    assert alice.post(f"{address}/discard", data={"csrf_token": token_in(token_page.text)}).location == address
    assert everything_in(owned) == before
    assert len(uploads_of(owned)) == 1


def test_the_same_file_again_is_recognised(alice: FlaskClient) -> None:
    press(alice, send_file(alice, "accounts", ACCOUNTS).location, "confirm")
    page = alice.get(send_file(alice, "accounts", ACCOUNTS).location).text
    assert "imported already at" in page
    assert "2 rows, 0 of them new or changed" in page


def test_what_changed_since_the_preview_is_said(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", ACCOUNTS).location
    change(owned, sa.insert(Account).values(crm_id="A-8", name="Other"))
    press(alice, address, "confirm")
    page = alice.get(address).text
    assert "had changed since the preview: 0 created instead of 1, 2 updated instead of 1" in page


def test_what_became_impossible_since_the_preview_is_refused(owned: Flask, alice: FlaskClient) -> None:
    content = "case_id,account_id,opened_at\nK-1,A-9,2026-01-31\n"
    change(owned, sa.insert(Account).values(crm_id="A-9", name="Nine"))
    address = send_file(alice, "cases", content).location
    change(owned, sa.delete(Account).where(Account.crm_id == "A-9"))
    reply = press(alice, address, "confirm")
    assert reply.status_code == 400
    assert "1 fault since the preview: nothing was stored" in reply.text
    assert "No account has the id “A-9”" in reply.text
    assert len(kept_files(owned)) == 1


def test_bytes_that_are_gone_or_changed_are_not_imported(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", ACCOUNTS).location
    (path,) = kept_files(owned)
    path.write_text("account_id,name\nX,Y\n")
    for _ in range(2):
        reply = press(alice, address, "confirm")
        assert reply.status_code == 400
        assert "upload it again" in reply.text
        path.unlink(missing_ok=True)


def test_a_discarded_file_is_gone(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "accounts", ACCOUNTS).location
    assert press(alice, address, "discard").location == "/imports"
    assert "is discarded" in alice.get("/imports").text
    assert alice.get(address).status_code == 404
    assert (kept_files(owned), uploads_of(owned)) == ([], [])


@pytest.mark.parametrize("email", [ADMIN, STRANGER, CSM, VIEWER])
def test_an_upload_is_its_persons_alone(owned: Flask, alice: FlaskClient, email: str) -> None:
    address = send_file(alice, "accounts", ACCOUNTS).location
    other = sign_in(owned, email)
    expected = 404 if email in {ADMIN, STRANGER} else 403
    assert other.get(address).status_code == expected
    token = token_in(other.get("/studies").text)
    for button in ("confirm", "discard"):
        assert other.post(f"{address}/{button}", data={"csrf_token": token}).status_code == expected
    assert address not in other.get("/imports").text
    assert other.get("/imports/99999999999999999999").status_code == 404
    assert len(kept_files(owned)) == 1


def customers_in(application: Flask) -> list[tuple[Any, ...]]:
    """All rows but what the audit log says of files that came and went."""
    return [row for row in everything_in(application) if "upload" not in row]


def test_broken_files_are_pages_that_name_the_cell(owned: Flask, alice: FlaskClient) -> None:
    before = customers_in(owned)
    for case in CASES:
        content, _place, reason, kinds = case.values
        for kind in kinds[:: 5 if len(kinds) == len(GOOD) else 1]:
            fields = {"study": "s"} if kind == "responses" else {}
            reply = send_file(alice, kind, content(GOOD[kind]), **fields)
            if reply.status_code == 302 and alice.get(reply.location).location.endswith("/columns"):
                # Names that do not fit are asked about; the file is refused as soon as it is not said what they are.
                assert reason.startswith(("is missing", "Unknown column")) or "missing" in reason, (case.id, kind)
                token = token_in(alice.get(f"{reply.location}/columns").text)
                assert alice.post(f"{reply.location}/discard", data={"csrf_token": token}).location == "/imports"
                continue
            assert reply.status_code == 400, (case.id, kind)
            assert "nothing was stored" in reply.text, (case.id, kind)
            assert reason in reply.text.replace("&#34;", '"').replace("&#39;", "'"), (case.id, kind)
    assert customers_in(owned) == before
    assert (kept_files(owned), uploads_of(owned)) == ([], [])


def test_a_hundred_faults_are_listed_and_all_are_counted(alice: FlaskClient) -> None:
    page = send_file(alice, "accounts", "account_id,name\n" + "".join(f"B-{n},\n" for n in range(250))).text
    assert "250 faults in the file: nothing was stored" in page
    assert page.count("is required; fill it in") == 100


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"kind": "galaxies"}, "Choose what the file holds", id="unknown-kind"),
        pytest.param({"kind": "\0"}, "Choose what the file holds", id="nul-kind"),
        pytest.param({"file": ""}, "Choose a file", id="no-file"),
        pytest.param({"date_format": "soon"}, "does not give day, month and year", id="no-date-format"),
        pytest.param({"date_format": "%d\0%m%Y"}, "cannot be seen", id="nul-date-format"),
        pytest.param({"date_format": "%d" * 900}, "at most 40", id="endless-date-format"),
        pytest.param({"kind": "responses"}, "Choose the study", id="no-study"),
        pytest.param({"kind": "responses", "study": "s", "renamed": "nothing"}, "FROM=TO", id="no-mapping"),
        pytest.param({"kind": "responses", "study": "s", "renamed": "x=y"}, "does not ask “y”", id="unknown-question"),
        pytest.param({"kind": "responses", "study": "s", "ignored": "a\0"}, "cannot be seen", id="nul-ignored"),
        pytest.param(
            {"kind": "responses", "study": "s", "renamed": "x=recommend", "ignored": "x"}, "both mapped", id="both"
        ),
    ],
)
def test_odd_choices_are_refused_above_their_field(
    owned: Flask, alice: FlaskClient, fields: dict[str, str], words: str
) -> None:
    chosen = {"kind": "accounts", "date_format": "%d.%m.%Y", **fields}
    content = RESPONSES.format(9) if chosen["kind"] == "responses" else ACCOUNTS
    reply = send_file(alice, chosen.pop("kind"), content, **chosen)
    assert reply.status_code == 400
    assert words in reply.text
    assert 'class="error"' in reply.text
    assert uploads_of(owned) == []


def test_responses_come_in_with_their_options(owned: Flask, alice: FlaskClient) -> None:
    content = (
        "response_id;account_id;contact_id;submitted_at;question;value\n"
        "R-1;A-1;C-1;31.01.2026;nps;9\nR-1;A-1;C-1;31.01.2026;shoe;43\n"
    )
    options = {"study": "s", "renamed": "nps=recommend", "ignored": "shoe\n", "date_format": "%d.%m.%Y"}
    address = send_file(alice, "responses", content, **options).location
    page = alice.get(address).text
    assert "recommend" in page
    assert "questions left out" in page
    press(alice, address, "confirm")
    assert ask(owned, sa.select(Answer.value_number)) == [9.0]
    changed = alice.get(send_file(alice, "responses", RESPONSES.format(3), study="s").location).text
    assert "0 new and 1 changed" in changed
    assert '<td data-label="Before" class="cell">9</td>' in changed


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 302), (LEADER, 302), (STRANGER, 404), (CSM, 403), (VIEWER, 403)])
def test_responses_go_into_studies_that_one_may_manage(owned: Flask, email: str, status: int) -> None:
    browser = sign_in(owned, email)
    if status == 403:
        assert browser.get("/imports").status_code == 403
        return
    assert ("A study (s)" in browser.get("/imports").text) is (status == 302)
    assert send_file(browser, "responses", RESPONSES.format(9), study="s").status_code == status
    assert len(kept_files(owned)) == (1 if status == 302 else 0)


def test_a_study_that_was_taken_away_since_the_preview_is_missing(owned: Flask, alice: FlaskClient) -> None:
    address = send_file(alice, "responses", RESPONSES.format(9), study="s").location
    change(owned, sa.update(Study).values(owner_id=None))
    assert press(alice, address, "confirm").status_code == 404
    assert ask(owned, sa.select(Answer.id)) == []


def test_changes_are_shown_cell_by_cell(alice: FlaskClient) -> None:
    first = "account_id,name,tags,arr,shoe\nA-1,Customer 1,b;a,1.5,43\n"
    press(alice, send_file(alice, "accounts", first).location, "confirm")
    second = "account_id,name,tags,arr,shoe\nA-1,Customer 1,a,,44\nA-2,Customer 2,,,\n"
    page = alice.get(send_file(alice, "accounts", second).location).text
    for column, before, after in (("tags", "b; a", "a"), ("arr", "1.50", "empty"), ("shoe", "43", "44")):
        cells = f'<code>{column}</code></td><td data-label="Before" class="cell">{before}</td>'
        assert cells in page
        assert f'<b class="strong">{after}</b>' in page
    assert "<code>name</code>" not in page


def test_a_contact_that_moves_is_shown_by_the_accounts_ids(alice: FlaskClient) -> None:
    content = "contact_id,account_id,name,is_primary\nC-1,A-2,Contact 1,yes\n"
    page = alice.get(send_file(alice, "contacts", content).location).text
    assert '<code>account_id</code></td><td data-label="Before" class="cell">A-1</td>' in page
    assert '<code>is_primary</code></td><td data-label="Before" class="cell">no</td>' in page


def test_values_are_text_and_never_markup(alice: FlaskClient) -> None:
    content = 'account_id,name,"<b>x</b>"\n"<i>8</i>","<script>y()</script>","<u>z</u>"\n'
    page = alice.get(send_file(alice, "accounts", content, filename="<s>.csv").location).text
    for markup in ("<script>", "<b>x", "<i>8", "<u>z", "<s>"):
        assert markup not in page


def wide_file(megabytes: float) -> bytes:
    """A file of accounts of that size."""
    header = "account_id,name," + ",".join(f"c{number}" for number in range(10))
    row = ",".join(["{:07d}", "N", *["x" * 1_900] * 10])
    lines = [header, *(row.format(number) for number in range(int(megabytes * 1e6) // 19_021))]
    text = "\n".join(lines) + "\n"
    return (text + "\n" * (int(megabytes * 1e6) - len(text))).encode()


def test_a_file_may_have_16_mb_and_no_more(owned: Flask, alice: FlaskClient) -> None:
    content = wide_file(15.9)
    assert len(content) == 15_900_000
    assert send_file(alice, "accounts", content).status_code == 302
    reply = send_file(alice, "accounts", wide_file(16.1))
    assert reply.status_code == 413
    assert "This is too large" in reply.text
    assert len(uploads_of(owned)) == 1


def test_other_addresses_take_no_more_than_before(alice: FlaskClient) -> None:
    token = token_in(alice.get("/imports").text)
    assert alice.post("/password", data={"csrf_token": token, "current": "x" * 1_100_000}).status_code == 413


def test_nobody_waits_while_an_upload_arrives(owned: Flask, alice: FlaskClient) -> None:
    seen = []

    class Slow(io.BytesIO):
        """A body during which somebody else writes."""

        def read(self, size: int | None = -1) -> bytes:
            self.let_others_write()
            return super().read(size)

        def readinto(self, buffer: Any) -> int:
            self.let_others_write()
            return super().readinto(buffer)

        def let_others_write(self) -> None:
            if not seen:
                with owned.app_context(), db.engine.begin() as connection:
                    seen.append(connection.execute(sa.update(User).values(name="x")).rowcount)

    kind = "multipart/form-data; boundary=x"
    reply = alice.post("/imports", input_stream=Slow(b"--x--\r\n"), content_type=kind, content_length=7)
    assert reply.status_code == 400
    assert seen == [5]


def test_forgotten_uploads_are_removed_after_a_day(owned: Flask, alice: FlaskClient) -> None:
    press(alice, send_file(alice, "accounts", ACCOUNTS).location, "confirm")
    address = send_file(alice, "accounts", ACCOUNTS).location
    with owned.app_context():
        assert forget_old_uploads() == 0
    assert len(kept_files(owned)) == 1
    orphan = kept_files(owned)[0].with_name("orphan")
    orphan.write_bytes(b"")
    yesterday = now() - timedelta(days=1, minutes=1)
    for path in kept_files(owned):
        os.utime(path, (yesterday.timestamp(),) * 2)
    change(owned, sa.update(Upload).values(created_at=yesterday))
    with owned.app_context():
        assert [forget_old_uploads(), forget_old_uploads()] == [1, 0]
    assert kept_files(owned) == []
    assert alice.get(address).status_code == 404
    assert [upload.imported_at is None for upload in uploads_of(owned)] == [False]
