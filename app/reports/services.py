"""The gap report of a study: its document, built from the stored scoring."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.reports.queries import drawn_accounts, hidden_risk_tiers, scored_study, told_by_account
from app.reports.rules.document import Document, assemble
from app.studies.models import Study


def gap_report(session: Session, *, study: Study, only_accounts: Collection[int] | None = None) -> Document:
    """The document of gaps.json from the study's present scoring; nothing is computed anew and nothing is written.

    `only_accounts` are the ids a person may see: accounts, evidence and the marks of charts are cut to them, the
    portfolio's figures stay. Refuses a study that has not been scored.
    """
    scored = scored_study(session, study)
    if scored is None:
        raise Refusal(f"Study “{study.key}” has not been scored yet. Run: flask study score {study.key}")
    rows = drawn_accounts(session, scored.scoring_id, only_accounts)
    told = told_by_account(session, study, only_accounts)
    tiers = hidden_risk_tiers(session, scored.scoring_id)
    return assemble(
        scored.facts, scored.figures, rows, told, hidden_risk=tiers, is_restricted=only_accounts is not None
    )
