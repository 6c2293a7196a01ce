"""What the sample's CSMs think: repeatable, of every kind, fresh and stale, standing and over."""

from collections import Counter
from datetime import date

import pytest

from app.pulse.rules.overrides import is_standing, read_expiry
from app.pulse.rules.words import STEPS
from app.sample.rules.contacts import people
from app.sample.rules.judgements import WITHOUT, blind, lights, matrices, overrides, sentiments
from app.sample.rules.profiles import profiles
from app.sample.rules.telemetry import month_ends

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("seed", [25, 1])
def test_judgements_are_repeatable_and_of_every_kind(seed: int) -> None:
    accounts = profiles(seed, TODAY)
    persons = people(accounts, seed)
    ends = month_ends(TODAY, 6)
    said = sentiments(accounts, seed, ends)
    assert said == sentiments(accounts, seed, ends)
    assert {each.on for each in said} <= set(ends)
    small = {profile.account_id for profile in accounts if profile.segment == WITHOUT}
    assert not small & {each.account_id for each in said}
    assert len({value for value, _ in blind(accounts, seed).values()}) >= 4
    assert len(blind(accounts, seed)) < len(accounts), "Some accounts nobody rates."
    assert {value for value, _ in blind(accounts, seed).values()} <= set(STEPS)
    ages = [(TODAY - each.on).days for each in lights(accounts, seed, TODAY)]
    assert min(ages) < 10
    assert max(ages) > 60
    first, *_ = found = matrices(accounts, persons, seed, TODAY)
    assert (TODAY - first.on).days > 90
    assert len({each.account_id for each in found}) == len(found) / 2


def test_four_overrides_stand_one_was_ended_and_one_ran_out() -> None:
    told = overrides(profiles(25, TODAY), TODAY)
    assert [read_expiry(str(each.expires_on), each.set_on) for each in told] == [each.expires_on for each in told]
    kinds = Counter(
        "ended" if each.ended_on else "stands" if is_standing(each.expires_on, None, TODAY) else "over" for each in told
    )
    assert kinds == {"stands": 4, "ended": 1, "over": 1}
    assert len({each.account_id for each in told}) == 6
