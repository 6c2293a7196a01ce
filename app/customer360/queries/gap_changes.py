"""Who moved between two days, in voice and gap, as far as the caller may see it; every statement over all accounts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.customer360.queries.scope import reachable_accounts, sees_every_account
from app.customer360.rules.bars import Z95
from app.customer360.rules.gap_asked import Asked, Counts, Show
from app.customer360.rules.gap_changes import GapChange, Said, Side, gap_change
from app.customers.models import Account
from app.customers.queries import csm_name
from app.health.queries.trend import standings_in, versions_of
from app.health.rules.change_words import Versions
from app.health.rules.changes import Standing
from app.questionnaires.models import QuestionnaireVersion
from app.responses.models import Response
from app.scoring.models import AccountScore, RespondentScore, Scoring
from app.studies.models import Respondent, Study
from app.studies.scope import visible_accounts, visible_studies
from app.users.rules import Permission, Reach, Scope

PORTION = 1_000


@dataclass(frozen=True)
class Scored:
    """A scored study that the caller may see something of; `on` is the day from which what it found stands."""

    study_id: int
    key: str
    name: str
    on: date
    scoring_id: int
    computation_id: int
    version_id: int
    roles: Mapping[str, float]


@dataclass(frozen=True)
class GapMoves:
    """The accounts that the caller asked for, on two days; `studies` are those of `scored_studies`."""

    session: Session
    scope: Scope
    studies: Sequence[Scored]
    asked: Asked
    account_id: int | None = None

    def counts(self) -> Counts:
        """Return how many accounts moved which way, and how many cannot have; one statement."""
        before, after = self._newest(self.asked.before), self._newest(self.asked.after)
        shows, is_pair = _shows(before.c, after.c), before.c.scoring_id != after.c.scoring_id
        known = sa.and_(before.c.gap_shrunken.is_not(None), after.c.gap_shrunken.is_not(None))
        row = self.session.execute(
            sa.select(
                *(_sum(sa.and_(is_pair, condition)).label(show.value) for show, condition in shows.items()),
                _sum(sa.and_(is_pair, sa.not_(shows[Show.WITHIN]))).label("moved"),
                _sum(sa.and_(is_pair, known)).label("gaps"),
                _sum(before.c.scoring_id.is_(None)).label("once"),
                _sum(before.c.scoring_id == after.c.scoring_id).label("again"),
            )
            .select_from(after)
            .outerjoin(before, before.c.account_id == after.c.account_id)
        ).one()
        numbers = {name: int(value or 0) for name, value in row._mapping.items()}  # noqa: SLF001  (the public mapping of a row)
        return Counts({show: numbers.pop(show.value) for show in Show}, **numbers)

    def rows(self, *, start: int = 0, length: int | None = None) -> Sequence[Any]:
        """Return rows (id, crm_id, name, segment, csm_email, csm, arr, currency, before, after: ids of scorings).

        Those whose voice or gap moved down stand first, then those that moved up, each by revenue.
        """
        before, after = self._newest(self.asked.before), self._newest(self.asked.after)
        shows = _shows(before.c, after.c)
        kind = sa.case(
            (sa.or_(shows[Show.FELL], shows[Show.DOWN]), 0), (sa.or_(shows[Show.ROSE], shows[Show.UP]), 1), else_=2
        )
        return self.session.execute(
            sa.select(
                Account.id,
                Account.crm_id,
                Account.name,
                Account.segment,
                Account.csm_email,
                csm_name().label("csm"),
                Account.arr,
                Account.currency,
                before.c.scoring_id.label("before"),
                after.c.scoring_id.label("after"),
            )
            .select_from(after)
            .join(before, before.c.account_id == after.c.account_id)
            .join(Account, Account.id == after.c.account_id)
            .where(before.c.scoring_id != after.c.scoring_id, shows[self.asked.show])
            .order_by(kind, sa.func.coalesce(Account.arr, -1).desc(), Account.id)
            .offset(start)
            .limit(length)
        ).all()

    def changes(self, rows: Sequence[Any]) -> Iterator[tuple[Any, GapChange, Versions]]:
        """Yield each of these rows with its change and the scorecards that it tells of, some accounts at a time."""
        for start in range(0, len(rows), PORTION):
            some = rows[start : start + PORTION]
            sides = _Sides(self.session, self._by_scoring, some)
            for row in some:
                one, other = (sides.of(row.id, scoring_id) for scoring_id in (row.before, row.after))
                yield row, gap_change(one, other, sides.versions.scorecards), sides.versions

    @cached_property
    def _by_scoring(self) -> dict[int, Scored]:
        return {each.scoring_id: each for each in self.studies}

    def _newest(self, until: date) -> sa.Subquery:
        """Of each account the score of the newest study that heard it by a day, among those that the caller may see.

        A study at a time, less what a newer one heard: each part is read along the key of the table.
        """
        ids = [each.scoring_id for each in self.studies if each.on <= until]
        parts = [self._heard(scoring_id, ids[place + 1 :]) for place, scoring_id in enumerate(ids)]
        return sa.union_all(*parts).subquery()

    def _heard(self, scoring_id: int, newer: Sequence[int]) -> sa.Select[*tuple[Any, ...]]:
        wanted: sa.Select[*tuple[Any, ...]] = sa.select(
            AccountScore.account_id,
            AccountScore.scoring_id,
            AccountScore.voice,
            AccountScore.voice_se,
            AccountScore.gap_shrunken,
            AccountScore.gap_se,
        ).where(AccountScore.scoring_id == scoring_id, AccountScore.voice.is_not(None))
        conditions = self._conditions
        if conditions:
            wanted = (
                wanted.join(Scoring, Scoring.id == AccountScore.scoring_id)
                .join(Study, Study.id == Scoring.study_id)
                .join(Account, Account.id == AccountScore.account_id)
                .where(*conditions)
            )
        if newer:
            again = aliased(AccountScore)
            heard_later = sa.exists().where(
                again.account_id == AccountScore.account_id, again.scoring_id.in_(newer), again.voice.is_not(None)
            )
            wanted = wanted.where(~heard_later)
        return wanted

    @cached_property
    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        """Conditions on Study and Account; none where the caller sees all of their studies and asked for no part."""
        conditions: list[sa.ColumnElement[bool]] = []
        if Reach.ASSIGNED in self.scope.reaches(Permission.REPORTS):
            conditions.append(visible_accounts(self.scope))
        if not sees_every_account(self.scope):
            conditions.append(reachable_accounts(self.scope))
        if self.account_id is not None:
            conditions.append(Account.id == self.account_id)
        if self.asked.segment:
            conditions.append(Account.segment == self.asked.segment)
        if self.asked.owner:
            conditions.append(sa.func.lower(Account.csm_email) == self.asked.owner)
        return conditions


def scored_studies(session: Session, *, scope: Scope, account_id: int | None = None) -> list[Scored]:
    """Return the scored studies of which the caller may see something, by the day from which on they stand.

    That is the last day of fieldwork, or the day of the scoring while people still answer. Anonymous studies know
    nothing of accounts. With an account only those that heard it.
    """
    wanted = (
        sa.select(Study, Scoring)
        .join(Scoring, Scoring.study_id == Study.id)
        .where(~Study.is_anonymous, visible_studies(scope))
        .order_by(Study.id)
    )
    if account_id is not None:
        wanted = (
            wanted.join(AccountScore, AccountScore.scoring_id == Scoring.id)
            .join(Account, Account.id == AccountScore.account_id)
            .where(AccountScore.account_id == account_id, AccountScore.voice.is_not(None), visible_accounts(scope))
        )
    found = [
        Scored(
            study_id=study.id,
            key=study.key,
            name=study.name,
            on=min(study.closes_on, scoring.scored_at.date()),
            scoring_id=scoring.id,
            computation_id=scoring.health_computation_id,
            version_id=study.version_id,
            roles=study.plan.get("roles") or {},
        )
        for study, scoring in session.execute(wanted)
    ]
    return sorted(found, key=lambda each: (each.on, each.study_id))


def days_of(studies: Sequence[Scored]) -> list[date]:
    """Return the days on which studies begin to stand, rising, each once."""
    return sorted({each.on for each in studies})


class _Sides:
    """What some accounts were on two days: their scores, people and health, read in a few statements."""

    def __init__(self, session: Session, studies: Mapping[int, Scored], rows: Sequence[Any]) -> None:
        self.studies = studies
        ids = [row.id for row in rows]
        scoring_ids = {each for row in rows for each in (row.before, row.after)}
        self.scores = _scores(session, ids, scoring_ids)
        self.people = _people(session, ids, scoring_ids)
        self.questionnaires = _questionnaires(session, {studies[each].version_id for each in scoring_ids})
        computations = {studies[each].computation_id for each in scoring_ids}
        self.standings: dict[tuple[int, int], Standing] = standings_in(
            session, computation_ids=computations, account_ids=ids
        )
        found = versions_of(session, {each.version_id for each in self.standings.values()})
        self.versions = Versions(
            {key: version.number for key, version in found.items()},
            {key: version.scorecard for key, version in found.items()},
        )

    def of(self, account_id: int, scoring_id: int) -> Side:
        """An account as one study found it."""
        study, score = self.studies[scoring_id], self.scores[scoring_id, account_id]
        questionnaire, asked = self.questionnaires[study.version_id]
        return Side(
            study=study.name,
            on=study.on,
            questionnaire=questionnaire,
            version_id=study.version_id,
            voice=score.voice,
            voice_se=score.voice_se,
            health=score.health,
            equated=score.equated_health,
            gap=score.gap,
            shrunken=score.gap_shrunken,
            gap_se=score.gap_se,
            people=self.people.get((scoring_id, account_id), ()),
            roles=study.roles,
            asked=asked,
            standing=self.standings.get((study.computation_id, account_id)),
        )


def _scores(session: Session, ids: Sequence[int], scoring_ids: Collection[int]) -> dict[tuple[int, int], Any]:
    found = session.scalars(
        sa.select(AccountScore).where(AccountScore.scoring_id.in_(scoring_ids), AccountScore.account_id.in_(ids))
    )
    return {(each.scoring_id, each.account_id): each for each in found}


def _people(session: Session, ids: Sequence[int], scoring_ids: Collection[int]) -> dict[tuple[int, int], list[Said]]:
    rows = session.execute(
        sa.select(
            RespondentScore.scoring_id,
            Respondent.account_id,
            Respondent.contact_id,
            Respondent.role,
            RespondentScore.voice,
            RespondentScore.dimensions,
            Study.key,
            Response.external_id,
        )
        .join(Respondent, Respondent.id == RespondentScore.respondent_id)
        .join(Study, Study.id == Respondent.study_id)
        .outerjoin(Response, Response.respondent_id == Respondent.id)
        .where(RespondentScore.scoring_id.in_(scoring_ids), Respondent.account_id.in_(ids))
        .order_by(Respondent.id)
    )
    found: dict[tuple[int, int], list[Said]] = defaultdict(list)
    for scoring_id, account_id, contact_id, role, voice, dimensions, key, external_id in rows:
        found[scoring_id, account_id].append(Said(contact_id, role, voice, dimensions or {}, key, external_id or ""))
    return found


def _questionnaires(session: Session, version_ids: Collection[int]) -> dict[int, tuple[str, frozenset[str]]]:
    """The name with its number, and the dimensions asked about, of some versions of questionnaires."""
    rows = session.scalars(sa.select(QuestionnaireVersion).where(QuestionnaireVersion.id.in_(version_ids)))
    return {
        each.id: (
            f"{each.name}, version {each.version}",
            frozenset(
                str(question["dimension"])
                for question in each.definition.get("questions", [])
                if question.get("dimension")
            ),
        )
        for each in rows
    }


def _shows(before: Any, after: Any) -> dict[Show, sa.ColumnElement[bool]]:
    """The condition of each choice on a pair of scores; a move without its interval is no claim."""
    voice, is_voice = after.voice - before.voice, _exceeds(before, after, "voice", "voice_se")
    gap, is_gap = after.gap_shrunken - before.gap_shrunken, _exceeds(before, after, "gap_shrunken", "gap_se")
    return {
        Show.ALL: sa.true(),
        Show.FELL: sa.and_(is_voice, voice < 0),
        Show.ROSE: sa.and_(is_voice, voice > 0),
        Show.DOWN: sa.and_(is_gap, gap < 0),
        Show.UP: sa.and_(is_gap, gap > 0),
        Show.WITHIN: sa.not_(sa.or_(is_voice, is_gap)),
    }


def _exceeds(before: Any, after: Any, value: str, se: str) -> sa.ColumnElement[bool]:
    """Whether a move leaves its interval, squared so that no database needs roots; false where anything is missing."""
    by = after[value] - before[value]
    return sa.func.coalesce(by * by > Z95 * Z95 * (before[se] * before[se] + after[se] * after[se]), sa.false())


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
