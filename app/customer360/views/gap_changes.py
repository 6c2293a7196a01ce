"""Why voice and gap moved: over many accounts between two days, and one account with every part opened."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.display import MISSING, money, number, signed
from app.core.paging import Paging, page_asked
from app.core.sheets import Sheet, csv_bytes
from app.core.words import name_in_address
from app.core.workspace import the_workspace
from app.customer360.queries.gap_changes import GapMoves, Scored, days_of, scored_studies
from app.customer360.rules.gap_asked import PAGE_ROWS, SHOWN, Asked, asked_gaps, gaps_lede, gaps_title
from app.customer360.rules.gap_changes import GapChange, Origin
from app.customer360.rules.gap_words import gap_page, people_counts, verdict, why_of
from app.customer360.views.blueprint import blueprint
from app.health.queries.changes import segments_and_owners
from app.health.queries.reach import reachable_account, sees_all_health
from app.health.rules.change_words import Versions
from app.users.policy import Permission, access, current_scope

HEADER = (
    "account_id", "account", "segment", "csm", "arr", "currency", "study_from", "study_to", "voice_from", "voice_to",
    "voice_moved", "voice_within", "voice_exceeds", "gap_from", "gap_to", "gap_moved", "gap_within", "gap_exceeds",
    "by_voice", "by_health", "by_scale", "by_drawing_in", "people_both", "people_gone", "people_new", "came_with",
)  # fmt: skip


@blueprint.get("/gaps/changes")
@access(Permission.ACCOUNTS)
def gap_changes() -> ResponseReturnValue:
    """Show which accounts moved in voice and gap between two days, by how much, and what the moves came with."""
    scope = current_scope()
    studies = scored_studies(db.session, scope=scope)
    days = days_of(studies)
    if len(days) < 2:
        return render_template("customer360/gap_changes.html", asked=None, studies=studies)
    asked = asked_gaps(request.args, days)
    moves = GapMoves(db.session, scope, studies, asked)
    counts = moves.counts()
    paging = Paging(counts.shown[asked.show], PAGE_ROWS, page_asked(request.args.get("page")))
    rows = moves.rows(start=paging.first, length=PAGE_ROWS) if counts.shown[asked.show] else []
    segments, owners = segments_and_owners(db.session, scope=scope)
    sees_all = sees_all_health(scope)
    return render_template(
        "customer360/gap_changes.html",
        asked=asked,
        days=day_choices(studies),
        title=gaps_title(counts, asked, sees_all=sees_all),
        lede=gaps_lede(counts),
        counts=counts.shown,
        shown=SHOWN,
        lines=list(lines_of(moves, rows, the_workspace(db.session).currency)),
        paging=paging,
        segments=segments,
        owners=[(each, name_in_address(each)) for each in owners] if sees_all else [],
        page_address=url_for("customer360.gap_changes", **url_values(asked)),
        csv_address=url_for("customer360.gap_changes_csv", **url_values(asked)),
    )


@blueprint.get("/gaps/changes.csv")
@access(Permission.ACCOUNTS)
def gap_changes_csv() -> ResponseReturnValue:
    """Give the whole list as a file."""
    scope = current_scope()
    studies = scored_studies(db.session, scope=scope)
    rows: list[Sequence[Any]] = []
    if len(days_of(studies)) > 1:
        moves = GapMoves(db.session, scope, studies, asked_gaps(request.args, days_of(studies)))
        rows = [file_row(*each) for each in moves.changes(moves.rows())]
    content = csv_bytes(Sheet("changes", HEADER, rows))
    return Response(
        content, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="gap-changes.csv"'}
    )


@blueprint.get("/accounts/<text:account_id>/gap", merge_slashes=False)
@access(Permission.ACCOUNTS)
def gap_change(account_id: str) -> ResponseReturnValue:
    """Show what moved voice and gap of one account between two studies, each part with formula and inputs."""
    scope = current_scope()
    account = reachable_account(db.session, scope=scope, crm_id=account_id)
    studies = scored_studies(db.session, scope=scope, account_id=account.id)
    days, asked, page = days_of(studies), None, None
    if len(days) > 1:
        asked = asked_gaps(request.args, days)
        moves = GapMoves(db.session, scope, studies, asked, account_id=account.id)
        found = next(moves.changes(moves.rows()), None)
        page = gap_page(account.name, found[1], found[2]) if found else None
    return render_template(
        "customer360/gap_change.html",
        account=account,
        page=page,
        asked=asked,
        days=day_choices(studies),
        studies=studies,
    )


def day_choices(studies: Sequence[Scored]) -> list[tuple[str, str]]:
    """Return the days of studies, the newest first, each with the name of the study that stands from then on."""
    names = {each.on: each.name for each in studies}
    return [(each.isoformat(), names[each]) for each in sorted(names, reverse=True)]


def url_values(asked: Asked, **changed: str) -> dict[str, Any]:
    """Return what an address of the same list carries."""
    return {**asked.address(**changed)}


def lines_of(moves: GapMoves, rows: Sequence[Any], currency: str | None) -> Any:
    """Yield the rows of the page."""
    for row, change, versions in moves.changes(rows):
        yield {
            "crm_id": row.crm_id,
            "name": row.name,
            "about": " · ".join(part for part in (row.segment, name_in_address(row.csm or "")) if part),
            "arr": money(row.arr, row.currency or currency),
            "voice": f"{number(change.before.voice)} → {number(change.after.voice)}",
            "voice_moved": verdict(change.voice),
            "gap": f"{gap_words(change.before.shrunken)} → {gap_words(change.after.shrunken)}",
            "gap_moved": verdict(change.gap) if change.gap else None,
            "why": why_of(change, versions),
        }


def gap_words(gap: float | None) -> str:
    """Return a gap as it stands in a row."""
    return MISSING if gap is None else signed(gap)


def file_row(row: Any, change: GapChange, versions: Versions) -> Sequence[Any]:
    """Return one row of the file."""
    before, after, gap = change.before, change.after, change.gap
    parts = {part.origin: part.moved for part in change.parts}
    return (
        row.crm_id, row.name, row.segment, row.csm_email, row.arr, row.currency, before.study, after.study,
        before.voice, after.voice, change.voice.by, change.voice.within, change.voice.exceeds, before.shrunken,
        after.shrunken, gap.by if gap else None, gap.within if gap else None, gap.exceeds if gap else None,
        *(parts.get(origin) for origin in Origin), *people_counts(change), why_of(change, versions),
    )  # fmt: skip
