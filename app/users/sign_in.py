"""Signing in: Flask-Security set up for sign-ins that are kept on the server, and the guard before every view."""

from typing import Any

from flask import Flask
from flask_login import LoginManager
from flask_principal import Principal
from flask_security import FSQLALiteUserDatastore, Security

from app.core.database import db
from app.users.models import RoleRow, User
from app.users.policy import prepare_guard
from app.users.rules.passwords import SHORTEST
from app.users.session import load_person
from app.users.views import blueprint

SETTINGS = {
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SESSION_PROTECTION": None,
}


def prepare_sign_in(application: Flask) -> None:
    """Set up people and their sign-ins.

    Flask-Security's own pages and commands stay off: they would sign people in past the audit log and the limits.
    Its token header is refused too, so that the cookie is the only key.
    """
    application.config.update(SETTINGS)
    Security(application, FSQLALiteUserDatastore(db, User, RoleRow), register_blueprint=False)
    drop_unused_hooks(application)
    application.login_manager.user_loader(load_person)  # type: ignore[attr-defined]
    application.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    prepare_guard(application)
    application.register_blueprint(blueprint)


def drop_unused_hooks(application: Flask) -> None:
    """Take away what would open the session at every request, static files and surveys too, for nothing.

    Flask-Principal works out an identity that our policy never asks for; Flask-Login renews a “remember me” cookie
    that we never set, and would have every page look up who asks once more, for a name that no template reads.
    """
    unused = (Principal, LoginManager)
    every_hook: tuple[list[Any], ...] = (application.before_request_funcs[None], application.after_request_funcs[None])
    for hooks in every_hook:
        hooks[:] = [hook for hook in hooks if not isinstance(getattr(hook, "__self__", None), unused)]
    ours = application.template_context_processors[None]
    ours[:] = [add for add in ours if not add.__module__.startswith(LoginManager.__module__.split(".")[0])]
