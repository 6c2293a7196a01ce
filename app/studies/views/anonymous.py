"""The page of a drawn anonymous study: its open links, and answers as a number; never who, where, or of which group."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.config import Settings
from app.core.database import db
from app.core.words import plural
from app.responses.queries import anonymous_counts
from app.studies.models import Study
from app.studies.queries.open_links import mails_sent, strata_asked
from app.studies.queries.record import draw_sha256
from app.studies.rules.progress import answers_finding, period_words
from app.studies.scope import may_run, may_see_all, study_in_scope
from app.studies.services.open_links import issue_open_links, listed_open_links
from app.studies.views.links import study_links
from app.users.policy import Permission, access, current_scope


@access(Permission.STUDIES)
def open_links(key: str) -> ResponseReturnValue:
    """Make the open links that are missing, and show all of them on the study's page."""
    scope = current_scope()
    study = study_in_scope(db.session, scope=scope, key=key, permission=Permission.STUDIES)
    issued = issue_open_links(db.session, study=study, actor_id=scope.user_id, **place())
    db.session.commit()
    made = f"{issued.new:,} {plural(issued.new, 'link')} made." if issued.new else "All links are made already."
    flash(made)
    return redirect(url_for("studies.show", key=key))


def anonymous_page(study: Study) -> str:
    """Return the page, the same for everybody but for links and buttons."""
    scope = current_scope()
    runs = may_run(scope, study)
    answers = anonymous_counts(db.session, [study.id]).get(study.id, 0)
    strata = strata_asked(db.session, study)
    closed_on = study.closed_at.date() if study.closed_at else None
    links = listed_open_links(db.session, study=study, **place()) if runs and closed_on is None else []
    is_whole = may_see_all(scope, study)
    return render_template(
        "studies/anonymous.html",
        study=study,
        title=answers_finding(answers, is_closed=closed_on is not None),
        period=period_words(today(), opens_on=study.opens_on, closes_on=study.closes_on, closed_on=closed_on),
        answers=answers,
        strata=len(strata),
        accounts=sum(stratum.accounts for stratum in strata),
        people=sum(stratum.people for stratum in strata),
        mails=mails_sent(db.session, study),
        open_links=links,
        missing=len(strata) - len(links),
        links=study_links(study.key),
        runs=runs,
        is_whole=is_whole,
        audit_sha256=draw_sha256(db.session, study) if is_whole else None,
    )


def place() -> dict[str, str]:
    """Return by which secret links are made, and where they lead."""
    settings: Settings = current_app.config["SETTINGS"]
    return {"secret": str(current_app.secret_key), "base_url": settings.base_url}
