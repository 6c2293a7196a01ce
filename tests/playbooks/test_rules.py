"""What a playbook says, what it catches and what holds it back, and why an account may want more."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.actions.rules.kinds import About
from app.core.errors import Refusal
from app.playbooks.rules.catching import (
    Before,
    Caught,
    about_of,
    evidence_for,
    held_back,
    in_common,
    look_lede,
    look_of,
    look_title,
)
from app.playbooks.rules.definition import checked_definition, definition_of, typed_from
from app.playbooks.rules.opinions import Opinion, Words, has_said, product_views, rating_of
from app.playbooks.rules.signs import SIGNS, SignKey
from app.playbooks.rules.upsell import Candidate, has_room, line_of, missing_sources, products_of
from tests.playbooks.world import typed

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
PLAIN = checked_definition(typed("hidden_risk", "renewal"), tiers=["Top"])


def test_what_is_kept_is_read_again() -> None:
    whole = checked_definition(typed("health_fell", "no_contact", tiers=["Top"]), tiers=["Top"])
    assert definition_of(whole.name, whole.document) == whole
    assert checked_definition(typed_from(whole), tiers=["Top"]) == whole
    assert whole.sentence == "Health fell by 15 within 30 days and no contact for 90 days at Top"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"name": " "}, "name", id="no name"),
        pytest.param({"signs": []}, "signs", id="no sign"),
        pytest.param({"signs": ["made_up"]}, "signs", id="a sign that is none"),
        pytest.param({"renewal-days": "0"}, "renewal-days", id="no days"),
        pytest.param({"renewal-days": "١٢"}, "renewal-days", id="digits of another script"),
        pytest.param({"renewal-days": "99999"}, "renewal-days", id="too many days"),
        pytest.param({"tiers": ["Other"]}, "tiers", id="an unknown tier"),
        pytest.param({"kind": "wish"}, "kind", id="an unknown kind"),
        pytest.param({"title": ""}, "title", id="nothing to raise"),
        pytest.param({"due_days": "-1"}, "due_days", id="due before today"),
        pytest.param({"cool_down_days": "x"}, "cool_down_days", id="no number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_definition(typed("renewal") | changes, tiers=["Top"])
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("found", "common"),
    [
        pytest.param([], [], id="no sign"),
        pytest.param([{1: 0, 2: 0}], [1, 2], id="one sign"),
        pytest.param([{1: 0, 2: 0}, {2: 0, 3: 0}], [2], id="both must show"),
        pytest.param([{1: 0}, {}], [], id="one shows nowhere"),
    ],
)
def test_every_sign_must_show(found: list[dict[int, int]], common: list[int]) -> None:
    assert in_common(found) == common


@pytest.mark.parametrize(
    ("before", "held"),
    [
        pytest.param(None, None, id="never raised"),
        pytest.param(Before(None), "raised and still open", id="open"),
        pytest.param(Before(AT - timedelta(days=59)), "closed lately; rests for one more day", id="within the rest"),
        pytest.param(Before(AT - timedelta(days=60)), None, id="the rest is over"),
    ],
)
def test_the_same_is_not_raised_too_soon(before: Before | None, held: str | None) -> None:
    assert held_back(before, PLAIN, AT) == held


RISK = SimpleNamespace(voice=31.4, respondents=2, health=84.0, gap=-41.2, tier="confirmed", study="Spring")
FACTS: dict[SignKey, tuple[Any, str]] = {
    SignKey.HIDDEN_RISK: (RISK, "−41 points, confirmed"),
    SignKey.VOICE_RED: (RISK, "31 of 100, two people heard, red"),
    SignKey.SILENT: (SimpleNamespace(study="Spring", asked=3), "Spring, three people asked"),
    SignKey.HEALTH_RED: (SimpleNamespace(score=21.0, as_of=date(2026, 3, 30)), "21, red, on 30\u00a0March 2026"),
    SignKey.HEALTH_FELL: (
        SimpleNamespace(score=60.0, as_of=date(2026, 3, 30), before=81.0, before_on=date(2026, 2, 28)),
        "81 on 28\u00a0February 2026, 60 on 30\u00a0March 2026: −21",
    ),
    SignKey.RENEWAL: (SimpleNamespace(renewal_date=date(2026, 3, 31)), "31\u00a0March 2026, today"),
    SignKey.PROMISE_LATE: (SimpleNamespace(late=2, oldest=date(2026, 3, 17)), "2, the oldest by 14 days"),
    SignKey.NO_CONTACT: (SimpleNamespace(last=None), "none on record"),
    SignKey.SEATS_FULL: (SimpleNamespace(users=46.0, seats=50), "46 of 50, 92\u00a0%"),
}


@pytest.mark.parametrize("key", SignKey)
def test_each_sign_tells_its_figures(key: SignKey) -> None:
    row, words = FACTS[key]
    assert words in [value for _, value in SIGNS[key].told(row, AT.date())]


def test_a_look_says_why_it_catches_nothing() -> None:
    nothing = look_of(PLAIN, [{1: RISK}, {}], {}, at=AT)
    assert look_title(nothing) == "It catches no account today"
    assert look_lede(nothing) == "Accounts that show each sign alone: hidden risk: 1 and renewal within 120 days: 0."


def test_a_raised_action_keeps_rule_and_figures() -> None:
    renewal = SimpleNamespace(renewal_date=date(2026, 5, 30))
    found = look_of(PLAIN, [{1: RISK, 2: RISK}, {1: renewal, 2: renewal}], {2: Before(None)}, at=AT)
    assert [each.account_id for each in found.free] == [1]
    assert look_title(found) == "It catches two accounts today, one is new"
    kept = evidence_for(PLAIN, found.free[0], AT.date()).document
    assert kept is not None
    assert (kept["rule"], kept["about"], kept["raised_on"]) == ("Before the renewal", "gap", "2026-03-31")
    assert ["Renewal", "30\u00a0May 2026, in 60 days"] in kept["facts"]
    assert about_of(checked_definition(typed("renewal"), tiers=[])) is About.ACCOUNT
    assert Caught(1, []).held is None


def candidate(**changes: Any) -> Candidate:
    facts: dict[str, Any] = {
        "account_id": 1, "crm_id": "A", "name": "Alder", "csm_email": None, "arr": None, "currency": "EUR",
        "voice": 88.0, "people": 2, "health": 90.0,
    }  # fmt: skip
    return Candidate(**facts | changes)


PRODUCTS = products_of({1: {"Planning"}, 2: {"Planning", "Billing"}, 3: {"Billing", "Only theirs"}})


@pytest.mark.parametrize(
    ("changes", "room", "words"),
    [
        pytest.param({}, False, "", id="nothing is known of what it has"),
        pytest.param({"has": ["Planning", "Billing"]}, False, "", id="it has everything"),
        pytest.param({"has": ["Planning"]}, True, "Has Planning; not Billing.", id="lacks what others have"),
        pytest.param({"users": 45.0, "seats": 50}, False, "", id="exactly nine tenths"),
        pytest.param({"users": 48.0, "seats": 50}, True, "Uses 48 of 50 seats (96\u00a0%).", id="nearly full"),
        pytest.param({"users": 60.0, "seats": 50}, True, "(120\u00a0%, more than it pays for)", id="over the seats"),
        pytest.param({"users": 48.0, "seats": None}, False, "", id="seats are unknown"),
    ],
)
def test_room_is_told_by_what_is_known(changes: dict[str, Any], room: bool, words: str) -> None:
    assert PRODUCTS == ["Billing", "Planning"]
    assert has_room(candidate(**changes), PRODUCTS) is room
    assert words in " ".join(line_of(candidate(**changes), PRODUCTS).reasons)


def test_without_data_it_says_what_would_fill_it() -> None:
    known = {"has_voice": True, "has_products": True, "has_users": True, "has_opinions": True}
    assert missing_sources(**known) == []
    assert len(missing_sources(**known | {"has_users": False, "has_opinions": False})) == 2


def opinion(rating: float | None = None, *, likes: bool = False, dislikes: bool = False, text: str = "") -> Opinion:
    words = (Words(text, None),) if text else ()
    return Opinion("Reporting", "admin", "q", "r", rating, likes, dislikes, words)


@pytest.mark.parametrize(
    ("said", "sentence", "is_disliked"),
    [
        pytest.param([opinion(100)], "The one person who spoke of Reporting likes it.", False, id="one"),
        pytest.param(
            [opinion(75), opinion(100), opinion(likes=True), opinion(25)],
            "Three of four like Reporting; one dislikes it.", False, id="most like it",
        ),
        pytest.param(
            [opinion(0), opinion(likes=True)],
            "One of two likes Reporting; one dislikes it: no reason to sell more of it.", True, id="half dislike it",
        ),
        pytest.param(
            [opinion(74.9), opinion(likes=True, dislikes=True)],
            "None of two who spoke of Reporting likes or dislikes it.", False, id="neither",
        ),
        pytest.param(
            [opinion(0), opinion(20), opinion(50)],
            "Two of three dislike Reporting: no reason to sell more of it.", True, id="nobody likes it",
        ),
        pytest.param(
            [opinion(100, dislikes=True)], "The one person who spoke of Reporting likes it.", False, id="rating first"
        ),
    ],
)  # fmt: skip
def test_a_product_is_liked_by_how_many(said: list[Opinion], sentence: str, *, is_disliked: bool) -> None:
    view = product_views(said)[0]
    assert (view.sentence, view.is_disliked) == (sentence, is_disliked)
    assert len(view.voices) == len(said)


@pytest.mark.parametrize(
    ("text", "says"), [("Nothing.", False), (" – ", False), ("", False), (None, False), ("Nothing works", True)]
)
def test_who_has_nothing_to_say_says_nothing(text: str | None, *, says: bool) -> None:
    assert has_said(text) is says


@pytest.mark.parametrize(
    ("value", "ends", "is_reversed", "found"),
    [(4, (1, 5), False, 75), (2, (1, 5), False, 25), (7, (1, 7), True, 0), (4, (None, None), False, None)],
)
def test_ratings_of_all_scales_compare(
    value: float, ends: tuple[float | None, float | None], *, is_reversed: bool, found: float | None
) -> None:
    assert rating_of(value, minimum=ends[0], maximum=ends[1], is_reversed=is_reversed) == found


@pytest.mark.parametrize(
    ("changes", "title", "is_held_back"),
    [
        pytest.param({"has": ["Reporting"]}, "Mend Reporting before offering more", True, id="nothing else"),
        pytest.param({"has": ["Planning"]}, "Offer Billing", False, id="something else"),
    ],
)  # fmt: skip
def test_what_is_disliked_is_not_offered_again(changes: dict[str, Any], title: str, *, is_held_back: bool) -> None:
    line = line_of(
        candidate(**changes, opinions=[opinion(0, text="It is slow")]), PRODUCTS if is_held_back is False else []
    )
    assert (line.title, line.is_held_back) == (title, is_held_back)
    assert [(quote.side, quote.text) for quote in line.views[0].quotes] == [("dislikes", "It is slow")]
