"""`flask study invite` and `remind`: who is mailed, seen first or queued."""

from collections.abc import Callable

import click
from flask import current_app

from app.cli.edge import as_json_option, edge, emit
from app.core.clock import now
from app.core.database import db
from app.core.errors import Refusal
from app.studies.models import Study
from app.studies.queries import study_named
from app.studies.rules.budget import held_words
from app.surveys.here import place
from app.surveys.rules.invitations.sending import Kind
from app.surveys.services.invitations import (
    Outlook,
    Queued,
    outlooks,
    queue_invitations,
    queue_reminders,
    refusal_to_mail,
)

dry_run = click.option("--dry-run", is_flag=True, help="Say who would get it and who is held back; queue nothing.")


@click.command("invite")
@click.argument("key")
@dry_run
@as_json_option
@edge
def invite(key: str, *, dry_run: bool, as_json: bool) -> None:
    """Invite everybody who may be approached now."""
    mail(key, Kind.INVITATION, queue_invitations, dry_run=dry_run, as_json=as_json)


@click.command("remind")
@click.argument("key")
@dry_run
@as_json_option
@edge
def remind(key: str, *, dry_run: bool, as_json: bool) -> None:
    """Remind those who were invited and are silent."""
    mail(key, Kind.REMINDER, queue_reminders, dry_run=dry_run, as_json=as_json)


def mail(key: str, kind: Kind, queue: Callable[..., Queued], *, dry_run: bool, as_json: bool) -> None:
    """Say who gets a mail of one kind and who does not, and queue it where that was asked for."""
    study = study_named(db.session, key)
    if refusal := refusal_to_mail(study):
        raise Refusal(refusal, "study")
    look = outlooks(db.session, study=study, at=now(), place=place())[kind]
    mails = len(look.reached) if dry_run else queued(queue, study)
    document = {
        "study": key,
        "kind": kind.value,
        "mails": mails,
        "held_back": {held.value: people for held, people in look.held},
        "dry_run": dry_run,
    }
    emit(as_json, document, "\n".join(lines_of(look, mails, dry_run=dry_run)))


def queued(queue: Callable[..., Queued], study: Study) -> int:
    """Queue, commit, and ring for the worker; return how many mails wait now."""
    mails = queue(db.session, study=study, at=now(), place=place()).mails
    db.session.commit()
    if mails:
        current_app.extensions["bell"].ring("mail")
    return mails


def lines_of(look: Outlook, mails: int, *, dry_run: bool) -> list[str]:
    """Return the outlook in sentences."""
    held = sum(people for _, people in look.held)
    done = "would get the" if dry_run else "will get the"
    return [
        f"{mails:,} {done} {look.kind}, {held:,} held back.",
        *(f"  {people:,}: {held_words(reason, look.budget)}" for reason, people in look.held),
    ]
