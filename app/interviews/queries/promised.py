"""Which promises stand beside an interview."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.errors import Missing
from app.core.ids import LARGEST_ID
from app.customers.models import Promise
from app.interviews.queries.routes import instrument_asked
from app.interviews.queries.talks import Talk
from app.interviews.rules.promised import Promised, promised
from app.ledger.queries.account import promises_to_ask
from app.ledger.queries.answers import ASKED_BY, answers_in


def promises_beside(session: Session, talk: Talk) -> list[Promised]:
    """The promises that may be asked about: delivered, and not acknowledged yet; with what this interview says.

    None where the questionnaire asks about each promise itself. Once submitted, those of which something was said.
    """
    if ASKED_BY in instrument_asked(session, talk).ids:
        return []
    said = answers_in(session, talk.response_id)
    if talk.submitted_at is not None:
        return promised(_promises(session, list(said)), said)
    open_ones = promises_to_ask(session, account_id=talk.account_id, on=today())
    return promised(open_ones, said)


def promise_of_talk(session: Session, *, talk: Talk, promise_id: int) -> Promise:
    """A promise of the account that is talked to; Missing where it has none of this id."""
    theirs = (Promise.id == min(promise_id, LARGEST_ID), Promise.account_id == talk.account_id)
    found = session.scalar(select(Promise).where(*theirs))
    if found is None:
        raise Missing("This account has no such promise.", "promise")
    return found


def _promises(session: Session, ids: Sequence[int]) -> Sequence[Promise]:
    if not ids:
        return []
    return session.scalars(select(Promise).where(Promise.id.in_(ids)).order_by(Promise.promised_on, Promise.id)).all()
