"""Health of all accounts against an aggregate written by hand for the same measures, in the same run.

`ACCOUNTS` (2,000), each with 24 metrics on each of `DAYS` (365) days, once at half of that and once whole; `DATABASE`
(an own SQLite file) chooses the place. Then one account in a hundred is computed again.
"""

import os
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Account
from app.health.models import HealthComputation, HealthScore, ScorecardVersion, Telemetry
from app.health.services import compute_health, load_scorecard
from app.health.services.incremental import compute_changed
from tests.bench.bench_scoring import memory_watched, timed
from tests.conftest import settings_for

ACCOUNTS = int(os.environ.get("ACCOUNTS", "2000"))
DAY = date(2026, 6, 30)
DAYS = int(os.environ.get("DAYS", "365"))
AGGREGATES = ["last"] * 8 + ["mean"] * 8 + ["sum"] * 4 + ["slope"] * 4
WINDOWS = {"last": 90, "mean": 90, "sum": 90, "slope": 365}
METRICS = [f"metric_{i:02}" for i in range(len(AGGREGATES))]
SCORECARD = {
    "key": "default",
    "measures": [
        {
            "key": metric,
            "metric": metric,
            "points": [[-100, 0], [100, 100]],
            "weight": 1,
            "aggregate": aggregate,
            "window_days": WINDOWS[aggregate],
        }
        for metric, aggregate in zip(METRICS, AGGREGATES, strict=True)
    ],
}
# A month after the other, as such files come in: what belongs together lies apart.
MONTH = """
INSERT INTO telemetry (account_id, metric, period_end, value)
WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i + 1 < {days}),
  m(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM m WHERE i + 1 < {metrics})
SELECT a.id, {name}, {day}, (a.id * 7919 + m.i * 613 + ({after} + k.i) * 37) % 1009 / 10.09
FROM account a, m, k WHERE a.id > :least ORDER BY a.id, m.i, k.i
"""
SLOPE = """
SELECT account_id, metric,
  (sum(x * value) - sum(x) * sum(value) / count(*)) / (sum(x * x) - sum(x) * sum(x) / count(*)) * 30
FROM (SELECT account_id, metric, value, {x} AS x FROM telemetry
  WHERE metric IN ({metrics}) AND period_end > {after} AND period_end <= {until}) AS line
GROUP BY account_id, metric HAVING count(*) > 1
"""
PLAIN = """
SELECT account_id, metric, {aggregate}(value) FROM telemetry
WHERE metric IN ({metrics}) AND period_end > {after} AND period_end <= {until} GROUP BY account_id, metric
"""
LAST = {
    "sqlite": """
SELECT account_id, metric, value FROM (
  SELECT account_id, metric, value, max(period_end) FROM telemetry
  WHERE metric IN ({metrics}) AND period_end > {after} AND period_end <= {until} GROUP BY account_id, metric)
""",
    "postgresql": """
SELECT * FROM (SELECT DISTINCT ON (account_id, metric) account_id, metric, value FROM telemetry
  WHERE metric IN ({metrics}) AND period_end > {after} AND period_end <= {until}
  ORDER BY account_id, metric, period_end DESC) AS newest
""",
}
X = {"sqlite": "julianday(period_end) - julianday('2026-01-01')", "postgresql": "period_end - DATE '2026-01-01'"}


