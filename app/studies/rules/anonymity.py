"""What an anonymous study must keep to itself: a group of few people, and a group that is one account."""

from collections.abc import Iterable

SMALLEST_GROUP = 5
"""People from which on a group is shown by itself."""
FEWEST_ACCOUNTS = 2
"""Accounts from which on a stratum is a segment: one of a single account would tell of that account."""
_MOST_NAMED = 10


def small_strata_warning(strata: Iterable[tuple[str, int, int]]) -> list[str]:
    """The sentence about strata (name, accounts, people) that can never be shown by themselves, if there are any."""
    small = [name for name, accounts, people in strata if people < SMALLEST_GROUP or accounts < FEWEST_ACCOUNTS]
    if not small:
        return []
    named = ", ".join(small[:_MOST_NAMED]) + (f" and {len(small) - _MOST_NAMED:,} more" if small[_MOST_NAMED:] else "")
    return [
        f"Strata that are never shown by themselves, being one account or fewer than {SMALLEST_GROUP} people: {named}."
    ]
