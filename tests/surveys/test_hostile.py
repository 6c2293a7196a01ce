"""Forms by people who mean no good: never an error of ours, and what is refused leaves the database as it was."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.conftest import Fill
from tests.surveys.asked import GOOD, add_asked, counts

NAMES = st.one_of(st.sampled_from([*GOOD, "form_key", "csrf_token", "products_liked", ""]), st.text(max_size=20))
VALUES = st.one_of(
    st.sampled_from(["", "0", "5", "10", "11", "-1", "1e3", "NaN", "yes", "no", "partly", "９", "9" * 5_000]),
    st.text(max_size=200),
    st.just("x" * 10_001),
)
FORMS = st.lists(st.tuples(NAMES, VALUES), max_size=12)


@pytest.fixture
def address(session: Session, fill: Fill) -> Iterator[str]:
    """The address of an open survey."""
    yield fill(add_asked)
    session.rollback()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=FORMS)
def test_whatever_is_sent_is_answered_and_refused_without_a_trace(
    client: FlaskClient, session: Session, address: str, fields: list[tuple[str, str]]
) -> None:
    before = counts(session)
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value.encode(errors="replace").decode())
    reply = client.post(address, data={name.encode(errors="replace").decode(): each for name, each in data.items()})
    assert reply.status_code in {200, 400}
    if reply.status_code == 400:
        assert counts(session) == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"recommend=9&reason=\xff\xfe", "application/x-www-form-urlencoded"),
        (b"recommend=9&reason=%FF%ED%A0%80%00", "application/x-www-form-urlencoded"),
        (b"\x00" * 1_000, "application/x-www-form-urlencoded"),
        (b"a&" * 200_000, "application/x-www-form-urlencoded"),
        (b'{"recommend": 9}', "application/json"),
        (b"[" * 50_000, "application/json"),
        (b"recommend=9", "text/plain"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="recommend"\r\n\r\n9', "multipart/form-data"),
        (
            b'--x\r\nContent-Disposition: form-data; name="reason"; filename="a"\r\n\r\nhello\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)  # fmt: skip
def test_bodies_that_are_no_form_are_bad_requests(
    client: FlaskClient, session: Session, address: str, body: bytes, kind: str
) -> None:
    before = counts(session)
    reply = client.post(address, data=body, content_type=kind)
    assert 400 <= reply.status_code < 500
    assert "Parallax" not in reply.text
    assert counts(session) == before


@pytest.mark.parametrize("query", ["score=%00", "score=" + "9" * 4_000, "score=9&score=1", "x=%FF", "score=%FF"])
def test_queries_never_break_the_page(client: FlaskClient, address: str, query: str) -> None:
    assert client.get(f"{address}?{query}").status_code in {200, 400}
