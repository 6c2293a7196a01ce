"""Links that do not open: each says kindly why, and who tries many is slowed down."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.studies.models import Link, Study
from app.users.models import SignInAttempt
from tests.surveys.asked import (
    GOOD,
    TODAY,
    Customer,
    add_survey,
    counts,
    tokens_of,
)
from tests.users.people import LEADER, add_people


def dead(session: Session, how: str) -> str:
    """Return the address of a link that does not open."""
    owner = add_people(session)[LEADER]
    days = {"early": (5, 30), "over": (-30, -1)}.get(how, (-3, 30))
    study = add_survey(session, owner=owner, opens_on=TODAY + timedelta(days[0]), closes_on=TODAY + timedelta(days[1]))
    (token,) = tokens_of(session, study)
    if how == "closed":
        session.execute(sa.update(Study).values(closed_at=datetime.now(UTC)))
    if how == "revoked":
        session.execute(sa.update(Link).values(revoked_at=datetime.now(UTC)))
    if how == "expired":
        session.execute(sa.update(Link).values(expires_at=datetime.now(UTC)))
    if how == "other purpose":
        session.execute(sa.update(Link).values(purpose="unsubscribe"))
    session.commit()
    return f"/s/{token}"


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        pytest.param("early", 403, "This survey opens on", id="not-yet-open"),
        pytest.param("over", 410, "This survey closed on", id="over"),
        pytest.param("closed", 410, "This survey closed on", id="closed"),
        pytest.param("expired", 410, "This survey closed on", id="expired"),
        pytest.param("revoked", 410, "This link was withdrawn", id="revoked"),
        pytest.param("other purpose", 404, "This link does not open a survey", id="of-another-purpose"),
    ],
)
def test_a_dead_link_says_kindly_why(session: Session, client: FlaskClient, how: str, status: int, words: str) -> None:
    address = dead(session, how)
    before = counts(session)
    for reply in (client.get(address), client.post(address, data=GOOD)):
        assert reply.status_code == status
        assert words in reply.text
        assert ("alice@parallax.test" in reply.text) == (status != 404)
    assert client.head(address).status_code == status
    assert counts(session) == before


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 44, "../studies", "%00", "a/b", "ü" * 43, "'or'1", "A" * 5_000])
def test_an_unknown_link_says_what_to_do(customer: Customer, token: str) -> None:
    for reply in (customer.browser.get(f"/s/{token}"), customer.browser.post(f"/s/{token}", data=GOOD)):
        assert reply.status_code in {400, 404}
        assert "Parallax" not in reply.text
        assert "Content-Security-Policy" in reply.headers


def test_many_unknown_links_are_slowed_down_and_good_ones_still_open(customer: Customer, session: Session) -> None:
    assert [customer.browser.get(f"/s/{number}").status_code for number in range(102)] == [404] * 100 + [429] * 2
    refused = customer.browser.post(f"/s/{'A' * 43}", data=GOOD)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Wait a minute" in refused.text
    assert customer.send().status_code == 200
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert customer.browser.get("/s/x", environ_base=elsewhere).status_code == 404
    later = datetime.now(UTC) - timedelta(seconds=61)
    session.execute(sa.update(SignInAttempt).values(at=later))
    session.commit()
    assert customer.browser.get("/s/x").status_code == 404


def test_one_ipv6_network_is_one_address(customer: Customer) -> None:
    replies = [
        customer.browser.get("/s/x", environ_base={"REMOTE_ADDR": f"2001:db8::{number:x}"}).status_code
        for number in range(1, 103)
    ]
    assert replies[-1] == 429
    assert customer.browser.get("/s/x", environ_base={"REMOTE_ADDR": "2001:db8:0:1::1"}).status_code == 404


def test_good_links_are_never_counted(customer: Customer, session: Session) -> None:
    for _ in range(5):
        customer.browser.get(customer.address)
    assert session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0
