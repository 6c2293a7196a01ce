"""Files of mails that came back, as mail servers and their services export them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Instant
from app.surveys.queries.bounces import known_bounces, unknown_addresses
from app.surveys.services.bounces import Bounce, BounceType, note_bounces
from app.transfer.rules.cells import shown
from app.transfer.rules.outcome import Faults
from app.transfer.rules.preview import NEW_ROWS, Preview
from app.transfer.services.checks import note_rows
from app.transfer.services.formats import Format
from app.transfer.services.merging import Counted
from app.transfer.services.options import NOTHING, Options, Stored
from app.transfer.services.reading import Sheet, records
from app.transfer.services.rows import layout_of, values_of
from app.transfer.services.staging import row_number, stage

NAMES = ("email", "bounced_at", "type", "reason", "message_id")


def store_bounces(session: Session, kind: Format, sheet: Sheet, options: Options, faults: Faults) -> Stored:
    """Note the mails of a file that came back; what came back for good stops all mails to that person.

    A person who is stopped anew counts as created, a mail about which something new is noted as updated.
    """
    at = now()
    layout = layout_of(sheet.header, kind, options.shape, session.get_bind().dialect)
    names = [column.name for column in layout.stored]
    rows = values_of(layout, records(sheet, faults, options.progress), faults)
    staged = stage(session, _columns(), ((row, *_in_order(names, values)) for row, *values in rows))
    note_rows(
        session,
        unknown_addresses(staged),
        faults,
        column="email",
        message=lambda row: f"No contact has the address {shown(row.email)}.",
    )
    if faults.total:
        return NOTHING
    bounces = _bounces(session, staged, at)
    if not options.is_dry_run:
        note_bounces(session, bounces=bounces, at=at)
    return Stored(_counted(bounces), {}, _preview(session, staged) if options.has_preview else None)


def _columns() -> list[sa.Column[Any]]:
    types = {"bounced_at": Instant()}
    return [row_number(), *(sa.Column(name, types.get(name, sa.Text())) for name in NAMES)]


def _in_order(names: list[str], values: list[Any]) -> list[Any]:
    """The values of a row under all names; columns that the file leaves out are empty, addresses in small letters."""
    given = dict(zip(names, values, strict=True))
    given["email"] = given["email"].lower()
    return [given.get(name, BounceType.HARD.value if name == "type" else None) for name in NAMES]


def _bounces(session: Session, staged: sa.Table, at: datetime) -> list[Bounce]:
    said = {
        row.row: (BounceType(row.type), row.bounced_at or at, row.reason) for row in session.execute(sa.select(staged))
    }
    return [Bounce(known, *said[known.row]) for known in known_bounces(session, staged)]


def _counted(bounces: list[Bounce]) -> Counted:
    """What the rows are to what is on record; two rows about one person are one change."""
    stopped = {bounce.known.contact_id for bounce in bounces if bounce.is_new_stop}
    noted = {
        bounce.known.invitation_id
        for bounce in bounces
        if bounce.is_new_note and bounce.known.contact_id not in stopped
    }
    return Counted(len(stopped), len(noted), max(len(bounces) - len(stopped) - len(noted), 0))


def _preview(session: Session, staged: sa.Table) -> Preview:
    shown_names = ("email", "type", "reason")
    rows = session.execute(sa.select(*(staged.c[name] for name in shown_names)).order_by(staged.c.row).limit(NEW_ROWS))
    return Preview((), shown_names, tuple(tuple(row) for row in rows))
