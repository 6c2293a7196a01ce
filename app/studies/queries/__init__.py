"""Reads of studies, their frames, and what was drawn into them."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.errors import Missing
from app.core.workspace import the_workspace
from app.customers.models import Account, Contact
from app.health.models import HealthScore
from app.overlays.queries import strata_values
from app.studies.models import DrawRecord, Respondent, SampledAccount, Study
from app.studies.rules.cross_section import Drawn, Member, Value
from app.users.models import AuditEvent

COLUMN_FIELDS = {
    "account_id": Account.crm_id,
    **{
        column.key: getattr(Account, column.key)
        for column in Account.__table__.columns
        if column.key not in {"id", "crm_id", "custom", "created_at", "searched"}
    },
}
"""The account fields that every workspace has, as the import file names them; other fields are custom ones."""

DRAWS = ("study.draw", "study.start")
"""What the audit log calls a draw, and a start by which accounts join later."""


def study_named(session: Session, key: str, *, is_locked: bool = False) -> Study:
    """The study with that key, locked until the transaction ends if asked for; Missing where there is none."""
    wanted = select(Study).where(Study.key == key)
    if is_locked:
        # What another transaction did to it meanwhile must be seen, also where the study was read before. Rows that
        # refer to the study may come in meanwhile: whoever adds one holds its key, and would wait here for each other.
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    study = session.scalar(wanted)
    if study is None:
        raise Missing(f"There is no study “{key}”.", "study")
    return study


def has_study(session: Session, key: str) -> bool:
    """Whether a study has that key."""
    return session.scalar(select(Study.id).where(Study.key == key)) is not None


def unknown_fields(session: Session, fields: Sequence[str]) -> list[str]:
    """Those fields that are no column, overlay or custom field of any account; none before the first import."""
    wanted = {field for field in fields if field not in COLUMN_FIELDS} - strata_values(session, fields, today()).keys()
    if not wanted or session.scalar(select(Account.id).limit(1)) is None:
        return []
    # The first accounts mostly answer it, so rows come in portions and the cursor is closed early.
    with session.scalars(select(Account.custom).execution_options(yield_per=2_000)) as every_custom:
        for custom in every_custom:
            wanted -= custom.keys()
            if not wanted:
                break
    return sorted(wanted)


def population(session: Session, fields: Sequence[str]) -> list[Member]:
    """Every account with the texts of the named fields: in or out of the frame is for the rules to say.

    ARR in another currency than the workspace's is None, because it cannot be compared. Of an overlay it is the level
    today, so that the record of a draw holds what was known on its day.
    """
    currency, levels = the_workspace(session).currency, strata_values(session, fields, today())
    columns = [COLUMN_FIELDS.get(field, Account.custom) for field in fields]
    rows = session.execute(
        select(Account.crm_id, Account.status, Account.arr, Account.currency, Account.id, *columns).order_by(
            Account.crm_id
        )
    )
    return [
        Member(
            account_id=crm_id,
            status=status,
            arr=None if arr is None or (own and currency and own != currency) else float(arr),
            values=field_texts(fields, values, {field: of[account] for field, of in levels.items()}),
        )
        for crm_id, status, arr, own, account, *values in rows
    ]


def account_ids(session: Session) -> dict[str, int]:
    """The ids of all accounts by the CRM's id."""
    return {row.crm_id: row.id for row in session.execute(select(Account.crm_id, Account.id))}


def health_scores(session: Session, computation_id: int) -> dict[str, float]:
    """The scores of telemetry alone of a computation, by the CRM's account id; accounts without one are left out."""
    rows = session.execute(
        select(Account.crm_id, HealthScore.telemetry_score)
        .join(HealthScore, HealthScore.account_id == Account.id)
        .where(HealthScore.computation_id == computation_id, HealthScore.telemetry_score.is_not(None))
    )
    return {crm_id: score for crm_id, score in rows if score is not None}


def draw_record(session: Session, study: Study) -> DrawRecord | None:
    """The audit record of a study's draw, or None before it."""
    return session.get(DrawRecord, study.id)


