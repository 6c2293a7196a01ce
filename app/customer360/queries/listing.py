"""The list of accounts: the counts of its filters by one aggregate, and one page, however many accounts there are."""

from collections.abc import Collection, Iterable, Sequence
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
    String,
    Subquery,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import NullType

from app.customer360.queries.scope import (
    Seen,
    reachable_accounts,
    seen_scorings,
    sees_every_account,
)
from app.customer360.queries.searching import found_accounts
from app.customer360.rules.listing import PAGE_ROWS, RENEWAL_DAYS, Asked, Order, Show, Sort
from app.customers.models import Account, Outcome
from app.health.models import HealthScore
from app.health.queries.choice import PresentHealth, present_health
from app.scoring.models import AccountScore
from app.studies.models import SampledAccount, Study
from app.studies.scope import assigned_accounts, visible_accounts
from app.users.models import User
from app.users.rules import Scope

Statement = Select[*tuple[Any, ...]]

_BY_SCORE = {Show.HEARD, Show.HIDDEN_RISK, Show.HIDDEN_STRENGTH, Show.SILENT}
_PLAIN = (Show.RENEWS, Show.MINE)
_OF_ACCOUNT = {Sort.ACCOUNT, Sort.ARR, Sort.RENEWAL}
_OF_SCORE = {Sort.VOICE, Sort.GAP}
_SCORED = (AccountScore.respondents, AccountScore.quadrant, AccountScore.voice, AccountScore.gap_shrunken)


