"""Reads the panels of Home, each with the scope of the roles that it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.actions.queries import ActionRow, due_actions
from app.core.config import Settings
from app.customer360.queries.listing import Listing
from app.customer360.rules.lines import line_of
from app.customer360.rules.listing import Show
from app.home.queries.steps import steps_done
from app.home.queries.studies import newest_scored, newest_studies
from app.home.queries.system import last_imports, system_facts, waiting_uploads
from app.home.rules.accounts import RENEWALS_FIRST, WORST_FIRST, AccountsPanel, accounts_panel
from app.home.rules.calls import AHEAD_DAYS, CallsPanel, calls_panel
from app.home.rules.duties import SOON_DAYS, PromiseLine, due_title, promise_line, promises_title
from app.home.rules.gaps import GapPanel, gap_panel
from app.home.rules.panels import Panel
from app.home.rules.steps import StepLine, step_lines
from app.home.rules.studies import StudyLine, study_line
from app.home.rules.system import ImportLine, StateLine, import_line, state_lines, system_title
from app.interviews.queries.calls import holds_interviews, meetings_between, people_to_call
from app.interviews.queries.planning import own_zone
from app.interviews.rules.next_call import Ready
from app.reports.front import first_page, since_published
from app.reports.queries import is_waiting, scored_study
from app.stakeholders.queries.promises import promises_owed
from app.users.rules import Permission, Scope

MOST = 5


@dataclass(frozen=True)
class Asking:
    """What the panels are read with: the session, the present, the workspace's currency, its settings, its queue."""

    session: Session
    at: datetime
    currency: str | None
    settings: Settings
    rung: Callable[[], int | None]


@dataclass(frozen=True)
class Due:
    """Follow-ups that are late or due soon: how many, and the first of them."""

    title: str
    rows: list[ActionRow]


@dataclass(frozen=True)
class System:
    """The state of the system: the finding, and each part."""

    title: str
    lines: list[StateLine]


@dataclass(frozen=True)
class Promises:
    """What the accounts of a CSM were promised and did not get yet: how many, and the oldest."""

    title: str
    lines: list[PromiseLine]


@dataclass(frozen=True)
class Imports:
    """Files that wait for a yes, as rows (Upload, who), and those that came in last."""

    waiting: Any
    lines: list[ImportLine]


def read_panels(it: Asking, theirs: dict[Panel, Scope]) -> dict[str, Any]:
    """Return the panels that there is something to say on, by name; the first steps only before the first report."""
    shown: dict[str, Any] = {panel.value: _READERS[panel](it, scope) for panel, scope in theirs.items()}
    if shown.get(Panel.GAPS) or any(line.page == "reports.gaps" for line in shown.get(Panel.STUDIES) or ()):
        shown[Panel.STEPS.value] = None
    return shown


def gaps(it: Asking, scope: Scope) -> GapPanel | None:
    """Return the newest gap report in short; None before the first."""
    found = newest_scored(it.session, scope)
    scored = scored_study(it.session, found[0]) if found else None
    if found is None or scored is None:
        return None
    study, scored_at = found
    document = first_page(it.session, scored)
    since = since_published(it.session, study=study, scored=scored, now=document)
    return gap_panel(
        document,
        scored_at=scored_at,
        is_waiting=is_waiting(it.session, study),
        edition=since.number if since else None,
        published_at=since.published_at if since else None,
        changes=since.changes if since else None,
    )


def studies(it: Asking, scope: Scope) -> list[StudyLine]:
    """Return the newest studies that the reader sees whole."""
    runs = scope.can(Permission.STUDIES)
    return [study_line(each, it.at.date(), runs=runs) for each in newest_studies(it.session, scope, MOST)]


def due(it: Asking, scope: Scope) -> Due:
    """Return the follow-ups that are late or due soon."""
    day = it.at.date()
    found = due_actions(it.session, scope=scope, today=day, until=day + timedelta(days=SOON_DAYS), most=MOST)
    return Due(due_title(found.late, found.soon), found.rows)


def accounts(it: Asking, scope: Scope) -> AccountsPanel:
    """Return the accounts assigned to the reader."""
    listing = Listing(it.session, scope, WORST_FIRST, it.at.date(), it.currency)
    counts = listing.counts()
    renewing = replace(listing, asked=RENEWALS_FIRST)
    worst = listing.rows(page=1, total=counts[Show.ALL]) if counts[Show.ALL] else []
    renewals = renewing.rows(page=1, total=counts[Show.RENEWS]) if counts[Show.RENEWS] else []
    lines, ahead = ([line_of(row, listing.on) for row in rows] for rows in (worst, renewals))
    return accounts_panel(counts, lines, ahead)


def calls(it: Asking, scope: Scope) -> CallsPanel:
    """Return the reader's appointments and whom they have to reach, by their own clock."""
    zone = ZoneInfo(own_zone(it.session, scope.user_id) or "UTC")
    begins = datetime.combine(it.at.astimezone(zone).date(), time(), zone).astimezone(UTC)
    people = people_to_call(it.session, scope=scope, at=it.at)
    return calls_panel(
        meetings_between(it.session, scope=scope, since=begins, until=begins + timedelta(days=AHEAD_DAYS)),
        at=it.at,
        zone=zone,
        ready=sum(one.to_call.ready(it.at) is not Ready.LATER for one in people),
        left=len(people),
        has_interviews=bool(people) or holds_interviews(it.session, scope=scope),
    )


def promises(it: Asking, scope: Scope) -> Promises:
    """Return what is still owed to the reader's accounts."""
    today = it.at.date()
    owed, rows = promises_owed(it.session, scope=scope, on=today, most=MOST)
    return Promises(promises_title(owed), [promise_line(row, it.currency, today) for row in rows])


def system(it: Asking, _scope: Scope) -> System:
    """Return the state of the system."""
    lines = state_lines(system_facts(it.session, settings=it.settings, rung=it.rung(), at=it.at))
    return System(system_title(lines), lines)


def imports(it: Asking, _scope: Scope) -> Imports:
    """Return the files that wait and those that came in last."""
    rows = last_imports(it.session, MOST)
    return Imports(
        waiting_uploads(it.session, MOST), [import_line(row.kind, row.fields, row.at, row.who) for row in rows]
    )


def steps(it: Asking, scope: Scope) -> list[StepLine]:
    """Return the first steps."""
    return step_lines(steps_done(it.session, scope))


_READERS: dict[Panel, Callable[[Asking, Scope], Any]] = {
    Panel.GAPS: gaps,
    Panel.STUDIES: studies,
    Panel.DUE: due,
    Panel.ACCOUNTS: accounts,
    Panel.CALLS: calls,
    Panel.PROMISES: promises,
    Panel.SYSTEM: system,
    Panel.IMPORTS: imports,
    Panel.STEPS: steps,
}
