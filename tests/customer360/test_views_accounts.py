"""The list of accounts: who sees what of it, what it finds, and what it makes of a hostile address."""

import re
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import event

from app.core.database import db
from tests.conftest import Fill
from tests.customer360.workspace import HOSTILE, add_workspace
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, changing, sign_in


@pytest.fixture
def filled(application: Flask, fill: Fill) -> Flask:
    """The workspace of the accounts' tests."""
    fill(add_workspace)
    return application


def names(page: str) -> list[str]:
    """Return the accounts of a page in their order."""
    return re.findall(r'<td><a href="/accounts/[^"]*">([^<]+)</a>', page)


def chips(page: str) -> dict[str, str]:
    """Return the filters of a page with their counts."""
    return dict(re.findall(r'<a class="chip"[^>]*>([^<]+?) <span class="n">([\d,]+)</span>', page))


@pytest.mark.parametrize(
    ("person", "title", "heard"),
    [
        (ADMIN, "12 accounts: ", "10"),
        (LEADER, "12 accounts: ", "10"),
        (VIEWER, "12 accounts: ", "10"),
        (STRANGER, "12 accounts, none heard yet", "0"),
        (CSM, "Two accounts are assigned to you: ", "2"),
    ],
)
def test_each_sees_their_accounts_and_the_voices_of_their_studies(
    filled: Flask, person: str, title: str, heard: str
) -> None:
    page = sign_in(filled, person).get("/accounts").text
    assert title in page
    assert chips(page)["Heard"] == heard
    assert chips(page)["Mine"] == ("2" if person == CSM else "0")
    if person == CSM:
        assert set(names(page)) == {"Account 2", "Account 4"}


def test_nobody_sees_it_without_signing_in(filled: Flask) -> None:
    assert filled.test_client().get("/accounts").status_code == 302


def test_the_chips_count_what_they_show(filled: Flask) -> None:
    browser = sign_in(filled, ADMIN)
    counts = chips(browser.get("/accounts").text)
    shows = ("all", "heard", "hidden_risk", "hidden_strength", "renews", "silent", "mine")
    shown = [len(names(browser.get(f"/accounts?show={show}").text)) for show in shows]
    assert [int(each) for each in counts.values()] == shown
    assert counts["Renews within 90 days"] == "1"
    assert int(counts["Hidden risk"]) > 0


SEARCHES = {
    "q=ACCOUNT+7": ["Account 7"],
    "q=øster": ["Øster Åkeri"],
    "q=ØSTER+åK": ["Øster Åkeri"],
    "q=ster": ["Øster Åkeri"],
    "q=ster&match=starts": [],
    "q=øst&match=starts": ["Øster Åkeri"],
    "q=a12": ["Twelve"],
    "q=beta": ["Øster Åkeri"],
    "q=bet&match=starts": ["Øster Åkeri"],
    "q=eta&match=starts": [],
    "q=zoë": ["Øster Åkeri"],
    "q=ZOË&match=starts": ["Øster Åkeri"],
    "q=%25": ["Øster Åkeri"],
    "q=account_7": [],
    "q=%5B": [],
    "q=*ø": [],
    "q=twelve&segment=Large": [],
}
"""What is searched for, and the accounts that are found: letters in any case, signs of patterns as plain signs."""


def test_search(filled: Flask) -> None:
    browser = sign_in(filled, ADMIN)
    assert {query: names(browser.get(f"/accounts?{query}").text) for query in SEARCHES} == SEARCHES


def test_a_viewer_finds_nobody_by_name(filled: Flask) -> None:
    assert names(sign_in(filled, VIEWER).get("/accounts?q=zoë").text) == []
    assert "contact" not in sign_in(filled, VIEWER).get("/accounts").text


def test_a_csm_finds_people_of_assigned_accounts_only(filled: Flask) -> None:
    assert names(sign_in(filled, CSM).get("/accounts?q=person+4").text) == ["Account 4"]
    assert names(sign_in(filled, CSM).get("/accounts?q=person+7").text) == []


def test_sorting_puts_what_is_missing_last(filled: Flask) -> None:
    browser = sign_in(filled, ADMIN)
    for sort, order in product(("account", "arr", "renewal", "health", "voice", "gap"), ("asc", "desc")):
        check_sorted(browser.get(f"/accounts?sort={sort}&order={order}").text, sort, order)


def check_sorted(page: str, sort: str, order: str) -> None:
    """Check that a page is sorted so, and says so."""
    assert f'aria-sort="{"ascending" if order == "asc" else "descending"}"' in page
    assert page.count("aria-sort") == 1
    shown = names(page)
    assert len(shown) == 12
    if sort != "account":
        assert shown[-1] == "Twelve"
    if sort == "arr":
        ours = [name for name in shown if name not in {"Twelve", "Øster Åkeri"}]
        amounts = [1 if "script" in name else int(name.split()[-1]) for name in ours]
        assert amounts == sorted(amounts, reverse=order == "desc")
        assert shown[-2] == "Øster Åkeri", "money that cannot be compared stands behind what can"


