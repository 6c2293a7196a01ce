"""The mail that asks a customer for names: proposed, looked at, changed, and only then sent."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.core.words import label
from app.core.workspace import the_workspace
from app.customers.models import Contact
from app.stakeholders.forms import LetterForm, show_refusal
from app.stakeholders.queries.people import Seen, contact_of, contacts_of
from app.stakeholders.rules.letters import proposed
from app.stakeholders.rules.templates import role_key
from app.stakeholders.services.asking import ask_for_names, refusal_to_ask
from app.stakeholders.views.blueprint import blueprint
from app.stakeholders.views.mapping import the_map, to_change
from app.studies.rules.letters import Wording
from app.users.policy import Permission, access, current_scope

CHAMPION = "champion"


@blueprint.route("/accounts/<text:account_id>/stakeholders/ask", methods=["GET", "POST"], merge_slashes=False)
@access(Permission.ACCOUNTS_WRITE)
def ask(account_id: str) -> ResponseReturnValue:
    """Show the mail that asks for the missing names, and send it as it was changed."""
    seen = to_change(account_id)
    people = sorted(contacts_of(db.session, seen.account), key=is_no_champion)
    asked = next(
        (each for each in people if str(each.id) == request.args.get("contact")), people[0] if people else None
    )
    form = LetterForm(data=words_to(seen, asked) if asked else None)
    form.contact.choices = [
        SelectChoice(str(each.id), f"{each.name}, {label(each.role)}" if each.role else each.name) for each in people
    ]
    if form.validate_on_submit():
        try:
            to = contact_of(db.session, account=seen.account, raw=form.contact.data or "")
            ask_for_names(
                db.session,
                account=seen.account,
                contact_id=to or 0,
                wording=Wording(form.subject.data or "", form.body.data or ""),
                base_url=current_app.config["SETTINGS"].base_url,
                at=now(),
                by=current_scope().user_id,
            )
        except Missing:
            raise
        except Refusal as refusal:
            db.session.rollback()
            show_refusal(form, refusal, "body")
        else:
            db.session.commit()
            current_app.extensions["bell"].ring_soon("letters")
            flash("The mail is on its way; replies go to you.")
            return redirect(url_for("stakeholders.account", account_id=account_id), code=303)
    held = refusal_to_ask(db.session, contact=asked, at=now()) if asked and not form.is_submitted() else None
    page = render_template(
        "stakeholders/ask.html",
        form=form,
        seen=seen,
        asked=asked,
        held=held,
        is_missing=bool(the_map(seen).coverage.missing),
        sender=current_scope(),
    )
    return page, 400 if form.is_submitted() else 200


def words_to(seen: Seen, contact: Contact) -> dict[str, str]:
    """Return the mail that we propose to somebody, by the fields of its form."""
    letter = proposed(
        first_name=(contact.name.split() or [""])[0],
        account=seen.account.name,
        organisation=the_workspace(db.session).organisation or "",
        sender=current_scope().name,
        missing=the_map(seen).coverage.missing,
    )
    return {"contact": str(contact.id), "subject": letter.subject, "body": letter.body}


def is_no_champion(contact: Contact) -> bool:
    """Tell whether somebody comes after the champions."""
    return role_key(contact.role) != CHAMPION
