"""Where this workspace is reached and how it sends, as services are told it."""

from flask import current_app

from app.core.config import Settings
from app.surveys.services.invitations import Place


def place() -> Place:
    """Return where this workspace is reached, as links in mails need it."""
    return Place(settings().base_url, str(current_app.secret_key), settings().mails_at_any_hour)


def settings() -> Settings:
    """Return this workspace's settings."""
    found: Settings = current_app.config["SETTINGS"]
    return found
