"""Reads of what colleagues say about editions, and of who stands behind them; each as far as its reader may see."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.errors import Missing
from app.reports.models import Edition, EditionComment, EditionSignOff
from app.studies.models import Study
from app.studies.scope import may_see_all, may_see_contacts
from app.users.models import User
from app.users.rules import Scope

_WHO = sa.func.coalesce(sa.func.nullif(User.name, ""), User.email, "")


def reads_all_comments(scope: Scope, study: Study) -> bool:
    """Tell whether the caller sees every account of a study with its people, so that no comment tells them more."""
    return may_see_all(scope, study) and may_see_contacts(scope, study)


def comments_of(session: Session, edition: Edition, *, study: Study, scope: Scope) -> Sequence[Any]:
    """Rows (id, part, body, is_for_all, written_at, written_by, taken_back_at, who), oldest first, that a caller reads.

    Who sees a part of the study reads their own comments and those that were written for everybody.
    """
    each = EditionComment
    wanted = (
        sa.select(
            each.id,
            each.part,
            each.body,
            each.is_for_all,
            each.written_at,
            each.written_by,
            each.taken_back_at,
            _WHO.label("who"),
        )
        .join(User, User.id == each.written_by)
        .where(each.edition_id == edition.id)
        .order_by(each.id)
    )
    if not reads_all_comments(scope, study):
        wanted = wanted.where(sa.or_(each.written_by == scope.user_id, each.is_for_all))
    return session.execute(wanted).all()


def own_comment(session: Session, edition: Edition, *, comment_id: int, user_id: int) -> EditionComment:
    """The comment of this id on an edition that this person wrote; Missing where there is none."""
    wanted = (
        sa.select(EditionComment)
        .where(
            EditionComment.id == comment_id,
            EditionComment.edition_id == edition.id,
            EditionComment.written_by == user_id,
        )
        .with_for_update()
    )
    found = session.scalar(wanted)
    if found is None:
        raise Missing("There is no such comment of yours.", "comment")
    return found


def comment_of_form(session: Session, *, user_id: int, form_key: str) -> EditionComment | None:
    """The comment that a form of this person made before, or None."""
    is_it = (EditionComment.written_by == user_id, EditionComment.form_key == form_key)
    return session.scalar(sa.select(EditionComment).where(*is_it))


def sign_offs_of(session: Session, edition: Edition) -> Sequence[Any]:
    """Rows (user_id, who, note, signed_at) of those who stand behind an edition, first signed first."""
    each = EditionSignOff
    return session.execute(
        sa.select(each.user_id, _WHO.label("who"), each.note, each.signed_at)
        .join(User, User.id == each.user_id)
        .where(each.edition_id == edition.id, each.withdrawn_at.is_(None))
        .order_by(each.signed_at, each.id)
    ).all()


def sign_off_of(session: Session, edition: Edition, user_id: int) -> EditionSignOff | None:
    """A person's signature under an edition, also where it was withdrawn; None where they never signed."""
    is_it = (EditionSignOff.edition_id == edition.id, EditionSignOff.user_id == user_id)
    return session.scalar(sa.select(EditionSignOff).where(*is_it).with_for_update())


def signers_by_edition(session: Session, study: Study) -> dict[int, list[str]]:
    """The names of those who stand behind each edition of a study, by its number; without those nobody signed."""
    rows = session.execute(
        sa.select(Edition.number, _WHO)
        .join(EditionSignOff, EditionSignOff.edition_id == Edition.id)
        .join(User, User.id == EditionSignOff.user_id)
        .where(Edition.study_id == study.id, EditionSignOff.withdrawn_at.is_(None))
        .order_by(EditionSignOff.signed_at, EditionSignOff.id)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for number, who in rows:
        names[number].append(who)
    return dict(names)
