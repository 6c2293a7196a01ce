"""The pages of studies: the list, the plan, what it gives, the fieldwork, and its end."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from app.studies.views.anonymous import open_links
from app.studies.views.closing import close
from app.studies.views.drawing import audit, draw_view
from app.studies.views.fieldwork import state
from app.studies.views.handed_in import FromScoring
from app.studies.views.listing import index_view
from app.studies.views.planning import edit, new
from app.studies.views.scoring import score
from app.studies.views.showing import show_view
from app.studies.views.silent import silent_csv

__all__ = ["FromScoring", "studies_blueprint"]

READ, SEND = ("GET",), ("POST",)
PAGES: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("/studies/new", new, READ + SEND),
    ("/studies/<key>/edit", edit, READ + SEND),
    ("/studies/<key>/score", score, SEND),
    ("/studies/<key>/audit", audit, READ),
    ("/studies/<key>/close", close, READ + SEND),
    ("/studies/<key>/fieldwork.json", state, READ),
    ("/studies/<key>/open-links", open_links, SEND),
    ("/studies/<key>/silent.csv", silent_csv, READ),
)
"""Address, view, methods; a view's name is its endpoint."""


def studies_blueprint(scoring: FromScoring) -> Blueprint:
    """Return the pages of studies, with what they need from scoring."""
    blueprint = Blueprint("studies", __name__)
    blueprint.add_url_rule("/studies", view_func=index_view(scoring))
    blueprint.add_url_rule("/studies/<key>", view_func=show_view(scoring))
    blueprint.add_url_rule("/studies/<key>/draw", view_func=draw_view(scoring), methods=SEND)
    for address, view, methods in PAGES:
        blueprint.add_url_rule(address, view_func=view, methods=methods)
    return blueprint
