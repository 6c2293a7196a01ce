"""What each person sees of stakeholders and promises and may do with them, and what hostile senders get."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.customers.models import Account, Contact, Promise
from app.stakeholders.models import Referral, StakeholderTemplate
from app.studies.models import Letter
from tests.conftest import Fill
from tests.interviews.talks import ANNA, BEN
from tests.stakeholders.world import NORA, PAGE, Place, add_place
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

HOSTILE = "<script>alert(1)</script>"
WRITES = {ADMIN: 303, LEADER: 303, STRANGER: 303, CSM: 303, BEN: 404, VIEWER: 403}
PROMISE = {"text": "Faster", "source": "sales", "aspect": "economic"}


@pytest.fixture
def place(fill: Fill) -> Place:
    found: Place = fill(add_place)
    return found


def send(browser: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form with a token of the browser's own session."""
    return browser.post(path, data={"csrf_token": token_in(browser.get("/password").text), **fields})


def stored(application: Flask, model: type[Contact | Letter | Promise | Referral | StakeholderTemplate]) -> int:
    with changing(application) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.usefixtures("place")
def test_the_map_shows_who_is_known_heard_and_missing(application: Flask) -> None:
    page = sign_in(application, CSM).get(PAGE).text
    assert "Haskelby: 7 of 10 names missing" in page
    assert "Nobody is known as decision maker or budget holder, technical person and operations person." in page
    assert page.index('Nora</b> <span class="small muted">heard') < page.index(
        'Omar</b> <span class="small muted">asked, silent'
    )
    assert 'Una</b> <span class="small muted">not asked' in page
    assert "4 missing" in page
    assert (
        "3 of 10 people that we want are known, 1 heard."
        in sign_in(application, CSM).get("/accounts/Haskelby?show=all").text
    )


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("email", "status"), [(ADMIN, 200), (LEADER, 200), (CSM, 200), (VIEWER, 200), (BEN, 404)])
def test_only_who_may_know_people_reads_their_names(application: Flask, email: str, status: int) -> None:
    browser = sign_in(application, email)
    for path in (PAGE, "/studies/talks/stakeholders", "/accounts/Haskelby/ledger"):
        page = browser.get(path)
        assert page.status_code == status
        assert ("Nora" in page.text) is (path == PAGE and email in {ADMIN, LEADER, CSM})
        assert NORA not in page.text


@pytest.mark.usefixtures("place")
def test_a_stranger_does_not_learn_who_was_heard_in_a_study_of_another(application: Flask) -> None:
    browser = sign_in(application, STRANGER)
    assert "0 of 10 wanted people were heard" in browser.get(PAGE).text
    assert browser.get(f"{PAGE}?study=talks").status_code == 404
    assert browser.get("/studies/talks/stakeholders").status_code == 404


@pytest.mark.usefixtures("place")
def test_the_time_or_the_study_decides_who_was_heard(application: Flask) -> None:
    browser = sign_in(application, LEADER)
    assert "1 of 10 wanted people were heard" in browser.get(f"{PAGE}?months=3").text
    assert "1 of 10 wanted people were heard" in browser.get(f"{PAGE}?study=talks").text
    assert browser.get(f"{PAGE}?months=-1&study=").status_code == 200
    assert browser.get(f"{PAGE}?study=nothing-here").status_code == 404


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("email", WRITES)
def test_names_and_promises_are_added_by_who_may(application: Flask, email: str) -> None:
    browser = sign_in(application, email)
    before = stored(application, Contact)
    assert send(browser, f"{PAGE}/names", name="Vito", role="technical", referred_by="").status_code == WRITES[email]
    assert send(browser, "/accounts/Haskelby/promises/new", **PROMISE).status_code == WRITES[email]
    is_done = WRITES[email] == 303
    assert stored(application, Contact) == before + is_done
    assert stored(application, Promise) == 1 + is_done


@pytest.mark.usefixtures("place")
def test_a_refused_name_keeps_what_was_typed(application: Flask, place: Place) -> None:
    browser = sign_in(application, CSM)
    reply = send(browser, f"{PAGE}/names", name=HOSTILE, email=NORA.upper(), phone="+49 30 1", role="boss")
    assert reply.status_code == 400
    assert "on record at this account already" in reply.text
    assert HOSTILE not in reply.text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in reply.text
    assert 'value="boss"' in reply.text
    other = send(browser, f"{PAGE}/names", name="Vito", referred_by="999999")
    assert other.status_code == 400
    assert send(browser, f"{PAGE}/names", name="Vito", referred_by=place.contacts["omar"]).status_code == 303
    assert "named by Omar" in browser.get(PAGE).text


