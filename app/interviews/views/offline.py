"""The script that opens an interview's page when the network is away."""

from flask import current_app
from flask.typing import ResponseReturnValue

from app.interviews.views.blueprint import blueprint
from app.users.policy import public

SCRIPT = "js/interview-worker.js"


@blueprint.get("/interviews/worker.js")
@public
def worker() -> ResponseReturnValue:
    """Give the service worker from below its scope, so that it sees interviews and nothing else.

    It is the same for everybody and holds nothing of anybody; browsers ask for it again at each visit.
    """
    return current_app.send_static_file(SCRIPT)
