"""The survey's page behind a personal link, and the file of a study's links."""

import csv
import gzip
import io
import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from flask import Blueprint, Flask, Request, Response, abort, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.clock import now
from app.core.database import db, is_reading, turn_to_write
from app.core.error_pages import RETRY_SECONDS, Page, prepare_error_look
from app.core.forgery import csrf
from app.core.formulas import neutralised
from app.questionnaires.rules.definition import AskedIn
from app.responses.services import Door, submit_answers
from app.studies.rules.links import is_token
from app.studies.scope import study_in_scope
from app.studies.services.links import COLUMNS, issue_links
from app.surveys.limits import seconds_to_wait
from app.surveys.pages import FormState, Pages, facts_of, writable
from app.surveys.queries import Asked, door_of, given_values
from app.surveys.rules.doors import STATUS, shut_because
from app.surveys.rules.forms import FORM_KEY, SentForm, preselected, read_form
from app.surveys.rules.words import BUSY, error_words, shut_words
from app.users.policy import Permission, access, current_scope, public
from app.users.rules.sign_ins import token_sha256

blueprint = Blueprint("surveys", __name__)
log = logging.getLogger(__name__)

PREFIX = "/s/"
WITHOUT_SESSION = (PREFIX, "/u/")
"""Addresses that customers open by a link: nobody signs in there."""
FORM_KEY_BYTES = 16
QUICKLY = 1
"""How hard gzip tries: trying harder saves a tenth, and would take as long as all the rest of the page."""
RETRY = {"Retry-After": str(RETRY_SECONDS)}


class NoSession(SecureCookieSessionInterface):
    """Keeps sessions away from surveys: their pages read no cookie and set none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open a session everywhere but behind a link."""
        return None if request.path.startswith(WITHOUT_SESSION) else super().open_session(app, request)


def prepare_surveys(application: Flask) -> None:
    """Prepare what the pages share, and give every address of a survey its own look of errors."""
    css = (Path(application.static_folder or "") / "css" / "survey.css").read_text(encoding="utf-8")
    application.extensions["survey_pages"] = Pages(application.jinja_env, css)
    application.session_interface = NoSession()
    prepare_error_look(application, PREFIX, show_error)
    application.register_blueprint(blueprint)
    csrf.exempt(f"{survey.__module__}.{survey.__name__}")


@blueprint.route("/s/<path:token>", methods=["GET", "POST"])
@public
def survey(token: str) -> ResponseReturnValue:
    """Show the form of a link, or store what was sent; the link itself is what proves that the form is ours."""
    # The form is read before the database is asked: on SQLite a slow sender would hold the only write lock.
    fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    try:
        return receive(token, fields) if request.method == "POST" else show(token)
    except (OperationalError, PoolTimeout) as error:
        log.error("The database did not answer: %s", getattr(error, "orig", None) or type(error).__name__)  # noqa: TRY400  (without the traceback)
        return give_back(token, fields)


