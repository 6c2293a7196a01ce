"""`flask study score` and `recompute`: from answers to figures, and once more to see that they are the same."""

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


@click.command("recompute")
@click.argument("key")
@as_json_option
@edge
def recompute(key: str, as_json: bool) -> None:
    """Compute a study's stored figures again, changing none; status 1 where anything differs."""
    from app.interviews.queries.coding import predicted_pairs
    from app.scoring.services import Beside
    from app.scoring.services.checking import check_scoring

    checked = check_scoring(db.session, study=study_named(db.session, key), beside=Beside(predicted_pairs))
    document = {
        "study": key,
        "differences": [dataclasses.asdict(each) for each in checked.differences],
        "has_new_answers": checked.has_new_answers,
    }
    emit(as_json, document, "" if checked.differences else f"Every figure of study {key} is what it was.")
    if checked.differences:
        lines = [f"{each.place}: stored {each.stored}, computed {each.computed}" for each in checked.differences]
        came = ["Answers have come that were not scored yet."] if checked.has_new_answers else []
        click.echo("\n".join([*came, *lines]), err=True)
        db.session.commit()  # The next scoring writes everything anew.
        raise SystemExit(1)
