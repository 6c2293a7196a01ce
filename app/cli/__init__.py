"""The commands: thin edges over the services."""

from flask import Flask

from app.cli import database


def add_commands(application: Flask) -> None:
    """Attach every command."""
    for command in (database.group,):
        application.cli.add_command(command)
