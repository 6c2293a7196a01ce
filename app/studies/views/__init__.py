"""The pages of studies: the list, the plan, what it gives, the fieldwork, and its end."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from app.studies.views.closing import close
from app.studies.views.drawing import audit, draw
from app.studies.views.listing import ScoredAt, index_view
from app.studies.views.planning import edit, new
from app.studies.views.showing import show

READ, SEND = ("GET",), ("POST",)
PAGES: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("/studies/new", new, READ + SEND),
    ("/studies/<key>", show, READ),
    ("/studies/<key>/edit", edit, READ + SEND),
    ("/studies/<key>/draw", draw, SEND),
    ("/studies/<key>/audit", audit, READ),
    ("/studies/<key>/close", close, READ + SEND),
)
"""Address, view, methods; a view's name is its endpoint."""


def studies_blueprint(scored_at: ScoredAt) -> Blueprint:
    """Return the pages of studies; `scored_at` is handed in because scoring lies above this feature."""
    blueprint = Blueprint("studies", __name__)
    blueprint.add_url_rule("/studies", view_func=index_view(scored_at))
    for address, view, methods in PAGES:
        blueprint.add_url_rule(address, view_func=view, methods=methods)
    return blueprint
