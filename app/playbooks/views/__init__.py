"""The pages of playbooks and of the accounts that may want more."""

from app.playbooks.views import playbooks, upsell
from app.playbooks.views.blueprint import blueprint

__all__ = ["blueprint", "playbooks", "upsell"]
