"""How health moved: the line of one account with what moved it, and who changed colour between two days."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.display import money
from app.core.paging import Paging, page_asked
from app.core.sheets import Sheet, csv_bytes
from app.core.words import name_in_address
from app.core.workspace import the_workspace
from app.health.queries.changes import Pair, band_moves, changes_of, moved_accounts, segments_and_owners
from app.health.queries.choice import scorecard_of
from app.health.queries.reach import reachable_account, sees_all_health
from app.health.queries.trend import Day, computed_days, scorecards_in_use, standings_of, versions_of
from app.health.rules.change_words import Versions, most_moved
from app.health.rules.moves import (
    PAGE_ROWS,
    SHOWN,
    Asked,
    asked_moves,
    counts_of,
    move_lines,
    moved_score,
    moves_lede,
    moves_title,
)
from app.health.rules.trend_page import trend_page
from app.health.views.blueprint import blueprint
from app.users.policy import Permission, access, current_scope

HEADER = (
    "account_id", "account", "segment", "csm", "arr", "currency", "from", "health_from", "band_from", "to", "health_to",
    "band_to", "moved_most",
)  # fmt: skip


@blueprint.get("/accounts/<text:account_id>/health", merge_slashes=False)
@access(Permission.ACCOUNTS)
def trend(account_id: str) -> ResponseReturnValue:
    """Show how the health of one account moved, and which measures moved it."""
    account = reachable_account(db.session, scope=current_scope(), crm_id=account_id)
    key = scorecard_of(db.session, account.id)
    standings = standings_of(db.session, account_id=account.id, key=key) if key else []
    versions = versions_in({each.version_id for each in standings})
    return render_template(
        "health/trend.html",
        page=trend_page(account.name, standings, versions, stage=account.lifecycle_stage),
        account=account,
        runs_studies=current_scope().can(Permission.STUDIES),
    )


@blueprint.get("/health/changes")
@access(Permission.ACCOUNTS)
def changes() -> ResponseReturnValue:
    """Show who changed colour between two days, and which measure moved each most."""
    scope, used = current_scope(), scorecards_in_use(db.session)
    key = asked_key(used)
    days = computed_days(db.session, key=key) if key else []
    if len(days) < 2:
        return render_template("health/changes.html", asked=None, days=days, runs_studies=scope.can(Permission.STUDIES))
    asked, pair = asked_of(days)
    currency = the_workspace(db.session).currency
    moves = band_moves(db.session, scope=scope, pair=pair, asked=asked, currency=currency)
    counts = counts_of(moves)
    paging = Paging(counts[asked.show], PAGE_ROWS, page_asked(request.args.get("page")))
    rows = moved_accounts(db.session, scope=scope, pair=pair, asked=asked, start=paging.first, length=PAGE_ROWS)
    segments, owners = segments_and_owners(db.session, scope=scope)
    own = {"scorecard": key} if key and len(used) > 1 else {}
    address: dict[str, Any] = {**asked.address(**own)}
    return render_template(
        "health/changes.html",
        asked=asked,
        days=[each.as_of for each in days],
        title=moves_title(moves, asked, sees_all=sees_all_health(scope)),
        lede=moves_lede(moves, currency),
        moves=move_lines(moves, currency),
        counts=counts,
        shown=SHOWN,
        lines=lines_of(rows, pair, days, currency),
        paging=paging,
        segments=segments,
        owners=[(each, name_in_address(each)) for each in owners] if sees_all_health(scope) else [],
        scorecards=used,
        key=key,
        own=own,
        page_address=url_for("health.changes", **address),
        csv_address=url_for("health.changes_csv", **address),
    )


@blueprint.get("/health/changes.csv")
@access(Permission.ACCOUNTS)
def changes_csv() -> ResponseReturnValue:
    """Give the whole list as a file."""
    scope, used = current_scope(), scorecards_in_use(db.session)
    key = asked_key(used)
    days = computed_days(db.session, key=key) if key else []
    rows: list[Sequence[Any]] = []
    if len(days) > 1:
        asked, pair = asked_of(days)
        found = moved_accounts(db.session, scope=scope, pair=pair, asked=asked)
        told = reasons(found, pair, days)
        rows = [file_row(row, asked, told.get(row.id, "")) for row in found]
    content = csv_bytes(Sheet("changes", HEADER, rows))
    return Response(
        content, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="health-changes.csv"'}
    )


def asked_key(used: list[tuple[str, str]]) -> str | None:
    """Return the scorecard whose health the address asks for; by default the one computed last."""
    wanted = request.args.get("scorecard", "")
    return next((key for key, _ in used if key == wanted), used[0][0] if used else None)


def asked_of(days: list[Day]) -> tuple[Asked, Pair]:
    """Return what the address asks for, and the two computations of its days."""
    asked = asked_moves(request.args, [each.as_of for each in reversed(days)])
    of_day = {each.as_of: each.computation_id for each in days}
    return asked, Pair(of_day[asked.before], of_day[asked.after])


def versions_in(version_ids: set[int]) -> Versions:
    """Return the scorecard versions of these ids, as changes tell of them."""
    found = versions_of(db.session, version_ids)
    return Versions(
        {key: version.number for key, version in found.items()},
        {key: version.scorecard for key, version in found.items()},
    )


def reasons(rows: Sequence[Any], pair: Pair, days: list[Day]) -> dict[int, str]:
    """Return what moved each of some accounts most, by its id."""
    versions = versions_in({each.version_id for each in days if each.computation_id in (pair.before, pair.after)})
    ids = [row.id for row in rows]
    found = changes_of(db.session, pair=pair, account_ids=ids, scorecards=dict(versions.scorecards))
    return {account_id: most_moved(change, versions) for account_id, change in found}


def lines_of(rows: Sequence[Any], pair: Pair, days: list[Day], currency: str | None) -> list[dict[str, Any]]:
    """Return the rows of the page."""
    told = reasons(rows, pair, days)
    return [
        {
            "crm_id": row.crm_id,
            "name": row.name,
            "about": " · ".join(part for part in (row.segment, name_in_address(row.csm_email or "")) if part),
            "arr": money(row.arr, row.currency or currency),
            "before": row.before_band,
            "before_score": "" if row.before_score is None else f"{row.before_score:.0f}",
            "after": row.after_band,
            "after_score": "" if row.after_score is None else f"{row.after_score:.0f}",
            "moved": moved_score(row.before_score, row.after_score),
            "why": told.get(row.id, ""),
        }
        for row in rows
    ]


def file_row(row: Any, asked: Asked, why: str) -> Sequence[Any]:
    """Return one row of the file."""
    return (
        row.crm_id, row.name, row.segment, row.csm_email, row.arr, row.currency, asked.before.isoformat(),
        row.before_score, row.before_band, asked.after.isoformat(), row.after_score, row.after_band, why,
    )  # fmt: skip
