"""What people see of judgement: owners, colleagues, viewers and strangers; and what becomes of what they type."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.core.clock import today
from app.pulse.models import PulseJudgement, PulseOverride, PulseSentiment
from tests.conftest import Fill
from tests.pulse.world import add_place
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing, sign_in, token_in

PAGE = "/accounts/Ash/pulse"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def ids(fill: Fill) -> dict[str, int]:
    """The place of the tests, with ids by name."""
    found: dict[str, int] = fill(add_place)
    return found


def send(browser: FlaskClient, path: str, **typed: object) -> TestResponse:
    """Send a form with the token of the page of rounds."""
    token = token_in(browser.get("/password").text)
    return browser.post(path, data={"csrf_token": token, "form_key": "k", **typed})


def stored(application: Flask, model: type[PulseSentiment | PulseOverride | PulseJudgement]) -> int:
    with changing(application) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def until(days: int = 9) -> str:
    return (today() + timedelta(days=days)).isoformat()


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(("email", "status"), [(ADMIN, 303), (LEADER, 303), (CSM, 303), (VIEWER, 403)])
def test_judgement_is_given_by_who_may(application: Flask, email: str, status: int) -> None:
    browser = sign_in(application, email)
    assert browser.get(PAGE).status_code == 200
    assert ("Store the sentiment" in browser.get(PAGE).text) is (status == 303)
    assert send(browser, f"{PAGE}/sentiment", value="75", reason="Calm").status_code == status
    assert send(browser, f"{PAGE}/override", band="red", reason="Left", expires_on=until()).status_code == status
    assert stored(application, PulseSentiment) == stored(application, PulseOverride) == (status == 303)


@pytest.mark.usefixtures("ids")
def test_accounts_of_others_are_not_there(application: Flask) -> None:
    browser = sign_in(application, CSM)
    assert browser.get("/accounts/Far/pulse").status_code == 404
    assert browser.get("/accounts/Far/pulse/matrix").status_code == 404
    for path in ("sentiment", "light", "override", "override/end", "matrix"):
        assert send(browser, f"/accounts/Far/pulse/{path}", value="75", reason="x").status_code == 404
    assert send(browser, "/accounts/nobody/pulse/sentiment").status_code == 404


@pytest.mark.usefixtures("ids")
def test_what_is_refused_stays_as_it_was_typed(application: Flask) -> None:
    browser = sign_in(application, CSM)
    reply = send(browser, f"{PAGE}/sentiment", reason=HOSTILE)
    assert (reply.status_code, HOSTILE in reply.text) == (400, False)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in reply.text
    assert "Choose one of the five steps." in reply.text
    reply = send(browser, f"{PAGE}/override", band="red", reason="Sponsor left", expires_on="2020-01-01")
    assert reply.status_code == 400
    assert "choose a later one" in reply.text
    assert "Sponsor left" in reply.text
    assert send(browser, f"{PAGE}/light", colour="red", happened_on=until(), occasion="call").status_code == 400


@pytest.mark.usefixtures("ids")
def test_both_values_of_an_override_are_shown_until_it_ends(application: Flask) -> None:
    browser = sign_in(application, CSM)
    line = "Health 20 red by telemetry; set to green by Carl Colleague until"
    send(browser, f"{PAGE}/override", band="green", reason="They renewed", expires_on=until())
    for path in (PAGE, "/accounts/Ash"):
        assert line in browser.get(path).text
    assert "One override stands" in browser.get("/health/pulse").text
    with changing(application) as session:
        session.scalars(select(PulseOverride)).one().expires_on = today() - timedelta(days=1)
    for path in (PAGE, "/accounts/Ash"):
        assert line not in browser.get(path).text
    assert "ran out on" in browser.get(PAGE).text
    assert "No score is overridden" in browser.get("/health/pulse").text


def test_the_matrix_shows_viewers_roles_and_no_words(application: Flask, ids: dict[str, int]) -> None:
    browser = sign_in(application, CSM)
    name = f"{ids['Nora']}-support"
    refused = send(browser, f"{PAGE}/matrix", **{f"value-{name}": "4", f"why-{name}": ""})
    assert refused.status_code == 400
    assert "<option selected>4" in refused.text
    assert send(browser, f"{PAGE}/matrix", **{f"value-{name}": "4", f"why-{name}": "Nora is glad"}).status_code == 303
    assert stored(application, PulseJudgement) == 1
    page = browser.get(f"{PAGE}/matrix").text
    assert "Nora Haskel, Champion" in page
    assert "4.0, n 1" in page.replace("\xa0", " ")
    seen = sign_in(application, VIEWER).get(f"{PAGE}/matrix").text
    assert "Champion, person" in seen
    assert "Nora" not in seen
    assert send(sign_in(application, VIEWER), f"{PAGE}/matrix").status_code == 403


@pytest.mark.usefixtures("ids")
def test_a_round_is_blind_until_it_closes(application: Flask) -> None:
    leader, csm = sign_in(application, LEADER), sign_in(application, CSM)
    assert "No round is open" in csm.get("/health/pulse/rate").text
    assert send(csm, "/health/pulse/rounds", name="December", raters=[CSM]).status_code == 403
    assert send(leader, "/health/pulse/rounds", name="December").status_code == 400
    opened = send(leader, "/health/pulse/rounds", name="December", raters=[CSM])
    assert opened.status_code == 303
    page = csm.get("/health/pulse/rate").text
    assert "Ash" in page
    assert not any(word in page.lower() for word in ("red", "amber", "green") if f">{word}<" in page.lower())
    assert send(csm, "/health/pulse/rate", account="Ash", value="100").status_code == 400
    assert send(csm, "/health/pulse/rate", account="Ash", value="100", reason="Loud praise").status_code == 303
    assert send(csm, "/health/pulse/rate", account="Far", value="0", reason="x", form_key="z").status_code == 404
    for browser, path in ((leader, opened.location), (csm, PAGE), (leader, PAGE)):
        assert "Loud praise" not in browser.get(path).text
    assert send(csm, f"{opened.location}/close").status_code == 403
    assert send(leader, f"{opened.location}/close").status_code == 303
    report = leader.get(opened.location).text
    assert "1 of 1 differs" in report
    assert "Loud praise" in report
    assert "without seeing the score" in csm.get(PAGE).text
    assert send(leader, f"{opened.location}/close").status_code == 303
    assert leader.get("/health/pulse/rounds/99999999999").status_code == 404


@pytest.mark.usefixtures("ids")
def test_kinds_of_judgement_are_switched_off_by_leaders(application: Flask) -> None:
    leader = sign_in(application, LEADER)
    assert sign_in(application, CSM).get("/settings/pulse").status_code == 403
    days = {"half_life_days": "90", "stale_days": "60", "attribute": "segment"}
    refused = send(leader, "/settings/pulse", **days | {"half_life_days": "none", "without": "Free"})
    assert refused.status_code == 400
    assert "whole number of days" in refused.text
    assert "Free" in refused.text
    assert send(leader, "/settings/pulse", **days, matrix="on").status_code == 303
    page = leader.get(PAGE).text
    assert "Store the sentiment" not in page
    assert "Set the override" not in page
    assert "The matrix of Ash" in page
