"""`make faults`: web server and worker are killed under load and amid mails, and interviews go through outages."""

import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from tests.conftest import settings_for
from tests.faults import mail_kills, outages
from tests.faults.kills import Ordeal, losses, suffer
from tests.interviews.talks import add_world
from tests.serving import chromium

ORDEAL = Ordeal(clients=64, kills=20, wanted=20_000, people=24_000, between=5.0)
READY_SECONDS = 5
MAIL_ORDEAL = mail_kills.Ordeal(mails=1_000, kills=20)
OUTAGES = [outages.Ordeal(events=50, seed=seed) for seed in range(10)]


def main() -> None:
    """Run the ordeals on SQLite, print what came of them, and fail where anything was lost or doubled."""
    ordeals = {"mails": mails, "answers": answers, "interviews": interviews}
    for name in sys.argv[1:] or ordeals:
        ordeals[name]()


def mails() -> None:
    """Kill the worker while mails go out to a server that refuses, hangs and drops."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'parallax.db'}"
        application = create_app(settings_for(home, url))
        upgrade_schema(application)
        started = time.monotonic()
        result = mail_kills.suffer(application, home, url, MAIL_ORDEAL)
    sys.stdout.write(
        f"{MAIL_ORDEAL.mails:,} mails, {result.kills} kills of the worker in {time.monotonic() - started:.0f} s, "
        f"a server that said {dict(result.told)}: {len(result.missing)} missing, {result.doubles} doubled (at most "
        f"{result.in_flight} were in flight), {len(result.other_ids)} with another Message-ID\n"
    )
    if result.missing or result.other_ids or result.doubles > result.in_flight:
        raise SystemExit(1)


def answers() -> None:
    """Kill the web server while customers send their answers."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'parallax.db'}"
        application = create_app(settings_for(home, url))
        upgrade_schema(application)
        started = time.monotonic()
        crowd, recoveries = suffer(application, home, url, ORDEAL)
        with application.app_context():
            lost = losses(db.session, crowd)
    sys.stdout.write(
        f"{len(recoveries)} kills under {ORDEAL.clients} clients in {time.monotonic() - started:.0f} s: "
        f"{len(crowd.acknowledged):,} acknowledged, {len(lost)} lost or doubled, {len(crowd.unexpected)} unexpected "
        f"answers; ready again after {max(recoveries):.1f} s at most (goal: {READY_SECONDS})\n"
    )
    for line in [*lost[:10], *crowd.unexpected[:10]]:
        sys.stdout.write(f"  {line}\n")
    if lost or crowd.unexpected or len(crowd.acknowledged) < ORDEAL.wanted:
        raise SystemExit(1)


def interviews() -> None:
    """Let network, tab, server and sign-in go away while an interviewer types, in one interview after another."""
    started = time.monotonic()
    happened: Counter[str] = Counter()
    lost = [line for ordeal in OUTAGES for line in an_interview(ordeal, happened)]
    sys.stdout.write(
        f"{sum(each.events for each in OUTAGES)} events in {len(OUTAGES)} interviews in "
        f"{time.monotonic() - started:.0f} s, {dict(happened)}: {len(lost)} lost, doubled or out of order\n"
    )
    for line in lost[:10]:
        sys.stdout.write(f"  {line}\n")
    if lost:
        raise SystemExit(1)


def an_interview(ordeal: outages.Ordeal, happened: Counter[str]) -> list[str]:
    """Hold one interview under so many events; returns what was lost."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'parallax.db'}"
        application = create_app(settings_for(home, url))
        upgrade_schema(application)
        with application.app_context():
            world = add_world(db.session)
            db.session.commit()
            db.engine.dispose()
        with outages.a_place(home, url, world) as place, chromium() as browser:
            desk = outages.suffer(browser, place, ordeal)
        happened.update(desk.happened)
        with application.app_context():
            return outages.losses(db.session, desk)


if __name__ == "__main__":
    main()
