"""`flask subject`: the data of one person, copied or erased; and words that have been kept long enough."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.edge import as_json_option, edge, emit
from app.core.clock import now
from app.core.database import db
from app.core.mail import OUTBOX
from app.core.workspace import the_workspace
from app.subjects.erasure import finish
from app.subjects.rules import BACKUPS, Traces, erased_sentences
from app.subjects.services.erasing import copy_of, erase_person, traces_of
from app.subjects.services.retention import outlook
from app.subjects.tasks import expired

group = AppGroup("subject", help="The data of one person.")


def outbox() -> Path:
    """Return the folder of mails that were written as files."""
    home: Path = current_app.config["SETTINGS"].home
    return home / OUTBOX


@group.command("export")
@click.argument("email")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file.")
@as_json_option
@edge
def export(email: str, *, out: Path | None, as_json: bool) -> None:
    """Tell everything that is on record about whoever has this address, as JSON."""
    document = copy_of(db.session, address=email, outbox=outbox(), at=now())
    if out is None:
        click.echo(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=None if as_json else 1))
        return
    out.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8")
    contacts, responses = len(document["contacts"]), len(document["responses"])
    told = {"contacts": contacts, "responses": responses, "file": str(out)}
    emit(as_json, told, f"{contacts:,} contacts and {responses:,} responses written to {out}.")


@group.command("erase")
@click.argument("email")
@click.option("--dry-run", is_flag=True, help="Say what would be erased; change nothing.")
@as_json_option
@edge
def erase(email: str, *, dry_run: bool, as_json: bool) -> None:
    """Take away all that tells who has this address, and every word of theirs; numbers stay."""
    if dry_run:
        told(traces_of(db.session, address=email, outbox=outbox()), as_json=as_json, is_dry_run=True)
        return
    erased = erase_person(db.session, address=email, outbox=outbox(), at=now())
    db.session.commit()
    told(erased.traces, as_json=as_json, is_dry_run=False, is_swept=finish(erased))


@group.command("expire")
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@as_json_option
@edge
def expire(*, dry_run: bool, as_json: bool) -> None:
    """Take away words that have been kept for longer than the workspace's retention period."""
    gone = outlook(db.session, outbox=outbox(), at=now()) if dry_run else expired()
    months = the_workspace(db.session).retention_months
    document = gone.document() | {"retention_months": months, "dry_run": dry_run}
    emit(as_json, document, gone.sentence(months, is_dry_run=dry_run))


def told(traces: Traces, *, as_json: bool, is_dry_run: bool, is_swept: bool = True) -> None:
    """Print what was erased, or would be."""
    document = traces.document() | {"dry_run": is_dry_run, "swept": is_swept, "note": BACKUPS}
    emit(as_json, document, "\n".join(erased_sentences(traces, is_dry_run=is_dry_run, is_swept=is_swept)))
