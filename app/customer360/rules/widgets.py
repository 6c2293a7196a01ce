"""The widgets of an account's page: one figure each with its basis; what is not known says so and is never 0."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.actions.rules.kinds import NAMED_KINDS
from app.core.display import MISSING, NBSP, count, day, money, number, percent, signed
from app.core.words import capital, counted, in_words, label, listed, lower_first, plural
from app.customer360.rules.bars import interval
from app.customer360.rules.distress import BANDS
from app.customer360.rules.layout import Part
from app.customer360.rules.lines import renewal_in
from app.customer360.rules.summary import NONE
from app.customer360.rules.tiers import Tier, is_low, tier_chip
from app.pulse.rules.words import STEPS, colour_of

PROMOTER, PASSIVE = 9, 7
"""Answers, 0 to 10, from which on somebody is a promoter, and below which a detractor (Reichheld 2003)."""
LONGEST_QUOTE = 160
LONGEST_MAP = 12
"""Names from which on a map of what there is to have would fill the page."""
APART = "\x1f"
"""What stands between names that come as one text."""
WIDE, HIGH = 100.0, 24.0


@dataclass(frozen=True)
class Widget:
    """One figure with its basis; `band` and `tier` stand beside it, `kind` colours its rule.

    `more` are lines below, `line` places of a trend in a drawing of 100 by 24, `marks` names with whether they are had,
    `section` where on the page one reads on.
    """

    key: str
    label: str
    value: str
    basis: str
    band: str = ""
    tier: Tier | None = None
    kind: str = ""
    more: tuple[str, ...] = ()
    line: str = ""
    marks: tuple[tuple[str, bool], ...] = ()
    section: str = ""

    @property
    def is_words(self) -> bool:
        """Whether the value is words, which stand smaller than figures."""
        return not any(sign.isdigit() for sign in self.value[:3]) and len(self.value) > LONGEST_FIGURE


LONGEST_FIGURE = 8


@dataclass(frozen=True)
class Beside:
    """What the widgets need: the facts of the account, the figures of one statement, and what is thought of it.

    `rolled` is what its relationships come to together; None where no widget asks for it.
    """

    facts: Any
    figures: Any
    judgement: Any
    quotes: Sequence[Any]
    on: date
    options: Mapping[str, Mapping[str, str]]
    sees_actions: bool
    rolled: Any = None


def widgets_of(parts: Sequence[Part], beside: Beside) -> list[Widget]:
    """The widgets that show, in their order; one that does not apply to the account is left out."""
    made = (_MAKE[part.key](beside) for part in parts if part.is_shown)
    return [widget for widget in made if widget is not None]


def _health(it: Beside) -> Widget | None:
    """Absent where no scorecard applies; with one, an account without telemetry has none, which is not bad health."""
    facts = it.facts
    if facts.computation is None:
        return None
    if facts.health is None or facts.health.score is None:
        return Widget("health", "Health", "No telemetry", "nothing was measured for this account", section="health")
    basis = f"scorecard “{facts.scorecard.key}” v{facts.scorecard.version}, {day(facts.computation.as_of)}"
    trend = facts.present.trend
    return Widget(
        "health",
        "Health",
        number(facts.health.score),
        basis,
        band=facts.health.band or "none",
        more=(_since(trend),) if len(trend) > 1 else (),
        line=trend_line([score for _, score in trend]),
        section="health",
    )


def _since(trend: Sequence[Any]) -> str:
    (first, before), (_, now) = trend[0], trend[-1]
    moved = round(now) - round(before)
    return f"{signed(moved) if moved else 'unchanged'} since {day(first)}"


def trend_line(scores: Sequence[float]) -> str:
    """The places of scores 0-100 in a drawing of 100 by 24, evenly apart; empty for fewer than two."""
    if len(scores) < 2:
        return ""
    step = WIDE / (len(scores) - 1)
    return " ".join(
        f"{place * step:.1f},{HIGH - 2 - score / 100 * (HIGH - 4):.1f}" for place, score in enumerate(scores)
    )


def _voice(it: Beside) -> Widget:
    facts, scored = it.facts, it.facts.scored
    if scored is None:
        asked = "asked, not scored yet" if facts.studies else "no study has drawn this account"
        return Widget("voice", "Voice", "Not heard yet" if facts.studies else "Not asked yet", asked, section="voice")
    score = scored.score
    people = counted(score.respondents, "person") + (f" in “{scored.study.name}”" if len(facts.studies) > 1 else "")
    if not score.respondents:
        asked = sum(each.study_id == scored.study.id for each in facts.people)
        return Widget("voice", "Voice", "Silent", f"{counted(asked, 'person')} asked, nobody has answered")
    if score.voice_band is None or score.voice is None:
        return Widget("voice", "Voice", "Too little signal", f"{people}, fewer than half of the roles", section="voice")
    ends = interval(score.voice, score.voice_se)
    basis = f"95 % interval {ends} · {people}" if ends else people
    return Widget("voice", "Voice", number(score.voice), basis, band=score.voice_band, section="voice")


def _gap(it: Beside) -> Widget:
    score: Any = it.facts.scored.score if it.facts.scored else None
    if score is None or score.gap_shrunken is None:
        return Widget("gap", "Gap", "Not known", "it needs both health and voice")
    low = is_low(score.p_low, score.p_high)
    chip = tier_chip(score.tier, p_low=score.p_low, p_high=score.p_high)
    sure = f"{percent(max(score.p_low or 0.0, score.p_high or 0.0))} sure that it is more than 15 points"
    kind = "" if chip is None else "risk" if low else "strength"
    return Widget("gap", "Gap", signed(score.gap_shrunken), sure, tier=chip, kind=kind, section="voice")


def _revenue(it: Beside) -> Widget:
    account = it.facts.account
    days, unit = renewal_in(account.renewal_date, it.on)
    renewal = f"renewal {day(account.renewal_date)}, {_in_days(days, unit)}" if days else "no renewal date given"
    value = "Not given" if account.arr is None else money(account.arr, it.facts.currency)
    return Widget("revenue", "Revenue a year", value, renewal, section="account")


def _in_days(days: str, unit: str) -> str:
    return days if not unit else f"{days} {unit}" if unit.endswith("ago") else f"in {days} {unit}"


@dataclass(frozen=True)
class Recommending:
    """What people of one study said, 0 to 10, to whether they would recommend us."""

    study: str
    answers: Sequence[float]

    @property
    def mean(self) -> float:
        """The average rating."""
        return sum(self.answers) / len(self.answers)

    @property
    def net(self) -> float:
        """Promoters less detractors, in points of 100 (Reichheld 2003)."""
        promoters = sum(each >= PROMOTER for each in self.answers)
        detractors = sum(each < PASSIVE for each in self.answers)
        return 100 * (promoters - detractors) / len(self.answers)


def recommending(studies: Sequence[Any], people: Sequence[Any]) -> list[Recommending]:
    """What was answered in each study, the newest first; studies without an answer are left out."""
    found = []
    for row in studies:
        answers = [
            each.recommend
            for each in people
            if each.study_id == row.study.id and each.submitted_at is not None and each.recommend is not None
        ]
        if answers:
            found.append(Recommending(row.study.name, answers))
    return found


def _nps(it: Beside) -> Widget:
    found = recommending(it.facts.studies, it.facts.people)
    if not found:
        return Widget("nps", "Average rating", NONE, "nobody said whether they would recommend us")
    last, n = found[0], len(found[0].answers)
    more = [f"True NPS {signed(last.net)}: promoters less detractors, of {counted(n, 'answer')}"]
    more += [f"Before: {number(each.mean, 1)} in “{each.study}”" for each in found[1:3]]
    return Widget(
        "nps",
        "Average rating",
        f"{number(last.mean, 1)}{NBSP}of{NBSP}10",
        f"would recommend us, {counted(n, 'answer')} in “{last.study}”",
        more=tuple(more),
        line=trend_line([10 * each.mean for each in reversed(found)]),
        section="heard",
    )


def _users(it: Beside) -> Widget:
    value, users = it.figures.users_value, it.facts.account.seats
    if value is None:
        metric = it.options.get("users", {}).get("metric", "")
        return Widget("users", "Active users", NONE, f"no telemetry of “{metric}”")
    active = f"{count(value)} active on {day(it.figures.users_on)}"
    if not users:
        return Widget("users", "Active users", count(value), f"{active}; how many users it has is not known")
    share = value / users
    of = f"{count(value)} of {count(users)} users, {day(it.figures.users_on)}"
    if share <= 1:
        return Widget("users", "Active users", percent(share), of)
    why = "More people use it than the CRM has users: the number there is old, or users share what they have."
    return Widget("users", "Active users", f"{number(100 * share)}{NBSP}%", of, more=(why,))


def _cases(it: Beside) -> Widget:
    met, still_open = it.figures.cases_met, it.figures.cases_open
    if not it.figures.cases_ever:
        return Widget("cases", "Open cases", NONE, "no support case is known", section="cases")
    condition = cases_condition(it.options.get("cases", {}))
    basis = f"{condition}; {count(still_open)} open in all" if condition else "of every priority and age"
    return Widget("cases", "Open cases", count(met), basis, section="cases")


def cases_condition(options: Mapping[str, str]) -> str:
    """Which open cases are counted, in words; empty where all are."""
    parts = []
    if options.get("priority"):
        parts.append(f"priority {lower_first(label(options['priority']))}")
    if options.get("days"):
        days = int(options["days"])
        parts.append(f"open for over {count(days)} {plural(days, 'day')}")
    return listed(parts)


def _distress(it: Beside) -> Widget:
    band, score = it.figures.distress_band, it.figures.distress_score
    if band is None:
        return Widget("distress", "Distress", "Not known", "the index does not know this account")
    if band == "silent":
        return Widget("distress", "Distress", "Silent", "no case yet, which is not calm", section="distress")
    value = MISSING if score is None else number(score)
    return Widget(
        "distress", "Distress", value, f"of 100, high is bad · {lower_first(BANDS[band])}", section="distress"
    )


def _actions(it: Beside) -> Widget | None:
    if not it.sees_actions:
        return None
    still_open, late, owners = it.figures.actions_open, it.figures.actions_late, it.figures.actions_owners
    if not still_open:
        return Widget("actions", "Open actions", NONE, "nothing is to be done", section="actions")
    basis = f"{count(late)} late · of {counted(owners, 'owner')}"
    numbers = [(getattr(it.figures, f"actions_{kind.value}"), kind.value) for kind in NAMED_KINDS]
    kinds = listed([counted(number, noun) for number, noun in numbers if number])
    more = (f"{capital(kinds)} among them",) if kinds else ()
    rule = "risk" if late else ""
    return Widget("actions", "Open actions", count(still_open), basis, kind=rule, more=more, section="actions")


def _deals(it: Beside) -> Widget:
    if not it.figures.deals_open:
        return Widget("deals", "Open deals", NONE, "no deal is open", section="opportunities")
    foreign = it.figures.deals_foreign
    total = money(it.figures.deals_sum, it.facts.currency)
    known = f"{total} in all" if it.figures.deals_sum is not None else f"none in {it.facts.currency or 'its currency'}"
    left_out = (f"{capital(counted(foreign, 'deal'))} in another currency, not in the sum",) if foreign else ()
    return Widget("deals", "Open deals", count(it.figures.deals_open), known, more=left_out, section="opportunities")


def _value(it: Beside) -> Widget:
    """What the ledger says: how many promises are delivered and acknowledged, and the money in one currency."""
    them = it.figures
    if not them.value_promised:
        return Widget("value", "Value delivered", NONE, "no promise is on record", section="promises")
    said = in_words(them.value_acknowledged) if them.value_acknowledged else "none"
    late = [f"{capital(counted(them.value_late, 'promise'))} past the day named for it"] if them.value_late else []
    return Widget(
        "value",
        "Value delivered",
        f"{count(them.value_delivered)}{NBSP}of{NBSP}{count(them.value_promised)}",
        f"{plural(them.value_promised, 'promise')}, {said} acknowledged by the customer",
        kind="risk" if late else "",
        more=tuple(part for part in (value_words(them, it.facts.currency), *late, beside_value(them)) if part),
        section="promises",
    )


def value_words(them: Any, currency: str | None) -> str:
    """How much of what was promised in a currency has arrived, and how much is to come; empty where nothing was."""
    if not them.value_counted:
        return ""
    arrived, worth, to_come = them.value_arrived or 0, them.value_worth or 0, them.value_to_come or 0
    words = f"{money(arrived, currency)} of {money(worth, currency)} has arrived"
    return f"{words}, {money(to_come, currency)} to come" if to_come else words


def beside_value(them: Any) -> str:
    """Which promises are in no sum of the account's currency, and why."""
    if not them.value_counted and not them.value_foreign:
        return ""
    kinds = (
        (them.value_foreign, "in another currency"),
        (them.value_things, "counted in other units"),
        (them.value_bare, "without an amount"),
    )
    parts = [f"{in_words(n)} {words}" for n, words in kinds if n]
    return f"Not in the sum: {listed(parts)}" if parts else ""


