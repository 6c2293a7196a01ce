"""Quotas: how many accounts of a stratum are enough, and which strata have them."""

from collections.abc import Iterable, Mapping


def heard_accounts(heard: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return how many accounts were heard in each stratum, from (stratum, account id) of the people who answered."""
    counts: dict[str, int] = {}
    for stratum, _ in set(heard):
        counts[stratum] = counts.get(stratum, 0) + 1
    return counts


def full_strata(quotas: Mapping[str, int], heard: Iterable[tuple[str, int]]) -> frozenset[str]:
    """Return the strata whose quota of heard accounts is reached; strata without a quota are never full."""
    if not quotas:
        return frozenset()
    counts = heard_accounts(heard)
    return frozenset(stratum for stratum, enough in quotas.items() if counts.get(stratum, 0) >= enough)
