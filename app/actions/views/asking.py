"""Planning to ask somebody again about an action."""

from flask import request
from flask.typing import ResponseReturnValue

from app.actions.queries import action_in_scope
from app.actions.queries.asking import people_to_ask
from app.actions.rules.asking import asked_again
from app.actions.services.asking import ask_again
from app.actions.views.blueprint import blueprint, doer, told
from app.actions.views.one import action_page, typed_of
from app.core.clock import today
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.users.policy import Permission, access, current_scope


@blueprint.post("/actions/<int:action_id>/ask-again")
@access(Permission.ACTIONS)
def ask(action_id: int) -> ResponseReturnValue:
    """Plan to ask a person of the account again, by a day; refused, the page keeps what was chosen."""
    scope = current_scope()
    row = action_in_scope(db.session, scope=scope, action_id=action_id)
    people = people_to_ask(db.session, scope=scope, account_id=row.account_id)
    try:
        contact, on = request.form.get("contact", ""), request.form.get("on", "")
        asked = asked_again(contact, on, contacts=people, today=today())
        action = ask_again(db.session, about=row, asked=asked, doer=doer())
        db.session.commit()
    except Missing:
        raise
    except Refusal as refusal:
        db.session.rollback()
        return action_page(row, typed_of(row), refusal), 400
    return told("It is planned; the day stands where interviews are called.", action.id)
