"""Reads for planning: by what accounts can be told apart, and who could be asked there."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.customers.models import Account, Contact
from app.health.models import ScorecardVersion
from app.overlays.queries import overlays_known, strata_values
from app.overlays.rules.levels import FIELD, State, state_on
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.models import QuestionnaireVersion
from app.studies.models import Study
from app.studies.queries import COLUMN_FIELDS, field_text
from app.studies.rules.effort import Reachable

FEWEST_VALUES, MOST_VALUES = 2, 50
"""How many values a field has that divides accounts into strata."""

_NEVER_STRATA = {
    "account_id", "name", "arr", "cost", "incentives", "pipeline", "start_date", "renewal_date", "tags",
}  # fmt: skip
_SHOWN_VALUES = 4
_PORTION = 2_000


@dataclass(frozen=True)
class FieldChoice:
    """An account field by which accounts can be told apart; `values` are the most frequent ones, `more` the rest."""

    name: str
    values: list[str]
    more: int

    @property
    def count(self) -> int:
        """How many values it has."""
        return len(self.values) + self.more


def stratum_choices(session: Session) -> list[FieldChoice]:
    """The columns, custom fields and overlays that have 2 to 50 distinct values among all accounts, columns first."""
    columns = [name for name in COLUMN_FIELDS if name not in _NEVER_STRATA]
    rows = session.execute(
        select(*(COLUMN_FIELDS[name] for name in columns), Account.custom).execution_options(yield_per=_PORTION)
    )
    found: dict[str, dict[str, int]] = {name: {} for name in columns}
    for *values, custom in rows:
        for name, value in [*zip(columns, values, strict=True), *custom.items()]:
            _count(found.setdefault(name, {}), field_text(value))
    found |= _overlay_counts(session)
    return [_choice(name, counts) for name, counts in found.items() if FEWEST_VALUES <= len(counts) <= MOST_VALUES]


def filter_fields(session: Session) -> list[str]:
    """All fields by which a study may be filtered: columns, every custom field of any account, and overlays."""
    custom: set[str] = set()
    for fields in session.scalars(select(Account.custom).execution_options(yield_per=_PORTION)):
        custom |= fields.keys()
    return [*COLUMN_FIELDS, *sorted(custom - COLUMN_FIELDS.keys()), *_overlay_fields(session)]


def contact_roles(session: Session) -> dict[str, int]:
    """How many contacts have each role, the most frequent first."""
    rows = session.execute(
        select(Contact.role, func.count())
        .where(Contact.role.is_not(None), Contact.role != "")
        .group_by(Contact.role)
        .order_by(func.count().desc(), Contact.role)
        .limit(MOST_VALUES)
    )
    return {str(role): count for role, count in rows}


def reachable_people(session: Session, roles: Collection[str]) -> dict[str, Reachable]:
    """The people in these roles at every account that has any, by the CRM's account id."""
    refused = func.sum(case((Contact.consent == "no", 1), else_=0))
    rows = session.execute(
        select(Account.crm_id, func.count(), refused)
        .join(Contact, Contact.account_id == Account.id)
        .where(Contact.role.in_(roles))
        .group_by(Account.id, Account.crm_id)
    )
    return {crm_id: Reachable(int(total) - int(no), int(no)) for crm_id, total, no in rows}


def named_accounts(session: Session, crm_ids: Collection[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    """Rows (crm_id, name, arr, currency) of these accounts, by the CRM's id; meant for one page of them."""
    wanted = select(Account.crm_id, Account.name, Account.arr, Account.currency).where(Account.crm_id.in_(crm_ids))
    return {row.crm_id: row for row in session.execute(wanted).all()}


def questionnaire_choices(session: Session) -> dict[str, str]:
    """The names of published and built-in questionnaires by key; of several versions the newest."""
    choices = {key: str(document["name"]) for key, document in built_in_documents().items()}
    rows = session.execute(
        select(QuestionnaireVersion.key, QuestionnaireVersion.name).order_by(
            QuestionnaireVersion.key, QuestionnaireVersion.version
        )
    )
    return choices | {row.key: row.name for row in rows}


def scorecard_choices(session: Session) -> dict[str, str]:
    """The names of scorecards by key; of several versions the newest."""
    rows = session.execute(
        select(ScorecardVersion.key, ScorecardVersion.name).order_by(ScorecardVersion.key, ScorecardVersion.version)
    )
    return {row.key: row.name for row in rows}


def questionnaire_key(session: Session, study: Study) -> str:
    """The key of the questionnaire that a study asks."""
    wanted = select(QuestionnaireVersion.key).where(QuestionnaireVersion.id == study.version_id)
    return session.scalars(wanted).one()


def study_keys(session: Session, stem: str) -> Sequence[str]:
    """The keys of studies that begin like this one."""
    return session.scalars(select(Study.key).where(Study.key.startswith(stem, autoescape=True))).all()


def _overlay_fields(session: Session) -> list[str]:
    """The overlays by which accounts can be divided: those that are not over."""
    known = overlays_known(session)
    return [
        f"{FIELD}{each.key}" for each in known if state_on(each.starts_on, each.ends_on, today()) is not State.ENDED
    ]


def _overlay_counts(session: Session) -> dict[str, dict[str, int]]:
    values = strata_values(session, _overlay_fields(session), today())
    return {field: dict(Counter(by_account.values())) for field, by_account in values.items()}


def _count(counts: dict[str, int], value: Any) -> None:
    text = "; ".join(value) if isinstance(value, list) else value
    # One more than the most is enough to know that a field has too many.
    if text is not None and (text in counts or len(counts) <= MOST_VALUES):
        counts[text] = counts.get(text, 0) + 1


def _choice(name: str, counts: dict[str, int]) -> FieldChoice:
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    return FieldChoice(name, ordered[:_SHOWN_VALUES], len(ordered) - len(ordered[:_SHOWN_VALUES]))
