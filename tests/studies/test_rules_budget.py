"""Who is held back and why: one reason each, in a fixed order."""

import pytest

from app.studies.rules.budget import Budget, Facts, Held, held_back, held_words, not_to_be_mailed

BUDGET = Budget()
CASES = {
    "nothing stands against it": (Facts(), None),
    "consent yes": (Facts(consent="yes"), None),
    "consent no": (Facts(consent="no"), Held.CONSENT),
    "unsubscribed": (Facts(stop="unsubscribed"), Held.UNSUBSCRIBED),
    "bounced": (Facts(stop="bounced"), Held.BOUNCED),
    "no address": (Facts(has_address=False), Held.NO_ADDRESS),
    "answered": (Facts(has_answered=True), Held.ANSWERED),
    "invited": (Facts(is_invited=True), Held.INVITED),
    "quota full": (Facts(is_quota_full=True), Held.QUOTA_FULL),
    "the occasion is over": (Facts(is_occasion_over=True), Held.OCCASION_OVER),
    "over before the quota": (Facts(is_occasion_over=True, is_quota_full=True), Held.OCCASION_OVER),
    "invited in time": (Facts(is_occasion_over=True, is_invited=True), Held.INVITED),
    "another study asked them": (Facts(is_person_asked=True), Held.PERSON_ASKED),
    "one other study asked the account": (Facts(other_studies=1), None),
    "two other studies asked the account": (Facts(other_studies=2), Held.ACCOUNT_ASKED),
    "consent comes first": (Facts(consent="no", stop="bounced", has_answered=True, other_studies=9), Held.CONSENT),
    "the person before the account": (Facts(is_person_asked=True, other_studies=2), Held.PERSON_ASKED),
    "the quota before the person": (Facts(is_person_asked=True, is_quota_full=True), Held.QUOTA_FULL),
}


@pytest.mark.parametrize("case", CASES)
def test_each_person_has_one_reason(case: str) -> None:
    facts, expected = CASES[case]
    assert held_back(facts, BUDGET) is expected


def test_the_budget_over_studies_does_not_keep_reminders_back() -> None:
    assert not_to_be_mailed(Facts(is_person_asked=True, other_studies=5, is_invited=True)) is None


def test_every_reason_has_its_sentence_with_the_workspace_s_numbers() -> None:
    words = {held: held_words(held, Budget(person_days=60, account_days=14, account_studies=1)) for held in Held}
    assert len(set(words.values())) == len(Held)
    assert words[Held.PERSON_ASKED] == "Another study asked them within the last 60 days."
    assert words[Held.ACCOUNT_ASKED] == "Their account was asked by another study within the last 14 days."