def test_pages_hold_every_account_once(application: Flask) -> None:
    with changing(application) as session:
        add_people(session)
        add_many(session, 45)
    browser = sign_in(application, ADMIN)
    for sort in ("account", "arr", "health"):
        pages = [names(browser.get(f"/accounts?sort={sort}&page={page}").text) for page in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [14, 14, 14, 3]
        assert len({name for page in pages for name in page}) == 45
    straight = [
        name for page in (1, 2, 3, 4) for name in names(browser.get(f"/accounts?sort=account&page={page}").text)
    ]
    assert straight == sorted(straight, key=str.lower)
    text = browser.get("/accounts?page=2").text.replace("\u00a0", " ")
    assert "15 to 28 of 45" in text
    assert 'rel="prev"' in text
    assert 'rel="next"' in text


def add_many(session: object, n: int) -> None:
    """Add so many accounts without anything but a name."""
    from app.customers.models import Account

    session.add_all([Account(crm_id=f"M{i}", name=f"Many {i:03d}", arr=i % 7 or None) for i in range(n)])  # type: ignore[attr-defined]


def test_a_page_far_out_is_the_last(filled: Flask) -> None:
    page = sign_in(filled, ADMIN).get("/accounts?page=999999999")
    assert page.status_code == 200
    assert "1 to 12 of 12" in page.text.replace("\u00a0", " ")


HOSTILE_QUERIES = (
    "sort=nope",
    "order=sideways",
    "show=%27%3B--",
    "match=regex",
    "page=0",
    "page=-1",
    "page=" + "9" * 5000,
    "page=%D9%A1",
    "page=1e3",
    "q=" + "x" * 5000,
    "q=" + "%C3%B8" * 3000,
    "q=%ED%A0%80",
    "q=%FF%FE",
    "q=%5C%5Cu",
    "q=%22",
    "q=%27+OR+1%3D1+--",
    "q=%5B%2A%3F%5D%C3%B8",
    "q=/",
    "q=%2F%25",
    "segment=%27%3B--",
    "segment=" + "s" * 5000,
    "owner=nobody@nowhere",
    "q=a&q=b&sort=arr&sort=voice",
    "unknown=1",
    "page=2&show=hidden_strength&sort=gap&order=desc",
    "q=%C3%9F",
    "q=%C4%B0",
)


def test_whatever_the_address_says_the_page_answers(filled: Flask) -> None:
    browser = sign_in(filled, ADMIN)
    answers = {query[:60]: browser.get(f"/accounts?{query}").status_code for query in HOSTILE_QUERIES}
    assert set(answers.values()) == {200}, answers


def test_a_nul_is_refused(filled: Flask) -> None:
    assert sign_in(filled, ADMIN).get("/accounts?q=a%00b").status_code == 400


def test_what_was_ignored_is_said(filled: Flask) -> None:
    page = sign_in(filled, ADMIN).get("/accounts?sort=nope&page=x").text
    assert "“nope” is not a known value of “sort”" in page
    assert "“x” is not a page" in page


def test_state_stays_in_the_links(filled: Flask) -> None:
    page = sign_in(filled, ADMIN).get("/accounts?q=account&match=starts&segment=Small&show=heard&sort=gap").text
    chip = re.search(r'href="([^"]+)"[^>]*>Hidden risk', page)
    assert chip
    for part in ("q=account", "match=starts", "segment=Small", "sort=gap", "show=hidden_risk"):
        assert part in chip[1]
    assert "<option selected>Small</option>" in page


def test_names_are_text_and_nothing_else(filled: Flask) -> None:
    page = sign_in(filled, ADMIN).get(f"/accounts?q={HOSTILE}").text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert " style=" not in page
    assert HOSTILE not in sign_in(filled, ADMIN).get("/accounts").text


def test_money_of_another_currency_keeps_its_own(filled: Flask) -> None:
    page = sign_in(filled, ADMIN).get("/accounts").text
    assert "$900" in page
    assert "€100" in page


@pytest.mark.parametrize(
    ("person", "step"), [(ADMIN, "flask import accounts"), (CSM, "assigned to you"), (VIEWER, "as soon as an admin")]
)
def test_an_empty_list_teaches_the_next_step(application: Flask, person: str, step: str) -> None:
    with changing(application) as session:
        add_people(session)
    page = sign_in(application, person).get("/accounts")
    assert page.status_code == 200
    assert step in page.text


def test_statements_do_not_grow_with_the_rows(filled: Flask) -> None:
    browser = sign_in(filled, ADMIN)
    counted = []
    with filled.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *_: counted.append(1))
    browser.get("/accounts?q=twelve")
    few = len(counted)
    counted.clear()
    browser.get("/accounts?q=a")
    assert len(counted) <= few < 20
