"""Accounts: what is created, what a second file changes, and the workspace's currency."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.workspace import the_workspace
from app.customers.models import Account, Contact
from app.transfer.services import Options, import_file
from app.users.models import AuditEvent

Run = Callable[..., Any]

FULL = (
    "account_id,name,status,segment,industry,tier,lifecycle_stage,country,state,city,postal_code,arr,currency,cost,"
    "incentives,pipeline,seats,start_date,renewal_date,term_months,plan,csm_email,tags,Region,Offer\n"
    'A-1,"Müller, Söhne",,SMB,Retail,Gold,adoption,Germany,BE,Berlin,01099,2725919.40,eur,10.5,1,-3.25,25,2024-02-29,'
    "2027-01-31,12,Pro,csm@parallax.invalid,new; big;new,North,None\n"
)


def account(session: Session, crm_id: str) -> Account:
    session.expire_all()
    found = session.scalars(sa.select(Account).where(Account.crm_id == crm_id)).one()
    session.rollback()
    session.refresh(found)
    return found


def test_every_column_is_stored(run: Run, session: Session) -> None:
    assert run("accounts", FULL).counts == (1, 1, 0, 0)
    stored = account(session, "A-1")
    assert (stored.name, stored.status, stored.segment, stored.postal_code) == (
        "Müller, Söhne",
        "active",
        "SMB",
        "01099",
    )
    assert (stored.arr, stored.cost, stored.pipeline) == (Decimal("2725919.40"), Decimal("10.50"), Decimal("-3.25"))
    assert (stored.currency, stored.seats, stored.term_months) == ("EUR", 25, 12)
    assert (stored.start_date, stored.renewal_date) == (date(2024, 2, 29), date(2027, 1, 31))
    assert stored.tags == ["new", "big"]
    assert stored.custom == {"Region": "North", "Offer": "None"}


def test_what_a_search_reads_follows_the_names(run: Run, session: Session) -> None:
    run("accounts", FULL)
    run("contacts", "contact_id,account_id,name\nC-1,A-1,ZOË ΑΘΗΝΑ\n")
    assert account(session, "A-1").searched == "müller, söhne\na-1\nnew\nbig"
    assert session.scalar(sa.select(Contact.searched)) == "zoë αθηνα"
    session.rollback()
    run("accounts", "account_id,name,tags\nA-1,ÅKERI,Öst\n")
    run("contacts", "contact_id,account_id,name\nC-1,A-1,Nobody\n")
    assert account(session, "A-1").searched == "åkeri\na-1\nöst"
    assert session.scalar(sa.select(Contact.searched)) == "nobody"


def test_a_second_file_changes_only_the_columns_it_has(run: Run, session: Session) -> None:
    run("accounts", FULL)
    assert run("accounts", "account_id,name,tier,Region\nA-1,New name,,South\n").counts == (1, 0, 1, 0)
    stored = account(session, "A-1")
    assert (stored.name, stored.tier, stored.segment) == ("New name", None, "SMB")
    assert stored.arr == Decimal("2725919.40")
    assert stored.tags == ["new", "big"]
    assert stored.custom == {"Region": "South", "Offer": "None"}


def test_an_empty_cell_clears_a_custom_field(run: Run, session: Session) -> None:
    run("accounts", FULL)
    assert run("accounts", "account_id,name,Region\nA-1,New name,\n").counts == (1, 0, 1, 0)
    assert account(session, "A-1").custom == {"Offer": "None"}


def test_custom_fields_in_another_order_are_unchanged(run: Run) -> None:
    run("accounts", "account_id,name,b,a\nA-1,One,é,2\n")
    assert run("accounts", "account_id,name,a,b\nA-1,One,2,é\n").counts == (1, 0, 0, 1)


def test_an_account_made_by_hand_is_unchanged_by_a_file_that_says_the_same(run: Run, session: Session) -> None:
    session.add(Account(crm_id="A-1", name="One", tags=["x", "y"], custom={"Région": "Île", "n": "1"}))
    session.commit()
    assert run("accounts", "account_id,name,tags,Région\nA-1,One,x;y,Île\n").counts == (1, 0, 0, 1)


def test_created_updated_and_unchanged_are_told_apart(run: Run) -> None:
    run("accounts", "account_id,name\nA-1,One\nA-2,Two\n")
    outcome = run("accounts", "account_id,name\nA-1,One\nA-2,Zwei\nA-3,Three\n")
    assert outcome.counts == (3, 1, 1, 1)


@pytest.mark.parametrize(
    ("status", "stored"),
    [("", "active"), ("Churned", "churned"), ("INACTIVE", "inactive"), ("On Hold", "On Hold")],
)
def test_status(status: str, stored: str, run: Run, session: Session) -> None:
    run("accounts", f"account_id,name,status\nA-1,One,{status}\n")
    assert account(session, "A-1").status == stored


def test_header_names_are_known_in_any_case(run: Run, session: Session) -> None:
    assert run("accounts", "Account_ID, Name ,ARR\nA-1,One,5\n").status == 0
    assert account(session, "A-1").arr == Decimal(5)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_delimiters(delimiter: str, run: Run, session: Session) -> None:
    rows = [["account_id", "name", "note"], ["A-1", "One", '"a,b;c\td"']]
    assert run("accounts", "".join(delimiter.join(row) + "\r\n" for row in rows)).status == 0
    assert account(session, "A-1").custom == {"note": "a,b;c\td"}


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with byte-order mark"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings_are_recognised_and_named(codec: str, named: str, run: Run, session: Session) -> None:
    name = "“Müller” – 5 €, l’œuvre"
    outcome = run("accounts", f'account_id,name\nA-1,"{name}"\n'.encode(codec))
    assert (outcome.status, outcome.document["encoding"]) == (0, named)
    assert account(session, "A-1").name == name


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(b"A-2,appr\x82ci\x82", id="DOS bytes"),
        pytest.param(b"A-2,M\x90T\x90O", id="undefined bytes"),
        pytest.param("A-2,déjà".encode(), id="UTF-8 in a Windows-1252 file"),
        pytest.param(b"A-2,\xed\xa0\x80", id="a lone surrogate"),
    ],
)
def test_mixed_encodings_are_refused_by_row(row: bytes, run: Run) -> None:
    outcome = run("accounts", b"account_id,name\nA-1,caf\xe9\n" + row + b"\n")
    assert (outcome.status, outcome.places) == (1, [(3, "name")])
    assert "mixes encodings" in outcome.reasons


def test_a_broken_utf_16_file_is_refused(run: Run) -> None:
    outcome = run("accounts", "account_id,name\nA-1,One\n".encode("utf-16") + b"\x00\xd8\x41\x00")
    assert outcome.status == 1
    assert "bytes are UTF-16" in outcome.reasons


def test_options_for_dates_and_numbers(run: Run, session: Session) -> None:
    content = 'account_id;name;arr;start_date\nA-1;One;"1.234,56";31.01.2026\n'
    outcome = run("accounts", content, "--decimal-comma", "--date-format", "%d.%m.%Y")
    assert outcome.status == 0
    assert account(session, "A-1").arr == Decimal("1234.56")
    assert account(session, "A-1").start_date == date(2026, 1, 31)


def test_a_date_format_without_days_is_refused(run: Run) -> None:
    outcome = run("accounts", "account_id,name\nA-1,One\n", "--date-format", "%H:%M")
    assert (outcome.status, outcome.document["created"]) == (1, 0)
    assert "day, month and year" in outcome.reasons


def test_the_first_accounts_set_the_currency_and_others_are_counted(run: Run, session: Session) -> None:
    outcome = run("accounts", "account_id,name,currency\nA-1,One,\nA-2,Two,usd\nA-3,Three,EUR\nA-4,Four,EUR\n")
    assert outcome.document["other_currency"] == 2
    assert the_workspace(session).currency == "USD"
    session.rollback()
    run("accounts", "account_id,name,currency\nA-5,Five,EUR\n")
    assert the_workspace(session).currency == "USD"


def test_a_dry_run_leaves_the_currency_open(run: Run, session: Session) -> None:
    run("accounts", "account_id,name,currency\nA-1,One,USD\n", "--dry-run")
    assert the_workspace(session).currency is None


def test_the_setting_overrules_the_first_accounts(session: Session, write_file: Any) -> None:
    path = write_file("account_id,name,currency\nA-1,One,USD\n")
    report = import_file(session, kind="accounts", path=path, options=Options(currency="eur"))
    assert report.extra == {"other_currency": 1}
    assert the_workspace(session).currency == "EUR"


def test_a_setting_that_is_no_currency_is_refused(session: Session, write_file: Any) -> None:
    with pytest.raises(Refusal, match="three letters"):
        import_file(session, kind="accounts", path=write_file("account_id,name\n"), options=Options(currency="euros"))


def test_one_audit_event_per_file_without_what_the_cells_say(run: Run, session: Session) -> None:
    run("accounts", FULL)
    run("accounts", FULL)
    event = session.scalars(sa.select(AuditEvent)).one()
    assert (event.action, event.object_type, event.object_id, event.actor_id) == ("import", "file", "accounts", None)
    assert event.fields["created"] == 1
    assert "Müller" not in str(event.fields)


def test_without_json_the_outcome_is_a_sentence(application: Flask, write_file: Any) -> None:
    runner = application.test_cli_runner()
    done = runner.invoke(args=["import", "accounts", str(write_file("account_id,name\nA-1,One\n"))])
    assert done.stdout == "accounts: 1 rows (UTF-8): 1 created, 0 updated, 0 unchanged, 0 other currency.\n"
    refused = runner.invoke(args=["import", "accounts", str(write_file("account_id,name\nA-1,\n"))])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Row 2, column name: The cell is empty")


def test_long_files_show_their_progress(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.transfer.services.reading.PROGRESS_EVERY", 2)
    outcome = run("accounts", "account_id,name\nA-1,One\nA-2,Two\nA-3,Three\n")
    assert outcome.stderr == "2 rows read …\n4 rows read …\n"
    assert outcome.counts == (3, 3, 0, 0)
