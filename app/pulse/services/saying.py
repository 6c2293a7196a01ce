"""What somebody says of an account is stored: a sentiment, a colour, cells of the matrix, an override and its end."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.database import insert_rows
from app.core.errors import Missing, Refusal
from app.customers.models import Account, Interaction
from app.health.models import Telemetry
from app.health.services.incremental import note_changed
from app.pulse.models import PulseJudgement, PulseLight, PulseOverride, PulseSentiment
from app.pulse.queries import calculated, cells_seen, people_at, present_cells, pulse_settings
from app.pulse.rules.matrix import Typed, is_confirmed, read_cells
from app.pulse.rules.overrides import read_expiry
from app.pulse.rules.words import (
    LONGEST_KEY,
    METRIC,
    read_colour,
    read_occasion,
    read_past_day,
    read_reason,
    read_step,
)
from app.questionnaires.rules.definition import Dimension
from app.users.services import record_event
from app.users.services.audit import wait_for_turn

OFF = "This kind of judgement is switched off in the settings."
CHANGED = "A colleague said something here meanwhile; open the matrix anew to see it."
NONE_HERE = "Accounts like this one have no sentiment by the settings: it is none, not 0."


def say_sentiment(
    session: Session, *, account: Account, value: str, reason: str, form_key: str, at: datetime, by: int
) -> bool:
    """Store what somebody thinks of an account, and as telemetry where it is a measure; False where it was stored.

    Refused where no step or no reason was given, and where accounts like this one have none.
    """
    settings = pulse_settings(session)
    if not (settings.sentiment or settings.beside):
        raise Refusal(OFF, "value")
    if not settings.takes_sentiment(account):
        raise Refusal(NONE_HERE, "value")
    step, words, key = read_step(value), read_reason(reason), read_key(form_key)
    if _is_known(session, PulseSentiment, key, by):
        return False
    row = PulseSentiment(
        account_id=account.id, author_id=by, value=step, reason=words, given_at=at, form_key=key, round_id=None
    )
    session.add(row)
    session.flush()
    if settings.sentiment:
        measure_sentiments(session, {account.id: step}, at.date())
    _record(session, by, "pulse.sentiment", account.id, {"sentiment": row.id})
    return True


def measure_sentiments(session: Session, values: Mapping[int, int], on: date) -> None:
    """Write sentiments by account id as telemetry of a day; the last one of a day holds."""
    of_that_day = (Telemetry.metric == METRIC, Telemetry.period_end == on, Telemetry.account_id.in_(list(values)))
    session.execute(delete(Telemetry).where(*of_that_day).execution_options(synchronize_session=False))
    facts = {"metric": METRIC, "period_end": on, "unit": None}
    insert_rows(session, Telemetry, [{"account_id": id_, "value": value, **facts} for id_, value in values.items()])
    note_changed(session, accounts=select(Account.id).where(Account.id.in_(list(values))))


def say_light(
    session: Session, *, account: Account, typed: Mapping[str, str], form_key: str, at: datetime, by: int
) -> bool:
    """Store a colour at an interaction, by its day and kind or one that is on record; False where it was stored."""
    if not pulse_settings(session).lights:
        raise Refusal(OFF, "colour")
    key, colour = read_key(form_key), read_colour(typed.get("colour", ""))
    known = _interaction(session, account, typed.get("interaction", ""))
    occasion = read_occasion(known.channel if known and known.channel in _CHANNELS else typed.get("occasion", ""))
    if known is None:
        happened_on = read_past_day(typed.get("happened_on", ""), at.date(), "happened_on")
    else:
        happened_on = known.occurred_at.date()
    note = read_reason(typed.get("note", ""), "note", is_needed=False)
    if _is_known(session, PulseLight, key, by):
        return False
    row = PulseLight(
        account_id=account.id,
        author_id=by,
        colour=colour.value,
        occasion=occasion.value,
        happened_on=happened_on,
        interaction_id=known.id if known else None,
        note=note or None,
        given_at=at,
        form_key=key,
    )
    session.add(row)
    session.flush()
    _record(session, by, "pulse.light", account.id, {"light": row.id})
    return True


def say_cells(
    session: Session, *, account: Account, typed: Sequence[Typed], at: datetime, by: int, still: str = ""
) -> tuple[int, dict[str, str]]:
    """Store what is new in the matrix of an account; returns how many cells, and sentences by cell at fault.

    With a fault nothing is stored. A cell that says what the form showed there is untouched and stores nothing, so
    that it overwrites no newer word of a colleague; unless `still` (the name of a cell, or `person-` and a number)
    says that it still holds: then it is said again, once a day, and its decay begins anew. People of other accounts are
    passed over.
    """
    if not pulse_settings(session).matrix:
        raise Refusal(OFF, "matrix")
    wait_for_turn(session)
    theirs = {person.id for person in people_at(session, account)}
    mine = [cell for cell in typed if cell.contact_id in theirs and cell.dimension in set(Dimension)]
    said, faults = read_cells(mine)
    present = {(row.contact_id, row.dimension): row for row in present_cells(session, account)} if still else {}
    confirmed = {cell.name for cell, _, _ in said if is_confirmed(cell, still)}
    faults |= {
        cell.name: CHANGED
        for cell, _, _ in said
        if cell.name in confirmed and _id_of(present.get((cell.contact_id, cell.dimension))) != cell.seen
    }
    if faults:
        return 0, faults
    seen = {str(id_): words for id_, words in cells_seen(session, account, [cell.seen for cell in mine]).items()}
    facts = {"account_id": account.id, "author_id": by, "given_at": at}
    rows = [
        {"contact_id": cell.contact_id, "dimension": cell.dimension, "value": value, "reason": reason, **facts}
        for cell, value, reason in said
        if seen.get(cell.seen_id) != (value, reason)
        or (cell.name in confirmed and not _is_fresh(present[cell.contact_id, cell.dimension], at, by))
    ]
    insert_rows(session, PulseJudgement, rows)
    if rows:
        _record(session, by, "pulse.matrix", account.id, {"cells": len(rows)})
    return len(rows), {}


def _id_of(row: Any) -> int:
    return row.id if row else 0


def _is_fresh(row: Any, at: datetime, by: int) -> bool:
    """Whether this person said it today: a second click on the same day says nothing more."""
    return bool(row.author_id == by and row.given_at.date() == at.date())


def set_override(
    session: Session, *, account: Account, typed: Mapping[str, str], form_key: str, at: datetime, by: int
) -> bool:
    """Set a band beside the calculated one until a day; both are kept, and one that stands ends. False: it was stored.

    Refused without a reason, without an end, and where the end is over or further than 180 days.
    """
    if not pulse_settings(session).overrides:
        raise Refusal(OFF, "band")
    key, band = read_key(form_key), read_colour(typed.get("band", ""), "band")
    reason = read_reason(typed.get("reason", ""), "override_reason")
    expires_on = read_expiry(typed.get("expires_on", ""), at.date())
    wait_for_turn(session)
    if _is_known(session, PulseOverride, key, by):
        return False
    _end_standing(session, account, at, by)
    score, said = calculated(session, account)
    row = PulseOverride(
        account_id=account.id,
        author_id=by,
        band=band.value,
        calculated_score=score,
        calculated_band=said,
        reason=reason,
        set_at=at,
        expires_on=expires_on,
        form_key=key,
    )
    session.add(row)
    session.flush()
    # Not the band: whoever reads the log may be one from whom judgement is hidden.
    fields = {"override": row.id, "expires_on": expires_on.isoformat()}
    _record(session, by, "pulse.override", account.id, fields)
    return True


def end_override(session: Session, *, account: Account, at: datetime, by: int) -> bool:
    """End the override that stands at an account; False where none stood."""
    if not _end_standing(session, account, at, by):
        return False
    _record(session, by, "pulse.override_ended", account.id, {})
    return True


def forget_judgements(session: Session, *, contact_ids: Sequence[int]) -> int:
    """Take away the words of judgement about these people; numbers and colours stay. Returns how many there were."""
    theirs = select(Interaction.id).where(Interaction.contact_id.in_(contact_ids))
    cells = update(PulseJudgement).where(PulseJudgement.contact_id.in_(contact_ids), PulseJudgement.reason.is_not(None))
    notes = update(PulseLight).where(PulseLight.interaction_id.in_(theirs), PulseLight.note.is_not(None))
    done = [
        session.execute(statement.execution_options(synchronize_session=False))
        for statement in (cells.values(reason=None), notes.values(note=None))
    ]
    return sum(int(getattr(each, "rowcount", 0)) for each in done)


def read_key(raw: str) -> str:
    """The key by which a form that is sent twice is known; Refusal where it has none."""
    if not raw or len(raw) > LONGEST_KEY or not raw.isascii() or not raw.isprintable():
        raise Refusal("Open the page anew and send the form once more.", "form_key")
    return raw


_CHANNELS = frozenset({"meeting", "call", "email", "visit"})


def _is_known(session: Session, model: type[PulseSentiment | PulseLight | PulseOverride], key: str, by: int) -> bool:
    return session.scalar(select(model.id).where(model.author_id == by, model.form_key == key)) is not None


def _interaction(session: Session, account: Account, raw: str) -> Interaction | None:
    if not raw:
        return None
    wanted = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
    found = session.scalar(select(Interaction).where(Interaction.id == wanted, Interaction.account_id == account.id))
    if found is None:
        raise Missing("There is no such conversation with this account.", "interaction")
    return found


def _end_standing(session: Session, account: Account, at: datetime, by: int) -> bool:
    """End what stands; what ran out by itself keeps its own end."""
    stands = (
        PulseOverride.account_id == account.id,
        PulseOverride.ended_at.is_(None),
        PulseOverride.expires_on >= at.date(),
    )
    ended = session.execute(update(PulseOverride).where(*stands).values(ended_at=at, ended_by=by))
    return bool(getattr(ended, "rowcount", 0))


def _record(session: Session, by: int, action: str, account_id: int, fields: Mapping[str, object]) -> None:
    record_event(session, actor_id=by, action=action, object_type="account", object_id=account_id, fields=dict(fields))
