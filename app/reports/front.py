"""The first page of a gap report for pages that stand before it: as fast at 20,000 accounts as at twenty."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlalchemy.orm import Session

from app.reports.queries import ScoredStudy, drawn_accounts, hidden_risk_tiers
from app.reports.queries.front import edition_text, last_published, surely_low, urgent_ids
from app.reports.rules.document import Document, assemble, flagged_low
from app.reports.rules.editions import changes, sha256_of
from app.reports.rules.tables import MOST_CALLS
from app.studies.models import Study

MOST_KEPT = 64


@dataclass(frozen=True)
class SincePublished:
    """What a report changes against its newest edition, in sentences; None where that edition was meddled with."""

    number: int
    published_at: datetime
    changes: list[str] | None


def first_page(session: Session, scored: ScoredStudy) -> Document:
    """Return the document of a scored study with the accounts to call first alone, and without anybody's words."""
    urgent = urgent_ids(session, scored.scoring_id, MOST_CALLS)
    rows = drawn_accounts(session, scored.scoring_id, urgent) if urgent else []
    tiers = hidden_risk_tiers(session, scored.scoring_id)
    return assemble(scored.facts, scored.figures, rows, {}, hidden_risk=tiers)


def since_published(session: Session, *, study: Study, scored: ScoredStudy, now: Document) -> SincePublished | None:
    """Return what the present report (`now`, its first page) changes against the newest edition; None before one."""
    edition = last_published(session, study)
    if edition is None:
        return None
    before = _KEPT.get(edition.sha256)
    if before is None:
        text = edition_text(session, edition.id)
        if sha256_of(text) != edition.sha256:
            return SincePublished(edition.number, edition.published_at, None)
        before = _KEPT.put(edition.sha256, _compared(json.loads(text)))
    present = {**now, "accounts": surely_low(session, scored.scoring_id)}
    return SincePublished(edition.number, edition.published_at, changes(before, present))


def _compared(document: Document) -> Document:
    """Leave of an edition what another report is compared with: the figures, and the accounts that are surely low."""
    low = [
        {name: account[name] for name in ("account_id", "name", "tier", "p_low", "p_high")}
        for account in document["accounts"]
        if flagged_low(account, "confirmed", "probable")
    ]
    return {**document, "accounts": low}


class _Editions:
    """Keeps of the newest editions what reports are compared with, by the hash of their text: it never changes.

    Of 20,000 accounts an edition is thirty megabytes, which no page can read each time.
    """

    def __init__(self) -> None:
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._lock = Lock()

    def get(self, sha256: str) -> Document | None:
        with self._lock:
            return self._documents.get(sha256)

    def put(self, sha256: str, document: Document) -> Document:
        with self._lock:
            self._documents[sha256] = document
            while len(self._documents) > MOST_KEPT:
                self._documents.popitem(last=False)
        return document


_KEPT = _Editions()
