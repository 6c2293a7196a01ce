"""`flask study trigger`: one round of a study that starts by itself, by hand."""

from typing import Any

import click
from flask import current_app

from app.cli.edge import as_json_option, edge, emit
from app.core.clock import now
from app.core.database import db
from app.studies.queries import study_named
from app.studies.rules.budget import held_words
from app.surveys.here import place
from app.surveys.services.occasions import Fared, Round, run_round

MOST_LINES = 20


@click.command("trigger")
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="Say who would join and who is held back; store nothing.")
@as_json_option
@edge
def trigger(key: str, *, dry_run: bool, as_json: bool) -> None:
    """Let accounts join whose occasion is due, and invite their people; the worker does it once an hour."""
    done = run_round(db.session, study=study_named(db.session, key), at=now(), place=place())
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
        if done.mails:
            current_app.extensions["bell"].ring("mail")
    document = {
        "study": key,
        "accounts": done.accounts,
        "respondents": done.respondents,
        "mails": done.mails,
        "held_back": {held.value: people for held, people in done.held},
        "occasions": [line_of(each) for each in done.fared],
        "dry_run": dry_run,
    }
    emit(as_json, document, "\n".join(lines_of(done, dry_run=dry_run)))


def line_of(each: Fared) -> dict[str, Any]:
    """Return how one account fared, for a script."""
    return {
        "account_id": each.account_id,
        "joins_now": each.has_joined_now,
        "happened_on": each.happened_on.isoformat(),
        "due_on": each.due_on.isoformat(),
        "last_on": each.last_on.isoformat(),
        "people": each.people,
        "mails": each.invited,
        "held_back": {held.value: people for held, people in each.held.items()},
    }


def lines_of(done: Round, *, dry_run: bool) -> list[str]:
    """Return a round in sentences."""
    would = "would " if dry_run else ""
    held = sum(people for _, people in done.held)
    joining = [each for each in done.fared if each.has_joined_now]
    more = len(joining) - MOST_LINES
    return [
        f"{done.accounts:,} accounts {would}join with {done.respondents:,} people.",
        f"{done.mails:,} {would}get the invitation, {held:,} held back.",
        *(f"  {each.account_id}: due {each.due_on}, {each.people:,} people" for each in joining[:MOST_LINES]),
        *([f"  and {more:,} more"] if more > 0 else []),
        *(f"  {people:,} held back: {held_words(reason, done.budget)}" for reason, people in done.held),
    ]
