"""The fieldwork as a funnel: of those drawn, how many were invited, began, and what became of them, by any grouping."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.studies.rules.dispositions import (
    ORDER,
    OUTCOMES,
    BoolArray,
    Disposition,
    Group,
    IntArray,
    groups_of,
    rates_of_counts,
)

Counts = Mapping[Disposition, int]

BEGUN = (Disposition.COMPLETE, Disposition.PARTIAL, Disposition.BREAK_OFF, Disposition.UNFINISHED)
NEVER_INVITED = (Disposition.NOT_INVITED, Disposition.QUOTA_FULL)
UNFINISHED = (Disposition.BREAK_OFF, Disposition.UNFINISHED)
REFUSED = (Disposition.REFUSED, Disposition.SOFT_REFUSAL)
CALLED = (Disposition.AGREED, Disposition.OTHER, Disposition.NON_CONTACT, Disposition.NO_ANSWER, Disposition.LEFT)
"""Those whom calls have not brought to an answer or a refusal."""


@dataclass(frozen=True)
class Line:
    """One row of a funnel; from `complete` on the columns are parts whose sum is `drawn`."""

    name: str
    drawn: int
    invited: int
    begun: int
    complete: int
    partial: int
    unfinished: int
    refused: int
    called: int
    undelivered: int
    silent: int
    not_invited: int


@dataclass(frozen=True)
class ModeHeard:
    """People drawn for one mode: how many, how many answered, and answered in that mode, began, and are never asked."""

    drawn: int
    answered: int
    answered_so: int
    begun: int
    never_asked: int


@dataclass(frozen=True)
class Rate:
    """A response rate with its formula, and for accounts and people its value and the counts it is made of."""

    name: str
    formula: str
    accounts: float | None
    accounts_from: str
    people: float | None
    people_from: str


@dataclass(frozen=True)
class Code:
    """How many accounts and people have one of AAPOR's outcomes."""

    code: str
    group: str
    words: str
    accounts: int
    people: int


@dataclass(frozen=True)
class Tally:
    """Dispositions of people and of accounts (the best of their people's), counted by stratum and by role."""

    people_by_stratum: Mapping[str, Counter[Disposition]]
    people_by_role: Mapping[str, Counter[Disposition]]
    accounts_by_stratum: Mapping[str, Counter[Disposition]]

    @property
    def people(self) -> Counter[Disposition]:
        """All people."""
        return total_of(self.people_by_role.values())

    @property
    def accounts(self) -> Counter[Disposition]:
        """All accounts."""
        return total_of(self.accounts_by_stratum.values())


def tally(accounts: Sequence[int], roles: Sequence[str], dispositions: IntArray, strata: Mapping[int, str]) -> Tally:
    """Count people, given as columns (account id, role, disposition by its position in `ORDER`).

    `strata` maps the id of every drawn account to its stratum; an account at which nobody was drawn was not invited.
    """
    row = {account_id: position for position, account_id in enumerate(strata)}
    account = np.array([row[account_id] for account_id in accounts], dtype=np.int64)
    best = np.full(len(strata), len(ORDER))
    np.minimum.at(best, account, dispositions)
    best[best == len(ORDER)] = ORDER.index(Disposition.NOT_INVITED)
    of_accounts = list(strata.values())
    of_people = [of_accounts[position] for position in account.tolist()]
    return Tally(
        people_by_stratum=_counted(of_people, dispositions),
        people_by_role=_counted(roles, dispositions),
        accounts_by_stratum=_counted(of_accounts, best),
    )


def _counted(names: Sequence[str], dispositions: IntArray) -> dict[str, Counter[Disposition]]:
    counts = Counter(zip(names, dispositions.tolist(), strict=True))
    found: dict[str, Counter[Disposition]] = defaultdict(Counter)
    for (name, position), number in counts.items():
        found[name][ORDER[position]] = number
    return found


def total_of(counts: Iterable[Counter[Disposition]]) -> Counter[Disposition]:
    """Add up counts."""
    total: Counter[Disposition] = Counter()
    for each in counts:
        total.update(each)
    return total


def heard_by_mode(
    modes: Sequence[str], *, is_heard: BoolArray, is_as_drawn: BoolArray, is_begun: BoolArray, is_unwilling: BoolArray
) -> dict[str, ModeHeard]:
    """Count people by the mode of the draw, from columns about them."""
    drawn = np.array(modes, dtype=np.str_)
    everybody = np.ones(len(drawn), dtype=np.bool_)
    columns = (everybody, is_heard, is_as_drawn, is_begun, is_unwilling)
    return {
        mode: ModeHeard(*(int((column & (drawn == mode)).sum()) for column in columns)) for mode in dict.fromkeys(modes)
    }


