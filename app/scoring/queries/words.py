"""Reads of what customers wrote: the words with their sentiment, what people made of themes, and what people read."""

from collections.abc import Iterator, Sequence
from typing import Any

from numpy.typing import NDArray
from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.core.columns import MANY_KEYS, read_columns
from app.customers.models import Contact
from app.questionnaires.models import Question
from app.questionnaires.rules.quoting import WITHHELD
from app.responses.models import Answer, Response
from app.responses.queries import counted, permission_of
from app.scoring.models import HandCode, ThemeEdit, VerbatimSentiment
from app.scoring.queries import PORTION, Rows
from app.studies.models import Respondent, Study
from app.users.models import User


def spoken_words(session: Session, study: Study, question_ids: Sequence[int]) -> tuple[NDArray[Any], ...]:
    """Return columns (answer id, respondent id, question id, compound or NaN, length, mark) of answers to these.

    Only of open answers that were read; of some the words were taken away since. The length is 0 where there are none,
    2 for long words, else 1; the mark is one for the same words, 0 for none. Named by their ids, each answer is found
    by its index among its response's.
    """
    read = VerbatimSentiment
    length = case((Answer.value_text.is_(None), 0), (read.is_long, 2), else_=1)
    columns = (
        Answer.id,
        Response.respondent_id,
        Answer.question_id,
        read.compound,
        length,
        func.coalesce(read.mark, 0),
    )
    wanted = (
        _sent(select(*columns), study)
        .select_from(Response)
        .join(Answer, Answer.response_id == Response.id)
        .join(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
        .where(counted(), Answer.question_id.in_(question_ids))
    )
    types = ["i8", "i4", "i4", "f8", "i1", "i8"]
    return tuple(read_columns(session, wanted, types, by=Response.id, keys=MANY_KEYS))


def words_of(session: Session, answer_ids: Sequence[int]) -> Iterator[str]:
    """Yield the words of some open answers, by answer id; `answer_ids` rise."""
    for start in range(0, len(answer_ids), PORTION):
        # Written into the statement: to name so many values one by one costs more than to read their rows.
        some: BindParameter[Any] = bindparam(
            "some", answer_ids[start : start + PORTION], expanding=True, literal_execute=True
        )
        wanted = select(func.coalesce(Answer.value_text, "")).where(Answer.id.in_(some)).order_by(Answer.id)
        yield from session.connection().execute(wanted).scalars()


def other_languages(session: Session, study: Study) -> Rows:
    """Return (language, open answers) of the languages in which sentiment is not taken, most answers first."""
    language = language_left_out()
    rows = _sent(select(language.label("language"), func.count().label("answers")), study)
    return session.execute(
        rows.select_from(Answer)
        .join(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(
            counted(),
            VerbatimSentiment.compound.is_(None),
            func.length(func.trim(func.coalesce(Answer.value_text, ""))) > 0,
        )
        .group_by(language)
        .order_by(func.count().desc(), language)
    ).all()


def language_left_out() -> ColumnElement[Any]:
    """Return the language for which words are left out: the contact's, or where that is read, the form's."""
    is_read = or_(Contact.language.is_(None), func.lower(Contact.language).like("en%"))
    return func.lower(func.coalesce(case((is_read, Response.language), else_=Contact.language), ""))


def theme_edits(session: Session) -> dict[str, ThemeEdit]:
    """Return the edit that holds for each theme that somebody edited, by its stems."""
    newest = select(func.max(ThemeEdit.id)).group_by(ThemeEdit.theme)
    return {edit.theme: edit for edit in session.scalars(select(ThemeEdit).where(ThemeEdit.id.in_(newest)))}


def theme_history(session: Session, most: int) -> Rows:
    """Return (ThemeEdit, who) of the last edits of themes, newest first."""
    who = func.coalesce(func.nullif(User.name, ""), User.email, "")
    return session.execute(
        select(ThemeEdit, who).outerjoin(User, User.id == ThemeEdit.edited_by).order_by(ThemeEdit.id.desc()).limit(most)
    ).all()


def edits_before(session: Session, edits: Sequence[ThemeEdit]) -> dict[int, ThemeEdit]:
    """Return the edit that each of these replaced, by the id of the later one."""
    themes = {edit.theme for edit in edits}
    rows = session.scalars(select(ThemeEdit).where(ThemeEdit.theme.in_(themes)).order_by(ThemeEdit.id)).all()
    before: dict[int, ThemeEdit] = {}
    last: dict[str, ThemeEdit] = {}
    for row in rows:
        if row.theme in last:
            before[row.id] = last[row.theme]
        last[row.theme] = row
    return before


def hand_codes(session: Session) -> dict[tuple[str, str], int]:
    """Return how many texts people read in the workspace, by (their label, ours)."""
    rows = session.execute(
        select(HandCode.label, VerbatimSentiment.label, func.count())
        .join(VerbatimSentiment, VerbatimSentiment.answer_id == HandCode.answer_id)
        .where(HandCode.label.is_not(None), VerbatimSentiment.label.is_not(None))
        .group_by(HandCode.label, VerbatimSentiment.label)
    )
    return {(hand, ours): n for hand, ours, n in rows if hand and ours}


def readable(session: Session, study: Study, answer_id: int | None = None) -> list[int]:
    """Return the open answers of a study in English that may be quoted, or whether this one is such."""
    rows = _sent(select(Answer.id), study)
    wanted = (
        rows.select_from(Answer)
        .join(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .where(
            counted(),
            Answer.value_text.is_not(None),
            VerbatimSentiment.compound.is_not(None),
            func.coalesce(permission_of(), "") != WITHHELD,
        )
    )
    return list(session.scalars(wanted if answer_id is None else wanted.where(Answer.id == answer_id)))


def drawn_to_read(session: Session, study: Study) -> dict[int, HandCode]:
    """Return what was drawn of a study to be read by people, in the order of the draw."""
    rows = session.scalars(select(HandCode).where(HandCode.study_id == study.id).order_by(HandCode.place))
    return {row.answer_id: row for row in rows}


def text_to_read(session: Session, answer_id: int) -> Row[str | None, str] | None:
    """Return (words, key of the question) of an open answer."""
    return session.execute(
        select(Answer.value_text, Question.key)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.id == answer_id)
    ).one_or_none()


def _sent(rows: Any, study: Study) -> Any:
    return rows.where(Response.study_id == study.id, Response.submitted_at.is_not(None), Answer.superseded_at.is_(None))
