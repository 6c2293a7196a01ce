"""The pages of questionnaires: list, bank, one of them, editor, preview, translations, files and publishing."""

from app.authoring.views import (
    beginning,
    editing,
    listing,
    previewing,
    publishing,
    reading,
    translating,
    workbooks,
)
from app.authoring.views.blueprint import blueprint

__all__ = [
    "beginning",
    "blueprint",
    "editing",
    "listing",
    "previewing",
    "publishing",
    "reading",
    "translating",
    "workbooks",
]