@blueprint.post("/studies/<key>/links.csv")
@access(Permission.STUDIES)
def links_csv(key: str) -> ResponseReturnValue:
    """Issue the links of a study that are missing, and hand out all of them as a file."""
    scope = current_scope()
    study = study_in_scope(db.session, scope=scope, key=key, permission=Permission.STUDIES)
    issued = issue_links(
        db.session,
        study=study,
        secret=str(current_app.secret_key),
        base_url=current_app.config["SETTINGS"].base_url,
        actor_id=scope.user_id,
    )
    db.session.commit()
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutralised(cell) for cell in link.cells()] for link in issued.links)
    name = f"links-{study.key}.csv"
    return Response(
        file.getvalue(), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def show(token: str) -> Response:
    """Show the form, with what was answered before or with the one number that the address preselects."""
    door = opened_door(token)
    asked = pages().asked(db.session, door.version_id)
    values = (
        given_values(db.session, door.response_id, asked)
        if door.response_id
        else preselected(asked.questions, request.args.get("score"))
    )
    return form_reply(door, asked, state_of(token, values, door))


def receive(token: str, fields: list[tuple[str, str]]) -> Response:
    """Store what was sent, or show it again with what is wrong about it.

    What stands behind the link is read before anything is written: on SQLite the only write lock is held for the
    writing alone, and others wait less for their turn.
    """
    is_reading.set(True)
    door = opened_door(token)
    asked = pages().asked(db.session, door.version_id)
    sent = read_form(asked.questions, fields, has_files=bool(request.files))
    db.session.rollback()
    if not sent.is_good:
        return form_reply(door, asked, state_of(token, sent.typed, door, sent), 400)
    is_reading.set(False)
    with turn_to_write():
        submit_answers(
            db.session,
            door=Door(door.study_id, door.respondent_id, door.version_id, AskedIn.SURVEY.value, AskedIn.SURVEY.value),
            form_key=sent.form_key,
            answers={asked.ids[key]: answer for key, answer in sent.answers.items()},
            at=now(),
        )
        db.session.commit()
    current_app.extensions["bell"].ring_soon("score")
    return reply(pages().thanks(facts_of(door), asked, door.contact, address_of(token)))


def give_back(token: str, fields: list[tuple[str, str]]) -> Response:
    """Answer that the database is busy, with everything that was typed in the form, ready to be sent again.

    On SQLite what is busy is mostly the write lock, and reading goes on beside it.
    """
    is_reading.set(True)
    try:
        db.session.rollback()
        door = opened_door(token)
        asked = pages().asked(db.session, door.version_id)
        if not fields:
            raise PoolTimeout
        sent = read_form(asked.questions, fields)
        sent.problems.append(BUSY)
        return form_reply(door, asked, state_of(token, sent.typed, door, sent), 503, RETRY)
    except SQLAlchemyError:
        return error_reply(503, fields)


def opened_door(token: str) -> Row[Any]:
    """Return all that stands behind a link that opens now; any other ends the request with the page that says why."""
    door = None
    if is_token(token):
        with db.engine.connect() as connection:
            door = door_of(connection, token_sha256(token))
    if door is None:
        refuse_unknown()
    shut = shut_because(
        at=now(),
        opens_on=door.opens_on,
        closes_on=door.closes_on,
        closed_at=door.closed_at,
        expires_at=door.expires_at,
        revoked_at=door.revoked_at,
    )
    if shut:
        closed_on = min(door.closed_at.date(), door.closes_on) if door.closed_at else door.closes_on
        words = shut_words(shut, opens_on=door.opens_on, closed_on=closed_on)
        abort(reply(pages().plain("surveys/shut.html", **words._asdict(), facts=facts_of(door)), STATUS[shut]))
    return door


def refuse_unknown() -> NoReturn:
    """Answer a link that does not exist; who tries many of them is asked to wait."""
    db.session.rollback()
    wait = seconds_to_wait()
    if wait:
        abort(error_reply(429, headers={"Retry-After": str(wait)}))
    abort(error_reply(404))


def state_of(token: str, values: Mapping[str, str], door: Row[Any], sent: SentForm | None = None) -> FormState:
    """Return what stands in a form; one that is shown again keeps its key, so that sending it twice stays once."""
    is_known = sent is not None and sent.has_key
    return FormState(
        form_key=sent.form_key if sent and is_known else secrets.token_urlsafe(FORM_KEY_BYTES),
        address=address_of(token),
        values=values,
        errors=sent.errors if sent else {},
        problems=tuple(sent.problems) if sent else (),
        received_at=door.submitted_at,
    )


def form_reply(
    door: Row[Any], asked: Asked, state: FormState, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the page with the form."""
    return reply(pages().form(facts_of(door), asked, door.contact, state), status, headers)


def show_error(status: int, _page: Page, typed: list[tuple[str, str]]) -> Response:
    """Return an error that arose before or beside the view, in the survey's look."""
    return error_reply(status, typed)


def error_reply(
    status: int, typed: list[tuple[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a page in the survey's look that needs no database; what was typed stands on it."""
    shown = [(name, writable(value)) for name, value in typed or () if name != FORM_KEY]
    hidden = [(name, value) for name, value in typed or () if name == FORM_KEY]
    page = pages().plain(
        "surveys/shut.html", **error_words(status)._asdict(), typed=shown, hidden=hidden, resend=status == 503
    )
    return reply(page, status, headers or (RETRY if status == 503 else None))


def reply(page: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page under the survey's own policy, compressed for browsers that take that."""
    response = Response(page, status, headers)
    response.headers["Content-Security-Policy"] = pages().policy
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(page.encode(), QUICKLY, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def address_of(token: str) -> str:
    """Return the address of a survey within this site."""
    return f"/s/{token}"


def pages() -> Pages:
    """Return the pages of this application."""
    found: Pages = current_app.extensions["survey_pages"]
    return found
