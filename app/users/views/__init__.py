"""Pages about people: signing in and out, the password, and the second factor."""

from app.users.views import people, second_factor, signing_in
from app.users.views.blueprint import blueprint

__all__ = ["blueprint", "people", "second_factor", "signing_in"]
