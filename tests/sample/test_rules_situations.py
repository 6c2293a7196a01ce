"""What happens around the sample's accounts, and their education: repeatable, whole and of all kinds."""

from collections import Counter
from datetime import date

import pytest

from app.education.rules.records import checked_education, reading
from app.overlays.rules.levels import Level
from app.overlays.rules.typed import checked_change, checked_overlay
from app.sample.rules.companies import INDUSTRIES
from app.sample.rules.profiles import profiles
from app.sample.rules.situations import IMPACTS, changes, education, shortage

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("seed", [25, 1])
def test_situation_and_education_can_be_kept_and_are_repeatable(seed: int) -> None:
    accounts = profiles(seed, TODAY)
    assert checked_overlay(shortage(TODAY)).starts_on < TODAY
    assert {industry for industry, _, _ in IMPACTS} < set(INDUSTRIES), "Some industries nobody has judged."
    assert {level for _, level, _ in IMPACTS} == set(Level)
    said = changes(accounts)
    assert len(said) == 3
    assert all(checked_change(typed, currency="EUR").reason for _, typed in said)
    noted = education(accounts, seed, TODAY)
    assert noted == education(accounts, seed, TODAY)
    kept = [checked_education(typed, today=TODAY) for _, typed in noted]
    readings = Counter(reading(each.included, each.taken_on) for each in kept)
    assert set(readings) == {"included and not taken", "taken", "not included"}
    assert len(noted) < len(accounts) / 2