@dataclass(frozen=True)
class Listing:
    """The accounts that a caller asked for, on a day; `currency` is the workspace's.

    With `has_summary` a row carries the whole account, and `left_on`, when it was lost.
    """

    session: Session
    scope: Scope
    asked: Asked
    on: date
    currency: str | None
    has_summary: bool = False

    @cached_property
    def segments(self) -> list[str]:
        """The segments of the accounts that the caller may see."""
        return self._distinct(Account.segment)

    @cached_property
    def addresses(self) -> list[str]:
        """The addresses, as they are spelled, of those who look after the accounts that the caller may see."""
        return self._distinct(Account.csm_email)

    @cached_property
    def owners(self) -> list[str]:
        """The same addresses in small letters, each once."""
        return sorted({address.lower() for address in self.addresses})

    def _distinct(self, column: Any) -> list[str]:
        """The different values of a column, in their order; for all accounts from index entry to index entry."""
        if not sees_every_account(self.scope):
            found = self.session.scalars(select(column).where(reachable_accounts(self.scope)).distinct())
            return sorted(value for value in found if value)
        each = select(func.min(column).label("value")).cte("each_value", recursive=True)
        following = select(func.min(column)).where(column > each.c.value).correlate(each).scalar_subquery()
        each = each.union_all(select(following).where(each.c.value.is_not(None)))
        return [value for value in self.session.scalars(select(each.c.value)) if value]

    def _is_owned_by(self, owner: str) -> ColumnElement[bool]:
        """Whether an account is looked after by this address, however it is spelled there."""
        return Account.csm_email.in_([address for address in self.addresses if address.lower() == owner])

    @cached_property
    def scorings(self) -> list[Seen]:
        """The scorings that the caller may see, the newest study first."""
        return seen_scorings(self.session, self.scope)

    @cached_property
    def present(self) -> PresentHealth:
        """The computation whose health is shown, or which of some for which account."""
        return present_health(self.session)

    @cached_property
    def conditions(self) -> list[ColumnElement[bool]]:
        """Conditions on Account from the caller's scope, the search and the choices; empty where they let all pass."""
        asked, conditions = self.asked, []
        reachable = reachable_accounts(self.scope)
        if reachable is not true():
            conditions.append(reachable)
        if asked.words:
            conditions.append(found_accounts(self.scope, asked))
        if asked.segment:
            conditions.append(Account.segment == asked.segment)
        if asked.owner:
            conditions.append(self._is_owned_by(asked.owner))
        return conditions

    @cached_property
    def _found(self) -> Row[*tuple[Any, ...]]:
        """What was searched for, searched but once: the counts that need no score, and the ids as one text."""
        ids = func.aggregate_strings(cast(Account.id, String), ",").label("ids")
        return self.session.execute(self._some_account_counts().add_columns(ids)).one()

    def _is_found(self, column: Any) -> ColumnElement[bool]:
        """Whether an account's id is among those that were searched for: however many they are, one value is sent.

        PostgreSQL gets it without a type: a text made an array is no constant to it, and is searched from end to end
        for each row.
        """
        if self.session.get_bind().dialect.name == "sqlite":
            ids = func.json_each(f"[{self._found.ids or ''}]").table_valued("value")
            return column.in_(select(ids.c.value))  # type: ignore[no-any-return]
        return column == any_(cast(literal(f"{{{self._found.ids or ''}}}", NullType()), ARRAY(Integer)))  # type: ignore[no-any-return]

    def counts(self) -> dict[Show, int]:
        """How many accounts each filter shows: those that need no score, and those of the newest scores."""
        score = self._newest_scores()
        scores = select(*(_sum(_shows(score, show)).label(show) for show in sorted(_BY_SCORE)))
        if self.asked.words:
            return _whole(self._found, (Show.ALL, *_PLAIN)) | _whole(self.session.execute(scores).one(), _BY_SCORE)
        if self.conditions:
            scores = scores.join(Account, Account.id == score.c.account_id).where(*self.conditions)
        first, second = self._account_counts().subquery("accounts"), scores.subquery("scores")
        return _whole(self.session.execute(select(first, second).join(second, true())).one(), Show)

    def _account_counts(self) -> Statement:
        """The counts that need no score: of some accounts in one walk over them, of all from three indexes."""
        if self.conditions:
            return self._some_account_counts()
        every: Statement = select(func.count(Account.id))
        return select(
            every.scalar_subquery().label(Show.ALL),
            every.where(self._renews()).scalar_subquery().label(Show.RENEWS),
            every.where(self._is_mine()).scalar_subquery().label(Show.MINE),
        )

    def _some_account_counts(self) -> Statement:
        return (
            select(
                func.count().label(Show.ALL),
                _sum(self._renews()).label(Show.RENEWS),
                _sum(self._is_mine()).label(Show.MINE),
            )
            .select_from(Account)
            .where(*self.conditions)
        )

    def rows(self, *, page: int, total: int) -> list[Row[*tuple[Any, ...]]]:
        """The rows of a page of so many accounts, in their order."""
        ids = self._page_ids((page - 1) * PAGE_ROWS, total)
        wanted = self._details(ids)
        if self.has_summary:
            wanted = wanted.add_columns(Account, _left_on())
        rows = {row.id: row for row in self.session.execute(wanted)}
        return [rows[each] for each in ids if each in rows]

    def _page_ids(self, offset: int, total: int) -> list[int]:
        """The ids of a page: first the accounts with a value in the column that sorts, then the others."""
        rows = max(0, min(PAGE_ROWS, total - offset))
        known, order = self._known()
        ids = list(self.session.scalars(known.order_by(*order).limit(rows).offset(offset)))
        if len(ids) == rows:
            return ids
        skipped = 0
        if not ids:
            skipped = offset - (self.session.scalar(select(func.count()).select_from(known.subquery())) or 0)
        others = self._unknown().limit(rows - len(ids)).offset(skipped)
        return [*ids, *self.session.scalars(others)]

    def _known(self) -> tuple[Statement, list[ColumnElement[Any]]]:
        """The accounts that have a value in the column that sorts, and their order: few tables, for the indexes."""
        score, health = self._newest_scores(), aliased(HealthScore)
        column, id_ = self._sorted_by(score, health)
        wanted: Statement = select(id_).where(column.is_not(None))
        if self.asked.sort is Sort.ARR:
            wanted = wanted.where(self._is_comparable())
        if self.asked.sort is Sort.HEALTH:
            wanted = wanted.where(health.computation_id == self.present.computation)
        if self.asked.words and self.asked.sort not in _OF_SCORE:
            wanted = wanted.where(self._is_found(id_))
        conditions = self._on_accounts() if not self.asked.words else self._by_filter
        is_by_account = self.asked.sort is Sort.HEALTH and self.present.is_by_account
        if (conditions or is_by_account) and self.asked.sort not in _OF_ACCOUNT:
            wanted = wanted.join(Account, Account.id == id_)
        wanted = wanted.where(*conditions)
        if self.asked.sort in _OF_SCORE and self.asked.show in _BY_SCORE:
            wanted = wanted.where(_shows(score, self.asked.show))
        elif self.asked.sort not in _OF_SCORE:
            wanted = self._filtered(wanted, score, id_)
        falls = self.asked.order is Order.FALLING
        return wanted, [column.desc(), id_.desc()] if falls else [column.asc(), id_.asc()]

    def _unknown(self) -> Statement:
        """The accounts without a value in the column that sorts: money in another currency first, then by id."""
        score, health = self._newest_scores(), aliased(HealthScore)
        wanted: Statement = select(Account.id).where(*self._on_accounts())
        wanted = self._filtered(wanted, score)
        column, _ = self._sorted_by(score, health)
        if self.asked.sort is Sort.ARR:
            wanted = wanted.where(or_(column.is_(None), ~self._is_comparable()))
            return wanted.order_by(column.is_(None), Account.id)
        if self.asked.sort is Sort.HEALTH:
            on = and_(health.account_id == Account.id, health.computation_id == self.present.computation)
            wanted = wanted.outerjoin(health, on)
        if self.asked.sort in _OF_SCORE and self.asked.show not in _BY_SCORE:
            wanted = wanted.outerjoin(score, score.c.account_id == Account.id)
        return wanted.where(column.is_(None)).order_by(Account.id)

    def _filtered(self, wanted: Statement, score: FromClause, id_: Any = Account.id) -> Statement:
        """The statement with the filter on scores, where one is asked for."""
        if self.asked.show not in _BY_SCORE:
            return wanted
        return wanted.join(score, score.c.account_id == id_).where(_shows(score, self.asked.show))

    @property
    def _by_filter(self) -> list[ColumnElement[bool]]:
        """The condition on Account of a filter that needs no score."""
        found = {Show.RENEWS: self._renews, Show.MINE: self._is_mine}.get(self.asked.show)
        return [found()] if found else []

    def _on_accounts(self) -> list[ColumnElement[bool]]:
        """Every condition on Account, that of the filter too; what was searched for is known by its ids."""
        asked_for = [self._is_found(Account.id)] if self.asked.words else self.conditions
        return [*asked_for, *self._by_filter]

    def _sorted_by(self, score: FromClause, health: Any) -> tuple[Any, Any]:
        """The column that sorts, and the account's id beside it in the same table."""
        found: dict[Sort, tuple[Any, Any]] = {
            Sort.ACCOUNT: (func.lower(Account.name), Account.id),
            Sort.ARR: (Account.arr, Account.id),
            Sort.RENEWAL: (Account.renewal_date, Account.id),
            Sort.HEALTH: (health.score, health.account_id),
            Sort.VOICE: (score.c.voice, score.c.account_id),
            Sort.GAP: (score.c.gap_shrunken, score.c.account_id),
        }
        return found[self.asked.sort]

    def _is_comparable(self) -> ColumnElement[bool]:
        """Whether ARR is in the workspace's currency: amounts in another come after it."""
        if not self.currency:
            return true()
        return or_(Account.currency == self.currency, Account.currency.is_(None))

    def _details(self, ids: Collection[int]) -> Statement:
        """What the rows show of these accounts."""
        score, health = aliased(AccountScore), aliased(HealthScore)
        newest = self._newest_scores(ids)
        asked_in = (
            select(SampledAccount.account_id)
            .join(Study, Study.id == SampledAccount.study_id)
            .where(SampledAccount.account_id == Account.id, ~Study.is_anonymous, visible_accounts(self.scope))
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
            .outerjoin(health, and_(health.account_id == Account.id, health.computation_id == self.present.computation))
            .outerjoin(User, func.lower(User.email) == func.lower(Account.csm_email))
            .where(Account.id.in_(ids))
        )

    def _renews(self) -> ColumnElement[bool]:
        return Account.renewal_date.between(self.on, self.on + timedelta(days=RENEWAL_DAYS))

    def _is_mine(self) -> ColumnElement[bool]:
        return self._is_owned_by(self.scope.email)

    def _newest_scores(self, ids: Collection[int] | None = None) -> Subquery:
        """One score of each account: of the newest study in which voice and health compare, else where it was heard.

        Else of the newest that drew it: a study that has only begun does not hide what was said in the one before.
        """
        parts = [self._scores_of(place, ids) for place in range(len(self.scorings))]
        nothing = select(AccountScore.scoring_id, AccountScore.account_id, *_SCORED).where(false())
        return (union_all(*parts) if len(parts) > 1 else parts[0] if parts else nothing).subquery("newest")

    def _scores_of(self, place: int, ids: Collection[int] | None) -> Statement:
        """The scores of one study, but for the accounts of which another one says more."""
        seen, others = self.scorings[place], [*self.scorings[:place], *self.scorings[place + 1 :]]
        scores: Statement = select(AccountScore.scoring_id, AccountScore.account_id, *_SCORED)
        scores = scores.where(AccountScore.scoring_id == seen.id)
        if ids is not None:
            scores = scores.where(AccountScore.account_id.in_(ids))
        elif self.asked.words:
            scores = scores.where(self._is_found(AccountScore.account_id))
        if not seen.is_whole:
            scores = scores.join(Account, Account.id == AccountScore.account_id)
            scores = scores.where(assigned_accounts(self.scope))
        if others:
            newer = [each.id for each in self.scorings[:place]]
            scores = scores.where(~self._says_more(others, newer).exists())
        return scores

    def _says_more(self, others: Sequence[Seen], newer: Sequence[int]) -> Statement:
        """The scores of the same account that go before: they say more, or are newer and say no less."""
        again = aliased(AccountScore)
        here, there = _says(AccountScore), _says(again)
        goes_before = or_(there > here, and_(again.scoring_id.in_(newer), there == here)) if newer else there > here
        of_same = select(again.account_id).where(again.account_id == AccountScore.account_id, goes_before)
        whole = again.scoring_id.in_([seen.id for seen in others if seen.is_whole])
        partly = [seen.id for seen in others if not seen.is_whole]
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


def _says(score: Any) -> ColumnElement[int]:
    """How much a score says, as `rules.says` has it."""
    return case((score.quadrant != "insufficient", 2), (score.respondents > 0, 1), else_=0)


def _left_on() -> ColumnElement[Any]:
    lost = select(func.max(Outcome.outcome_date)).where(Outcome.account_id == Account.id, Outcome.outcome == "churned")
    return lost.correlate(Account).scalar_subquery().label("left_on")


def _whole(row: Row[Any], shown: Iterable[Show]) -> dict[Show, int]:
    """Whole numbers from a row of counts, where a sum over nothing is null."""
    return {show: int(getattr(row, show) or 0) for show in shown}


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))
