"""The commands: thin edges over the services, and the list of them."""

from flask import Flask


def add_commands(application: Flask) -> None:
    """Attach every command."""
    from app.cli import (
        database,
        exports,
        imports,
        questionnaires,
        reports,
        sample,
        scorecards,
        scoring,
        serve,
        studies,
        users,
        worker,
    )

    studies.group.add_command(scoring.score)
    for command in (
        database.group,
        imports.group,
        exports.group,
        questionnaires.group,
        scorecards.scorecard_group,
        scorecards.health_group,
        studies.group,
        reports.group,
        users.group,
        users.policy_group,
        users.audit_group,
        sample.group,
        serve.serve,
        worker.worker,
    ):
        application.cli.add_command(command)
