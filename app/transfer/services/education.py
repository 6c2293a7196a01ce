"""Files of education: whether the deal included it, and how much of it was taken; each row is one account's record."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.customers.models import Account
from app.education.queries import known_of, standing
from app.education.rules.records import Known, Typed, checked_education, plain, typed_of
from app.education.services import keep_known
from app.transfer.rules.outcome import Faults
from app.transfer.rules.preview import CHANGES, NEW_ROWS, Change, Preview, cell_text, table_of_new
from app.transfer.services.checks import note_doubles, note_unknown_accounts
from app.transfer.services.formats import Format
from app.transfer.services.merging import Counted
from app.transfer.services.options import NOTHING, Options, Stored
from app.transfer.services.reading import Sheet, records
from app.transfer.services.rows import ROW, layout_of, values_of
from app.transfer.services.staging import stage, staged_columns
from app.users.services.audit import wait_for_turn

STREAMED = 2_000
OWN_NAMES = {"share_percent": "share"}
"""Columns of the file that are called otherwise on record, where a share is one of 1."""
FILE_NAMES = {own: name for name, own in OWN_NAMES.items()}


@dataclass(frozen=True)
class Told:
    """What the file tells of one account, with what was on record (None: nothing)."""

    account_id: int
    crm_id: str
    known: Known
    before: Known | None


def store_education(session: Session, kind: Format, sheet: Sheet, options: Options, faults: Faults) -> Stored:
    """Put on record what a file tells of the education of accounts; what says what is known stays as it is.

    Columns that the file lacks keep what is on record; what was known before stays as history.
    """
    at = now()
    layout = layout_of(sheet.header, kind, options.shape, session.get_bind().dialect)
    rows = values_of(layout, records(sheet, faults, options.progress), faults)
    staged = stage(session, staged_columns(layout.stored, has_custom=False), rows)
    note_doubles(session, staged, ["account_id"], faults, name="account_id")
    note_unknown_accounts(session, staged, faults)
    if not options.is_dry_run:
        wait_for_turn(session)
    names = [column.name for column in layout.stored if not column.key]
    told = list(_read(session, staged, names, at.date(), faults))
    if faults.total:
        return NOTHING
    new = [each for each in told if each.before is None]
    changed = [each for each in told if each.before is not None and each.before != each.known]
    if not options.is_dry_run:
        keep_known(session, known={e.account_id: e.known for e in (*new, *changed)}, at=at, by=options.actor_id)
    counted = Counted(len(new), len(changed), len(told) - len(new) - len(changed))
    return Stored(counted, {}, _preview(new, changed, names) if options.has_preview else None)


def _read(session: Session, staged: sa.Table, names: Sequence[str], today: date, faults: Faults) -> Iterator[Told]:
    """Yield what the rows tell, in the order of the file; those that cannot be kept go to `faults`."""
    record = standing()
    kept = [record.c[name].label(f"kept_{name}") for name in Known.__annotations__]
    wanted = (
        sa.select(staged, Account.id.label("known_account"), *kept)
        .join(Account, Account.crm_id == staged.c.account_id)
        .outerjoin(record, record.c.account_id == Account.id)
        .order_by(staged.c[ROW])
    )
    for row in session.execute(wanted.execution_options(yield_per=STREAMED)).mappings():
        before = _before(row)
        try:
            known = checked_education(_typed(row, names, before), today=today)
        except Refusal as refusal:
            field = refusal.field or "included"
            faults.add(row[ROW], FILE_NAMES.get(field, field), refusal.sentence)
            continue
        yield Told(row["known_account"], row["account_id"], known, before)


def _before(row: sa.RowMapping) -> Known | None:
    if row["kept_included"] is None:
        return None
    return known_of({name: row[f"kept_{name}"] for name in Known.__annotations__})


def _typed(row: sa.RowMapping, names: Sequence[str], before: Known | None) -> Typed:
    """What is on record with what the file says on top, as a person would type it."""
    kept = asdict(typed_of(before)) if before else {}
    return Typed(**kept | {OWN_NAMES.get(name, name): _text(row[name]) for name in names})


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, (int, float)) else value or ""


def _preview(new: Sequence[Told], changed: Sequence[Told], names: Sequence[str]) -> Preview:
    changes = [change for each in changed[:CHANGES] for change in _changes(each)]
    rows = [{"account_id": each.crm_id, **_cells(each.known, names)} for each in new[:NEW_ROWS]]
    return Preview(tuple(changes[:CHANGES]), *table_of_new(rows, ["account_id"]))


def _changes(told: Told) -> Iterator[Change]:
    before, after = (_cells(known, None) if known else {} for known in (told.before, told.known))
    for name, text in after.items():
        if before.get(name) != text:
            yield Change(told.crm_id, name, before.get(name), text)


def _cells(known: Known, names: Sequence[str] | None) -> dict[str, str | None]:
    """What is known under the names of a file's columns, those given or all."""
    typed = {FILE_NAMES.get(name, name): cell_text(text) for name, text in asdict(typed_of(known)).items()}
    return {name: text for name, text in typed.items() if names is None or name in names}
