"""The matrix of an account: people over topics, typed in as one form."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.database import db
from app.core.errors import Refusal
from app.customers.models import Account
from app.customers.scope import account_within, may_write_to
from app.pulse.queries import people_at, present_cells, pulse_settings
from app.pulse.rules.matrix import Typed
from app.pulse.rules.page import matrix as shown
from app.pulse.services.saying import say_cells
from app.pulse.views.account import hidden_page, knows_people, to_change
from app.users.policy import Permission, access, current_scope

MOST_CELLS = 2_000


@access(Permission.ACCOUNTS)
def matrix(account_id: str) -> ResponseReturnValue:
    """Show the matrix of an account; without names for those who may not know people."""
    return page(account_within(db.session, scope=current_scope(), crm_id=account_id))


@access(Permission.ACCOUNTS_WRITE)
def keep_matrix(account_id: str) -> ResponseReturnValue:
    """Store what is new in the matrix; refused, it all stays as it was typed."""
    found = to_change(account_id)
    try:
        stored, faults = say_cells(
            db.session,
            account=found,
            typed=cells_in(request.form),
            at=now(),
            by=current_scope().user_id,
            still=request.form.get("still", ""),
        )
    except Refusal as refusal:
        stored, faults = 0, {"matrix": refusal.sentence}
    if faults:
        db.session.rollback()
        again = account_within(db.session, scope=current_scope(), crm_id=account_id)
        return page(again, request.form, faults), 400
    db.session.commit()
    flash(f"{stored} {'cell is' if stored == 1 else 'cells are'} stored." if stored else "Nothing had changed.")
    return redirect(url_for("pulse.matrix", account_id=account_id), code=303)


def cells_in(form: Mapping[str, str]) -> list[Typed]:
    """Return the cells of a form that was sent, by the names of their fields."""
    names = [key.removeprefix("value-") for key in form if key.startswith("value-")]
    found = []
    for name in names[:MOST_CELLS]:
        person, _, dimension = name.partition("-")
        if person.isascii() and person.isdigit() and len(person) < 10:
            value, why, seen = (form.get(f"{part}-{name}", "") for part in ("value", "why", "seen"))
            found.append(Typed(int(person), dimension, value, why, seen))
    return found


def page(found: Account, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None) -> str:
    """Return the page of a matrix, with what was typed and what is wrong about it."""
    if hidden := hidden_page(found):
        return hidden
    settings = pulse_settings(db.session)
    return render_template(
        "pulse/matrix.html",
        account=found,
        settings=settings,
        matrix=shown(
            people_at(db.session, found),
            present_cells(db.session, found),
            settings,
            today(),
            has_names=knows_people(),
            typed=typed,
            faults=faults,
        ),
        faults=faults or {},
        has_names=knows_people(),
        may_change=may_write_to(current_scope(), found) and settings.matrix,
    )


_AT = "/accounts/<text:account_id>/pulse/matrix"
PAGES: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    (_AT, "matrix", matrix, "GET"),
    (_AT, "keep_matrix", keep_matrix, "POST"),
)
