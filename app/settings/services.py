"""What changes the workspace's own facts."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.workspace import Workspace, checked_budget, checked_currency, checked_organisation, the_workspace
from app.settings.queries import has_amounts
from app.users.services import record_event

FIXED = "The accounts have amounts in {currency}; another currency would only relabel them. It stays."


BUDGET = ("person_days", "account_studies", "account_days")


def change_settings(
    session: Session, *, organisation: str, currency: str, actor_id: int, budget: Mapping[str, str] | None = None
) -> Workspace:
    """Set who asks, the currency and the contact budget, of which what is left empty stays as it is.

    Refuses another currency once an account has an ARR in the present one, and numbers that are none.
    """
    workspace = the_workspace(session)
    name, code = checked_organisation(organisation), checked_currency(currency)
    typed = {field: checked_budget((budget or {}).get(field) or "", field) for field in BUDGET}
    if is_fixed(session, workspace) and code != workspace.currency:
        raise Refusal(FIXED.format(currency=workspace.currency), "currency")
    wanted = {"organisation": name, "currency": code} | {field: days for field, days in typed.items() if days}
    changed = [field for field, value in wanted.items() if getattr(workspace, field) != value]
    if changed:
        for field in changed:
            setattr(workspace, field, wanted[field])
        session.add(workspace)
        session.flush()
        record_event(
            session,
            actor_id=actor_id,
            action="workspace.changed",
            object_type="workspace",
            object_id=workspace.id,
            fields={"changed": changed},
        )
    return workspace


def is_fixed(session: Session, workspace: Workspace) -> bool:
    """Tell whether the currency cannot be another any more."""
    return workspace.currency is not None and has_amounts(session)
