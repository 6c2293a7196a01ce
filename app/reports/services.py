"""The reports of studies: gaps from the stored scoring, and the segments of an anonymous study from its answers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.errors import Refusal
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.questionnaires.rules.definition import AskedIn
from app.reports.beyond import beyond
from app.reports.queries import (
    ScoredStudy,
    account_ids,
    drawn_accounts,
    hidden_risk_tiers,
    scored_study,
)
from app.reports.queries.telling import told_by_account
from app.reports.rules.choosing import Chosen
from app.reports.rules.document import AccountRow, Document, assemble, hidden_risk_flags, shown_with_words
from app.reports.rules.segments import Document as SegmentDocument
from app.reports.rules.segments import Facts, Segment, Told, segment_document
from app.responses.queries import anonymous_strata, anonymous_values
from app.scoring.rules.choice import OF_ACCOUNTS
from app.studies.models import Study
from app.studies.queries.open_links import strata_asked
from app.studies.services.anonymity import refuse_anonymous

FEW = 200
"""Accounts up to which everything that was said is read at once: choosing would cost a query more."""


def gap_report(
    session: Session,
    *,
    study: Study,
    only_accounts: Collection[int] | None = None,
    chosen: Chosen | None = None,
    is_for_page: bool = False,
) -> Document:
    """The document of gaps.json from the study's present scoring; nothing is computed anew and nothing is written.

    `only_accounts` are the ids a person may see: accounts, evidence and the marks of charts are cut to them, the
    portfolio's figures stay. With `chosen`, accounts, words and figures are those of a part of the study. `is_for_page`
    reads what was said at those accounts alone of which pages show it: of thousands, some dozens. Refuses a study that
    has not been scored, and one that is anonymous.
    """
    refuse_anonymous(study)
    scored = scored_study(session, study)
    if scored is None:
        raise Refusal(f"Study “{study.key}” has not been scored yet. Run: flask study score {study.key}")
    is_restricted = only_accounts is not None
    if chosen is not None:
        return _chosen_report(session, study, scored, chosen, is_restricted=is_restricted)
    rows = drawn_accounts(session, scored.scoring_id, only_accounts)
    told = told_by_account(session, study, scored.scoring_id, _told_of(session, rows) if is_for_page else only_accounts)
    # Whoever sees some accounts reads how many there are in the whole study.
    tiers = hidden_risk_tiers(session, scored.scoring_id) if is_restricted else hidden_risk_flags(rows)
    document = assemble(scored.facts, scored.figures, rows, told, hidden_risk=tiers, is_restricted=is_restricted)
    return document | {"beyond": beyond(session, study=study, scored=scored, today=today())}


def _chosen_report(
    session: Session, study: Study, scored: ScoredStudy, chosen: Chosen, *, is_restricted: bool
) -> Document:
    """The document of a part of the study: accounts keep their own scores unless people were chosen."""
    figures = dict(chosen.figures)
    values = figures.pop("accounts") or {}
    rows = [
        replace(row, **dict(zip(OF_ACCOUNTS, values[row.account_id], strict=True))) if row.account_id in values else row
        for row in drawn_accounts(session, scored.scoring_id, chosen.accounts)
    ]
    return assemble(
        scored.facts,
        figures,
        rows,
        told_by_account(session, study, scored.scoring_id, chosen.accounts, chosen.choice),
        hidden_risk=hidden_risk_flags(rows),
        is_restricted=is_restricted,
        filters=chosen.choice.query,
        filter_words=chosen.words,
    )


def _told_of(session: Session, rows: Sequence[AccountRow]) -> Collection[int] | None:
    """The ids of the accounts whose words pages show; None, which is all, where there are few."""
    if len(rows) <= FEW:
        return None
    return account_ids(session, shown_with_words(rows))


def segment_report(session: Session, *, study: Study) -> SegmentDocument:
    """The document of an anonymous study's segments; nothing is stored.

    Refuses a study that is not anonymous, and one that is not closed: of two states of a group the difference would be
    the answer that came between them.
    """
    if not study.is_anonymous:
        raise Refusal(f"Study “{study.key}” is not anonymous. See its gap report: flask report gaps {study.key}")
    if study.closed_at is None:
        raise Refusal(
            f"Study “{study.key}” is not closed yet; figures are shown from then on. Run: flask study close {study.key}"
        )
    version = session.get_one(QuestionnaireVersion, study.version_id)
    keys = {identity: key for key, identity in questions_of(session, version).items()}
    told: dict[str, list[Told]] = defaultdict(list)
    for question_id, stratum, response_id, value_number, value_text in anonymous_values(session, study.id):
        told[keys[question_id]].append(Told(stratum, response_id, value_number, value_text))
    came = Counter(anonymous_strata(session, study.id))
    return segment_document(
        Facts(study.key, study.name, version.key, version.version, study.closed_at.date()),
        definition_of(version).asked_in(AskedIn.SURVEY),
        [Segment(each.name, each.accounts, came[each.name]) for each in strata_asked(session, study)],
        told,
    )
