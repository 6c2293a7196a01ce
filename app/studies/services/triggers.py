"""Studies that start by themselves: what a start records, who joins on a day, and whether all of that holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_rows
from app.core.errors import Refusal
from app.customers.models import Contact
from app.overlays.rules.levels import FIELD
from app.studies.models import AccountOccasion, DrawRecord, Respondent, SampledAccount, Study
from app.studies.queries import COLUMN_FIELDS, unknown_fields
from app.studies.queries.triggers import ROUND, Candidate, candidates, joins, logged_joins, occasion_count
from app.studies.rules.cross_section import is_in_frame, label
from app.studies.rules.plan import Design, Mode, design_of
from app.studies.rules.triggers import (
    Event,
    Occasion,
    Trigger,
    coming_occasion,
    due_occasion,
    occasion_of,
    start_record,
)
from app.users.services import record_event

DATES = frozenset({"start_date", "renewal_date"})
"""The columns of accounts that hold a date."""

_CHUNK = 10_000


@dataclass(frozen=True)
class Joining:
    """An account whose occasion is due, and the stratum in which it is counted."""

    candidate: Candidate
    occasion: Occasion
    stratum: str


@dataclass(frozen=True)
class Joined:
    """The accounts that joined in a round, and how many people are asked who were not before."""

    accounts: Sequence[Joining]
    respondents: int


def refuse_no_date(session: Session, trigger: Trigger | None) -> None:
    """Refuse a trigger that reads a go-live from what is no date of any account."""
    if trigger is None or trigger.event is not Event.GO_LIVE or trigger.field in DATES:
        return
    if trigger.field in COLUMN_FIELDS or trigger.field.startswith(FIELD) or unknown_fields(session, [trigger.field]):
        raise Refusal(
            f"“{trigger.field}” is neither start_date, renewal_date nor a custom field of any account.", "trigger_field"
        )


def trigger_of(study: Study) -> tuple[Design, Trigger]:
    """The plan of a study and its trigger; Refusal where it has none."""
    design = design_of(study.plan)
    if design.trigger is None:
        raise Refusal(f"Study “{study.key}” has no trigger: its accounts are drawn.", "study")
    return design, design.trigger


def due_accounts(session: Session, study: Study, on: date) -> list[Joining]:
    """The accounts that have not joined and whose occasion is due on a day, by the CRM's id; nothing is stored."""
    design, trigger = trigger_of(study)
    found = []
    for one in candidates(session, study, design, trigger, first=on - timedelta(days=trigger.within), last=on):
        occasion = due_occasion(trigger, one.happened, on)
        if occasion is not None and is_in_frame(one.member, design):
            found.append(Joining(one, occasion, label(one.member, design)))
    return found


def accounts_to_come(
    session: Session, study: Study, first: date, last: date, only: ColumnElement[bool] | None = None
) -> list[Joining]:
    """The accounts that join from one day to another by what is known today, the soonest first; nothing is stored.

    `only` is a condition on Account for those that are looked at. Cases that are still to be closed are not known.
    """
    design, trigger = trigger_of(study)
    found = []
    start = first - timedelta(days=trigger.within)
    for one in candidates(session, study, design, trigger, first=start, last=last, only=only):
        occasion = due_occasion(trigger, one.happened, first) or coming_occasion(trigger, one.happened, first, last)
        if occasion is not None and is_in_frame(one.member, design):
            found.append(Joining(one, occasion, label(one.member, design)))
    return sorted(found, key=lambda each: (each.occasion.due_on, each.candidate.member.account_id))


def accounts_lately(
    session: Session, study: Study, first: date, last: date, only: ColumnElement[bool] | None = None
) -> int:
    """How many accounts that have not joined had an event from one day to another: what is to be expected of cases."""
    design, trigger = trigger_of(study)
    due = (occasion_of(trigger, first), occasion_of(trigger, last))
    if due[0] is None or due[1] is None:
        return 0
    found = candidates(session, study, design, trigger, first=due[0].due_on, last=due[1].due_on, only=only)
    return sum(is_in_frame(one.member, design) for one in found)