@pytest.mark.parametrize(("email", "status"), [(ANNA, 303), (CSM, 403), (LEADER, 403), (BEN, 404), (VIEWER, 403)])
def test_a_name_from_an_interview_is_noted_by_who_holds_it(
    application: Flask, place: Place, email: str, status: int
) -> None:
    browser, path = sign_in(application, email), f"/interviews/{place.talks.interviews['nora']}/names"
    assert send(browser, path, name="Vito Lund", role="Technical").status_code == status
    assert stored(application, Referral) == (status == 303)
    if email == ANNA:
        assert "1 name from Nora" in browser.get(path).text
        assert send(browser, path, name="", role="Technical").status_code == 400
        assert path in browser.get(f"/interviews/{place.talks.interviews['nora']}").text
        assert "named by Nora in an interview" in sign_in(application, CSM).get(PAGE).text


@pytest.mark.usefixtures("place")
def test_the_mail_is_seen_before_it_is_sent(application: Flask, place: Place) -> None:
    browser = sign_in(application, CSM)
    page = browser.get(f"{PAGE}/ask").text
    assert "Ask Nora for the missing names" in page
    assert "- 4 power users" in page
    assert stored(application, Letter) == 0
    words = {"contact": place.contacts["nora"], "subject": "Names?", "body": "Hello"}
    assert send(browser, f"{PAGE}/ask", **words | {"body": " "}).status_code == 400
    assert send(browser, f"{PAGE}/ask", **words | {"contact": "x"}).status_code == 404
    assert send(browser, f"{PAGE}/ask", **words).status_code == 303
    assert stored(application, Letter) == 1
    assert "They were asked for names today" in browser.get(f"{PAGE}/ask").text
    again = send(browser, f"{PAGE}/ask", **words | {"body": "Typed <again>"})
    assert again.status_code == 400
    assert "Typed &lt;again&gt;" in again.text
    assert stored(application, Letter) == 1


@pytest.mark.usefixtures("place")
def test_templates_are_changed_by_leaders_and_refused_by_line(application: Flask) -> None:
    assert sign_in(application, CSM).get("/settings/stakeholders").status_code == 403
    browser = sign_in(application, LEADER)
    reply = send(browser, "/settings/stakeholders", tier="2", seats=f"{HOSTILE}\n1 champion")
    assert reply.status_code == 400
    assert "begin with how many are wanted" in reply.text
    assert HOSTILE not in reply.text
    assert send(browser, "/settings/stakeholders", tier="2", seats="1 champion\n1 admin").status_code == 303
    assert "Haskelby: every seat has a name, 1 of 2 not heard yet" in browser.get(PAGE).text
    assert send(browser, "/settings/stakeholders", tier="2", seats="").status_code == 303
    assert stored(application, StakeholderTemplate) == 0


@pytest.mark.usefixtures("place")
def test_the_accounts_of_a_study_are_listed_with_who_is_missing(application: Flask) -> None:
    browser = sign_in(application, LEADER)
    page = browser.get("/studies/talks/stakeholders?sort=footprint&page=9").text
    assert "Names are missing at 2 of 2 accounts" in page
    assert page.index("Ostrava") < page.index(">Haskelby<")
    assert "/accounts/Haskelby/stakeholders?study=talks" in page
    assert "/studies/talks/stakeholders" in browser.get("/studies/talks").text
    theirs = sign_in(application, CSM).get("/studies/talks/stakeholders").text
    assert "Haskelby" in theirs
    assert "Ostrava" not in theirs


@pytest.mark.usefixtures("place")
def test_a_promise_is_changed_on_its_page(application: Flask) -> None:
    browser = sign_in(application, CSM)
    with changing(application) as session:
        promise = session.scalars(sa.select(Promise.id)).one()
    path = f"/accounts/Haskelby/promises/{promise}"
    assert 'value="9000' in browser.get(path).text
    wrong = send(browser, path, **PROMISE | {"text": HOSTILE, "delivered_on": "2026-02-30", "evidence": "kept"})
    assert wrong.status_code == 400
    assert "Write the day as 2026-03-31" in wrong.text
    assert ("2026-02-30" in wrong.text, "kept</textarea>" in wrong.text, HOSTILE in wrong.text) == (True, True, False)
    assert send(browser, path, **PROMISE | {"text": HOSTILE, "delivered_on": "2026-02-28"}).status_code == 303
    for address in ("/accounts/Haskelby/ledger", "/accounts/Haskelby?show=all"):
        page = browser.get(address).text
        assert HOSTILE not in page
        assert "&lt;script&gt;alert(1)" in page
    told = browser.get("/accounts/Haskelby/promises", follow_redirects=True).text
    assert "Haskelby: one of one promise delivered, none acknowledged by the customer" in told
    assert "the words was “Twice as fast”" in told
    for other in ("999", str(2**40)):
        assert browser.get(f"/accounts/Haskelby/promises/{other}").status_code == 404
    assert browser.get(f"/accounts/Ostrava/promises/{promise}").status_code == 404


@pytest.mark.usefixtures("place")
def test_an_id_with_slashes_has_its_own_pages(application: Flask) -> None:
    with changing(application) as session:
        session.add(Account(crm_id="EU/7/stakeholders", name="Slashed"))
    browser = sign_in(application, LEADER)
    assert "People at Slashed" in browser.get("/accounts/EU/7/stakeholders/stakeholders").text
