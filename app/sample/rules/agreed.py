"""What the sample's accounts agreed to reach: plans on their way, late, blocked and stuck."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.plans.rules.typed import BlockerWish, OutcomeWish, PlanWish
from app.sample.rules.profiles import Profile, showcase
from app.sample.rules.streams import stream

_PLANS = ("All sites plan in one place", "Payroll without corrections", "A season without overtime")
_OUTCOMES = (
    ("Every shift leader plans alone", "No call to support for a week"),
    ("Time sheets close on the first day of the month", "Five months of six"),
    ("Overtime falls by a tenth", "Payroll report, against last year"),
    ("The ledger takes the figures by itself", "No line typed by hand"),
    ("Swaps are asked for and answered in the app", "Eight of ten swaps"),
)
_BLOCKERS = (
    "Nobody at the customer may change the payroll export",
    "Single sign-on waits for their security review",
    "The works council has not agreed to the app",
    "Master data of two sites are missing",
)
_REASONS = ("Their release moved to the next quarter", "The project lead was away for six weeks")


@dataclass(frozen=True)
class Agreed:
    """One plan of an account; `moved` says which outcomes got another date, by their place."""

    account_id: str
    plan: PlanWish
    outcomes: list[OutcomeWish]
    moved: Mapping[int, OutcomeWish]
    blockers: list[BlockerWish]


def agreed_plans(accounts: tuple[Profile, ...], seed: int, today: date) -> list[Agreed]:
    """Plans for about a quarter of the accounts; the less content, the more stands in their way."""
    chances = [(profile, stream(seed, "plan", profile.account_id)) for profile in accounts]
    known = showcase(accounts)
    chosen = [each for each in chances if each[1].random() < 0.25 or each[0].account_id in known]
    return [_agreed(profile, chance, today) for profile, chance in chosen]


def _agreed(profile: Profile, chance: Random, today: date) -> Agreed:
    agreed_on = today - timedelta(days=chance.randint(60, 170))
    ends_on = today + timedelta(days=chance.randint(60, 200))
    is_trouble = chance.random() * 100 > profile.voice
    outcomes = [
        _outcome(words, agreed_on, today, chance, is_late=is_trouble and number == 0 and chance.random() < 0.6)
        for number, words in enumerate(chance.sample(_OUTCOMES, chance.randint(2, 4)))
    ]
    moves = {
        number: replace(each, due_on=each.due_on + timedelta(days=21), reason=chance.choice(_REASONS))
        for number, each in enumerate(outcomes)
        if each.done_on is None and each.due_on > today and chance.random() < 0.3
    }
    return Agreed(
        profile.account_id,
        PlanWish(chance.choice(_PLANS), agreed_on, ends_on, ""),
        outcomes,
        moves,
        [_blocker(chance, today)] if is_trouble and chance.random() < 0.7 else [],
    )


def _outcome(words: tuple[str, str], agreed_on: date, today: date, chance: Random, *, is_late: bool) -> OutcomeWish:
    title, measure = words
    if is_late:
        return OutcomeWish(
            title, measure, today - timedelta(days=chance.choice((6, 14, 44))), None, "", is_dropped=False
        )
    due_on = agreed_on + timedelta(days=chance.randint(30, 150))
    if due_on <= today:
        return OutcomeWish(title, measure, due_on, due_on - timedelta(days=chance.randint(0, 12)), "", is_dropped=False)
    return OutcomeWish(title, measure, due_on, None, "", is_dropped=False)


def _blocker(chance: Random, today: date) -> BlockerWish:
    opened_on = today - timedelta(days=chance.randint(4, 40))
    return BlockerWish(chance.choice(_BLOCKERS), chance.random() < 0.35, opened_on, None, None)
