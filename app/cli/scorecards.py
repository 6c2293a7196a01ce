"""`flask scorecard` and `flask health`: load scorecards, compute health."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.documents import json_file, read_document
from app.cli.edge import as_json_option, edge, emit
from app.core.clock import today
from app.core.database import db, only_reading
from app.core.errors import Refusal
from app.health import queries
from app.health.queries.choice import chosen_scorecards
from app.health.rules.choice import parse_choice
from app.health.services import compute_health, load_scorecard
from app.health.services.choosing import publish_choice
from app.relationships.services.computing import compute_relationships

scorecard_group = AppGroup("scorecard", help="Load scorecards.")
health_group = AppGroup("health", help="Compute health from telemetry and cases.")


@scorecard_group.command("load")
@json_file
@as_json_option
@edge
def load(path: Path, as_json: bool) -> None:
    """Publish a scorecard; the same content again is no new version."""
    version = load_scorecard(db.session, document=read_document(path))
    measures = len(version.definition["measures"])
    document = {
        "scorecard": {"key": version.key, "version": version.version},
        "name": version.name,
        "measures": measures,
        "circular": version.is_circular,
    }
    remark = " It uses voice measures, so it is marked circular." if version.is_circular else ""
    emit(as_json, document, f"Scorecard {version.key}, version {version.version}, measures: {measures}.{remark}")


@scorecard_group.command("choose")
@json_file
@as_json_option
@edge
def choose(path: Path, as_json: bool) -> None:
    """Publish which scorecard scores which account; the worker then computes today's health by each of them."""
    published = publish_choice(db.session, document=read_document(path))
    choice = parse_choice(published.definition)
    chosen = chosen_scorecards(db.session, choice)
    names = [f"rule {place} ({rule.field}: {rule.scorecard})" for place, rule in enumerate(choice.rules, start=1)]
    document = {
        "version": published.version,
        "accounts": [{"by": by, "accounts": n} for by, n in zip([*names, "default"], chosen.counts, strict=True)],
        "matches_nothing": [names[place] for place in chosen.idle],
    }
    lines = [f"The choice, version {published.version}, is published."]
    lines += [f"  {each['by']}: {each['accounts']} accounts" for each in document["accounts"]]  # type: ignore[attr-defined]
    lines += [f"No account meets {name}." for name in document["matches_nothing"]]  # type: ignore[attr-defined]
    emit(as_json, document, "\n".join(lines))


@health_group.command("compute")
@click.option("--scorecard", "key", default="default", show_default=True, help="The scorecard's key.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The date of the computation; today if left out.")
@as_json_option
@edge
def compute(key: str, as_of: datetime | None, as_json: bool) -> None:
    """Compute the health of all accounts, and that of relationships by the scorecards of their types."""
    version = queries.newest_scorecard(db.session, key)
    computation = compute_health(db.session, version=version, as_of=as_of.date() if as_of else today())
    relationships = compute_relationships(db.session, computation.as_of)
    bands = queries.band_counts(db.session, computation.id)
    document = {
        "accounts": queries.account_count(db.session, computation.id),
        "scored": sum(bands.values()),
        "bands": bands,
        "scorecard": {"key": version.key, "version": version.version},
        "circular": version.is_circular,
        "as_of": computation.as_of.isoformat(),
        "missing": queries.missing_counts(db.session, computation.id),
        "relationships": relationships,
    }
    emit(as_json, document, _sentence(document))


@health_group.command("validate")
@click.option("--scorecard", "key", default="default", show_default=True, help="The scorecard's key.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Outcomes up to this day; today if left out.")
@as_json_option
@edge
def validate(key: str, as_of: datetime | None, as_json: bool) -> None:
    """Test the newest version of a scorecard against outcomes; nothing is changed by what it suggests."""
    # The statistics load where they are needed: other commands of this group start fast.
    from app.reports.rules.validity import validity_lines
    from app.scoring.services.validating import ask_validation, refusal_of, store_validation, validation_of

    day = as_of.date() if as_of else today()
    with only_reading():
        figures = validation_of(
            db.session, version=queries.newest_scorecard(db.session, key), as_of=day, report=_progress
        )
    if refused := refusal_of(figures):
        raise Refusal(refused, "outcomes")
    asked = ask_validation(db.session, version=queries.newest_scorecard(db.session, key), as_of=day)
    store_validation(db.session, validation=asked, figures=figures)
    emit(as_json, figures, "\n".join(validity_lines(figures)))


@health_group.command("distress")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The date of the index; today if left out.")
@as_json_option
@edge
def distress(as_of: datetime | None, as_json: bool) -> None:
    """Compute how much trouble with support each account has beside the others; high is bad."""
    from app.scoring.services.distressing import computed_distress, store_distress

    with only_reading():
        computed = computed_distress(db.session, as_of=as_of.date() if as_of else today())
    stored = store_distress(db.session, computed)
    figures = stored.figures
    document = {"as_of": stored.as_of.isoformat(), **figures}
    sentence = f"Distress on {stored.as_of}: {figures['scored']} of {figures['accounts']} accounts; {figures['bands']}."
    emit(as_json, document, sentence)


def _progress(sentence: str) -> None:
    click.echo(f"  {sentence}", err=True)


def _sentence(document: dict[str, object]) -> str:
    lines = [
        f"Health on {document['as_of']} by scorecard {document['scorecard']}.",
        f"Scored {document['scored']} of {document['accounts']} accounts; bands: {document['bands']}.",
        f"Accounts without a value, by measure: {document['missing'] or 'none'}.",
        f"Relationships scored by the scorecards of their types: {document['relationships']}.",
    ]
    return "\n".join(lines)