def join_accounts(session: Session, *, study: Study, on: date, actor_id: int | None = None) -> Joined:
    """Let every account join whose occasion is due on a day, and ask its contacts in the roles of the plan.

    Who becomes such a contact before the occasion is over is asked as well. The caller holds the study's lock, so that
    no account joins twice. A stratum's size is how many accounts of it have joined: they stand for nobody else.
    """
    joining = due_accounts(session, study, on)
    if joining:
        _store(session, study, joining)
    people = _ask_people(session, study, on)
    if joining or people:
        record_event(
            session,
            actor_id=actor_id,
            action=ROUND,
            object_type="study",
            object_id=study.key,
            fields={"accounts": len(joining), "respondents": people, "on": on.isoformat()},
        )
    return Joined(joining, people)


def record_of_start(study: Study) -> dict[str, Any]:
    """The record of the study's start, as it must be."""
    return start_record(study.plan, study.opens_on, study.closes_on)


def start_differences(session: Session, study: Study, record: DrawRecord) -> list[str]:
    """What does not hold about a study that started by itself, in sentences; none where everything does."""
    rows = joins(session, study)
    _, trigger = trigger_of(study)
    sizes = Counter(row.stratum for row in rows)
    told = [
        (record.audit != record_of_start(study), "The record of the start is not that of the study's plan and days."),
        (
            any(row.event is None for row in rows) or occasion_count(session, study) != len(rows),
            "Some accounts have no occasion, or some occasions no account.",
        ),
        (
            any(row.event is not None and not _is_occasion(trigger, row) for row in rows),
            "Some days of occasions are not those that the trigger gives.",
        ),
        (
            any(not _is_plain(row, sizes) for row in rows),
            "Some stored strata, weights or modes are not those of accounts that joined.",
        ),
        (
            logged_joins(session, study) != len(rows),
            "The audit log tells of another number of accounts that joined.",
        ),
    ]
    return [sentence for differs, sentence in told if differs]


def _store(session: Session, study: Study, joining: Sequence[Joining]) -> None:
    shared = {"study_id": study.id, "weight": 1.0, "is_certainty": False, "mode": Mode.SURVEY.value, "stratum_size": 0}
    event = study.plan["trigger"]["event"]
    rows = iter(joining)
    while chunk := list(islice(rows, _CHUNK)):
        accounts = [{**shared, "account_id": each.candidate.id, "stratum": each.stratum} for each in chunk]
        insert_rows(session, SampledAccount, accounts)
        insert_rows(session, AccountOccasion, [_occasion_row(study, each, event) for each in chunk])
    _count_strata(session, study, {each.stratum for each in joining})


def _occasion_row(study: Study, joining: Joining, event: str) -> dict[str, Any]:
    return {
        "study_id": study.id,
        "account_id": joining.candidate.id,
        "event": event,
        "happened_on": joining.occasion.happened_on,
        "due_on": joining.occasion.due_on,
        "last_on": joining.occasion.last_on,
        "joined_at": now(),
    }


def _count_strata(session: Session, study: Study, grown: set[str]) -> None:
    sizes = session.execute(
        select(SampledAccount.stratum, func.count())
        .where(SampledAccount.study_id == study.id)
        .group_by(SampledAccount.stratum)
    ).all()
    for stratum, size in sizes:
        if stratum in grown:
            session.execute(
                update(SampledAccount)
                .where(SampledAccount.study_id == study.id, SampledAccount.stratum == stratum)
                .values(stratum_size=size)
            )


def _ask_people(session: Session, study: Study, on: date) -> int:
    """Ask the contacts in a role of the plan at accounts whose occasion is not over, and return how many are new."""
    is_asked = select(Respondent.id).where(Respondent.study_id == study.id, Respondent.contact_id == Contact.id)
    people = (
        select(literal(study.id), Contact.account_id, Contact.id, Contact.role, literal(Mode.SURVEY.value))
        .join(AccountOccasion, AccountOccasion.account_id == Contact.account_id)
        .where(AccountOccasion.study_id == study.id, AccountOccasion.last_on >= on)
        .where(Contact.role.in_(study.plan["roles"]), ~is_asked.exists())
        .order_by(Contact.id)
    )
    columns = ["study_id", "account_id", "contact_id", "role", "mode"]
    return len(session.scalars(insert(Respondent).from_select(columns, people).returning(Respondent.id)).all())


def _is_occasion(trigger: Trigger, row: Any) -> bool:
    given = occasion_of(trigger, row.happened_on)
    return row.event == trigger.event and given == Occasion(row.happened_on, row.due_on, row.last_on)


def _is_plain(row: Any, sizes: Counter[str]) -> bool:
    told = (row.stratum_size, row.weight, row.is_certainty, row.mode)
    return told == (sizes[row.stratum], 1.0, False, Mode.SURVEY)
