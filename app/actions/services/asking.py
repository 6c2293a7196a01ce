"""Asking somebody again: an action of its own that follows the one of which we want to hear how it went."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.queries import ActionRow
from app.actions.rules import Wish
from app.actions.rules.asking import AskAgain, ask_key, ask_title
from app.actions.services import Doer, add_action
from app.customers.models import Contact


def ask_again(session: Session, *, about: ActionRow, asked: AskAgain, doer: Doer) -> Action:
    """Plan to ask a person of the account again, for the owner of the action; the same wish twice is one action.

    The caller has made sure that the person is at this account and may be asked.
    """
    role = session.scalar(select(Contact.role).where(Contact.id == asked.contact_id))
    wish = Wish(
        title=ask_title(role, about.title),
        owner_id=about.owner_id,
        due_on=asked.on,
        is_promised=False,
        reason=f"To hear what came of it: {about.title}",
        relationship_id=about.relationship_id,
    )
    action = add_action(session, account_id=about.account_id, wish=wish, doer=doer, form_key=ask_key(about.id, asked))
    action.contact_id, action.follows_id = asked.contact_id, about.id
    session.flush()
    return action
