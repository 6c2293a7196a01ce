"""Reads for the draw of silent people: who they are, and what was drawn so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.studies.models import Respondent, SilentDraw, SilentUnit, Study
from app.studies.queries.people import People, drawn_people
from app.studies.rules.silent_draw import Candidate, Standing, standings_of


@dataclass(frozen=True)
class DrawnSoFar:
    """How many silent accounts the draw found, how many of them it has come to, and how it came about."""

    frame: int
    drawn: int
    seed: int
    drawn_at: datetime


def is_drawn_silent() -> ColumnElement[bool]:
    """The condition on Respondent for those silent people who were drawn to be interviewed."""
    return (
        select(SilentUnit.account_id)
        .where(SilentUnit.respondent_id == Respondent.id, SilentUnit.drawn_at.is_not(None))
        .exists()
    )


def drawn_so_far(session: Session, study: Study) -> DrawnSoFar | None:
    """Return how far the draw of a study's silent accounts has come; None before the first."""
    row = session.execute(
        select(func.count(SilentUnit.account_id), func.count(SilentUnit.drawn_at), SilentDraw.seed, SilentDraw.drawn_at)
        .join(SilentUnit, SilentUnit.study_id == SilentDraw.study_id)
        .where(SilentDraw.study_id == study.id)
        .group_by(SilentDraw.study_id)
    ).one_or_none()
    return None if row is None else DrawnSoFar(*row)


def silent_units(session: Session, study: Study) -> Sequence[Row[int, datetime | None]]:
    """Return (account_id, drawn_at) of the accounts that were silent at the draw, in its order."""
    return session.execute(
        select(SilentUnit.account_id, SilentUnit.drawn_at)
        .where(SilentUnit.study_id == study.id)
        .order_by(SilentUnit.place)
    ).all()


def silent_accounts_now(session: Session, study: Study) -> int:
    """Return how many accounts could be drawn now: nobody there was heard, and somebody may be asked."""
    people = drawn_people(session, study)
    silent = _silent_at_silent(people)
    return len({account for person, account in zip(people.ids, people.accounts, strict=True) if person in silent})


def silent_candidates(session: Session, study: Study) -> list[Candidate]:
    """Return everybody who is silent and may be asked at an account where nobody was heard."""
    people = drawn_people(session, study)
    ids = _silent_at_silent(people)
    rows = session.execute(
        select(Respondent.id, Respondent.account_id, Account.crm_id, Contact.crm_id)
        .join(Account, Account.id == Respondent.account_id)
        .join(Contact, Contact.id == Respondent.contact_id)
        .where(Respondent.study_id == study.id)
        .order_by(Respondent.id)
    )
    return [Candidate(*row) for row in rows if row[0] in ids]


def _silent_at_silent(people: People) -> set[int]:
    standings = standings_of(people.facts, is_heard=people.is_heard, is_unwilling=people.is_unwilling).each.tolist()
    heard = {account for account, each in zip(people.accounts, standings, strict=True) if each == Standing.HEARD}
    willing = (~people.is_unwilling).tolist()
    return {
        person
        for person, account, each, may in zip(people.ids, people.accounts, standings, willing, strict=True)
        if each == Standing.SILENT and may and account not in heard
    }
