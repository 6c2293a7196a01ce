"""Drawing silent people to be interviewed, so that what they say can speak for all who are silent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.database import insert_rows
from app.core.errors import Refusal
from app.studies.models import SilentDraw, SilentUnit, Study
from app.studies.queries import study_named
from app.studies.queries.silent_draw import silent_candidates
from app.studies.rules.silent_draw import MOST_AT_ONCE, frame_sha256, ranked
from app.studies.services.anonymity import refuse_anonymous
from app.users.services import record_event


@dataclass(frozen=True)
class SilentDrawn:
    """How many people were drawn now, and how many silent accounts the draw has not come to."""

    new: int
    left: int


def draw_silent(
    session: Session, *, study: Study, number: int, seed: int, at: datetime, by: int | None = None
) -> SilentDrawn:
    """Draw so many silent accounts, with one person each, to be interviewed in their study.

    The first draw settles who is silent and their order by the seed; a later one goes on in that order, so that all
    drawn together stay a simple random sample of those who were silent at the first. Refused where nobody can be
    interviewed any more, and where there is nobody to draw.
    """
    study = study_named(session, study.key, is_locked=True)
    _refuse_unfit(study, number)
    draw = session.get(SilentDraw, study.id)
    if draw is None:
        draw = _settle(session, study, seed=seed, at=at, by=by)
    waiting = session.scalars(
        select(SilentUnit.account_id)
        .where(SilentUnit.study_id == study.id, SilentUnit.drawn_at.is_(None))
        .order_by(SilentUnit.place)
    ).all()
    if not waiting:
        raise Refusal("Every account that was silent at the first draw has been drawn.", "number")
    chosen = waiting[:number]
    theirs = (SilentUnit.study_id == study.id, SilentUnit.account_id.in_(chosen))
    session.execute(update(SilentUnit).where(*theirs).values(drawn_at=at))
    session.flush()
    fields = {"drawn": len(chosen), "seed": draw.seed, "frame_sha256": draw.frame_sha256}
    record_event(session, actor_id=by, action="silent.draw", object_type="study", object_id=study.key, fields=fields)
    return SilentDrawn(len(chosen), len(waiting) - len(chosen))


def _refuse_unfit(study: Study, number: int) -> None:
    refuse_anonymous(study)
    if study.drawn_at is None:
        raise Refusal("Draw the study first; then somebody can be silent in it.")
    if study.closed_at is not None or today() > study.closes_on:
        raise Refusal("The fieldwork is over: nobody can be interviewed in this study any more.", "number")
    if not 1 <= number <= MOST_AT_ONCE:
        raise Refusal(f"Enter how many to draw: a number from 1 to {MOST_AT_ONCE}.", "number")


def _settle(session: Session, study: Study, *, seed: int, at: datetime, by: int | None) -> SilentDraw:
    candidates = silent_candidates(session, study)
    if not candidates:
        raise Refusal(
            "No account is silent: every one that was asked has been heard, or nobody was asked yet.", "number"
        )
    draw = SilentDraw(study_id=study.id, seed=seed, frame_sha256=frame_sha256(candidates), drawn_at=at, drawn_by=by)
    session.add(draw)
    session.flush()
    units = [
        {
            "study_id": study.id,
            "account_id": row.candidate.account_id,
            "respondent_id": row.candidate.respondent_id,
            "place": place,
            "u": row.u,
        }
        for place, row in enumerate(ranked(candidates, seed=seed), start=1)
    ]
    insert_rows(session, SilentUnit, units)
    return draw
