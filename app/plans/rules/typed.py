"""A plan, an outcome and a blocker as they are typed in, and what of them can be kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.display import day
from app.core.errors import Refusal
from app.core.typed import typed_line, typed_lines

LONGEST_TITLE, LONGEST_WORDS, LONGEST_KEY = 300, 2_000, 64
FARTHEST = timedelta(days=10 * 366)


@dataclass(frozen=True)
class PlanTyped:
    """A plan as a form sends it; `reason` is why its date moves."""

    title: str = ""
    agreed_on: str = ""
    due_on: str = ""
    reason: str = ""


@dataclass(frozen=True)
class PlanWish:
    """A plan that can be kept."""

    title: str
    agreed_on: date
    due_on: date
    reason: str


@dataclass(frozen=True)
class OutcomeTyped:
    """An outcome as a form sends it."""

    title: str = ""
    measure: str = ""
    due_on: str = ""
    done_on: str = ""
    reason: str = ""
    is_dropped: bool = False


@dataclass(frozen=True)
class OutcomeWish:
    """An outcome that can be kept."""

    title: str
    measure: str | None
    due_on: date
    done_on: date | None
    reason: str
    is_dropped: bool


@dataclass(frozen=True)
class BlockerTyped:
    """A blocker as a form sends it."""

    title: str = ""
    opened_on: str = ""
    resolved_on: str = ""
    owner: str = ""
    is_critical: bool = False


@dataclass(frozen=True)
class BlockerWish:
    """A blocker that can be kept."""

    title: str
    is_critical: bool
    opened_on: date
    resolved_on: date | None
    owner_id: int | None


def checked_plan(typed: PlanTyped, *, today: date, former: date | None = None) -> PlanWish:
    """What was typed of a plan, read; Refusal with the remedy and the field. `former` is the date that it had."""
    title = _one_line(typed.title, "Say in a few words what was agreed.")
    agreed_on = _past_day(typed.agreed_on, "agreed_on", "Choose the day on which it was agreed.", today)
    due_on = _day(typed.due_on, "due_on", "Choose the day by which all of it is to be reached.", today)
    if due_on < agreed_on:
        raise Refusal(f"It was agreed on {day(agreed_on)}; choose that day or a later one.", "due_on")
    return PlanWish(title, agreed_on, due_on, _reason(typed.reason, former, due_on))


def checked_outcome(typed: OutcomeTyped, *, today: date, former: date | None = None) -> OutcomeWish:
    """What was typed of an outcome, read; Refusal with the remedy and the field. `former` is the date that it had."""
    title = _one_line(typed.title, "Say what the customer wants to have reached.")
    due_on = _day(typed.due_on, "due_on", "Choose the day by which it is to be reached.", today)
    done_on = _past_day(typed.done_on, "done_on", "", today) if typed.done_on.strip() else None
    if done_on and typed.is_dropped:
        raise Refusal("It was either reached or given up; keep one of the two.", "done_on")
    return OutcomeWish(
        title=title,
        measure=typed_lines(typed.measure, "measure", LONGEST_WORDS) or None,
        due_on=due_on,
        done_on=done_on,
        reason=_reason(typed.reason, former, due_on),
        is_dropped=typed.is_dropped,
    )


def checked_blocker(typed: BlockerTyped, *, today: date, owners: Collection[int]) -> BlockerWish:
    """What was typed of a blocker, read; Refusal with the remedy and the field."""
    title = _one_line(typed.title, "Say what stands in the way.")
    opened_on = _past_day(typed.opened_on, "opened_on", "Choose the day since which it stands in the way.", today)
    resolved_on = _past_day(typed.resolved_on, "resolved_on", "", today) if typed.resolved_on.strip() else None
    if resolved_on and resolved_on < opened_on:
        raise Refusal("It cannot have gone before it came; check the two days.", "resolved_on")
    owner = typed.owner.strip()
    if owner and (not owner.isascii() or not owner.isdigit() or len(owner) > 9 or int(owner) not in owners):
        raise Refusal("Choose from the list who removes it, or nobody yet.", "owner")
    return BlockerWish(title, typed.is_critical, opened_on, resolved_on, int(owner) if owner else None)


def _reason(raw: str, former: date | None, due_on: date) -> str:
    """Why a date moves; asked for where it does."""
    reason = typed_lines(raw, "reason", LONGEST_WORDS)
    if former is not None and former != due_on and not reason:
        raise Refusal(f"It was due {day(former)}; say in a few words why the date moves.", "reason")
    return reason


def _one_line(raw: str, remedy: str) -> str:
    text = typed_line(raw, "title", LONGEST_TITLE)
    if not text:
        raise Refusal(remedy, "title")
    return text


def _past_day(raw: str, field: str, remedy: str, today: date) -> date:
    found = _day(raw, field, remedy, today)
    if found > today:
        raise Refusal(f"{day(found)} is still to come; choose today or a day before.", field)
    return found


def _day(raw: str, field: str, remedy: str, today: date) -> date:
    try:
        found = date.fromisoformat(raw.strip())
    except ValueError:
        raise Refusal(remedy or "Write the day as 2026-03-31, or leave it empty.", field) from None
    if not today - FARTHEST <= found <= today + FARTHEST:
        raise Refusal("Choose a day within ten years.", field)
    return found