def line_of(name: str, counts: Counts) -> Line:
    """Return one row of a funnel."""

    def of(*dispositions: Disposition) -> int:
        return sum(counts.get(each, 0) for each in dispositions)

    drawn, not_invited = sum(counts.values()), of(*NEVER_INVITED)
    return Line(
        name=name,
        drawn=drawn,
        invited=drawn - not_invited,
        begun=of(*BEGUN),
        complete=of(Disposition.COMPLETE),
        partial=of(Disposition.PARTIAL),
        unfinished=of(*UNFINISHED),
        refused=of(*REFUSED),
        called=of(*CALLED),
        undelivered=of(Disposition.UNDELIVERED),
        silent=of(Disposition.NOTHING_RETURNED),
        not_invited=not_invited,
    )


def lines_of(counted: Mapping[str, Counts]) -> list[Line]:
    """Return the rows of a funnel, the largest first."""
    lines = [line_of(name, counts) for name, counts in counted.items()]
    return sorted(lines, key=lambda line: (-line.drawn, line.name))


def codes_of(accounts: Counts, people: Counts) -> list[Code]:
    """Return AAPOR's outcomes that occur, by code."""
    found = [
        Code(outcome.code, outcome.group, outcome.words, accounts.get(each, 0), people.get(each, 0))
        for each, outcome in OUTCOMES.items()
        if accounts.get(each) or people.get(each)
    ]
    return sorted(found, key=lambda code: code.code)


FORMULAS = {
    "RR1": "I ÷ (D + U)",
    "RR2": "(I + P) ÷ (D + U)",
    "RR3": "I ÷ (D + eU)",
    "RR4": "(I + P) ÷ (D + eU)",
    "RR5": "I ÷ D",
    "RR6": "(I + P) ÷ D",
}
"""AAPOR's response rates; D = I + P + R + NC + O are the cases known to be eligible, U those of which it is unknown."""


def rate_lines(accounts: Counts, people: Counts) -> list[Rate]:
    """Return RR1 to RR6 of accounts and people, each with the numbers it is made of."""
    of_accounts, of_people = vars(rates_of_counts(accounts)), vars(rates_of_counts(people))
    return [
        Rate(
            name,
            formula,
            of_accounts[name.lower()],
            _division(name, accounts),
            of_people[name.lower()],
            _division(name, people),
        )
        for name, formula in FORMULAS.items()
    ]


def legend(counts: Counts) -> list[tuple[str, str]]:
    """Return what the letters of the formulas stand for, with their numbers."""
    groups = groups_of(counts)
    known, unknown = _known(groups), _unknown(groups)
    e = rates_of_counts(counts).e
    return [
        ("I", f"complete: {groups[Group.COMPLETE]:,.0f}"),
        ("P", f"partial: {groups[Group.PARTIAL]:,.0f}"),
        ("R", f"refused or broke off: {groups[Group.REFUSAL]:,.0f}"),
        (
            "NC, O",
            f"no contact and other, as calls tell: {groups[Group.NON_CONTACT]:,.0f} and {groups[Group.OTHER]:,.0f}",
        ),
        ("D", f"known to be eligible, I + P + R + NC + O: {known:,.0f}"),
        ("U", f"eligibility unknown (nothing came back, undelivered, no answer, not invited): {unknown:,.0f}"),
        ("NE", f"not eligible (quota full, left the company): {groups[Group.INELIGIBLE]:,.0f}"),
        ("e", "D ÷ (D + NE): " + ("not known" if e is None else f"{e:.3g}")),
    ]


def _division(name: str, counts: Counts) -> str:
    groups = groups_of(counts)
    over = groups[Group.COMPLETE] + (groups[Group.PARTIAL] if name in {"RR2", "RR4", "RR6"} else 0)
    known, unknown = _known(groups), _unknown(groups)
    under = {"RR1": known + unknown, "RR2": known + unknown, "RR5": known, "RR6": known}.get(name)
    if under is None:
        under = known + (rates_of_counts(counts).e or 0) * unknown
    return f"{over:,.0f} ÷ {under:,.4g}" if under < 10_000 and under % 1 else f"{over:,.0f} ÷ {under:,.0f}"


def _known(groups: Mapping[Group, float]) -> float:
    names = (Group.COMPLETE, Group.PARTIAL, Group.REFUSAL, Group.NON_CONTACT, Group.OTHER)
    return sum(groups[name] for name in names)


def _unknown(groups: Mapping[Group, float]) -> float:
    return groups[Group.UNKNOWN_HOUSEHOLD] + groups[Group.UNKNOWN_OTHER]
