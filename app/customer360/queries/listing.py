"""The list of accounts: the counts of its filters by one aggregate, and one page, however many accounts there are."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    any_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.customer360.queries.scope import (
    Seen,
    newest_computation_id,
    reachable_accounts,
    seen_scorings,
)
from app.customer360.queries.searching import found_accounts
from app.customer360.rules.listing import PAGE_ROWS, RENEWAL_DAYS, Asked, Order, Show, Sort
from app.customers.models import Account
from app.health.models import HealthScore
from app.scoring.models import AccountScore
from app.studies.models import SampledAccount, Study
from app.studies.scope import assigned_accounts, visible_accounts
from app.users.models import User
from app.users.rules import Scope

Statement = Select[*tuple[Any, ...]]

_BY_SCORE = {Show.HEARD, Show.HIDDEN_RISK, Show.HIDDEN_STRENGTH, Show.SILENT}
_SCORED = (AccountScore.respondents, AccountScore.quadrant, AccountScore.voice, AccountScore.gap_shrunken)


def segments(session: Session, scope: Scope) -> list[str]:
    """The segments of the accounts that the caller may see."""
    return _distinct(session, scope, Account.segment)


def owners(session: Session, scope: Scope) -> list[str]:
    """The addresses in small letters of those who look after the accounts that the caller may see."""
    return sorted({address.lower() for address in _distinct(session, scope, Account.csm_email)})


def _distinct(session: Session, scope: Scope, column: Any) -> list[str]:
    found = session.scalars(select(column).where(reachable_accounts(scope)).distinct())
    return sorted(value for value in found if value)


@dataclass(frozen=True)
class Listing:
    """The accounts that a caller asked for, on a day; `currency` is the workspace's."""

    session: Session
    scope: Scope
    asked: Asked
    on: date
    currency: str | None

    @cached_property
    def scorings(self) -> list[Seen]:
        """The scorings that the caller may see, the newest study first."""
        return seen_scorings(self.session, self.scope)

    @cached_property
    def computation_id(self) -> int | None:
        """The computation whose health is shown."""
        return newest_computation_id(self.session)

    @cached_property
    def asked_for(self) -> list[ColumnElement[bool]]:
        """Conditions on Account from the caller's scope, the search and the choices; empty where they let all pass."""
        asked, conditions = self.asked, []
        reachable = reachable_accounts(self.scope)
        if reachable is not true():
            conditions.append(reachable)
        if asked.words:
            conditions.append(found_accounts(self.session, self.scope, asked))
        if asked.segment:
            conditions.append(Account.segment == asked.segment)
        if asked.owner:
            conditions.append(func.lower(Account.csm_email) == asked.owner)
        return self._found_once(conditions) if asked.words else conditions

    def _found_once(self, conditions: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
        """The same accounts by their ids, handed over as one value: names are searched once, not in every statement."""
        found = list(self.session.scalars(select(Account.id).where(*conditions)))
        if self.session.get_bind().dialect.name == "sqlite":
            ids = func.json_each(json.dumps(found)).table_valued("value")
            return [Account.id.in_(select(ids.c.value))]
        return [Account.id == any_(literal(found, ARRAY(Integer)))]

    def counts(self) -> dict[Show, int]:
        """How many accounts each filter shows, by one statement over accounts and over their newest scores."""
        accounts = select(
            func.count().label(Show.ALL),
            _sum(self._renews()).label(Show.RENEWS),
            _sum(self._is_mine()).label(Show.MINE),
        ).where(*self.asked_for)
        score = self._newest_scores()
        scores = select(*(_sum(_shows(score, show)).label(show) for show in sorted(_BY_SCORE)))
        if self.asked_for:
            scores = scores.join(Account, Account.id == score.c.account_id).where(*self.asked_for)
        first, second = accounts.select_from(Account).subquery("accounts"), scores.subquery("scores")
        row = self.session.execute(select(first, second).join(second, true())).one()
        return {show: int(getattr(row, show) or 0) for show in Show}

    def rows(self, *, page: int, total: int) -> list[Row[*tuple[Any, ...]]]:
        """The rows of a page of so many accounts, in their order."""
        ids = self._page_ids((page - 1) * PAGE_ROWS, total)
        rows = {row.id: row for row in self.session.execute(self._details(ids))}
        return [rows[each] for each in ids if each in rows]

    def _page_ids(self, offset: int, total: int) -> list[int]:
        """The ids of a page; the second half is read from its end, so that no page is further away than the middle."""
        rows = max(0, min(PAGE_ROWS, total - offset))
        is_from_end = offset > total / 2
        skipped = total - offset - rows if is_from_end else offset
        score, health = self._newest_scores(), aliased(HealthScore)
        wanted = select(Account.id).where(*self.asked_for)
        if self.asked.sort is Sort.HEALTH:
            on = and_(health.account_id == Account.id, health.computation_id == (self.computation_id or 0))
            wanted = wanted.outerjoin(health, on)
        if self.asked.show in _BY_SCORE:
            wanted = wanted.join(score, score.c.account_id == Account.id).where(_shows(score, self.asked.show))
        elif self.asked.sort in {Sort.VOICE, Sort.GAP}:
            wanted = wanted.outerjoin(score, score.c.account_id == Account.id)
        if self.asked.show is Show.RENEWS:
            wanted = wanted.where(self._renews())
        if self.asked.show is Show.MINE:
            wanted = wanted.where(self._is_mine())
        keys = self._keys(score, health, is_reversed=is_from_end)
        ids = list(self.session.scalars(wanted.order_by(*keys).limit(rows).offset(skipped)))
        return ids[::-1] if is_from_end else ids

    def _keys(self, score: FromClause, health: Any, *, is_reversed: bool) -> list[ColumnElement[Any]]:
        """What the list is sorted by; what is missing comes last, whichever way the column is sorted."""
        column: ColumnElement[Any] = {
            Sort.ACCOUNT: func.lower(Account.name),
            Sort.ARR: self._comparable_arr(),
            Sort.RENEWAL: Account.renewal_date,
            Sort.HEALTH: health.score,
            Sort.VOICE: score.c.voice,
            Sort.GAP: score.c.gap_shrunken,
        }[self.asked.sort]
        is_falling = self.asked.order is Order.FALLING
        keys: list[tuple[Any, bool]] = [(column.is_(None), False), (column, is_falling)]
        if self.asked.sort is Sort.ARR:
            keys.append((Account.arr.is_(None), False))
        keys.append((Account.id, False))
        return [key.desc() if falls != is_reversed else key.asc() for key, falls in keys]

    def _comparable_arr(self) -> ColumnElement[Any]:
        """ARR in the workspace's currency: amounts in another cannot be compared and come after it."""
        if not self.currency:
            return Account.arr.expression
        return case((func.coalesce(Account.currency, self.currency) == self.currency, Account.arr), else_=None)

    def _details(self, ids: Collection[int]) -> Statement:
        """What the rows show of these accounts."""
        score, health = aliased(AccountScore), aliased(HealthScore)
        newest = self._newest_scores(ids)
        asked_in = (
            select(SampledAccount.account_id)
            .join(Study, Study.id == SampledAccount.study_id)
            .where(SampledAccount.account_id == Account.id, visible_accounts(self.scope))
            .correlate(Account)
        )
        return (
            select(
                Account.id,
                Account.crm_id,
                Account.name,
                Account.segment,
                Account.arr,
                func.coalesce(Account.currency, literal(self.currency)).label("currency"),
                Account.renewal_date,
                func.coalesce(func.nullif(User.name, ""), Account.csm_email).label("owner"),
                health.score.label("health"),
                health.band.label("health_band"),
                score.scoring_id,
                score.respondents,
                score.voice,
                score.voice_se,
                score.voice_band,
                score.health.label("compared_health"),
                score.gap_shrunken.label("gap"),
                score.p_low,
                score.p_high,
                score.tier,
                score.quadrant,
                asked_in.exists().label("is_asked"),
            )
            .outerjoin(newest, newest.c.account_id == Account.id)
            .outerjoin(score, and_(score.account_id == Account.id, score.scoring_id == newest.c.scoring_id))
            .outerjoin(
                health, and_(health.account_id == Account.id, health.computation_id == (self.computation_id or 0))
            )
            .outerjoin(User, func.lower(User.email) == func.lower(Account.csm_email))
            .where(Account.id.in_(ids))
        )

    def _renews(self) -> ColumnElement[bool]:
        return Account.renewal_date.between(self.on, self.on + timedelta(days=RENEWAL_DAYS))

    def _is_mine(self) -> ColumnElement[bool]:
        return func.lower(Account.csm_email) == self.scope.email

    def _newest_scores(self, ids: Collection[int] | None = None) -> Subquery:
        """The score of each account in the newest scored study that drew it and that the caller may see."""
        parts = [self._scores_of(seen, self.scorings[:place], ids) for place, seen in enumerate(self.scorings)]
        nothing = select(AccountScore.scoring_id, AccountScore.account_id, *_SCORED).where(false())
        return (union_all(*parts) if len(parts) > 1 else parts[0] if parts else nothing).subquery("newest")

    def _scores_of(self, seen: Seen, newer: Sequence[Seen], ids: Collection[int] | None) -> Statement:
        """The scores of one study, but for the accounts that a newer one drew."""
        scores: Statement = select(AccountScore.scoring_id, AccountScore.account_id, *_SCORED)
        scores = scores.where(AccountScore.scoring_id == seen.id)
        if ids is not None:
            scores = scores.where(AccountScore.account_id.in_(ids))
        if not seen.is_whole:
            scores = scores.join(Account, Account.id == AccountScore.account_id)
            scores = scores.where(assigned_accounts(self.scope))
        if newer:
            scores = scores.where(~self._is_drawn_again(newer).exists())
        return scores

    def _is_drawn_again(self, newer: Sequence[Seen]) -> Statement:
        """The scores of the same account in newer studies, as far as the caller sees them."""
        again = aliased(AccountScore)
        of_same = select(again.account_id).where(again.account_id == AccountScore.account_id)
        whole = again.scoring_id.in_([seen.id for seen in newer if seen.is_whole])
        partly = [seen.id for seen in newer if not seen.is_whole]
        if not partly:
            return of_same.where(whole).correlate(AccountScore)
        theirs = and_(again.scoring_id.in_(partly), assigned_accounts(self.scope))
        of_same = of_same.join(Account, Account.id == again.account_id).where(or_(whole, theirs))
        return of_same.correlate(AccountScore)


def _shows(score: FromClause, show: Show) -> ColumnElement[bool]:
    """The condition of a filter on an account's newest score."""
    if show is Show.HEARD:
        return score.c.respondents > 0
    if show is Show.SILENT:
        return score.c.respondents == 0
    return score.c.quadrant == show.value


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))
