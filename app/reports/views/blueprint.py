"""Where the views of reports hang, and what each asks first: which study, which of its accounts, on what paper."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from app.core.database import db
from app.core.errors import Missing, Refusal
from app.reports.choosing import Asked, asked_for, chosen_now
from app.reports.models import Edition
from app.reports.queries import assigned_ids
from app.reports.queries.editions import edition_of
from app.reports.rendering import reports_folder
from app.reports.rules.choosing import Chosen
from app.reports.rules.document import Document
from app.reports.rules.editions import may_read
from app.reports.rules.paper import Paper, paper_of
from app.reports.services import gap_report
from app.scoring.queries import scoring_of
from app.scoring.rules.choice import FIELDS
from app.studies.models import Study
from app.studies.scope import may_see_all, study_in_scope
from app.users.policy import Permission, current_scope

blueprint = Blueprint("reports", __name__)


def visible_study(key: str) -> Study:
    """Return the study of this key if the caller may see it; else it is missing."""
    return study_in_scope(db.session, scope=current_scope(), key=key)


def own_study(key: str) -> Study:
    """Return the study of this key if the caller runs it; else it is missing."""
    return study_in_scope(db.session, scope=current_scope(), key=key, permission=Permission.STUDIES)


def visible_accounts_of(study: Study) -> set[int] | None:
    """Return the accounts of the study that the caller may see; None is all of them."""
    scope = current_scope()
    return None if may_see_all(scope, study) else assigned_ids(db.session, study, scope)


def reader_of(study: Study) -> str | None:
    """Return the address by which the caller sees assigned accounts alone; None for whoever sees all of the study."""
    scope = current_scope()
    return None if may_see_all(scope, study) else scope.email


def asked_of(study: Study, values: Mapping[str, str] | None = None) -> Asked | None:
    """Return what the address, or a form, chooses of a study; None before it was scored."""
    scoring = scoring_of(db.session, study)
    if scoring is None:
        return None
    given = request.args if values is None else values
    return asked_for(db.session, study=study, scoring=scoring, values=given, reader=reader_of(study))


def chosen_of(study: Study, asked: Asked, *, waits: bool = False) -> Chosen | None:
    """Return the part of a study that is asked for; None where it cannot be had at once, or by waiting a little."""
    scoring = scoring_of(db.session, study)
    if scoring is None or asked.is_nothing:
        return None
    folder = reports_folder()
    return chosen_now(db.session, study=study, scoring=scoring, asked=asked, folder=folder, waits=waits)


def part_in_address() -> bool:
    """Tell whether the address names a part of a study."""
    return any(request.args.get(field) for field in FIELDS)


def visible_document(study: Study, *, is_for_page: bool = False) -> Document:
    """Return the document with the accounts that the caller may see, of the part of the study that the address names.

    `is_for_page` leaves out what accounts said that pages do not show. Refuses a part that holds nobody, and one whose
    figures were not computed yet.
    """
    only = visible_accounts_of(study)
    asked = asked_of(study) if part_in_address() else None
    if asked is None or asked.typed.is_empty:
        return gap_report(db.session, study=study, only_accounts=only, is_for_page=is_for_page)
    return gap_report(db.session, study=study, only_accounts=only, chosen=part_or_refusal(study, asked))


def part_or_refusal(study: Study, asked: Asked) -> Chosen:
    """Return the part of a study that is asked for, or refuse it with what to do."""
    if asked.is_nothing:
        raise Refusal(f"Nobody is left by these filters: {', '.join(asked.words.values())}. Take one of them away.")
    chosen = chosen_of(study, asked, waits=True)
    if chosen is None:
        raise Refusal("The figures of this part were not computed yet. Open the report’s page and have them computed.")
    return chosen


def chosen_paper() -> Paper:
    """Return the paper that the address asks for; A4 where it asks for none, or for one that we do not have."""
    return paper_of(request.args.get("paper"))


def as_pdf(content: bytes, name: str) -> Response:
    """Return a PDF that a browser shows, and saves under this name."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


def visible_edition(study: Study, number: int) -> Edition:
    """Return the edition of this number if the caller may see it; else it is missing."""
    edition = edition_of(db.session, study, number)
    if not may_read(edition.choice, reader_of(study)):
        raise Missing(f"There is no edition {number} of study “{study.key}”.", "number")
    return edition
