"""What exports and previews read, and the uploads of a person."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.health.models import HealthComputation, HealthScore, ScorecardVersion
from app.responses.queries import Given
from app.studies.models import Study
from app.studies.scope import whole_studies
from app.transfer.models import Upload
from app.users.rules import Permission, Scope

STREAMED = 2_000


def newest_health(session: Session) -> tuple[HealthComputation, ScorecardVersion] | None:
    """The computation of health that was made last, by whichever scorecard, with its version; None if there is none."""
    row = session.execute(
        sa.select(HealthComputation, ScorecardVersion)
        .join(ScorecardVersion, ScorecardVersion.id == HealthComputation.scorecard_version_id)
        .order_by(HealthComputation.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def health_rows(session: Session, computation_id: int) -> Iterator[Any]:
    """Stream every account by its CRM id: score, band, missing measures, measures; nulls where not computed."""
    wanted = (
        sa.select(Account.crm_id, HealthScore.score, HealthScore.band, HealthScore.missing, HealthScore.measures)
        .outerjoin(
            HealthScore,
            sa.and_(HealthScore.account_id == Account.id, HealthScore.computation_id == computation_id),
        )
        .order_by(Account.crm_id)
    )
    yield from session.execute(wanted.execution_options(yield_per=STREAMED))


def changed_answers(session: Session, given: Given, *, limit: int) -> Sequence[sa.RowMapping]:
    """The first given answers that change one on record, with what it says now."""
    answer, rows = given.answer.c, given.rows.c
    return (
        session.execute(
            sa.select(
                rows.external_id,
                rows.question_id,
                answer.value_number.label("before_number"),
                answer.value_text.label("before_text"),
                rows.value_number,
                rows.value_text,
            )
            .select_from(given.joined)
            .where(given.is_changed)
            .order_by(rows.external_id, rows.question_id)
            .limit(limit)
        )
        .mappings()
        .all()
    )


def moved_responses(session: Session, given: Given, *, limit: int) -> Sequence[sa.RowMapping]:
    """The first responses that were given at another time or in another mode than is on record."""
    response, rows = given.response.c, given.rows.c
    return (
        session.execute(
            sa.select(
                rows.external_id,
                response.submitted_at.label("before_at"),
                rows.submitted_at,
                response.mode.label("before_mode"),
                rows.mode,
            )
            .select_from(given.joined)
            .where(given.is_moved)
            .distinct()
            .order_by(rows.external_id)
            .limit(limit)
        )
        .mappings()
        .all()
    )


def new_answers(session: Session, given: Given, *, limit: int) -> Sequence[sa.RowMapping]:
    """The first given answers to what has not been answered yet."""
    rows = given.rows.c
    return (
        session.execute(
            sa.select(rows.external_id, rows.question_id, rows.value_number, rows.value_text)
            .select_from(given.joined)
            .where(given.is_new)
            .order_by(rows.external_id, rows.question_id)
            .limit(limit)
        )
        .mappings()
        .all()
    )


def own_upload(session: Session, *, user_id: int, upload_id: int, is_locked: bool = False) -> Upload | None:
    """A person's own upload, locked until the transaction ends if asked for; None where it is none of theirs."""
    wanted = sa.select(Upload).where(Upload.id == upload_id, Upload.user_id == user_id)
    if is_locked:
        # Of two who say yes at once the second must see what the first did.
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalar(wanted)


def recent_uploads(session: Session, *, user_id: int, limit: int) -> Sequence[Upload]:
    """A person's uploads, newest first."""
    wanted = sa.select(Upload).where(Upload.user_id == user_id).order_by(Upload.id.desc()).limit(limit)
    return session.scalars(wanted).all()


def imported_twin(session: Session, upload: Upload) -> Upload | None:
    """The upload by which the same person imported the very same bytes as the same kind of file before, if any."""
    twins = sa.select(Upload).where(
        Upload.user_id == upload.user_id,
        Upload.kind == upload.kind,
        Upload.sha256 == upload.sha256,
        Upload.imported_at.is_not(None),
    )
    return session.scalar(twins.order_by(Upload.id.desc()).limit(1))


def studies_to_fill(session: Session, scope: Scope) -> Sequence[Study]:
    """The drawn studies into which the caller may import, newest first."""
    wanted = sa.select(Study).where(Study.drawn_at.is_not(None), whole_studies(scope, Permission.STUDIES))
    return session.scalars(wanted.order_by(Study.opens_on.desc(), Study.id.desc())).all()


def customer_counts(session: Session) -> tuple[int, int]:
    """How many accounts and contacts there are."""
    accounts, contacts = (
        sa.select(sa.func.count()).select_from(model).scalar_subquery() for model in (Account, Contact)
    )
    row = session.execute(sa.select(accounts, contacts)).one()
    return row[0], row[1]
