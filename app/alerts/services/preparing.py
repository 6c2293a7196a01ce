"""One alert mail after another: made for its reader, claimed, and its fate noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.alerts.models import AlertMail
from app.alerts.queries.mails import alerts_of, mail_facts
from app.alerts.rules.words import MOST_LINES, AlertLine, Unsent, told_words
from app.core.display import day, money
from app.core.mail import Person
from app.core.posting import Fate, fate_values
from app.core.waiting import claim, note
from app.health.models import HealthComputation
from app.health.queries.changes import Pair, changes_of
from app.health.queries.trend import versions_of
from app.health.rules.change_words import Versions, change_line
from app.health.rules.changes import Change
from app.studies.rules.hours import next_working
from app.studies.rules.links import alerts_address, alerts_token
from app.surveys.services.invitations import Place
from app.users.models import User
from app.users.queries import scope_of, why_barred

HERE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Prepared:
    """A mail as its reader may have it; where `because` stands, it is not sent after all.

    `told` are the accounts and computations that it tells of: where they are others by the time that it is claimed, it
    is made anew.
    """

    mail_id: int
    tries: int
    to: Person
    as_of: str
    organisation: str | None
    message_id: str
    lines: tuple[AlertLine, ...]
    left: int
    told: frozenset[tuple[int, int]]
    changes_address: str
    settings_address: str
    stop_address: str
    because: str | None


def prepared_mail(session: Session, *, mail_id: int, place: Place) -> Prepared:
    """Return a mail with what its reader may see now, or why there is none; reads only."""
    row = mail_facts(session, mail_id)
    mail, person = row.AlertMail, row.User
    rows, because = _told(session, mail, person)
    lines = _lines(session, rows, place, row.currency)
    token = alerts_token(place.secret, mail_id=mail.id, nonce=mail.nonce)
    return Prepared(
        mail_id=mail.id,
        tries=mail.tries,
        to=Person(person.email, person.name or ""),
        as_of=day(row.as_of),
        organisation=row.organisation,
        message_id=mail.message_id,
        lines=tuple(lines),
        left=len(rows) - len(lines),
        told=_facts(rows),
        changes_address=f"{place.base_url}/health/changes",
        settings_address=f"{place.base_url}/health/alerts",
        stop_address=alerts_address(place.base_url, mail.id, token),
        because=because,
    )


def claim_mail(session: Session, *, prepared: Prepared, at: datetime) -> bool:
    """Claim a mail that was prepared; False where its reader may see something else by now, or as `claim` has it."""
    row = mail_facts(session, prepared.mail_id)
    rows, because = _told(session, row.AlertMail, row.User)
    if (_facts(rows), because) != (prepared.told, prepared.because):
        return False
    return claim(session, AlertMail, prepared.mail_id, at=at)


def note_fate(
    session: Session, *, prepared: Prepared, fate: Fate, reason: str | None, at: datetime, place: Place
) -> None:
    """Note what became of a claimed mail: sent, to be tried again later, given up, or not wanted any more."""
    values = fate_values(fate, tries=prepared.tries + 1, reason=reason, at=at)
    if "due_at" in values:
        values["due_at"] = next_working(values["due_at"], HERE, at_any_hour=place.at_any_hour)
    note(session, AlertMail, prepared.mail_id, fate=fate, values=values)


def _told(session: Session, mail: AlertMail, person: User) -> tuple[Sequence[Any], str | None]:
    """Return what a mail tells its reader now, one row for each account, or why it tells nothing."""
    if (barred := why_barred(session, person)) is not None:
        return [], barred.value
    rows = alerts_of(session, mail_id=mail.id, scope=scope_of(person))
    once = {row.account_id: row for row in sorted(rows, key=lambda row: len(row.kinds))}
    return list(once.values()), None if once else Unsent.NOTHING_LEFT.value


def _facts(rows: Sequence[Any]) -> frozenset[tuple[int, int]]:
    return frozenset((row.account_id, row.before_id) for row in rows)


def _lines(session: Session, rows: Sequence[Any], place: Place, currency: str | None) -> list[AlertLine]:
    """The lines of a mail, of its first accounts alone: to take apart thousands of changes takes seconds."""
    first = sorted(rows, key=lambda row: (_order(row), -(row.arr or Decimal(0)), row.account_id))[:MOST_LINES]
    versions = _versions(session, {each for row in first for each in (row.computation_id, row.before_id)})
    changes = _changes(session, first, versions)
    return [_line(row, changes[row.account_id], versions, place, currency) for row in first]


def _versions(session: Session, computation_ids: set[int]) -> Versions:
    of_computations = sa.select(HealthComputation.scorecard_version_id).where(HealthComputation.id.in_(computation_ids))
    found = versions_of(session, set(session.scalars(of_computations)))
    return Versions(
        {key: version.number for key, version in found.items()},
        {key: version.scorecard for key, version in found.items()},
    )


def _changes(session: Session, rows: Sequence[Any], versions: Versions) -> dict[int, Change]:
    changes: dict[int, Change] = {}
    for before in {row.before_id for row in rows}:
        some = [row for row in rows if row.before_id == before]
        pair = Pair(before, some[0].computation_id)
        ids = [row.account_id for row in some]
        changes |= dict(changes_of(session, pair=pair, account_ids=ids, scorecards=dict(versions.scorecards)))
    return changes


def _order(row: Any) -> int:
    """Those without a signal first, then those that fell, then the others; each by revenue."""
    if row.moved is None:
        return 0
    return 1 if row.moved < 0 else 2


def _line(row: Any, change: Change, versions: Versions, place: Place, currency: str | None) -> AlertLine:
    shown = change_line(change, versions)
    return AlertLine(
        name=row.name,
        arr="" if row.arr is None else f"{money(row.arr, row.currency or currency)} a year",
        told=told_words(row.kinds),
        head=shown.head,
        since=shown.since,
        why=shown.why,
        notes=shown.notes,
        address=f"{place.base_url}/accounts/{quote(row.crm_id, safe='')}/health",
    )
