"""What is told of a move of health, against which computation, and in which words."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.alerts.rules.rounds import Computed, Round, round_of
from app.alerts.rules.wishes import Extent, Seen, Told, Wish, checked_wish, told_of
from app.alerts.rules.words import AlertLine, headline_of, subject_of, told_words
from app.core.errors import Refusal
from app.core.fates import fate_words

DAY = date(2026, 3, 31)
EVERY = Wish(Extent.ALL, colour=True, falls_by=10, silence=True)


def seen(
    score: float | None,
    before: float | None,
    week: float | None = None,
    earlier: float | None = None,
    bands: tuple[str | None, str | None] = ("amber", "amber"),
) -> Seen:
    return Seen(score, bands[1], before, bands[0], week, earlier)


@pytest.mark.parametrize(
    ("move", "told"),
    [
        pytest.param(seen(60, 60), [], id="nothing moved"),
        pytest.param(seen(76, 74, bands=("amber", "green")), [Told.COLOUR], id="a better colour"),
        pytest.param(seen(49, 51, 51, bands=("amber", "red")), [Told.COLOUR], id="a worse colour"),
        pytest.param(seen(49, 60, 60, bands=("amber", "red")), [Told.COLOUR, Told.FALL], id="colour and fall"),
        pytest.param(seen(50, 60, 60), [Told.FALL], id="a fall of exactly the points"),
        pytest.param(seen(50.1, 60, 60), [], id="a little less than the points"),
        pytest.param(seen(56, 57, 66, 66), [Told.FALL], id="a point a day adds up over a week"),
        pytest.param(seen(54, 55, 66, 66), [], id="and is told once"),
        pytest.param(seen(45, 55, 66, 66), [Told.FALL], id="until it passes the points again"),
        pytest.param(seen(56, 55, 66, 66), [], id="a rise is no fall"),
        pytest.param(seen(50, 60, None, None), [Told.FALL], id="nothing is known of a week ago"),
        pytest.param(seen(None, 60, 60, bands=("amber", None)), [Told.SILENCE], id="no signal any more"),
        pytest.param(seen(60, None, bands=(None, "amber")), [], id="a first score"),
        pytest.param(seen(None, None, bands=(None, None)), [], id="silent as before"),
    ],
)
def test_a_move_is_told(move: Seen, told: list[Told]) -> None:
    assert list(told_of(EVERY, move)) == told
    nothing = Wish(Extent.ALL, colour=False, falls_by=None, silence=False)
    assert told_of(nothing, move) == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        pytest.param({"extent": "all", "colour": "1"}, "changes colour", id="colour"),
        pytest.param(
            {"extent": "mine", "falls": "1", "points": " 7 ", "silence": "1"},
            "falls by seven points or more within a week or loses its signal",
            id="fall and silence",
        ),
        pytest.param({"extent": "all", "colour": "1", "points": "x"}, "changes colour", id="points that nobody wants"),
    ],
)
def test_a_wish_is_read(values: dict[str, str], words: str) -> None:
    assert checked_wish(values).words == words


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"colour": "1"}, "extent", id="of nothing"),
        pytest.param({"extent": "everything", "colour": "1"}, "extent", id="of something else"),
        pytest.param({"extent": "all", "points": "10"}, "kinds", id="nothing to tell"),
        *(
            pytest.param({"extent": "all", "falls": "1", "points": text}, "points", id=f"points {text or 'missing'}")
            for text in ("", "0", "101", "-5", "1.5", "ten", "٣", "9999999")
        ),
    ],
)
def test_an_unclear_wish_is_refused(values: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_wish(values)
    assert refused.value.field == field


def made(*days: int, key: str = "default") -> list[Computed]:
    return [Computed(n, DAY + timedelta(days=day), key) for n, day in enumerate(days, start=1)]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        pytest.param([0], None, id="the first tells nothing"),
        pytest.param([0, 1], Round(2, 1, 1, None), id="the second is held against the first"),
        pytest.param([0, 1, 2], Round(3, 2, 1, 1), id="a week is not over yet"),
        pytest.param([0, 30, 61], Round(3, 2, 2, None), id="month by month a fall begins anew"),
        pytest.param([0, 3, 8, 9], Round(4, 3, 1, 1), id="the last at least a week before"),
        pytest.param([5, 5], Round(2, 1, 1, None), id="the same day again"),
        pytest.param([0, 9, 4], None, id="history tells nothing"),
    ],
)
def test_a_computation_is_held_against_others(days: list[int], found: Round | None) -> None:
    computed = made(*days)
    assert round_of(computed[-1], computed) == found


def test_another_scorecard_is_another_story() -> None:
    computed = [*made(0, 1), Computed(3, DAY + timedelta(days=2), "other")]
    assert round_of(computed[-1], computed) is None


def line(name: str = "Haskelby", told: str = "changed colour") -> AlertLine:
    return AlertLine(name, "€9", told, "71 → 58 (green → amber)", "1 March 2026", "Usage gave 9 less.", (), "https://x")


def test_subjects_name_the_first_account() -> None:
    assert subject_of([line()], 0) == "Haskelby changed colour: 71 → 58 (green → amber)"
    assert subject_of([line(), line("B")], 0) == "Health moved at two accounts: Haskelby 71 → 58 (green → amber)"
    assert len(subject_of([line("H" * 300)], 0)) < 140
    assert headline_of([line()], 0) == "Haskelby changed colour"
    assert headline_of([line()], 11) == "12 accounts moved"
    assert told_words(["fall", "colour"]) == "changed colour"


AT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        pytest.param({"sent_at": AT}, "Sent 1 April 2026, 09:30 UTC.", id="sent"),
        pytest.param({"cancelled_at": AT, "reason": "Because."}, "Not sent. Because.", id="not wanted"),
        pytest.param({"failed_at": AT, "tries": 1, "reason": "550 no"}, "Given up after 1 try. 550 no", id="given up"),
        pytest.param({"tries": 2, "reason": "451"}, "Tried again 1 April 2026, 09:30 UTC. 451", id="later"),
        pytest.param({}, "Is sent 1 April 2026, 09:30 UTC.", id="waits"),
    ],
)
def test_the_fate_of_a_mail_is_told(facts: dict[str, object], words: str) -> None:
    plain = {"due_at": AT, "sent_at": None, "failed_at": None, "cancelled_at": None, "tries": 0, "reason": None}
    assert fate_words(SimpleNamespace(**(plain | facts))).replace("\u00a0", " ") == words
