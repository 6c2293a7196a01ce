"""Pages about people: signing in and out, the password, and the second factor."""

from app.users.views import second_factor, signing_in
from app.users.views.blueprint import blueprint

__all__ = ["blueprint", "second_factor", "signing_in"]
