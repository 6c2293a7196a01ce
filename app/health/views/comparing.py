"""A draft or a version held against another one on one day, and a draft tried on the months that have passed."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.database import db
from app.core.documents import EARLIEST
from app.core.errors import Missing
from app.health.models import ScorecardVersion
from app.health.queries.drafts import draft_of
from app.health.queries.previewing import (
    Basis,
    bands_before_loss,
    named_accounts,
    preview_basis,
    scored_by,
    stored_basis,
)
from app.health.queries.sealing import open_seal
from app.health.queries.versions import versions_of
from app.health.rules.comparing import Scored, changes_in_words, compared, counted
from app.health.rules.editing import judgement_share
from app.health.rules.readiness import reading_of
from app.health.rules.scorecard import Scorecard, parse_scorecard
from app.health.rules.telling import Segment, Told, left_out_words, segments, told
from app.health.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

MONTHS = 6
LEAD_DAYS = 90


@dataclass(frozen=True)
class Month:
    """The accounts of a month's end by band."""

    on: date
    counts: dict[str, int]
    bar: list[Segment]


@blueprint.get("/scorecards/<key>/preview")
@access(Permission.STUDIES)
def preview(key: str) -> ResponseReturnValue:
    """Show what a draft would change: every account that gets another colour."""
    draft = draft_of(db.session, key)
    reading = reading_of(draft.definition)
    shown, basis = preview_of(key, reading.scorecard) if reading.scorecard else (None, None)
    return render_template(
        "health/preview.html",
        draft=draft,
        reading=reading,
        preview=shown,
        basis=basis,
        judgement=judgement_share(draft.definition),
        sealed=left_out(),
    )


@blueprint.get("/scorecards/<key>/history")
@access(Permission.STUDIES)
def history(key: str) -> ResponseReturnValue:
    """Try a draft on the ends of the last months, and on accounts that were lost."""
    draft = draft_of(db.session, key)
    scorecard = reading_of(draft.definition).scorecard
    lost = bands_before_loss(db.session, scorecard=scorecard, as_of=today(), lead_days=LEAD_DAYS) if scorecard else []
    return render_template(
        "health/history.html",
        draft=draft,
        can_compute=scorecard is not None,
        months=[month(key, scorecard, on) for on in month_ends(today())] if scorecard else [],
        lost=counted(lost),
        lost_total=len(lost),
        lost_bar=segments(counted(lost)),
        lead_days=LEAD_DAYS,
        sealed=left_out(),
    )


@blueprint.get("/scorecards/<key>/compare")
@access(Permission.STUDIES)
def compare(key: str) -> ResponseReturnValue:
    """Hold two versions of a scorecard against each other on one day."""
    versions = versions_of(db.session, key)
    after = chosen(versions, "after", versions[0])
    before = chosen(versions, "before", versions[min(1, len(versions) - 1)])
    on, fault = asked_day()
    basis = stored_basis(db.session, version=before, as_of=on)
    scored = [
        scored_by(db.session, scorecard=parse_scorecard(version.definition), basis=basis) for version in (before, after)
    ]
    return render_template(
        "health/compare.html",
        key=key,
        versions=versions,
        before=before,
        after=after,
        on=on,
        fault=fault,
        told=named(basis, scored[0], scored[1]),
        lines=changes_in_words(before.definition, after.definition),
    )


def left_out() -> str | None:
    """Return what previews leave out while judgement is sealed, in a sentence; None where nothing is."""
    seal = open_seal(db.session)
    return left_out_words(seal.scorecard_key) if seal else None


def preview_of(key: str, scorecard: Scorecard) -> tuple[Told, Basis]:
    """Return what a scorecard changes against the colours that accounts have now."""
    basis = preview_basis(db.session, key=key, as_of=today())
    before = None
    if basis.version is not None:
        before = scored_by(db.session, scorecard=parse_scorecard(basis.version.definition), basis=basis)
    return named(basis, before, scored_by(db.session, scorecard=scorecard, basis=basis)), basis


def named(basis: Basis, before: Scored | None, after: Scored) -> Told:
    """Return a comparison with the names of the accounts that the reader may open."""
    comparison = compared(before, after)
    ids = basis.accounts.ids.tolist()
    wanted = [ids[change.position] for change in comparison.changes] + [ids[n] for n in comparison.insufficient]
    names = named_accounts(db.session, scope=current_scope(), ids=wanted)
    return told(comparison, has_before=before is not None, ids=ids, names=names)


def month(key: str, scorecard: Scorecard, on: date) -> Month:
    """Return the accounts by band at the end of a month."""
    known = preview_basis(db.session, key=key, as_of=on)
    basis = Basis(on, known.accounts, None, None)
    counts = counted(scored_by(db.session, scorecard=scorecard, basis=basis).health.bands)
    return Month(on, counts, segments(counts))


def month_ends(until: date) -> list[date]:
    """Return the last days of the months that are over, the oldest first."""
    ends = []
    day = until
    for _ in range(MONTHS):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]


def chosen(versions: list[ScorecardVersion], name: str, otherwise: ScorecardVersion) -> ScorecardVersion:
    """Return the version that the address asks for; Missing where there is none of that number."""
    asked = request.args.get(name, "")
    if not asked:
        return otherwise
    found = next((version for version in versions if str(version.version) == asked), None)
    if found is None:
        raise Missing("There is no such version.", name)
    return found


def asked_day() -> tuple[date, str]:
    """Return the day that the address asks for, or today with a sentence about why not."""
    asked = request.args.get("on", "")
    if not asked:
        return today(), ""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return today(), "That is no day; here is today."
    if not EARLIEST <= day <= today():
        return today(), "Choose a day up to today: later ones were not measured yet."
    return day, ""
