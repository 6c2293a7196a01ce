"""What changes the workspace's own facts."""

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.workspace import Workspace, checked_currency, checked_organisation, the_workspace
from app.settings.queries import has_amounts
from app.users.services import record_event

FIXED = "The accounts have amounts in {currency}; another currency would only relabel them. It stays."


def change_settings(session: Session, *, organisation: str, currency: str, actor_id: int) -> Workspace:
    """Set who asks and the currency; refuses another currency once an account has an ARR in the present one."""
    workspace = the_workspace(session)
    name, code = checked_organisation(organisation), checked_currency(currency)
    if is_fixed(session, workspace) and code != workspace.currency:
        raise Refusal(FIXED.format(currency=workspace.currency), "currency")
    changed = [
        field for field, value in (("organisation", name), ("currency", code)) if getattr(workspace, field) != value
    ]
    if changed:
        workspace.organisation, workspace.currency = name, code
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
