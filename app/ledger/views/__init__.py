"""Pages of the ledger: that of one account, the forms that write it, and the promises of all accounts."""

from app.ledger.views import account, portfolio
from app.ledger.views.blueprint import blueprint

__all__ = ["account", "blueprint", "portfolio"]
