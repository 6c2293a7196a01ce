"""The pages of health: its hub, the list of scorecards, drafts with editor and preview, history, publishing."""

from app.health.views import beginning, choosing, comparing, editing, hub, listing, publishing
from app.health.views.blueprint import blueprint

__all__ = ["beginning", "blueprint", "choosing", "comparing", "editing", "hub", "listing", "publishing"]
