"""Reads of responses and answers, and the comparison of given answers with those on record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.questionnaires.models import Question
from app.questionnaires.rules.kinds import Absence, ParsedAnswer
from app.questionnaires.rules.quoting import PERMISSION, WITHHELD
from app.responses.models import AnonymousAnswer, AnonymousResponse, Answer, Remark, Response, ResponseChange
from app.responses.rules import Item, ItemContent, Place, QuotePermission, Recorded, Standing

_ANSWER = cast("sa.Table", Answer.__table__)
_REMARK = cast("sa.Table", Remark.__table__)
_KEPT_RESPONSE = sa.orm.aliased(Response.__table__, name="kept_response")
_KEPT_ANSWER = sa.orm.aliased(Answer.__table__, name="kept_answer")


@dataclass(frozen=True)
class Given:
    """Answers as they were given, joined with the responses and current answers of the same study.

    `rows` has one row per answer: respondent_id, external_id, submitted_at, mode, question_id, value_number,
    value_text. It may be a staged table of any length or the few values of one form.
    """

    study_id: int
    rows: sa.FromClause

    @property
    def response(self) -> sa.FromClause:
        """The responses of the study that bear the given external ids."""
        return _KEPT_RESPONSE

    @property
    def answer(self) -> sa.FromClause:
        """The current answers of those responses to the given questions."""
        return _KEPT_ANSWER

    @property
    def joined(self) -> sa.FromClause:
        """Given rows, each with its response and its current answer where there are such."""
        given, response, answer = self.rows.c, self.response.c, self.answer.c
        same_response = sa.and_(response.study_id == self.study_id, response.external_id == given.external_id)
        same_answer = sa.and_(
            answer.response_id == response.id,
            answer.question_id == given.question_id,
            answer.item == "",
            answer.superseded_at.is_(None),
        )
        return self.rows.outerjoin(self.response, same_response).outerjoin(self.answer, same_answer)

    @property
    def is_new(self) -> sa.ColumnElement[bool]:
        """Whether nothing has been answered yet."""
        return self.answer.c.id.is_(None)

    @property
    def is_changed(self) -> sa.ColumnElement[bool]:
        """Whether the answer on record says something else."""
        given, answer = self.rows.c, self.answer.c
        differs = sa.or_(
            answer.value_number.is_distinct_from(given.value_number),
            answer.value_text.is_distinct_from(given.value_text),
        )
        # Words that were taken away do not come back with the file that brought them.
        return sa.and_(answer.id.is_not(None), answer.blanked_at.is_(None), differs)

    @property
    def is_moved(self) -> sa.ColumnElement[bool]:
        """Whether the response on record was given at another time or in another mode."""
        given, response = self.rows.c, self.response.c
        differs = sa.or_(
            response.submitted_at.is_distinct_from(given.submitted_at), response.mode.is_distinct_from(given.mode)
        )
        return sa.and_(response.id.is_not(None), differs)


def compare_answers(session: Session, *, given: Given) -> Recorded:
    """Count what recording the given answers would create, update and leave alone; stores nothing."""
    is_updated = sa.and_(sa.not_(given.is_new), sa.or_(given.is_changed, given.is_moved))
    total, created, updated = session.execute(
        sa.select(sa.func.count(), _times(given.is_new), _times(is_updated)).select_from(given.joined)
    ).one()
    return Recorded(int(created), int(updated), int(total) - int(created) - int(updated))


def _times(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def counted(answer: Any = Answer) -> sa.ColumnElement[bool]:
    """Whether an answer is part of what was said: the current one, with a value, on a branch that is open."""
    return sa.and_(answer.superseded_at.is_(None), answer.is_counted, answer.absence.is_(None))


def permission_of(response_id: Any = Answer.response_id) -> sa.ColumnElement[Any]:
    """How the speaker of a response allowed words to be used; null where nobody asked, as in a survey."""
    said = sa.orm.aliased(Answer)
    return (
        sa.select(said.value_text)
        .join(Question, Question.id == said.question_id)
        .where(said.response_id == response_id, Question.key == PERMISSION, counted(said))
        .correlate(response_id.class_)
        .scalar_subquery()
    )


def quote_permission() -> sa.ColumnElement[Any]:
    """How a sentence that an interviewer wrote down may be used: its own permission, else its speaker's."""
    return sa.func.coalesce(Remark.quote_permission, permission_of(Remark.response_id))


