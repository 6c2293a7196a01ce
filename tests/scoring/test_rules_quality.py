"""What is flagged about responses, with the reason, and what is not."""

from typing import Any

import numpy as np
import pytest

from app.scoring.rules.quality import Content, Flags, Kind, Sent, candidates, counts_of, flags_of, near, repeated

LONG = "The support team answers within the hour and knows our set-up."


def sent(n: int, **changes: Any) -> Sent:
    """So many unremarkable responses of different accounts."""
    plain: dict[str, Any] = {
        "ids": [f"R-{i}" for i in range(n)],
        "account": np.arange(n),
        "version": np.ones(n, dtype=np.int64),
        "at": np.arange(n) * 10.0,
        "seconds": np.full(n, np.nan),
        "answered": np.zeros(n, dtype=np.int64),
        "positions": np.full((n, 6), np.nan),
        "reverse": np.zeros(6, dtype=np.bool_),
        "texts": [],
        "contents": {},
    }
    return Sent(**plain | changes)


def kinds(flags: Flags) -> dict[int, list[str]]:
    return {position: [str(flag.kind) for flag in each] for position, each in sorted(flags.items())}


@pytest.mark.parametrize(
    ("seconds", "answered", "kind", "words"),
    [
        pytest.param(0, 8, Kind.MACHINE, "had not been opened", id="never-open"),
        pytest.param(2, 8, Kind.MACHINE, "2 seconds after", id="two-seconds"),
        pytest.param(15, 8, Kind.SPEEDER, "8 questions answered in 15 seconds", id="under-two-each"),
        pytest.param(16, 8, None, "", id="exactly-two-each"),
        pytest.param(3, 0, None, "", id="nothing-known-of-the-answers"),
        pytest.param(np.nan, 8, None, "", id="not-timed"),
    ],
)
def test_haste(seconds: float, answered: int, kind: Kind | None, words: str) -> None:
    flags = flags_of(sent(1, seconds=np.array([float(seconds)]), answered=np.array([answered])))
    assert [flag.kind for flag in flags.get(0, [])] == ([kind] if kind else [])
    assert words in (flags[0][0].reason if flags else "")


def test_a_third_of_the_median_of_twenty_of_the_same_version() -> None:
    seconds = np.array([*[300.0] * 19, 99.0, 99.0])
    version = np.array([1] * 20 + [2])
    flags = flags_of(sent(21, seconds=seconds, version=version))
    assert kinds(flags) == {19: ["speeder"]}
    assert "less than a third of the usual 5.0 minutes" in flags[19][0].reason
    assert flags_of(sent(19, seconds=seconds[1:20])) == {}


@pytest.mark.parametrize(
    ("positions", "reverse", "words"),
    [
        pytest.param([1, 1, 1, 1, 1, np.nan], 0, "at the highest point, which may be meant", id="all-high"),
        pytest.param([1, 1, 1, 1, 1, 1], 2, "though 2 of them are put the other way round", id="agrees-to-everything"),
        pytest.param([0.5] * 6, 1, "at the same place (50% along)", id="middle"),
        pytest.param([0, 0, 0, 0, np.nan, np.nan], 0, None, id="four-are-too-few"),
        pytest.param([0, 0, 0, 0, 0.25, 0], 0, None, id="one-differs"),
    ],
)
def test_straight_lines(positions: list[float], reverse: int, words: str | None) -> None:
    turned = np.array([i < reverse for i in range(6)])
    flags = flags_of(sent(1, positions=np.array([positions]), reverse=turned))
    assert (words is not None) is bool(flags)
    assert (words or "") in (flags[0][0].reason if flags else "")


def test_the_same_words_and_the_same_answers() -> None:
    texts = [(0, LONG), (2, f"  {LONG.upper()} \n"), (1, "Fine."), (3, "Fine.")]
    flags = flags_of(sent(4, texts=texts))
    assert kinds(flags) == {0: ["duplicate"], 2: ["duplicate"]}
    assert flags[0][0].reason == "The same words as in response R-2."
    content = Content(6, np.array([5.0, 4, 3, 2]).tobytes(), frozenset({(8, "", None, "a"), (9, "", None, "b")}))
    alike = dict.fromkeys(range(4), content)
    times, account = np.array([0.0, 3600.0, 9000.0, 0.0]), np.array([5, 5, 5, 6])
    assert set(flags_of(sent(4, contents=alike, at=times, account=account))) == {0, 1}
    few = dict.fromkeys(range(4), content._replace(answers=5))
    assert flags_of(sent(4, contents=few, account=np.full(4, 5))) == {}
    other = {i: content._replace(beside=frozenset({(8, "", None, str(i))})) for i in range(4)}
    assert flags_of(sent(4, contents=other, at=times, account=account)) == {}


def test_candidates_share_numbers_words_and_account() -> None:
    numbers, none = np.array([[1.0, np.nan], [1.0, np.nan], [1.0, 2.0], [1.0, np.nan]]), np.zeros(4, dtype=np.uint64)
    assert candidates(np.array([1, 1, 1, 2]), numbers, none) == [0, 1]
    assert candidates(np.array([1, 2, 1, 3]), numbers, none) == []
    assert candidates(np.array([1, 1, 1, 1]), numbers, np.array([7, 8, 7, 8], dtype=np.uint64)) == [1, 3]
    assert candidates(np.array([], dtype=np.int64), numbers[:0], none[:0]) == []


def test_what_is_near_was_sent_within_an_hour_at_one_account() -> None:
    at = {0: 0.0, 1: 3600.0, 2: 9000.0, 3: 10.0, 5: 12_600.0}
    assert near([0, 1, 2, 3, 5], np.array([5, 5, 5, 6, 5, 5]), at) == [0, 1, 2, 5]
    assert near([], np.array([], dtype=np.int64), {}) == []


def test_what_is_repeated_stands_more_than_once() -> None:
    assert repeated(np.array([7, 2, 7, 1, 2, 2])) == [0, 1, 2, 4, 5]
    assert repeated(np.array([])) == []


def test_counts_name_every_kind_and_count_a_response_once() -> None:
    flags = flags_of(sent(2, seconds=np.array([0.0, np.nan]), positions=np.zeros((2, 6)), texts=[(0, LONG), (1, LONG)]))
    assert counts_of(flags, 9) == {
        "responses": 9,
        "flagged": 2,
        "speeder": 0,
        "straight_liner": 2,
        "duplicate": 2,
        "machine": 1,
    }
    assert flags_of(sent(0)) == {}