def main() -> None:
    """Build half of the accounts and then all, compute their health, and print what it took beside the aggregate."""
    with TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE", f"sqlite:///{folder}/bench.db")
        application = create_app(settings_for(Path(folder), url))
        upgrade_schema(application)
        with application.app_context():
            version = load_scorecard(db.session, document=SCORECARD)
            db.session.commit()
            sizes = [measured(db.session, version.id, accounts) for accounts in (ACCOUNTS // 2, ACCOUNTS)]
            changed = incremental(db.session, version.id)
    sys.stdout.write(f"  {len(METRICS)} measures × {DAYS} days, {url.split(':')[0]}:\n{''.join(sizes)}{changed}")


def measured(session: Session, version_id: int, accounts: int) -> str:
    """Compute the health of so many accounts and the same by hand, and return both in words."""
    build(session, accounts)
    version = session.get_one(ScorecardVersion, version_id)
    by_hand = timed(lambda: session.execute(text(written_by_hand(session))).all())
    with memory_watched() as most:
        before = most[0]
        taken = timed(lambda: compute_health(session, version=version, as_of=DAY))
    check(session, by_hand=session.execute(text(written_by_hand(session))).all())
    session.commit()
    return (
        f"  {accounts:,} accounts, {accounts * len(METRICS) * DAYS:,} rows: {taken}; by hand {by_hand}, "
        f"ratio {taken.wall / by_hand.wall:.2f}; most memory {max(most[0], before):.0f} MB\n"
    )


def check(session: Session, by_hand: Sequence[Any]) -> None:
    """Fail where health's values are others than those of the statement written by hand."""
    newest = select(func.max(HealthComputation.id)).scalar_subquery()
    rows = session.execute(
        select(HealthScore.account_id, HealthScore.measures)
        .where(HealthScore.computation_id == newest, HealthScore.account_id % 97 == 1)
        .order_by(HealthScore.account_id)
    )
    expected = {(account, metric): value for account, metric, value in by_hand}
    for account, lines in rows:
        for line in lines:
            if abs(line["value"] - expected[account, line["key"]]) > 1e-6 * max(1.0, abs(line["value"])):
                raise RuntimeError(f"{account} {line['key']}: {line['value']}, {expected[account, line['key']]}")
        if len(lines) != len(METRICS):
            raise RuntimeError(f"{account} has {len(lines)} values.")


def incremental(session: Session, version_id: int) -> str:
    """Change what was measured of one account in a hundred, compute those again, and return it in words."""
    version = session.get_one(ScorecardVersion, version_id)
    some = list(range(1, ACCOUNTS + 1, 100))
    last = (Telemetry.account_id.in_(some), Telemetry.metric == METRICS[0], Telemetry.period_end == DAY)
    session.execute(delete(Telemetry).where(*last))
    session.commit()
    taken = timed(lambda: compute_changed(session, version=version, as_of=DAY, account_ids=some))
    newest = session.scalars(select(HealthComputation).order_by(HealthComputation.id.desc()).limit(1)).one()
    session.commit()
    whole: list[HealthComputation] = []
    again = timed(lambda: whole.append(compute_health(session, version=version, as_of=DAY)))
    if whole[0].id != newest.id:
        raise RuntimeError("Computed for what changed is another health than computed whole.")
    return f"  {len(some):,} accounts of {ACCOUNTS:,} computed again: {taken}; all of them {again}, to the same hash\n"


def written_by_hand(session: Session) -> str:
    """Return the statement that an analyst would write for the same 24 values of each account."""
    kind = session.get_bind().dialect.name
    parts = []
    for aggregate, window in WINDOWS.items():
        metrics = [metric for metric, its in zip(METRICS, AGGREGATES, strict=True) if its == aggregate]
        shape = {"last": LAST[kind], "slope": SLOPE}.get(aggregate, PLAIN)
        parts.append(
            shape.format(
                aggregate={"mean": "avg"}.get(aggregate, aggregate),
                metrics=", ".join(f"'{metric}'" for metric in metrics),
                after=f"'{DAY - timedelta(days=window)}'",
                until=f"'{DAY}'",
                x=X[kind],
            )
        )
    return " UNION ALL ".join(parts)


def build(session: Session, accounts: int) -> None:
    """Add accounts up to so many, with a year of all metrics."""
    least = session.scalar(select(func.max(Account.id))) or 0
    rows = [{"id": i, "crm_id": f"A{i}", "name": f"Account {i}"} for i in range(least + 1, accounts + 1)]
    session.execute(insert(Account), rows)
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        # Two indexes grow at many places at once; with the usual 2 MB of pages in memory that takes minutes.
        session.execute(text("PRAGMA cache_size = -400000"))
    for start in range(0, DAYS, 30):
        first = DAY - timedelta(days=DAYS - 1 - start)
        statement = MONTH.format(
            days=min(30, DAYS - start),
            metrics=len(METRICS),
            after=start,
            name="printf('metric_%02d', m.i)" if on_sqlite else "'metric_' || lpad(m.i::text, 2, '0')",
            day=f"date('{first}', k.i || ' days')" if on_sqlite else f"DATE '{first}' + k.i",
        )
        session.execute(text(statement), {"least": least})
        session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    if on_sqlite:
        session.execute(text("PRAGMA cache_size = -2000"))
        session.commit()


if __name__ == "__main__":
    main()
