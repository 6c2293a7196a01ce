"""The pages of actions: lists and boards, one action from its beginning to its end, whom to ask again, reminders."""

from app.actions.views import asking, listing, one, reminding
from app.actions.views.blueprint import blueprint

__all__ = ["asking", "blueprint", "listing", "one", "reminding"]
