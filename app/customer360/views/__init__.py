"""The pages of accounts: the list, one account with its sections, one relationship, how pages are arranged, what one said."""

from app.customer360.views import account, arranging, distress, listing, relationship, renewals, response, sections
from app.customer360.views.blueprint import blueprint

__all__ = ["account", "arranging", "blueprint", "distress", "listing", "relationship", "renewals", "response", "sections"]
