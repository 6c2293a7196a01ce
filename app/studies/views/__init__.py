"""The pages of studies: the list, the plan, what it gives, the fieldwork, and its end."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from app.studies.views.closing import close
from app.studies.views.drawing import audit, draw
from app.studies.views.listing import ScoredAt, index_view
from app.studies.views.planning import edit, new
from app.studies.views.scoring import Score, score_view
from app.studies.views.showing import show_view

READ, SEND = ("GET",), ("POST",)
PAGES: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("/studies/new", new, READ + SEND),
    ("/studies/<key>/edit", edit, READ + SEND),
    ("/studies/<key>/draw", draw, SEND),
    ("/studies/<key>/audit", audit, READ),
    ("/studies/<key>/close", close, READ + SEND),
)
"""Address, view, methods; a view's name is its endpoint."""


def studies_blueprint(scored_at: ScoredAt, score_study: Score) -> Blueprint:
    """Return the pages of studies; both functions are handed in, because scoring lies above this feature."""
    blueprint = Blueprint("studies", __name__)
    blueprint.add_url_rule("/studies", view_func=index_view(scored_at))
    blueprint.add_url_rule("/studies/<key>", view_func=show_view(scored_at))
    blueprint.add_url_rule("/studies/<key>/score", view_func=score_view(score_study), methods=SEND)
    for address, view, methods in PAGES:
        blueprint.add_url_rule(address, view_func=view, methods=methods)
    return blueprint
