"""What each person reads on a timeline, kind by kind and page by page."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Fill
from tests.interviews.talks import BEN
from tests.timeline.world import PAGE, SUMMARY, add_busy, add_crowded, add_quiet
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, sign_in

LINE = re.compile(r'<p class="tl-what">(.*?)</p>', re.DOTALL)
OF_STUDIES = ["answer", "call"]
THANKS = "Thank you, Nora"
WORDS = [SUMMARY, "They complain in public", THANKS, "They went quiet", "I know them", "Hardly met"]


def lines(browser: FlaskClient, address: str = PAGE) -> list[str]:
    page = browser.get(address)
    assert page.status_code == 200
    return [re.sub(r"<.*?>", "", found).strip() for found in LINE.findall(page.text)]


KINDS = {
    "conversation": ["A mail", "A mention in public", "A call"],
    "answer": ["Nora was interviewed"],
    "mail": ["Mailed about the appointment", "Thanked by mail", "Invited by mail"],
    "call": ["An appointment by video", "Tried to reach Nora"],
    "health": ["Health went from green to red"],
    "action": ["Done: Send the template", "Action: Send the template"],
    "judgement": [
        "Carl Colleague set red by hand",
        "Carl Colleague is worried about it",
        "Carl Colleague set amber",
    ],
    "promise": [
        "Nora says that it has partly reached them",
        "Told the customer what they got",
        "Delivered",
        "Delivered",
        "Promised",
        "Promised",
        "Promised",
        "Promised",
    ],
    "situation": ["Carl Colleague judged Strike: low here", "End of Strike", "Beginning of Strike"],
    "case": ["A support case was closed", "A support case was opened"],
    "outcome": ["Renewed"],
}


def test_everything_is_there_by_kind_the_newest_first(application: Flask, fill: Fill) -> None:
    fill(add_busy)
    browser = sign_in(application, CSM)
    assert {kind: lines(browser, f"{PAGE}?kind={kind}") for kind in KINDS} == KINDS
    every = lines(browser)
    assert every[:4] == [KINDS["conversation"][0], KINDS["call"][0], KINDS["promise"][0], KINDS["answer"][0]]
    assert sorted(every) == sorted(line for kind in KINDS.values() for line in kind)
    assert "€40,000" in browser.get(f"{PAGE}?kind=promise").text
    page = browser.get(PAGE).text
    assert page.count("Still to come") == 2
    assert [words for words in WORDS if words not in page] == []
    assert "Secret" not in page


@pytest.mark.parametrize(
    ("email", "has_names", "has_studies", "has_actions"),
    [
        (ADMIN, True, True, True),
        (LEADER, True, True, True),
        (CSM, True, True, True),
        (STRANGER, True, False, True),
        (VIEWER, False, True, False),
    ],
)
def test_each_reader_reads_what_their_role_allows(
    application: Flask, fill: Fill, email: str, *, has_names: bool, has_studies: bool, has_actions: bool
) -> None:
    fill(add_busy)
    browser = sign_in(application, email)
    page = browser.get(PAGE).text
    assert ("Nora" in page) is has_names
    expected = [has_names and (has_studies or words != THANKS) for words in WORDS]
    assert [words in page for words in WORDS] == expected
    assert [bool(lines(browser, f"{PAGE}?kind={kind}")) for kind in OF_STUDIES] == [has_studies] * 2
    assert bool(lines(browser, f"{PAGE}?kind=action")) is has_actions
    assert ("/responses/r-nora" in page) is has_studies
    assert "Secret" not in page
    if email == VIEWER:
        assert lines(browser, f"{PAGE}?kind=answer") == ["Champion was interviewed"]


def test_a_stranger_finds_no_timeline(application: Flask, fill: Fill) -> None:
    fill(add_busy)
    assert sign_in(application, BEN).get(PAGE).status_code == 404


def test_pages_go_on_where_the_last_one_ended(application: Flask, fill: Fill) -> None:
    fill(add_crowded)
    browser, seen, address = sign_in(application, CSM), [], f"{PAGE}?kind=conversation"
    for _ in range(20):
        page = browser.get(address).text
        seen += re.findall(r"with (Person [0-9]+)<", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if older is None:
            break
        address = older[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 400
    assert browser.get(f"{PAGE}?before=nonsense&kind=nonsense").status_code == 200


def test_an_account_with_nothing_teaches_the_next_step(application: Flask, fill: Fill) -> None:
    fill(add_quiet)
    browser = sign_in(application, LEADER)
    assert "Nothing is on record yet" in browser.get("/accounts/Ostrava/timeline").text
    assert "Nothing of this kind" in browser.get("/accounts/Ostrava/timeline?kind=mail").text
