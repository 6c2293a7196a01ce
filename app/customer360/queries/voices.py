"""The newest voice of each account, for what stands beside it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.scoring.models import AccountScore, Scoring
from app.studies.models import Study
from app.studies.scope import visible_accounts
from app.users.rules import Scope


def newest_voices(session: Session, scope: Scope) -> dict[int, float]:
    """The voice of each account in the study that closed last and heard it, of what the caller may see; by account id.

    Anonymous studies know nothing of accounts.
    """
    rows = session.execute(
        select(AccountScore.account_id, AccountScore.voice)
        .join(Scoring, Scoring.id == AccountScore.scoring_id)
        .join(Study, Study.id == Scoring.study_id)
        .join(Account, Account.id == AccountScore.account_id)
        .where(AccountScore.voice.is_not(None), ~Study.is_anonymous, visible_accounts(scope))
        .order_by(Study.closes_on, Study.id)
    )
    # What comes later takes the place of what came before.
    return {account_id: float(voice) for account_id, voice in rows if voice is not None}
