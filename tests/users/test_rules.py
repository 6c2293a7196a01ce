"""Rules about people: roles, passwords, how long a sign-in lasts, where it may lead."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.users.rules import Permission, Reach, Role, Scope
from app.users.rules.audit_chain import GENESIS, canonical, event_sha256
from app.users.rules.passwords import COMMON, password_problem
from app.users.rules.roles import MEANINGS, PRINCIPALS, matrix, reach
from app.users.rules.sign_ins import free_again_at, is_due, is_live, limits_of, local_address

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EMAIL = "alice.owner@parallax.test"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        pytest.param("eleven char", "12 to 128", id="too-short"),
        pytest.param("x1" * 65, "12 to 128", id="too-long"),
        pytest.param("aaaaaaaaaaaaaa", "different", id="one-character"),
        pytest.param("abababababab", "different", id="two-characters"),
        pytest.param("123456789012", "first that attackers try", id="counting"),
        pytest.param("210987654321", "first that attackers try", id="counting-down"),
        pytest.param("Password1234!", "first that attackers try", id="common-with-digits"),
        pytest.param("ParallaxParallax", "first that attackers try", id="product-name"),
        pytest.param("PARALLAX-2026!", "first that attackers try", id="product-name-and-year"),
        pytest.param("qwertyuiop12", "first that attackers try", id="keyboard-row"),
        pytest.param("alice.owner@parallax.test", "e-mail address", id="the-address-itself"),
        pytest.param("alice-owner-123", "e-mail address", id="parts-of-the-address"),
    ],
)
def test_a_weak_password_is_refused(password: str, word: str) -> None:
    assert word in (password_problem(password, email=EMAIL) or "")


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("seven quiet otters swim", id="words"),
        pytest.param("Ttg4-vq!9x_R", id="twelve-signs"),
        pytest.param("пять тихих выдр", id="other-script"),
        pytest.param("alice keeps bees and goats", id="a-name-among-words"),
        pytest.param("y7" + "abcdefgh " * 14, id="exactly-the-longest"),
    ],
)
def test_a_good_password_is_taken(password: str) -> None:
    assert password_problem(password, email=EMAIL) is None


def test_the_blocklist_is_worth_having() -> None:
    assert len(COMMON) >= 50
    assert all(word == word.casefold() for word in COMMON)


@pytest.mark.parametrize(
    ("created", "seen", "expected"),
    [
        pytest.param(0, 0, True, id="fresh"),
        pytest.param(300, 59.9, True, id="used-lately"),
        pytest.param(300, 60, False, id="idle-for-an-hour"),
        pytest.param(12 * 60 - 0.1, 1, True, id="almost-twelve-hours"),
        pytest.param(12 * 60, 0, False, id="twelve-hours-whatever-its-use"),
    ],
)
def test_a_sign_in_lives_an_hour_idle_and_twelve_in_all(created: float, seen: float, expected: bool) -> None:
    assert is_live(NOON - minutes(created), NOON - minutes(seen), NOON) is expected


def test_seen_is_due_once_a_minute() -> None:
    assert not is_due(NOON - minutes(0.99), NOON)
    assert is_due(NOON - minutes(1), NOON)


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        pytest.param([], None, id="none"),
        pytest.param(range(3), None, id="as-many-as-allowed"),
        pytest.param([14, 5, 1, 0], 1, id="one-too-many-waits-for-the-oldest"),
        pytest.param([14, 13, 5, 1, 0], 2, id="two-too-many-wait-for-the-second"),
    ],
)
def test_the_next_attempt_waits_for_old_ones_to_leave(ages: list[int], expected: int | None) -> None:
    free = free_again_at([NOON - minutes(age) for age in ages], limit=3)
    assert free == (None if expected is None else NOON + minutes(expected))


def test_attempts_are_counted_per_account_and_address() -> None:
    (pair, pair_limit), (place, place_limit) = limits_of("Alice@x.test ", "10.0.0.1", "secret").items()
    assert (pair_limit, place_limit) == (10, 100)
    assert pair in limits_of("alice@x.test", "10.0.0.1", "secret")
    elsewhere = limits_of("alice@x.test", "10.0.0.2", "secret")
    assert not {pair, place} & set(elsewhere)
    assert place in limits_of("bob@x.test", "10.0.0.1", "secret")


def test_one_machine_cannot_hide_in_its_ipv6_network() -> None:
    assert limits_of("a@x.test", "2001:db8::1", "s") == limits_of("a@x.test", "2001:db8::ffff:1", "s")
    assert limits_of("a@x.test", "2001:db8::1", "s") != limits_of("a@x.test", "2001:db8:0:1::1", "s")


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(None, id="nothing"),
        pytest.param("", id="empty"),
        pytest.param("https://evil.example/", id="other-site"),
        pytest.param("//evil.example/", id="no-scheme"),
        pytest.param("/\\evil.example/", id="backslash"),
        pytest.param("/a\\..\\..//evil.example", id="backslash-later"),
        pytest.param("/\t/evil.example/", id="tab"),
        pytest.param("/ /evil.example", id="space"),
        pytest.param("/x\r\nSet-Cookie: probe=1", id="header"),
        pytest.param("javascript:alert(1)", id="script"),
        pytest.param("studies", id="relative"),
        pytest.param(" /studies", id="leading-space"),
    ],
)
def test_sign_in_never_leads_elsewhere(wanted: str | None) -> None:
    assert local_address(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/", "/studies", "/studies/q3/gaps?tab=a%20b&x=1", "/accounts/%C3%84"])
def test_sign_in_leads_back(wanted: str) -> None:
    assert local_address(wanted) == wanted


@given(st.text())
def test_whatever_is_wanted_stays_here(wanted: str) -> None:
    address = local_address(wanted)
    assert address.startswith("/")
    assert not address.startswith(("//", "/\\"))


def test_the_matrix_has_a_row_per_permission_and_a_column_per_principal() -> None:
    head, _rule, *rows = matrix().splitlines()
    assert head.count("|") == len(PRINCIPALS) + 2
    assert len(rows) == len(Permission) == len(MEANINGS)
    assert all(row.count("|") == len(PRINCIPALS) + 2 for row in rows)


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [
        pytest.param(Role.ADMIN, Permission.USERS, Reach.ALL, id="admins-manage-users"),
        pytest.param(Role.LEADER, Permission.USERS, None, id="leaders-do-not"),
        pytest.param(Role.LEADER, Permission.REPORTS, Reach.OWN, id="leaders-read-their-own-studies"),
        pytest.param(Role.CSM, Permission.REPORTS, Reach.ASSIGNED, id="csms-read-their-accounts"),
        pytest.param(Role.CSM, Permission.STUDIES, None, id="csms-do-not-run-studies"),
        pytest.param(Role.VIEWER, Permission.REPORTS, Reach.WITHOUT_CONTACTS, id="viewers-see-no-contacts"),
        pytest.param(Role.VIEWER, Permission.AUDIT, None, id="viewers-see-no-log"),
    ],
)
def test_who_may_do_what(role: Role, permission: Permission, expected: Reach | None) -> None:
    assert reach(role, permission) is expected


def test_two_roles_add_up() -> None:
    scope = Scope(1, "a@x.test", "A", frozenset({Role.CSM, Role.VIEWER}))
    assert scope.reaches(Permission.REPORTS) == {Reach.ASSIGNED, Reach.WITHOUT_CONTACTS}
    assert not scope.can(Permission.STUDIES)
    assert not Scope(1, "a@x.test", "A", frozenset()).can(Permission.REPORTS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Alice Owner", "AO", id="two-words"),
        pytest.param("Mary Ann van Dyke", "MD", id="four-words"),
        pytest.param("ada", "A", id="one-word"),
        pytest.param("alice@x.test", "AT", id="an-address-as-name"),
        pytest.param("", "A", id="no-name"),
        pytest.param("— …", "A", id="signs-only"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert Scope(1, "a@x.test", name, frozenset()).initials == expected


FACTS = {"at": NOON, "actor_id": 7, "action": "a", "object_type": "t", "object_id": "1", "fields": {"b": 1, "a": [2]}}


def test_the_hash_of_a_line_does_not_depend_on_the_order_of_its_fields() -> None:
    swapped = {**FACTS, "fields": {"a": [2], "b": 1}}
    assert event_sha256(GENESIS, **FACTS) == event_sha256(GENESIS, **swapped)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"at": NOON + timedelta(microseconds=1)}, id="at"),
        pytest.param({"actor_id": None}, id="actor"),
        pytest.param({"action": "b"}, id="action"),
        pytest.param({"object_type": "u"}, id="type"),
        pytest.param({"object_id": "2"}, id="object"),
        pytest.param({"fields": {"b": 2, "a": [2]}}, id="fields"),
    ],
)
def test_the_hash_of_a_line_depends_on_every_fact(change: dict[str, object]) -> None:
    assert event_sha256(GENESIS, **FACTS) != event_sha256(GENESIS, **{**FACTS, **change})  # type: ignore[arg-type]
    assert event_sha256(GENESIS, **FACTS) != event_sha256("1" * 64, **FACTS)  # type: ignore[arg-type]


def test_a_line_cannot_hold_what_json_cannot() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": float("nan")})
