"""What people said of each product, in ratings and in words that may be quoted, within what the caller may see."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Relationship
from app.playbooks.rules.opinions import Opinion, Side, Words, has_said, rating_of
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.definition import PROMISE
from app.questionnaires.rules.quoting import WITHHELD
from app.responses.models import Answer, Remark, Response
from app.responses.queries import counted, may_be_quoted, permission_of, quote_permission
from app.scoring.models import HandCode, VerbatimSentiment
from app.studies.models import Respondent, Study
from app.studies.scope import visible_accounts
from app.users.rules import Scope

LIKES, DISLIKES = "product_likes", "product_dislikes"
"""The questions about each product in the value interview."""
PORTION = 500
Scale = tuple[float | None, float | None, bool]
"""The ends of a question's scale, none where it has no scale, and whether high is bad."""
_SIDES = {LIKES: Side.LIKES, DISLIKES: Side.DISLIKES}
_CODED = {"positive": Side.LIKES, "negative": Side.DISLIKES}


@dataclass
class _Said:
    """What one person said of one product, as it is read."""

    row: Any
    ratings: list[float] = field(default_factory=list)
    answered: set[Side] = field(default_factory=set)
    words: list[Words] = field(default_factory=list)

    def opinion(self) -> Opinion:
        """All of it; of several ratings the mean."""
        return Opinion(
            product=self.row.product,
            role=self.row.role,
            study_key=self.row.study_key,
            external_id=self.row.external_id,
            rating=sum(self.ratings) / len(self.ratings) if self.ratings else None,
            has_likes=Side.LIKES in self.answered,
            has_dislikes=Side.DISLIKES in self.answered,
            words=tuple(self.words),
        )


def was_asked(session: Session) -> bool:
    """Tell whether anybody was asked what they like or dislike of a product."""
    asked = sa.select(Question.id).join(Answer, Answer.question_id == Question.id)
    return session.scalar(asked.where(Question.key.in_(_SIDES)).limit(1)) is not None


def opinions(session: Session, *, scope: Scope, account_ids: Sequence[int]) -> dict[int, list[Opinion]]:
    """What people at these accounts said of each product, each person once: in the newest study that asked them.

    It reads every question that is asked about each relationship: ratings, words, and sentences that interviewers wrote
    down. Words that must not be quoted, or were taken away, are left out, what they count for is not.
    """
    found: dict[int, list[Opinion]] = defaultdict(list)
    for start in range(0, len(account_ids), PORTION):
        said = _Reading(session).read(scope, account_ids[start : start + PORTION])
        newest: dict[tuple[int, int], _Said] = {}
        for each in said:
            newest[each.row.contact_id, each.row.relationship_id] = each
        for each in newest.values():
            found[each.row.account_id].append(each.opinion())
    return dict(found)


class _Reading:
    """Answers and remarks about products, gathered by response and relationship, the oldest first."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.said: dict[tuple[int, int], _Said] = {}

    def read(self, scope: Scope, account_ids: Sequence[int]) -> Iterator[_Said]:
        """Yield what each person said of each product in each study."""
        answers = self.session.execute(_answers(scope, account_ids)).all()
        quotes = self.session.execute(_quotes(scope, account_ids)).all()
        scales = _scales(self.session, {row.version_id for row in (*answers, *quotes)})
        for row in answers:
            self._take_answer(row, scales.get((row.version_id, row.question)))
        for row in quotes:
            if row.question in _SIDES or (row.version_id, row.question) in scales:
                self._take_quote(row, _SIDES.get(row.question))
        yield from sorted(self.said.values(), key=lambda each: (each.row.submitted_at, each.row.response_id))

    def _take_quote(self, row: Any, side: Side | None) -> None:
        said = self._of(row)
        said.words.append(Words(row.text, side, row.level))
        said.answered |= {side} if side else set()

    def _of(self, row: Any) -> _Said:
        return self.said.setdefault((row.response_id, row.relationship_id), _Said(row))

    def _take_answer(self, row: Any, scale: Scale | None) -> None:
        """A number is a rating where its question has a scale; words are on their question's side, else as coded."""
        if row.value_number is not None:
            rating = _rating(row.value_number, scale)
            if rating is not None:
                self._of(row).ratings.append(rating)
            return
        side = _SIDES.get(row.question) or (_CODED.get(row.coded or "") if scale is not None else None)
        if side is not None and (row.blanked_at is not None or has_said(row.text)):
            self._of(row).answered.add(side)
            if row.text and row.level != WITHHELD:
                self._of(row).words.append(Words(row.text, side, row.level))


def _rating(value: float, scale: Scale | None) -> float | None:
    if scale is None:
        return None
    minimum, maximum, is_reversed = scale
    return rating_of(value, minimum=minimum, maximum=maximum, is_reversed=is_reversed)


def _answers(scope: Scope, account_ids: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    """Every answer about a relationship; how words were coded by a person stands before what a lexicon read."""
    coded = sa.func.coalesce(HandCode.label, VerbatimSentiment.label)
    wanted = (
        _about(Answer)
        .add_columns(
            Answer.value_number,
            Answer.value_text.label("text"),
            Answer.blanked_at,
            permission_of(Answer.response_id).label("level"),
            coded.label("coded"),
        )
        .outerjoin(HandCode, HandCode.answer_id == Answer.id)
        .outerjoin(VerbatimSentiment, VerbatimSentiment.answer_id == Answer.id)
    )
    return wanted.where(counted(), *_within(scope, account_ids)).order_by(Answer.id)


def _quotes(scope: Scope, account_ids: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
    """Sentences about a relationship that an interviewer wrote down word for word, and that may be quoted."""
    wanted = _about(Remark).add_columns(Remark.quote.label("text"), quote_permission().label("level"))
    return wanted.where(may_be_quoted(), *_within(scope, account_ids)).order_by(Remark.id)


def _about(of: Any) -> sa.Select[*tuple[Any, ...]]:
    """Rows of answers or remarks with whom, what and by which question they are about."""
    product = sa.func.coalesce(sa.func.nullif(Relationship.name, ""), Relationship.type)
    return (
        sa.select(
            Respondent.account_id,
            Respondent.contact_id,
            Respondent.role,
            Relationship.id.label("relationship_id"),
            product.label("product"),
            Response.id.label("response_id"),
            Response.external_id,
            Response.version_id,
            Response.submitted_at,
            Study.key.label("study_key"),
            Question.key.label("question"),
        )
        .select_from(of)
        .join(Response, Response.id == of.response_id)
        .join(Respondent, Respondent.id == Response.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Question, Question.id == of.question_id)
        .join(Relationship, sa.and_(Relationship.crm_id == of.item, Relationship.account_id == Respondent.account_id))
    )


def _within(scope: Scope, account_ids: Sequence[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Response.submitted_at.is_not(None),
        ~Study.is_anonymous,
        visible_accounts(scope),
        Respondent.account_id.in_(account_ids),
    )


def _scales(session: Session, version_ids: Collection[int]) -> dict[tuple[int, str], Scale]:
    """The scale of each question that is asked about each relationship, by version and key; not about promises."""
    versions = session.scalars(sa.select(QuestionnaireVersion).where(QuestionnaireVersion.id.in_(version_ids)))
    found: dict[tuple[int, str], Scale] = {}
    for version in versions:
        definition = definition_of(version)
        looped = {section.key for section in definition.sections if section.per and section.per != PROMISE}
        for each in definition.questions:
            if each.section in looped:
                found[version.id, each.key] = (each.minimum, each.maximum, each.reverse)
    return found
