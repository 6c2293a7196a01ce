"""Where colleagues' words of judgement name a person: reasons and notes that are not about that person's own cells."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.customers.models import Account, Interaction
from app.pulse.models import PulseJudgement, PulseLight, PulseOverride, PulseSentiment
from app.pulse.queries import author_name
from app.subjects.queries.naming import names
from app.subjects.rules import Place
from app.users.models import User

MOST_PLACES = 200

_TABLES: Mapping[str, tuple[type[Any], Any, Any]] = {
    "reasons of sentiments": (PulseSentiment, PulseSentiment.reason, PulseSentiment.given_at),
    "notes of interactions": (PulseLight, PulseLight.note, PulseLight.given_at),
    "reasons in matrices": (PulseJudgement, PulseJudgement.reason, PulseJudgement.given_at),
    "reasons of overrides": (PulseOverride, PulseOverride.reason, PulseOverride.set_at),
}


def judging_words(contact_ids: Sequence[int]) -> dict[str, tuple[Any, Any]]:
    """The columns of words of judgement with what they are; what an erasure blanks by itself is left out."""
    theirs = sa.select(Interaction.id).where(Interaction.contact_id.in_(contact_ids))
    others = {
        "notes of interactions": sa.or_(PulseLight.interaction_id.is_(None), PulseLight.interaction_id.not_in(theirs)),
        "reasons in matrices": PulseJudgement.contact_id.not_in(contact_ids),
    }
    return {what: (column, others.get(what, sa.true())) for what, (_, column, _) in _TABLES.items()}


def judging_places(session: Session, *, contact_ids: Sequence[int], words: Sequence[str]) -> list[Place]:
    """Where words of judgement name somebody, by account, so that a person reads them: the words are not among it."""
    found = [
        sa.select(
            Account.crm_id,
            Account.name.label("account"),
            sa.literal(what).label("what"),
            _TABLES[what][2].label("at"),
            author_name().label("author"),
        )
        .select_from(_TABLES[what][0])
        .join(Account, Account.id == _TABLES[what][0].account_id)
        .join(User, User.id == _TABLES[what][0].author_id)
        .where(condition, names(column, words))
        for what, (column, condition) in judging_words(contact_ids).items()
    ]
    told = sa.union_all(*found).subquery()
    rows = session.execute(sa.select(told).order_by(told.c.account, told.c.at, told.c.what).limit(MOST_PLACES))
    return [Place(row.crm_id, row.account, row.what, row.at.date().isoformat(), row.author) for row in rows]
