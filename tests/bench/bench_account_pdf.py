"""The page of an account as PDF: against bare WeasyPrint, end to end, and the memory of its child with 400 people."""

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import select

from app.core.database import db
from app.core.pdf import render_pdf
from app.customer360.rendering import paper_html, paper_of
from app.customers.models import Account, Contact
from app.sample.services import load_sample
from app.users.models import User
from app.users.queries import scope_of
from tests.bench.bench_report import LEADER, RUNS, bare, memory_of_child, say, seconds, workspace
from tests.users.people import PASSWORD, sign_in

ACCOUNT, MANY = "A-1031", 400


def main() -> None:
    """Print each figure beside what is asked."""
    with TemporaryDirectory() as folder:
        application = workspace(Path(folder))
        with application.app_context():
            load_sample(db.session, password=PASSWORD, report=lambda _: None)
            db.session.commit()
        html = html_of(application)
        pairs = [(seconds(render_pdf, html), seconds(bare, html)) for _ in range(RUNS)]
        ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
        say(f"the page of a sample account to PDF: {ours:.2f} s; bare WeasyPrint of the same HTML: {theirs:.2f} s; ")
        say(f"ratio {ours / theirs:.2f} (at most 1.2)\n")
        browser = sign_in(application, LEADER)
        whole = [seconds(lambda path: browser.get(path).data, f"/accounts/{ACCOUNT}/page.pdf") for _ in range(RUNS)]
        say(f"asked for in the product, end to end: {statistics.median(whole):.2f} s\n")
        crowd(application)
        crowded = html_of(application)
        say(
            f"with {MANY} people: {seconds(render_pdf, crowded):.2f} s, {memory_of_child(crowded):.0f} MB (under 600)\n"
        )


def html_of(application: Flask) -> str:
    """Return what the PDF of the account is made of, for the leader of the sample."""
    with application.test_request_context("/"):
        person = db.session.scalars(select(User).where(User.email == LEADER)).one()
        return paper_html(paper_of(scope_of(person), ACCOUNT))


def crowd(application: Flask) -> None:
    """Let many people work at the account."""
    with application.app_context():
        account = db.session.scalars(select(Account).where(Account.crm_id == ACCOUNT)).one()
        db.session.add_all(
            Contact(crm_id=f"crowd-{n}", account_id=account.id, name=f"Crowd {n}", email=f"c{n}@example.test")
            for n in range(MANY)
        )
        db.session.commit()


if __name__ == "__main__":
    main()
