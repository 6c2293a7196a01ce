"""The pages of accounts: the list, one account, one relationship, how they are arranged, and what one person said."""

from app.customer360.views import (
    account,
    arranging,
    distress,
    gap_changes,
    listing,
    paper,
    relationship,
    renewals,
    response,
    sections,
)
from app.customer360.views.blueprint import blueprint

__all__ = [
    "account",
    "arranging",
    "blueprint",
    "distress",
    "gap_changes",
    "listing",
    "paper",
    "relationship",
    "renewals",
    "response",
    "sections",
]
