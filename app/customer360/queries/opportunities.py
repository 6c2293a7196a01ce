"""The deals that are open at one account."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.customer360.rules.opportunities import Deal
from app.customers.models import Account, Opportunity
from app.customers.rules import CLOSED_STAGES


def open_opportunities(session: Session, account: Account) -> list[Deal]:
    """The opportunities of an account that are neither won nor lost, the next to close first."""
    stage = func.lower(Opportunity.stage)
    rows = session.execute(
        select(
            Opportunity.amount,
            Opportunity.currency,
            Opportunity.stage,
            Opportunity.close_date,
            Opportunity.product,
            Opportunity.owner_email,
        )
        .where(Opportunity.account_id == account.id, stage.not_in(CLOSED_STAGES), stage.not_like("closed%"))
        .order_by(Opportunity.close_date.is_(None), Opportunity.close_date, Opportunity.id)
    )
    return [Deal(*row) for row in rows]
