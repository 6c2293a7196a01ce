"""What colleagues do with an edition: comment, take a comment back, stand behind it, and withdraw that."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.reports.models import Edition, EditionComment, EditionSignOff
from app.reports.queries.discussion import comment_of_form, own_comment, sign_off_of
from app.reports.rules.comments import LONGEST_NOTE, Typed, checked_comment, checked_key, checked_words
from app.studies.models import Study
from app.users.services.audit import record_event, wait_for_turn


def add_comment(
    session: Session, *, study: Study, edition: Edition, typed: Typed, form_key: str, at: datetime, by: int
) -> EditionComment:
    """Add a comment to an edition, or return the one that the same form made before.

    Refuses a comment without words, with too many, and about a part that no report has.
    """
    comment = checked_comment(typed)
    # Writers of the audit log take turns, so that two sendings of one form find each other.
    wait_for_turn(session)
    key = checked_key(form_key)
    known = comment_of_form(session, user_id=by, form_key=key) if key else None
    if known is not None:
        return known
    made = EditionComment(
        edition_id=edition.id,
        part=comment.part,
        body=comment.body,
        is_for_all=comment.is_for_all,
        form_key=key,
        written_at=at,
        written_by=by,
    )
    session.add(made)
    session.flush()
    _record(session, "report.comment", study, edition, by, comment=made.id, part=made.part)
    return made


def take_back_comment(
    session: Session, *, study: Study, edition: Edition, comment_id: int, at: datetime, by: int
) -> bool:
    """Take the words of one's own comment away for good; False where that was done before.

    Missing where the edition has no such comment of this person.
    """
    wait_for_turn(session)
    comment = own_comment(session, edition, comment_id=comment_id, user_id=by)
    if comment.taken_back_at is not None:
        return False
    comment.taken_back_at, comment.body = at, None
    session.flush()
    _record(session, "report.take_back", study, edition, by, comment=comment.id)
    return True


def sign_edition(session: Session, *, study: Study, edition: Edition, note: str, at: datetime, by: int) -> bool:
    """Note that somebody has read an edition and stands behind it; False where they do so already.

    Refuses a note that is too long.
    """
    words = checked_words(note, LONGEST_NOTE, "note") or None
    wait_for_turn(session)
    signed = sign_off_of(session, edition, by)
    if signed is None:
        signed = EditionSignOff(edition_id=edition.id, user_id=by, note=words, signed_at=at)
        session.add(signed)
    elif signed.withdrawn_at is None:
        return False
    else:
        signed.note, signed.signed_at, signed.withdrawn_at = words, at, None
    session.flush()
    _record(session, "report.sign", study, edition, by)
    return True


def withdraw_sign_off(session: Session, *, study: Study, edition: Edition, at: datetime, by: int) -> bool:
    """Note that somebody does not stand behind an edition any more, and forget their note; False where they did not."""
    wait_for_turn(session)
    signed = sign_off_of(session, edition, by)
    if signed is None or signed.withdrawn_at is not None:
        return False
    signed.withdrawn_at, signed.note = at, None
    session.flush()
    _record(session, "report.withdraw", study, edition, by)
    return True


def _record(session: Session, action: str, study: Study, edition: Edition, by: int, **fields: int | str) -> None:
    told = {"number": edition.number, **fields}
    record_event(session, actor_id=by, action=action, object_type="study", object_id=study.key, fields=told)
