"""Parallax: how a customer looks from two places at once."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.core.config import Settings, read_settings


class Parallax(Flask):
    """The application. All that it calls are plain functions, so it does not look, at each call, whether to wait."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application: the only door. Everything heavy is imported here or later."""
    from app.cli import add_commands
    from app.core.database import attach_database
    from app.wiring import wire

    settings = settings or read_settings()
    application = Parallax(__name__, template_folder="../templates", static_folder="static")
    application.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        # Bound values may be personal data: they stay out of error messages and logs.
        # As many connections are kept as the server has threads: opening one costs more than most of what is asked.
        SQLALCHEMY_ENGINES={"default": {"url": settings.database_url, "hide_parameters": True, "pool_size": 32}},
    )
    attach_database(application)
    wire(application)
    add_commands(application)
    return application