def logged_draw(session: Session, study: Study) -> str | None:
    """The hash of the draw's record as the audit log has it, or None where the log knows of no draw."""
    event = session.scalar(
        select(AuditEvent)
        .where(AuditEvent.action.in_(DRAWS), AuditEvent.object_type == "study", AuditEvent.object_id == study.key)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return None if event is None else event.fields.get("audit_sha256")


def drawn_accounts(session: Session, study: Study) -> list[Drawn]:
    """The drawn accounts as they are stored, by the CRM's id."""
    rows = session.execute(
        select(
            Account.crm_id,
            SampledAccount.stratum,
            SampledAccount.stratum_size,
            SampledAccount.weight,
            SampledAccount.is_certainty,
            SampledAccount.mode,
        )
        .join(SampledAccount, SampledAccount.account_id == Account.id)
        .where(SampledAccount.study_id == study.id)
    )
    return sorted((Drawn(*row) for row in rows), key=lambda drawn: drawn.account_id)


def sampled_accounts(session: Session, study: Study) -> Sequence[SampledAccount]:
    """The drawn accounts of a study by account id."""
    return session.scalars(
        select(SampledAccount).where(SampledAccount.study_id == study.id).order_by(SampledAccount.account_id)
    ).all()


def respondents_of(session: Session, study: Study) -> Sequence[Row[int, int, str, int, str, str, str]]:
    """Rows (respondent_id, account_id, account_crm_id, contact_id, contact_crm_id, role, mode) by respondent id."""
    return session.execute(
        select(
            Respondent.id.label("respondent_id"),
            Respondent.account_id,
            Account.crm_id.label("account_crm_id"),
            Respondent.contact_id,
            Contact.crm_id.label("contact_crm_id"),
            Respondent.role,
            Respondent.mode,
        )
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(Respondent.study_id == study.id)
        .order_by(Respondent.id)
    ).all()


def respondent_count(session: Session, study: Study) -> int:
    """How many people were drawn into a study."""
    return session.scalar(select(func.count()).select_from(Respondent).where(Respondent.study_id == study.id)) or 0


def accounts_without_respondents(session: Session, study: Study) -> int:
    """How many drawn accounts have nobody in a role of the study."""
    # Two counts, no search for each account: right after a large draw PostgreSQL knows nothing of its tables yet, and
    # looked through all people for every account.
    drawn = select(func.count()).select_from(SampledAccount).where(SampledAccount.study_id == study.id)
    with_people = select(func.count(Respondent.account_id.distinct())).where(Respondent.study_id == study.id)
    return (session.scalar(drawn) or 0) - (session.scalar(with_people) or 0)


def frame_totals(session: Session, study: Study) -> dict[str, Any]:
    """Accounts and ARR (per year) of the frame on the day of the draw; accounts without comparable ARR add none.

    Missing before the draw.
    """
    digest = session.scalar(select(DrawRecord.audit_sha256).where(DrawRecord.study_id == study.id))
    if digest is None:
        raise Missing(f"Study “{study.key}” has not been drawn yet.", "study")
    if digest not in _TOTALS:
        if len(_TOTALS) >= MOST_TOTALS:
            _TOTALS.clear()
        _TOTALS[digest] = _frame_totals(session.get_one(DrawRecord, study.id))
    return dict(_TOTALS[digest])


MOST_TOTALS = 100
_TOTALS: dict[str, dict[str, Any]] = {}
"""The totals of draws by their records' hash: a record of 20,000 accounts is a megabyte to read, and never changes."""


def _frame_totals(record: DrawRecord) -> dict[str, Any]:
    amounts = [arr for _, _, arr, _ in record.audit["draw"]["frame"]]
    return {"accounts": len(amounts), "arr": round(math.fsum(arr for arr in amounts if arr is not None), 2)}


def frame_members(session: Session, study: Study) -> list[tuple[str, str, float | None]]:
    """Return (the CRM's id, stratum, ARR per year) of every account of the frame on the day of the draw.

    Empty where nothing was drawn.
    """
    record = session.get(DrawRecord, study.id)
    if record is None or "draw" not in record.audit:
        return []
    return [(crm_id, stratum, arr) for crm_id, stratum, arr, _ in record.audit["draw"]["frame"]]


def field_texts(fields: Sequence[str], values: Sequence[Any], levels: Mapping[str, str]) -> tuple[Value, ...]:
    """The texts of an account's fields: `values` are columns or all custom fields, `levels` those of overlays."""
    return tuple(
        levels[field] if field in levels else field_text(value if field in COLUMN_FIELDS else (value or {}).get(field))
        for field, value in zip(fields, values, strict=True)
    )


def field_text(value: Any) -> Value:
    """A field's value as filters and strata compare it: texts stripped, numbers plain, dates ISO, empty None."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, list):
        return sorted({str(each).strip() for each in value} - {""}) or None
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
