"""What csms of the sample do next, and the playbooks of its leader."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.rules import Wish
from app.actions.services import Doer, add_action, finish_action
from app.customers.models import Account
from app.playbooks.services.writing import begin_playbook, switch_playbook
from app.sample.rules.doing import doings, sample_playbooks
from app.sample.rules.portfolio import Portfolio
from app.users.models import User


def begin_actions(session: Session, portfolio: Portfolio, on: date) -> None:
    """Have csms write down what they do next, some of it over, and the leader keep three playbooks."""
    owners = session.execute(select(Account, User.id).join(User, User.email == Account.csm_email))
    own = {account.crm_id: (account.id, user_id) for account, user_id in owners}
    for number, each in enumerate(doings(portfolio.accounts)):
        account_id, user_id = own[each.account_id]
        due_on = each.due_on(on)
        doer = Doer(user_id, datetime.combine(min(due_on, on) - timedelta(days=9), time(10), UTC), "")
        wish = Wish(each.title, user_id, due_on, each.is_promised, each.kind, each.reason, each.about)
        key = f"sample-{each.account_id}-{number}"
        action = add_action(session, account_id=account_id, wish=wish, doer=doer, form_key=key)
        if each.outcome:
            over = replace(doer, at=datetime.combine(due_on, time(16), UTC))
            finish_action(session, action_id=action.id, note=each.note, outcome=each.outcome.value, doer=over)
    leader = session.scalars(select(User.id).where(User.email == "leader@sample.parallax.test")).one()
    at = datetime.combine(on, time(9), UTC)
    for definition, is_on in sample_playbooks():
        kept = begin_playbook(session, definition=definition, form_key="", user_id=leader, at=at)
        if is_on:
            switch_playbook(session, playbook_id=kept.id, is_on=True, user_id=leader)
