"""Codes of an authenticator app against the vectors of RFC 6238, and how a new app learns the secret."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.users.rules.second_factor import (
    grouped_key,
    grouped_recovery_code,
    matched_step,
    otpauth_address,
    plain_digits,
    qr_drawing,
)
from app.users.rules.sign_ins import PENDING, code_limits_of, is_pending, limits_of
from app.users.services.encryption import sealed, unsealed

KEY = base64.b32encode(b"12345678901234567890").decode()
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        pytest.param(59, "287082", id="1970"),
        pytest.param(1111111109, "081804", id="2005-before-a-step"),
        pytest.param(1111111111, "050471", id="2005-after-a-step"),
        pytest.param(1234567890, "005924", id="2009"),
        pytest.param(2000000000, "279037", id="2033"),
        pytest.param(20000000000, "353130", id="2603"),
    ],
)
def test_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    at = datetime.fromtimestamp(second, UTC)
    assert matched_step(KEY, code, now=at, last_step=0) == second // 30


@pytest.mark.parametrize(
    ("late", "is_taken"),
    [
        pytest.param(-60, False, id="two-steps-early"),
        pytest.param(-30, True, id="one-step-early"),
        pytest.param(0, True, id="now"),
        pytest.param(30, True, id="one-step-late"),
        pytest.param(60, False, id="two-steps-late"),
    ],
)
def test_one_step_either_way_is_taken(late: int, is_taken: bool) -> None:
    at = datetime.fromtimestamp(1234567890 + late, UTC)
    assert (matched_step(KEY, "005924", now=at, last_step=0) is not None) is is_taken


@pytest.mark.parametrize("ahead", [0, 1, 5])
def test_a_step_that_was_used_is_not_taken_again(ahead: int) -> None:
    at = datetime.fromtimestamp(1234567890, UTC)
    assert matched_step(KEY, "005924", now=at, last_step=1234567890 // 30 + ahead) is None


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("00592", id="five-digits"),
        pytest.param("0059244", id="seven-digits"),
        pytest.param("٠٠٥٩٢٤", id="other-digits"),
        pytest.param("00592²", id="superscript"),
        pytest.param("ABCDEF", id="letters"),
        pytest.param("\ud800" * 6, id="surrogates"),
        pytest.param("9" * 100_000, id="endless"),
    ],
)
def test_what_is_no_code_is_not_taken(typed: str) -> None:
    assert matched_step(KEY, typed, now=datetime.fromtimestamp(1234567890, UTC), last_step=0) is None


def test_groups_do_not_matter() -> None:
    assert plain_digits(" 005 924\n") == plain_digits("005-924") == "005924"
    assert grouped_recovery_code("123456789012345") == "12345 67890 12345"
    assert grouped_key(KEY) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_an_app_learns_secret_issuer_and_person() -> None:
    address = otpauth_address(KEY, "alice@parallax.test")
    assert address == f"otpauth://totp/Parallax:alice@parallax.test?secret={KEY}&issuer=Parallax"
    assert otpauth_address(KEY, '"a:b"@parallax.test').startswith("otpauth://totp/Parallax:")


def test_a_picture_has_a_quiet_zone_and_three_corners() -> None:
    size, path = qr_drawing("otpauth://totp/x")
    squares = set(path.removesuffix("z").split("z"))
    assert size == 33
    for x, y in ((4, 4), (size - 5, 4), (4, size - 5)):
        assert f"M{x} {y}h1v1h-1" in squares
    assert f"M{size - 5} {size - 5}h1v1h-1" not in {f"M{x} {y}h1v1h-1" for x in range(4) for y in range(size)} & squares
    assert not {f"M{edge} {y}h1v1h-1" for edge in range(4) for y in range(size)} & squares


def test_a_password_waits_five_minutes_for_its_code() -> None:
    assert is_pending(NOON, NOON + PENDING - timedelta(seconds=1))
    assert not is_pending(NOON, NOON + PENDING)


def test_a_code_counts_as_a_password_does_and_against_the_account_everywhere() -> None:
    here, there = (code_limits_of("Alice@x.test", address, "s") for address in ("10.0.0.1", "10.0.0.2"))
    assert limits_of("alice@x.test", "10.0.0.1", "s").items() <= here.items()
    assert list(here.keys() & there.keys()) == [list(here)[2]]
    assert here.keys().isdisjoint(code_limits_of("bob@x.test", "10.0.0.9", "s"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_sealed_text_opens_for_its_key_and_purpose_alone(text: str) -> None:
    token = sealed(text, secret="one", purpose="this")
    assert unsealed(token, secret="one", purpose="this") == text
    assert unsealed(token, secret="two", purpose="this") is None
    assert unsealed(token, secret="one", purpose="that") is None
    assert unsealed(token[:-4] + "AAA=", secret="one", purpose="this") is None


def test_what_is_too_old_or_nonsense_stays_closed() -> None:
    token = sealed("text", secret="one", purpose="this")
    assert unsealed(token, secret="one", purpose="this", lasts=timedelta(hours=1)) == "text"
    assert unsealed(token, secret="one", purpose="this", lasts=timedelta(seconds=-1)) is None
    assert unsealed("\ud800 é", secret="one", purpose="this") is None
