"""Pages of whom to ask: the map of an account, names that were mentioned, templates, a study's gaps, promises."""

from app.stakeholders.views import asking, mapping, naming, promises, study, templates
from app.stakeholders.views.blueprint import blueprint

__all__ = ["asking", "blueprint", "mapping", "naming", "promises", "study", "templates"]
