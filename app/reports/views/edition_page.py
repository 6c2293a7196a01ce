"""The page of one edition: the frozen report, what colleagues say about it, and the links by which it is shared."""

import secrets
from typing import Any

from flask import render_template

from app.core.clock import now
from app.core.database import db
from app.reports.models import Edition
from app.reports.publishing import changes_since, edition_document
from app.reports.queries.discussion import comments_of, reads_all_comments, sign_offs_of
from app.reports.queries.editions import links_of
from app.reports.rendering import page_values
from app.reports.rules.comments import LONGEST_COMMENT, LONGEST_NOTE, PARTS, Typed
from app.reports.rules.editions import DAYS, USUAL_DAYS
from app.reports.views.blueprint import visible_accounts_of
from app.studies.models import Study
from app.users.policy import Permission, current_scope

KEY_BYTES = 16


def edition_page(study: Study, edition: Edition, **told: Any) -> str:
    """Return an edition's page; `told` is a link that was made just now, or what was typed and what is wrong."""
    document = edition_document(db.session, edition=edition, only=visible_accounts_of(study))
    told = {"problems": {}, "typed": Typed(), "form_key": fresh_key(), "note": ""} | told
    return render_template(
        "reports/edition.html",
        **page_values(document, is_linked=True, is_frozen=True),
        **discussion_of(study, edition),
        study=study,
        edition=edition,
        changes=changes_since(db.session, study=study, edition=edition),
        links=links_of(db.session, edition),
        now=now(),
        days=DAYS,
        usual_days=USUAL_DAYS,
        runs_studies=current_scope().can(Permission.STUDIES),
        is_web=True,
        is_app=True,
        **told,
    )


def discussion_of(study: Study, edition: Edition) -> dict[str, Any]:
    """Return what an edition's page shows of its comments and signatures, cut to what the caller may see."""
    scope = current_scope()
    signed = sign_offs_of(db.session, edition)
    return {
        "comments": comments_of(db.session, edition, study=study, scope=scope),
        "sign_offs": signed,
        "has_signed": any(each.user_id == scope.user_id for each in signed),
        "reads_all": reads_all_comments(scope, study),
        "me": scope.user_id,
        "parts": PARTS,
        "longest_comment": LONGEST_COMMENT,
        "longest_note": LONGEST_NOTE,
    }


def fresh_key() -> str:
    """Return a key for a form that was not sent yet."""
    return secrets.token_hex(KEY_BYTES)
