"""The job of health: today's health by every scorecard by which pages show it, and again for what changed."""

from app.core.clock import today
from app.core.database import db, only_reading
from app.health.models import ScorecardVersion
from app.health.queries import newest_computation, newest_scorecard
from app.health.queries.choice import newest_choice, shown_scorecards
from app.health.queries.lately import is_measured_lately
from app.health.queries.stored import changed_accounts
from app.health.rules.scorecard import parse_scorecard
from app.health.services import store_health
from app.health.services.incremental import computed_changes, forget_changed


def health() -> list[str]:
    """Compute what is due and return the keys of those scorecards; running it twice changes nothing.

    The long part only reads, so that nobody waits for the write lock meanwhile.
    """
    with only_reading():
        changes = changed_accounts(db.session)
        due = due_versions(has_changes=bool(changes))
    for version_id in due.values():
        _compute(version_id, set(changes.values()))
    if due and changes:
        forget_changed(db.session, numbers=list(changes))
        db.session.commit()
    return list(due)


def due_versions(*, has_changes: bool) -> dict[str, int]:
    """Return the versions, by their scorecards' keys, of which today's health is missing or no longer the newest.

    Who published a choice gets today's health whatever there is. Without one it is due only where something was
    measured lately: a portfolio of years ago keeps the health of its own day.
    """
    is_chosen = newest_choice(db.session) is not None
    versions = [newest_scorecard(db.session, key) for key in shown_scorecards(db.session)]
    return {
        version.key: version.id
        for version in versions
        if (has_changes or newest_computation(db.session, version=version, as_of=today()) is None)
        and (is_chosen or _is_of_today(version))
    }


def _is_of_today(version: ScorecardVersion) -> bool:
    return is_measured_lately(db.session, scorecard=parse_scorecard(version.definition), as_of=today())


def _compute(version_id: int, account_ids: set[int]) -> None:
    with only_reading():
        version = db.session.get_one(ScorecardVersion, version_id)
        computed = computed_changes(db.session, version=version, as_of=today(), account_ids=account_ids)
    store_health(db.session, computed=computed)
    db.session.commit()
