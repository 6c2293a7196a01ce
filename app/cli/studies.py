"""`flask study`: create, draw, audit and close studies."""

from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.documents import json_file, read_document
from app.cli.edge import as_json_option, edge, emit
from app.cli.inviting import invite, remind
from app.cli.open_links import open_links
from app.cli.scoring import recompute, score
from app.cli.triggering import trigger
from app.core.config import Settings
from app.core.database import db
from app.core.sheets import write_csv
from app.scoring.queries import last_voices
from app.studies.models import Study
from app.studies.queries import study_named
from app.studies.rules.triggers import trigger_words
from app.studies.services import DrawnStudy, close_study, create_study, draw_study, verify_draw
from app.studies.services.links import COLUMNS, issue_links, revoke_links
from app.studies.services.triggers import trigger_of

group = AppGroup("study", help="Create, draw, score, audit and close studies.")
group.add_command(score)
group.add_command(recompute)
group.add_command(invite)
group.add_command(remind)
group.add_command(trigger)
group.add_command(open_links)


@group.command("create")
@json_file
@as_json_option
@edge
def create(path: Path, as_json: bool) -> None:
    """Create a study from a study.json."""
    study = create_study(db.session, document=read_document(path))
    document = {
        "study": study.key,
        "name": study.name,
        "scorecard": study.scorecard_key,
        "opens_on": study.opens_on.isoformat(),
        "closes_on": study.closes_on.isoformat(),
        "health_as_of": study.health_as_of.isoformat(),
        "plan": study.plan,
    }
    emit(as_json, document, f"Created study {study.key}. Next: flask study draw {study.key}")


@group.command("draw")
@click.argument("key")
@as_json_option
@edge
def draw(key: str, as_json: bool) -> None:
    """Draw the accounts and respondents of a study, or start one whose accounts join by themselves."""
    study = study_named(db.session, key)
    drawn = draw_study(db.session, study=study, last_voices=last_voices(db.session, study))
    lines = (
        started(study, drawn)
        if "trigger" in study.plan
        else [
            f"Drew {drawn.accounts:,} accounts with {drawn.respondents:,} respondents, seed {drawn.seed}.",
            *(f"  {stratum}: {n:,}" for stratum, n in drawn.allocation.items()),
            *drawn.warnings,
            f"SHA-256 of the record: {drawn.audit_sha256}",
        ]
    )
    emit(as_json, asdict(drawn), "\n".join(lines))


def started(study: Study, drawn: DrawnStudy) -> list[str]:
    """Return in sentences that accounts join from now on."""
    asked = trigger_words(trigger_of(study)[1])
    return [
        f"Started. Nobody is asked yet; accounts join {asked}, from {study.opens_on} to {study.closes_on}.",
        f"The worker looks once an hour; by hand: flask study trigger {study.key}",
        f"SHA-256 of the record: {drawn.audit_sha256}",
    ]


@group.command("audit")
@click.argument("key")
@as_json_option
@edge
def audit(key: str, as_json: bool) -> None:
    """Recompute a draw from its record; status 1 where anything differs."""
    check = verify_draw(db.session, study=study_named(db.session, key))
    document = {
        "study": key,
        "audit_sha256": check.audit_sha256,
        "recomputed": check.is_genuine,
        "differences": check.differences,
    }
    emit(as_json, document, f"The draw of study {key} recomputes: {check.audit_sha256}" if check.is_genuine else "")
    if not check.is_genuine:
        click.echo("\n".join(check.differences), err=True)
        raise SystemExit(1)


@group.command("links")
@click.argument("key")
@click.option("--csv", "path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Where to write.")
@click.option("--revoke", "contact_id", metavar="CONTACT_ID", help="End the links of one contact instead.")
@as_json_option
@edge
def links(key: str, path: Path | None, contact_id: str | None, *, as_json: bool) -> None:
    """List every respondent's link to the survey, or revoke those of one contact."""
    if (path is None) == (contact_id is None):
        raise click.UsageError("Give either --csv FILE or --revoke CONTACT_ID.")
    study = study_named(db.session, key)
    if contact_id is not None:
        ended = revoke_links(db.session, study=study, contact_id=contact_id)
        emit(as_json, {"study": key, "revoked": ended}, f"Revoked {ended} links of contact {contact_id}.")
    if path is not None:
        write_links(study, path, as_json=as_json)


def write_links(study: Study, path: Path, *, as_json: bool) -> None:
    """Issue what is missing and write all links; committed first, so that no file names a link that is not there."""
    settings: Settings = current_app.config["SETTINGS"]
    issued = issue_links(db.session, study=study, secret=str(current_app.secret_key), base_url=settings.base_url)
    db.session.commit()
    write_csv(path, COLUMNS, [link.cells() for link in issued.links])
    document = {"study": study.key, "links": len(issued.links), "issued": issued.new, "file": str(path)}
    emit(as_json, document, f"{len(issued.links):,} links written to {path}, {issued.new:,} of them new.")


@group.command("close")
@click.argument("key")
@as_json_option
@edge
def close(key: str, as_json: bool) -> None:
    """Close a study's fieldwork."""
    study = close_study(db.session, study=study_named(db.session, key))
    closed_at = study.closed_at.isoformat() if study.closed_at else None
    emit(as_json, {"study": study.key, "closed_at": closed_at}, f"Closed study {study.key}.")
