"""The commands: thin edges over the services, and the list of them."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "audit": "users:audit_group",
    "db": "database:group",
    "export": "exports:group",
    "health": "scorecards:health_group",
    "import": "imports:group",
    "mail": "mails:group",
    "policy": "users:policy_group",
    "questionnaire": "questionnaires:group",
    "report": "reports:group",
    "sample": "sample:group",
    "scorecard": "scorecards:scorecard_group",
    "serve": "serve:serve",
    "subject": "subjects:group",
    "study": "studies:group",
    "user": "users:group",
    "worker": "worker:worker",
}
"""Each command's file and its name there."""


class Commands(AppGroup):
    """The application's commands; one is imported when it is called, so that each starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"app.cli.{module}"), name)
        return command


def add_commands(application: Flask) -> None:
    """Give the application its commands."""
    application.cli = Commands(name=application.name)