def may_be_quoted() -> sa.ColumnElement[bool]:
    """Whether a remark holds words that may be quoted: as they stand now, word for word, and nobody forbade them.

    A sentence that was forbidden stays so whatever its speaker allowed at the start, and the other way round.
    """
    return sa.and_(
        Remark.superseded_at.is_(None),
        Remark.quote.is_not(None),
        ~Remark.is_paraphrase,
        sa.func.coalesce(Remark.quote_permission, "") != WITHHELD,
        sa.func.coalesce(permission_of(Remark.response_id), "") != WITHHELD,
    )


def standing_answers(session: Session, response_id: int) -> dict[Place, Standing]:
    """The current answers of a response by place, those behind closed branches too."""
    rows = session.connection().execute(_STANDING, {"response": response_id})
    return {Place(row.question_id, row.item): _standing(row) for row in rows}


def _standing(row: Any) -> Standing:
    absence = Absence(row.absence) if row.absence else None
    answer = ParsedAnswer(row.value_number, row.value_text, absence)
    return Standing(row.id, answer, row.is_counted, said_in(row, row.absence) is None)


_STANDING = sa.select(
    _ANSWER.c.id,
    _ANSWER.c.question_id,
    _ANSWER.c.item,
    _ANSWER.c.value_number,
    _ANSWER.c.value_text,
    _ANSWER.c.absence,
    _ANSWER.c.is_counted,
    _ANSWER.c.blanked_at,
).where(_ANSWER.c.response_id == sa.bindparam("response"), _ANSWER.c.superseded_at.is_(None))


def places_kept(session: Session, response_id: int) -> tuple[set[Place], int]:
    """Where an interviewer wrote an answer, or why there is none; and how many answers these are."""
    answers = sa.select(Answer.question_id, Answer.item).where(
        Answer.response_id == response_id, Answer.superseded_at.is_(None), Answer.mode == "interview"
    )
    reasons = sa.select(Remark.question_id, Remark.item).where(
        Remark.response_id == response_id,
        Remark.superseded_at.is_(None),
        sa.or_(Remark.absence.is_not(None), Remark.reason.is_not(None)),
    )
    said = {Place(*row) for row in session.execute(answers)}
    return said | {Place(*row) for row in session.execute(reasons)}, len(said)


def current_answers(session: Session, response_id: int) -> dict[int, tuple[int, ParsedAnswer]]:
    """The current answers of a response to what is asked once: question id -> (answer id, answer)."""
    standing = standing_answers(session, response_id)
    return {place.question_id: (each.id, each.answer) for place, each in standing.items() if not place.item}


def change_ids(session: Session, study_id: int) -> list[int]:
    """The ids of the changes of a study's responses that no scoring has seen yet."""
    return list(session.scalars(sa.select(ResponseChange.id).where(ResponseChange.study_id == study_id)))


def unseen_since(session: Session, study_id: int) -> datetime | None:
    """When the first of these changes was made: what changed has changed then or later; None where all were seen."""
    return session.scalar(sa.select(sa.func.min(ResponseChange.changed_at)).where(ResponseChange.study_id == study_id))


