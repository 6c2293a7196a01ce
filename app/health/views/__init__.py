"""The pages of health: its hub, the list of scorecards, drafts with editor and preview, history, publishing."""

from app.health.views import beginning, changes, choosing, comparing, editing, hub, listing, publishing
from app.health.views.blueprint import blueprint

__all__ = ["beginning", "blueprint", "changes", "choosing", "comparing", "editing", "hub", "listing", "publishing"]