def _footprint(it: Beside) -> Widget:
    has, every = _names(it.figures.footprint_has), _names(it.figures.footprint_every)
    owned = it.figures.footprint_total
    if not owned and not every:
        return Widget("footprint", "Footprint", NONE, "no relationship is known", section="relationships")
    if len(every) > LONGEST_MAP:
        return Widget("footprint", "Footprint", count(owned), plural(owned, "relationship"), section="relationships")
    return Widget(
        "footprint",
        "Footprint",
        f"{count(len(has))}{NBSP}of{NBSP}{count(len(every))}",
        "of what customers have with us",
        marks=tuple((name, name in has) for name in sorted(every, key=str.lower)),
        section="relationships",
    )


def _relationships(it: Beside) -> Widget | None:
    """What the relationships come to by the workspace's rule; absent where there are none."""
    if it.rolled is None or not it.rolled.relationships:
        return None
    health = it.rolled.health
    value = number(health.value) if health.value is not None else NONE
    return Widget("relationships", "Relationships", value, f"health, {health.sentence}", section="relationships")


def _names(joined: str | None) -> set[str]:
    return set(joined.split(APART)) if joined else set()


def _csm(it: Beside) -> Widget | None:
    """Absent where the workspace gave the account no such field, and where the reader may not see it now."""
    said = it.judgement
    if said.is_hidden or not said.settings.has_field(it.facts.account):
        return None
    if said.value is None:
        return Widget("csm", "CSM’s view", NONE, "nobody has said what they think")
    return Widget("csm", "CSM’s view", STEPS[said.value], f"said {day(said.given_at)}", band=str(colour_of(said.value)))


def _quote(it: Beside) -> Widget | None:
    if not it.quotes:
        return Widget("quote", "In their words", NONE, "nobody was quoted yet")
    first = it.quotes[0]
    text = first.text if len(first.text) <= LONGEST_QUOTE else f"{first.text[: LONGEST_QUOTE - 1].rstrip()}…"
    return Widget(
        "quote", "In their words", f"“{text}”", f"{first.role} · {lower_first(first.level)}", section="quotes"
    )


_MAKE: dict[str, Callable[[Beside], Widget | None]] = {
    "health": _health,
    "voice": _voice,
    "gap": _gap,
    "nps": _nps,
    "users": _users,
    "csm": _csm,
    "cases": _cases,
    "distress": _distress,
    "actions": _actions,
    "deals": _deals,
    "value": _value,
    "footprint": _footprint,
    "relationships": _relationships,
    "revenue": _revenue,
    "quote": _quote,
}
