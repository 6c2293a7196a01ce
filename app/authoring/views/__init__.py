"""The pages of questionnaires: the list, the bank, one of them, the editor, its preview, translations, publishing."""

from app.authoring.views import beginning, editing, listing, previewing, publishing, reading, translating
from app.authoring.views.blueprint import blueprint

__all__ = ["beginning", "blueprint", "editing", "listing", "previewing", "publishing", "reading", "translating"]
