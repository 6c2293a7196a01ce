"""`make bench`: every benchmark, after a line about the machine."""

import os
import platform
import sqlite3
import sys
from pathlib import Path

from tests.bench import (
    bench_account_pdf,
    bench_accounts,
    bench_editor,
    bench_health,
    bench_import_telemetry,
    bench_import_xlsx,
    bench_interviews,
    bench_invitations,
    bench_report,
    bench_scoring,
    bench_sentiment,
    bench_survey,
    bench_timeline,
    bench_triggers,
)


def main() -> None:
    """Print the machine and run every benchmark."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    sys.stdout.write(
        f"Machine: {os.cpu_count()} cores ({processor()}), {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n\n"
    )
    for benchmark in (
        bench_import_telemetry,
        bench_import_xlsx,
        bench_health,
        bench_scoring,
        bench_sentiment,
        bench_accounts,
        bench_account_pdf,
        bench_editor,
        bench_interviews,
        bench_invitations,
        bench_report,
        bench_survey,
        bench_timeline,
        bench_triggers,
    ):
        sys.stdout.write(f"{benchmark.__doc__}\n")
        sys.stdout.flush()
        benchmark.main()
        sys.stdout.write("\n")


def processor() -> str:
    """Name the processor as the system does."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
