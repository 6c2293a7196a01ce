"""Every route is guarded or listed as public, and each kind of caller gets what the matrix says."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.users.policy import PUBLIC, SIGNED_IN, Permission, declared_access
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, populate, sign_in, token_in

CALLERS = {"anonymous": None, "admin": ADMIN, "owner": LEADER, "stranger": STRANGER, "csm": CSM, "viewer": VIEWER}
READERS = ("admin", "owner", "csm", "viewer")
EVERYONE = dict.fromkeys(CALLERS, 200)
PEOPLE_ONLY = dict.fromkeys(CALLERS, 200) | {"anonymous": 302}


def own_study(refused_when_signed_out: int = 302, answer: int = 200) -> dict[str, int]:
    """What callers get at a page of Alice's study, of which one account is Carl's."""
    return {"anonymous": refused_when_signed_out, "stranger": 404} | dict.fromkeys(READERS, answer)


ROUTES: dict[str, tuple[str, str | None, dict[str, int]]] = {
    "static": ("/static/css/parallax.css", PUBLIC, EVERYONE),
    "health_check.healthz": ("/healthz", PUBLIC, EVERYONE),
    "users.start": ("/", SIGNED_IN, dict.fromkeys(CALLERS, 302)),
    "users.sign_in": ("/sign-in", PUBLIC, dict.fromkeys(CALLERS, 302) | {"anonymous": 200}),
    "users.sign_in_code": ("/sign-in/code", PUBLIC, dict.fromkeys(CALLERS, 302)),
    "users.second_factor": ("/second-factor", SIGNED_IN, PEOPLE_ONLY),
    "users.recovery_codes": ("/second-factor/recovery-codes", SIGNED_IN, dict.fromkeys(CALLERS, 405)),
    "users.second_factor_removal": ("/second-factor/removal", SIGNED_IN, dict.fromkeys(CALLERS, 405)),
    "users.sign_out": ("/sign-out", PUBLIC, dict.fromkeys(CALLERS, 405)),
    "users.first_admin": ("/first-admin", PUBLIC, dict.fromkeys(CALLERS, 404)),
    "users.password": ("/password", SIGNED_IN, PEOPLE_ONLY),
    "studies.index": ("/studies", Permission.REPORTS, PEOPLE_ONLY),
    "customer360.accounts": ("/accounts", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.account": ("/accounts/alices-0", Permission.ACCOUNTS, PEOPLE_ONLY),
    "customer360.response": ("/studies/alices/responses/r-alices-0", Permission.REPORTS, own_study()),
    "reports.gaps": ("/studies/alices/gaps", Permission.REPORTS, own_study()),
    "reports.gaps_json": ("/studies/alices/gaps.json", Permission.REPORTS, own_study(401, answer=400)),
    "reports.gaps_pdf": ("/studies/alices/gaps.pdf", Permission.REPORTS, own_study(answer=400)),
}
"""Endpoint: an address, what it declares, and the status that GET gives each caller; no study is scored here."""


@pytest.fixture
def people(application: Flask) -> Flask:
    """A workspace with people and two studies."""
    populate(application)
    return application


def test_every_route_is_listed(application: Flask) -> None:
    assert {rule.endpoint for rule in application.url_map.iter_rules()} == set(ROUTES)


def test_every_route_declares_what_is_listed(application: Flask) -> None:
    declared = {endpoint: declared_access(application, endpoint) for endpoint in ROUTES}
    assert declared == {endpoint: listed for endpoint, (_address, listed, _expected) in ROUTES.items()}
    assert None not in declared.values()


@pytest.mark.parametrize("caller", CALLERS)
def test_each_caller_gets_what_is_listed(people: Flask, caller: str) -> None:
    email = CALLERS[caller]
    browser = sign_in(people, email) if email else people.test_client()
    answers = {
        endpoint: browser.get(address, buffered=True).status_code for endpoint, (address, _, _) in ROUTES.items()
    }
    assert answers == {endpoint: expected[caller] for endpoint, (_, _, expected) in ROUTES.items()}


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller != "anonymous"])
def test_what_does_not_exist_and_what_is_not_shared_look_the_same(people: Flask, caller: str) -> None:
    browser = sign_in(people, str(CALLERS[caller]))
    address = "/studies/{}/gaps"
    assert browser.get(address.format("nothing-here")).status_code == 404
    if caller in {"owner", "stranger", "csm"}:
        hidden, none = browser.get(address.format("admins")), browser.get(address.format("nothing-here"))
        assert hidden.status_code == 404
        assert without_token(hidden.text) == without_token(none.text)


def without_token(page: str) -> str:
    """Return a page without its token, which names the second in which it was made."""
    return page.replace(token_in(page), "")


UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("method", UNSAFE)
def test_nothing_unsafe_happens_without_a_token(people: Flask, method: str) -> None:
    for browser in (people.test_client(), sign_in(people, ADMIN)):
        for endpoint, (address, _, _) in ROUTES.items():
            assert refused(browser, method, address), (method, endpoint)


def refused(browser: FlaskClient, method: str, address: str) -> bool:
    return browser.open(address, method=method, data={"x": "1"}).status_code in {400, 401, 405}
