"""Import of 100,000 and 500,000 rows of telemetry, against a bare executemany of the same rows, on SQLite."""

import csv
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
METRICS = ("usage_gb_month", "long_distance_month", "referrals", "refunds_total", "extra_data_total")
METRICS = (*METRICS, "tenure_months", "services_active", "vendor_health")
SIZES = (100_000, 500_000)
LIMIT = 4.0


def rows_of(size: int) -> Iterator[tuple[int, str, str, float, str]]:
    """The rows to write, by account number."""
    for number in range(size):
        account, metric = divmod(number, len(METRICS))
        yield account + 1, METRICS[metric], "2019-09-30", (number * 37 % 1000) / 8, "GB"


def prepare(folder: Path, size: int) -> None:
    """Make the database with its accounts, and the file to import."""
    application = application_in(folder)
    from app.core.database import db
    from app.core.migrations import upgrade_schema

    upgrade_schema(application)
    with application.app_context():
        db.engine.dispose()
    accounts = [(f"A-{number + 1:06d}-XYZ", f"Customer {number + 1}") for number in range(-(-size // len(METRICS)))]
    with sqlite3.connect(folder / "parallax.db") as database:
        database.executemany(
            "INSERT INTO account (crm_id, name, status, tags, custom, created_at)"
            " VALUES (?, ?, 'active', '[]', '{}', '2026-01-01 00:00:00.000000')",
            accounts,
        )
    with (folder / "telemetry.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["account_id", "period_end", "metric", "value", "unit"])
        for account, metric, day, value, unit in rows_of(size):
            writer.writerow([f"A-{account:06d}-XYZ", day, metric, value, unit])


def application_in(folder: Path):  # noqa: ANN201  (the type would import the application, whose memory is measured)
    """An application on the database of the folder."""
    sys.path.insert(0, str(ROOT))
    from app import create_app
    from app.core.config import read_settings

    return create_app(read_settings({"PARALLAX_HOME": str(folder), "PARALLAX_SECRET_KEY": "bench"}))


def bare(folder: Path, size: int) -> float:
    """Seconds of a bare executemany with the application's durability, rows ready in memory."""
    rows = list(rows_of(size))
    database = sqlite3.connect(folder / "parallax.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    started = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    database.executemany(
        "INSERT INTO telemetry (account_id, metric, period_end, value, unit) VALUES (?, ?, ?, ?, ?)", rows
    )
    database.execute("COMMIT")
    return time.perf_counter() - started


def ours(folder: Path, size: int) -> float:
    """Seconds of the import, from opening the file to the commit."""
    application = application_in(folder)
    from app.core.database import db
    from app.transfer.services import import_file

    with application.app_context():
        started = time.perf_counter()
        report = import_file(db.session, kind="telemetry", path=folder / "telemetry.csv")
        db.session.commit()
        seconds = time.perf_counter() - started
    if report.created != size:
        raise SystemExit(f"the import created {report.created} of {size} rows")
    return seconds


def measured(way: str, size: int) -> dict[str, float]:
    """Seconds and peak memory (MB) of one way, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for step in ("prepare", way):
            run = [sys.executable, __file__, step, folder, str(size)]
            output = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    result: dict[str, float] = json.loads(output)
    return result


def main() -> None:
    """Print rows per second of both ways, their ratio and the peak memory at both sizes."""
    for size in SIZES:
        plain, imported = measured("bare", size), measured("ours", size)
        ratio = imported["seconds"] / plain["seconds"]
        print(  # noqa: T201  (a benchmark prints)
            f"{size:,} rows: import {size / imported['seconds']:,.0f} rows/s, {imported['peak_mb']:.0f} MB peak; "
            f"bare executemany {size / plain['seconds']:,.0f} rows/s; ratio {ratio:.2f} (at most {LIMIT:.0f})"
        )


def step(name: str, folder: Path, size: int) -> None:
    """Do one step of a measurement in this process and print what it took."""
    seconds = {"prepare": prepare, "bare": bare, "ours": ours}[name](folder, size) or 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))  # noqa: T201  (the parent process reads it)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        step(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
