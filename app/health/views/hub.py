"""The page that leads to everything about health."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.health.views.blueprint import blueprint
from app.users.policy import Permission, access


@blueprint.get("/health")
@access(Permission.ACCOUNTS)
def hub() -> ResponseReturnValue:
    """Show the tools of health, one sentence each; a tool that the reader may not open is not shown."""
    return render_template("health/hub.html")
