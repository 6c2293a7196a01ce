"""`flask study score`: from answers to figures."""

import dataclasses

import click

from app.cli.edge import as_json_option, edge, emit
from app.core.database import db
from app.studies.queries import study_named


@click.command("score")
@click.argument("key")
@as_json_option
@edge
def score(key: str, as_json: bool) -> None:
    """(Re)score a study and compare it with health."""
    from app.interviews.queries.coding import predicted_pairs
    from app.scoring.services import Beside, score_study
    from app.scoring.services.loading import load_statistics

    load_statistics()
    scored = score_study(db.session, study=study_named(db.session, key), beside=Beside(predicted_pairs))
    sentence = "\n".join(
        [
            f"Scored {scored.responses:,} responses of {scored.respondents:,} people at {scored.accounts:,} accounts.",
            *(f"· {warning['message']}" for warning in scored.warnings),
        ]
    )
    emit(as_json, dataclasses.asdict(scored), sentence)
