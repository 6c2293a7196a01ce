"""Taking people's own words away: what was chosen and every number stay, so that figures hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.database import small_letters
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.responses.models import AnonymousAnswer, AnonymousResponse, Answer, Remark, Response, Submission

PORTION = 500
WORDS = "text"
"""The kind of question that is answered in one's own words."""

Closed = Mapping[int, Sequence[int]]
"""The questions of each version whose answers are no words of anybody's."""


@dataclass(frozen=True)
class Blanked:
    """How many answers in words, notes and quotes, and reasons for reopening there were."""

    responses: int = 0
    answers: int = 0
    remarks: int = 0
    reasons: int = 0

    def __add__(self, other: "Blanked") -> "Blanked":
        return Blanked(*(mine + theirs for mine, theirs in zip(self.counts(), other.counts(), strict=True)))

    def counts(self) -> tuple[int, int, int, int]:
        """The four counts."""
        return self.responses, self.answers, self.remarks, self.reasons


def closed_questions(session: Session) -> Closed:
    """The questions of each version that was answered whose answers stay when words are taken away."""
    versions = sa.union(sa.select(Response.version_id), sa.select(AnonymousResponse.version_id))
    answered = sa.select(QuestionnaireVersion).where(QuestionnaireVersion.id.in_(versions))
    closed = {}
    for version in session.scalars(answered):
        ids, questions = questions_of(session, version), definition_of(version).questions
        closed[version.id] = [ids[each.key] for each in questions if each.kind != WORDS and each.key in ids]
    return closed


def old_responses(session: Session, *, before: datetime, closed: Closed, limit: int | None = None) -> list[int]:
    """The ids of responses that last changed before an instant and still hold words, oldest first."""
    has_reason = sa.exists().where(Submission.response_id == Response.id, Submission.reason.is_not(None))
    has_remark = sa.exists().where(Remark.response_id == Response.id, _has_note())
    has_words = sa.exists().where(Answer.response_id == Response.id, _is_words(), _is_open(closed))
    wanted = sa.select(Response.id).where(Response.changed_at < before, sa.or_(has_words, has_remark, has_reason))
    return list(session.scalars(wanted.order_by(Response.changed_at, Response.id).limit(limit)))


def words_of(session: Session, response_ids: Sequence[int], *, closed: Closed) -> Blanked:
    """Count the words of these responses; nothing changes."""
    found = Blanked(len(response_ids))
    for some in _portions(response_ids):
        answers, remarks, reasons = _words(some, closed)
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(table).where(*wanted)) or 0
            for table, wanted in ((Answer, answers), (Remark, remarks), (Submission, reasons))
        ]
        found += Blanked(0, *counts)
    return found


def blank_words(session: Session, response_ids: Sequence[int], *, closed: Closed, at: datetime) -> Blanked:
    """Take the words of these responses away, those of earlier versions too; once more changes nothing.

    Where words stood it is noted that they did: the question counts as answered.
    """
    done = Blanked(len(response_ids))
    for some in _portions(response_ids):
        answers, remarks, reasons = _words(some, closed)
        gone: dict[str, Any] = {"blanked_at": at}
        done += Blanked(
            0,
            _changed(session, sa.update(Answer).where(*answers).values(value_text=None, **gone)),
            _changed(session, sa.update(Remark).where(*remarks).values(note=None, quote=None, reason=None, **gone)),
            _changed(session, sa.update(Submission).where(*reasons).values(reason=None)),
        )
    return done


def anonymous_words_of(session: Session, *, before: datetime, closed: Closed) -> Blanked:
    """Count the words of anonymous responses older than an instant; nothing changes."""
    wanted = sa.select(AnonymousAnswer.response_id).where(*_anonymous_words(before, closed))
    return _of_responses(list(session.scalars(wanted)))


def blank_anonymous_words(session: Session, *, before: datetime, closed: Closed) -> Blanked:
    """Take the words of anonymous responses away that were given before an instant; what was chosen stays.

    They are days, not instants, and nothing notes that words stood there: nobody is to learn more of a row.
    """
    gone = sa.update(AnonymousAnswer).where(*_anonymous_words(before, closed)).values(value_text=None)
    found = gone.returning(AnonymousAnswer.response_id).execution_options(synchronize_session=False)
    return _of_responses(list(session.scalars(found)))


def erase_responses(
    session: Session, response_ids: Sequence[int], *, closed: Closed, words: Sequence[str], at: datetime
) -> Blanked:
    """Take the words of these responses away for good: nothing can be added to them, and no hash tells what they said.

    Whoever knows a person's numbers could try words against a hash. An id that holds one of `words` (in small letters)
    becomes another.
    """
    done = blank_words(session, response_ids, closed=closed, at=at)
    for some in _portions(response_ids):
        theirs = Response.id.in_(some)
        named = sa.or_(
            sa.false(), *(small_letters(Response.external_id).contains(each, autoescape=True) for each in words)
        )
        _changed(session, sa.update(Response).where(theirs).values(erased_at=at))
        renamed = sa.literal("erased-") + sa.cast(Response.id, sa.String)
        _changed(session, sa.update(Response).where(theirs, named).values(external_id=renamed))
        hashed = sa.cast(Submission.id, sa.String)
        _changed(session, sa.update(Submission).where(Submission.response_id.in_(some)).values(content_sha256=hashed))
    return done


def _words(some: Sequence[int], closed: Closed) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    theirs = sa.exists().where(Response.id == Answer.response_id, Response.id.in_(some), _is_open(closed))
    return (
        (Answer.response_id.in_(some), _is_words(), theirs),
        (Remark.response_id.in_(some), _has_note()),
        (Submission.response_id.in_(some), Submission.reason.is_not(None)),
    )


def _anonymous_words(before: datetime, closed: Closed) -> Sequence[Any]:
    theirs = sa.exists().where(
        AnonymousResponse.id == AnonymousAnswer.response_id,
        AnonymousResponse.answered_on < before.date(),
        _is_open(closed, AnonymousResponse, AnonymousAnswer),
    )
    return AnonymousAnswer.value_text.is_not(None), AnonymousAnswer.value_number.is_(None), theirs


def _of_responses(response_ids: Sequence[str]) -> Blanked:
    return Blanked(len(set(response_ids)), len(response_ids))


def _is_words() -> sa.ColumnElement[bool]:
    return sa.and_(Answer.value_text.is_not(None), Answer.value_number.is_(None))


def _is_open(closed: Closed, response: Any = Response, answer: Any = Answer) -> sa.ColumnElement[bool]:
    """Whether an answer is one in words; what a version does not ask is taken for such."""
    known = [sa.and_(response.version_id == version, answer.question_id.in_(ids)) for version, ids in closed.items()]
    return sa.not_(sa.or_(sa.false(), *known))


def _has_note() -> sa.ColumnElement[bool]:
    return sa.or_(Remark.note.is_not(None), Remark.quote.is_not(None), Remark.reason.is_not(None))


def _changed(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)


def _portions(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + PORTION] for start in range(0, len(ids), PORTION)]
