"""Which groups may be shown, so that nothing is told of few people: not directly, and not by subtraction.

Groups are the parts of one total, which is shown too. Whoever knows the total and all groups that are shown knows what
the hidden ones come to together: so these must be several, and together large enough (complementary suppression:
Willenborg & de Waal 2001, ch. 4). Which of them are hidden for their size and which for the others' sake is never told:
with the sum of all it could tell how many answered in each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.studies.rules.anonymity import SMALLEST_GROUP


class Hidden(StrEnum):
    """Why a group is not shown: it is small, it is one account, or its figure would give another group's away."""

    SMALL = "small"
    ONE_ACCOUNT = "one_account"
    SUBTRACTION = "subtraction"


@dataclass(frozen=True)
class Shown:
    """What may be shown: `hidden` maps every group that may not to the reason; `has_total` whether the total may."""

    groups: tuple[str, ...]
    hidden: Mapping[str, Hidden]
    has_total: bool


def shown_groups(
    counts: Mapping[str, int], *, never: Mapping[str, Hidden] | None = None, least: int = SMALLEST_GROUP
) -> Shown:
    """The groups that may be shown beside their total, in the order of `counts` (group -> answers).

    Groups under `least` and those of `never` are hidden. While the hidden groups could be computed from the total, the
    next smallest group is hidden as well: that is where only one is hidden, where all hidden together are under
    `least`, or where a single account is hidden with fewer than `least` answers of others. Where no group is left, the
    total is shown alone if it is neither too small nor mostly that one account.
    """
    hidden = {group: Hidden.SMALL for group, answers in counts.items() if answers < least}
    hidden |= {group: reason for group, reason in (never or {}).items() if group in counts}
    left = sorted(counts.keys() - hidden.keys(), key=lambda group: (counts[group], group))
    while left and hidden and (len(hidden) == 1 or _tells(counts, hidden, least)):
        hidden[left.pop(0)] = Hidden.SUBTRACTION
    groups = tuple(group for group in counts if group not in hidden)
    has_total = bool(groups) or not _tells(counts, hidden, least)
    return Shown(groups, {group: hidden[group] for group in counts if group in hidden}, has_total)


def _tells(counts: Mapping[str, int], hidden: Mapping[str, Hidden], least: int) -> bool:
    """Whether what hidden groups come to together tells of few people, or of one account."""
    together = sum(counts[group] for group in hidden)
    alone = max((counts[group] for group, reason in hidden.items() if reason is Hidden.ONE_ACCOUNT), default=0)
    return together - alone < least
