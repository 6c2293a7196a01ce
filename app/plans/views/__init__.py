"""Pages of plans: all of them by colour, the plan of one account, and the forms that write it."""

from app.plans.views import parts, portfolio, writing
from app.plans.views.blueprint import blueprint

__all__ = ["blueprint", "parts", "portfolio", "writing"]
