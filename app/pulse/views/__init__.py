"""Pages of judgement: what is thought of an account, its matrix, rounds of blind rating, and the settings."""

from functools import partial, update_wrapper

from flask import Blueprint

from app.pulse.rules.rounds import Judge
from app.pulse.views import account, matrix, rounds, settings
from app.users.policy import Permission, access


def pulse_blueprint(judge: Judge) -> Blueprint:
    """Return the pages of judgement, with the agreement that is handed in."""
    blueprint = Blueprint("pulse", __name__)
    for rule, name, view, method in (*account.PAGES, *matrix.PAGES, *rounds.PAGES, *settings.PAGES):
        blueprint.add_url_rule(rule, name, view, methods=[method], merge_slashes=False)
    close = access(Permission.STUDIES)(update_wrapper(partial(rounds.close, judge), rounds.close))
    blueprint.add_url_rule("/health/pulse/rounds/<int:round_id>/close", "close", close, methods=["POST"])
    return blueprint