def standing_items(session: Session, response_id: int) -> dict[Place, Item]:
    """What stands at each touched place of an interview, by two statements however many there are."""
    remarks = sa.select(_REMARK).where(_REMARK.c.response_id == response_id, _REMARK.c.superseded_at.is_(None))
    answers = session.connection().execute(_STANDING, {"response": response_id})
    given = {Place(row.question_id, row.item): said_in(row, row.absence) for row in answers}
    items = {place: Item(0, content_of(answer)) for place, answer in given.items() if answer is not None}
    for row in session.connection().execute(remarks):
        place = Place(row.question_id, row.item)
        items[place] = Item(row.revision, content_of(given.get(place), row), row.recorded_by, row.recorded_at)
    return items


def said_in(row: Any, absence: str | None) -> ParsedAnswer | None:
    """The answer of a row; None where it only says that the question was not on the route."""
    if row.value_number is None and row.value_text is None and absence is None and row.blanked_at is None:
        return None
    return ParsedAnswer(row.value_number, row.value_text, Absence(absence) if absence else None)


def content_of(answer: ParsedAnswer | None, remark: Any = None) -> ItemContent:
    """All that stands at a place: its answer, or why there is none, and the row of what was noted around it, if any."""
    absence = answer.absence if answer else None
    said = None if absence else answer
    if remark is None:
        return ItemContent(said, absence=absence)
    return ItemContent(
        said,
        remark.note,
        remark.quote,
        QuotePermission(remark.quote_permission) if remark.quote_permission else None,
        Absence(remark.absence) if remark.absence else absence,
        tuple(remark.probes),
        remark.reason,
        remark.is_paraphrase,
        remark.is_starred,
        remark.is_later,
    )


def anonymous_response_id(session: Session, *, study_id: int, form_sha256: str, is_locked: bool = False) -> str | None:
    """The id of the anonymous response that a form made, locked until the transaction ends if asked for, or None."""
    wanted = sa.select(AnonymousResponse.id).where(
        AnonymousResponse.study_id == study_id, AnonymousResponse.form_sha256 == form_sha256
    )
    return session.scalar(wanted.with_for_update() if is_locked else wanted)


def anonymous_answers_of(session: Session, response_id: str) -> dict[Place, ParsedAnswer]:
    """The answers of one anonymous response by place, those behind closed branches too."""
    rows = session.scalars(sa.select(AnonymousAnswer).where(AnonymousAnswer.response_id == response_id))
    return {
        Place(row.question_id, row.item): ParsedAnswer(
            row.value_number, row.value_text, Absence(row.absence) if row.absence else None
        )
        for row in rows
    }


def anonymous_counts(session: Session, study_ids: Iterable[int]) -> dict[int, int]:
    """How many anonymous responses studies have, by study id; those without any are left out."""
    counts = (
        sa.select(AnonymousResponse.study_id, sa.func.count())
        .where(AnonymousResponse.study_id.in_(list(study_ids)))
        .group_by(AnonymousResponse.study_id)
    )
    return {study: int(count) for study, count in session.execute(counts)}


def anonymous_strata(session: Session, study_id: int) -> list[str]:
    """The stratum of each anonymous response of a study, in no order that tells anything."""
    wanted = sa.select(AnonymousResponse.stratum).where(AnonymousResponse.study_id == study_id)
    return list(session.scalars(wanted.order_by(AnonymousResponse.id)))


def anonymous_values(session: Session, study_id: int) -> Sequence[Any]:
    """Rows (question_id, stratum, response_id, value_number, value_text) of the answers of a study that count."""
    return session.execute(
        sa.select(
            AnonymousAnswer.question_id,
            AnonymousResponse.stratum,
            AnonymousAnswer.response_id,
            AnonymousAnswer.value_number,
            AnonymousAnswer.value_text,
        )
        .join(AnonymousResponse, AnonymousResponse.id == AnonymousAnswer.response_id)
        .where(
            AnonymousResponse.study_id == study_id,
            AnonymousAnswer.is_counted,
            AnonymousAnswer.absence.is_(None),
            sa.or_(AnonymousAnswer.value_number.is_not(None), AnonymousAnswer.value_text.is_not(None)),
        )
        .order_by(AnonymousAnswer.question_id, AnonymousAnswer.response_id)
    ).all()
