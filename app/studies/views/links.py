"""Addresses of pages that other features bring: shown only where they are there."""

from typing import Any

from flask import current_app, url_for

UPLOADS = "transfer.uploads"
QUESTIONNAIRES = "authoring.index"
FILES = ("csv", "xlsx", "sav")
"""The kinds of file in which responses can be downloaded."""


def address(endpoint: str, **values: Any) -> str | None:
    """Return the address of a page, or None where no feature offers it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def study_links(key: str) -> dict[str, str | None]:
    """Return where a study's fieldwork is done, by what it does."""
    return {
        "assign": address("interviews.assign", key=key),
        "stakeholders": address("stakeholders.study", key=key),
        "links": address("surveys.links_csv", key=key),
        "invitations": address("surveys.invitations", key=key),
        "answers": address("transfer.answers_csv", key=key),
        "codebook": address("transfer.codebook_csv", key=key),
        **{f"responses_{kind}": address("transfer.responses_file", key=key, kind=kind) for kind in FILES},
        "gaps": address("reports.gaps", key=key),
        "segments": address("reports.segments", key=key),
    }
