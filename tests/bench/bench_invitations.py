"""10,000 invitations queued (10 s at most), then sent to a mail server on this machine."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.core.database import db
from app.core.migrations import upgrade_schema
from app.customers.models import Account, Contact
from app.studies.models import Respondent, SampledAccount, Study
from app.studies.queries import study_named
from app.surveys.services.invitations import Place, outlooks, queue_invitations
from app.surveys.tasks import sent_mails
from tests.conftest import settings_for
from tests.post_office import open_post_office
from tests.surveys.asked import BASE, SECRET, add_survey

PEOPLE = 10_000
PER_ACCOUNT = 5
SENT = int(os.environ.get("MAILS", "1000"))
"""How many are sent; `MAILS=10000` drains all."""


def add_people(study: Study) -> None:
    """Give a study its people: five at each account, in four time zones and five languages."""
    zones, languages = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", None), ("en", "de", "fr", "es", "ar")
    accounts = [{"id": 1_000 + n, "crm_id": f"B-{n}", "name": f"Account {n}"} for n in range(PEOPLE // PER_ACCOUNT)]
    contacts = [
        {"id": 1_000 + n, "crm_id": f"P-{n}", "account_id": 1_000 + n // PER_ACCOUNT, "name": f"Person {n}",
         "email": f"person{n}@mail.example", "timezone": zones[n % 4], "language": languages[n % 5]}
        for n in range(PEOPLE)
    ]  # fmt: skip
    db.session.execute(sa.insert(Account), accounts)
    db.session.execute(sa.insert(Contact), contacts)
    shared = {"study_id": study.id, "mode": "survey"}
    db.session.execute(sa.insert(SampledAccount), [
        {**shared, "account_id": each["id"], "stratum": "all", "stratum_size": len(accounts), "weight": 1.0}
        for each in accounts
    ])  # fmt: skip
    db.session.execute(sa.insert(Respondent), [
        {**shared, "account_id": each["account_id"], "contact_id": each["id"], "role": "champion"} for each in contacts
    ])  # fmt: skip


@contextmanager
def workspace(mail_url: str) -> Iterator[Flask]:
    """A workspace with a study of 10,000 people."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        settings = replace(
            settings_for(home, f"sqlite:///{home / 'parallax.db'}"), mail_url=mail_url, mails_at_any_hour=True
        )
        application = create_app(settings)
        upgrade_schema(application)
        with application.app_context():
            add_people(add_survey(db.session, key="large", people=0))
            db.session.commit()
        yield application


def main() -> None:
    """Print the seconds of looking, of queueing, and the mails sent in a second."""
    with open_post_office() as office, workspace(office.url) as application, application.app_context():
        place = Place(BASE, SECRET, at_any_hour=True)
        study = study_named(db.session, "large")
        started = time.perf_counter()
        outlooks(db.session, study=study, at=datetime.now(UTC), place=place)
        looked, cpu = time.perf_counter(), time.process_time()
        queued = queue_invitations(db.session, study=study, at=datetime.now(UTC), place=place)
        db.session.commit()
        done, cpu = time.perf_counter(), time.process_time() - cpu
        sent, busy = 0, time.process_time()
        for _ in sent_mails():
            sent += 1
            if sent == SENT:
                break
        seconds, busy = time.perf_counter() - done, time.process_time() - busy
    sys.stdout.write(
        f"who would get it and who is held back: {looked - started:.2f} s; {queued.mails:,} queued with their links in "
        f"{done - looked:.2f} s (at most 10; {cpu:.2f} s of CPU); {sent:,} sent at {sent / seconds:.0f} a second, "
        f"{busy / sent * 1000:.1f} ms of CPU a mail, the server's own included\n"
    )


if __name__ == "__main__":
    main()
