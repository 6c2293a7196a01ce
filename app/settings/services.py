"""What changes the workspace's own facts, and what customers are told about their data."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.core.workspace import (
    Workspace,
    checked_budget,
    checked_currency,
    checked_organisation,
    checked_retention,
    the_workspace,
)
from app.settings.models import ConsentText
from app.settings.queries import consent_texts, consent_version, has_amounts
from app.settings.rules import LANGUAGES, checked_text
from app.users.services import record_event
from app.users.services.audit import wait_for_turn

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
    _store(session, workspace, wanted, actor_id)
    return workspace


def change_retention(session: Session, *, months: str, actor_id: int | None = None) -> int | None:
    """Set for how many months words are kept, empty for ever; Refusal where that is no such number."""
    wanted = checked_retention(months)
    _store(session, the_workspace(session), {"retention_months": wanted}, actor_id)
    return wanted


def _store(session: Session, workspace: Workspace, wanted: Mapping[str, Any], actor_id: int | None) -> None:
    """Store what differs, and log the names of it."""
    changed = [field for field, value in wanted.items() if getattr(workspace, field) != value]
    if not changed:
        return
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


def is_fixed(session: Session, workspace: Workspace) -> bool:
    """Tell whether the currency cannot be another any more."""
    return workspace.currency is not None and has_amounts(session)


def change_consent(session: Session, *, texts: Mapping[str, str], actor_id: int | None = None) -> int:
    """Write the next version of what customers are told, and return its number; the same texts again are no version.

    A language that is left out stays as it is, one that is empty gets our own text. Earlier versions stay, because
    responses name them.
    """
    wait_for_turn(session)
    version, _ = consent_version(session)
    present = consent_texts(session, version)
    wanted = {
        language: checked_text(texts[language], language) if language in texts else present[language]
        for language in LANGUAGES
    }
    changed = sorted(language for language in LANGUAGES if wanted[language] != present[language])
    if not changed:
        return version
    session.add_all(
        ConsentText(version=version + 1, language=language, text=text, created_by=actor_id)
        for language, text in wanted.items()
    )
    session.flush()
    record_event(
        session,
        actor_id=actor_id,
        action="consent.changed",
        object_type="consent",
        object_id=version + 1,
        fields={"changed": changed},
    )
    return version + 1
