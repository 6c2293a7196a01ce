"""The survey's page behind a personal link, and the file of a study's links."""

import csv
import io
import logging
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any, NoReturn
from urllib.parse import urlencode

from flask import Blueprint, Flask, Request, Response, abort, current_app, request
from flask.sessions import SecureCookieSession
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, Row
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.clock import now
from app.core.cookies import SessionCookies
from app.core.database import db, is_reading, turn_to_write
from app.core.error_pages import Page, prepare_error_look
from app.core.forgery import csrf
from app.core.formulas import neutralised
from app.questionnaires.rules.route import Route
from app.responses.rules import Place
from app.responses.services import TakenBack, save_page, send_pages, submit_answers
from app.responses.services.forms import Answers
from app.studies.rules.links import is_token
from app.studies.scope import study_in_scope
from app.studies.services.links import COLUMNS, issue_links
from app.surveys.limits import seconds_to_wait
from app.surveys.pages import FormState, Pages, host_of, leaf_of
from app.surveys.queries import Visit, door_of, facts_about, given_answers
from app.surveys.queries.rest import is_rest, is_taken_back, kept_slots
from app.surveys.rules.doors import Shut, shut_because
from app.surveys.rules.forms import (
    FORM_KEY,
    LONGEST_KEY,
    NO_FORM_KEY,
    NOTHING_ANSWERED,
    Problem,
    SentForm,
    new_form_key,
    preselected,
    read_form,
    sent_value,
    told_version,
)
from app.surveys.rules.shown import PAGE, REVIEW, Field
from app.surveys.rules.tongues import chosen_language
from app.surveys.rules.visit import (
    add_faults,
    band_of,
    following,
    missing_on,
    newly_asked,
    position,
    review_lines,
    settled,
)
from app.surveys.rules.words import BUSY
from app.surveys.views.replies import LANGUAGE, RETRY, error_reply, pages, reply, shut_reply
from app.users.policy import Permission, access, current_scope, public
from app.users.rules.sign_ins import token_sha256

blueprint = Blueprint("surveys", __name__)
log = logging.getLogger(__name__)

PREFIX = "/s/"
WITHOUT_SESSION = (PREFIX, "/a/", "/u/")
"""Addresses that customers open by a link: nobody signs in there."""
FORM_KEY_BYTES = 16
Opening = Callable[[str, Sequence[tuple[str, str]]], Visit]
"""How a visit is opened by its token and what was sent."""
GO, BACK, IN = "go", "back", "in:"
"""Which of its buttons sent a form: back, or another language."""


class NoSession(SessionCookies):
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
    except TakenBack:
        db.session.rollback()
        return shut_reply(opened_door(token, door_of), Shut.REVOKED)
    except (OperationalError, PoolTimeout) as error:
        log_silence(error)
        return give_back(visit_by, token, fields)


def log_silence(error: Exception) -> None:
    """Note that the database did not answer, without the traceback."""
    log.error("The database did not answer: %s", getattr(error, "orig", None) or type(error).__name__)


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
    visit = visit_by(token)
    if visit.asked.questionnaire.is_paged and wants_review(visit):
        return review_reply(visit)
    values = visit.values or preselected(visit.fields(), request.args.get("score"))
    return form_reply(visit, position(visit.pages, request.args.get(PAGE), visit.route.given), values)


def receive(token: str, fields: list[tuple[str, str]]) -> Response:
    """Store what was sent, or show it again with what is wrong about it.

    What stands behind the link is read before anything is written: on SQLite the only write lock is held for the
    writing alone, and others wait less for their turn.
    """
    is_reading.set(True)
    visit = visit_by(token, fields)
    is_paged = visit.asked.questionnaire.is_paged
    key = next((value for name, value in fields if name == PAGE), None)
    if is_paged and key == REVIEW:
        return send_all(visit, fields)
    here = position(visit.pages, key, visit.route.given)
    page = visit.fields(visit.pages[here][0].key if is_paged and visit.pages else None)
    sent = read_form(page, fields, has_files=bool(request.files))
    wish = next((value.removeprefix(IN) for name, value in fields if name == GO and value.startswith(IN)), None)
    db.session.rollback()
    if wish is not None:
        return form_reply(visit_by(token, fields, wish), here, sent.typed, shown_again=sent)
    after = visit.route_with(page, sent.answers)
    add_faults(sent, after, page)
    if not sent.typed and not sent.problems and not is_paged:
        sent.problems.append(Problem(NOTHING_ANSWERED))
    if not sent.is_good:
        return form_reply(visit, here, sent.typed, 400, sent=sent)
    is_reading.set(False)
    if is_paged:
        return store_page(visit, page, sent, here, goes_back=(GO, BACK) in fields)
    return store_form(visit, page, sent, after)


def store_form(visit: Visit, page: list[Field], sent: SentForm, after: Route) -> Response:
    """Store a survey of one page; where answers open further questions, show it once more with them."""
    told, closed = settled(after)
    with turn_to_write():
        submit_answers(
            db.session,
            door=visit.as_door(),
            form_key=sent.form_key,
            answers={visit.asked.place(slot): answer for slot, answer in told.items()},
            closed={visit.asked.place(slot) for slot in closed},
            seconds=sent.seconds_open(time()),
            at=now(),
        )
        db.session.commit()
    current_app.extensions["bell"].ring_soon("score")
    more = newly_asked(visit.route, after, page, visit.pages[0]) if visit.pages else []
    if more:
        values = {slot.name: sent_value(answer) for slot, answer in after.given.items()}
        return form_reply(replace(visit, route=after), 0, values, more=len(more))
    return thanks_reply(visit, after)


def store_page(visit: Visit, page: list[Field], sent: SentForm, here: int, *, goes_back: bool) -> Response:
    """Store one page and lead to the next or the one before."""

    def settling(answers: Answers) -> tuple[Answers, Collection[Place]]:
        told, closed = settled(replace(visit.route, given=visit.asked.by_slot(answers)))
        places = visit.asked.place
        return {places(slot): answer for slot, answer in told.items()}, {places(slot) for slot in closed}

    with turn_to_write():
        told = save_page(
            db.session,
            door=visit.as_door(),
            form_key=sent.form_key,
            page={visit.asked.place(field.slot) for field in page},
            answers={visit.asked.place(slot): answer for slot, answer in sent.answers.items()},
            settling=settling,
            at=now(),
        )
        db.session.commit()
    if visit.door.submitted_at:
        current_app.extensions["bell"].ring_soon("score")
    after = replace(visit, route=replace(visit.route, given=visit.asked.by_slot(told)))
    return redirect_to(after, following(after.pages, visit.pages[here][0].key, goes_back=goes_back))


def send_all(visit: Visit, fields: list[tuple[str, str]]) -> Response:
    """Send a survey that was filled in page by page, or lead to the page where a required answer is missing."""
    missing = missing_on(visit.route, visit.pages)
    db.session.rollback()
    if missing is not None or (visit.pages and not visit.route.given):
        return form_reply(visit, missing or 0, visit.values, 400, sent=faulty(visit, missing or 0))
    form_key = next((value for name, value in fields if name == FORM_KEY), NO_FORM_KEY)
    is_reading.set(False)
    with turn_to_write():
        send_pages(db.session, door=visit.as_door(), form_key=form_key[:LONGEST_KEY], at=now())
        db.session.commit()
    current_app.extensions["bell"].ring_soon("score")
    return thanks_reply(visit, visit.route)


def give_back(opening: Opening, token: str, fields: list[tuple[str, str]]) -> Response:
    """Answer that the database is busy, with everything that was typed in the form, ready to be sent again.

    On SQLite what is busy is mostly the write lock, and reading goes on beside it.
    """
    is_reading.set(True)
    try:
        db.session.rollback()
        visit = opening(token, fields)
        if not fields:
            raise PoolTimeout
        here = position(visit.pages, next((value for name, value in fields if name == PAGE), None), visit.route.given)
        sent = read_form(visit.fields(), fields)
        sent.problems.append(Problem(BUSY))
        return form_reply(visit, here, sent.typed, 503, sent=sent, headers=RETRY)
    except SQLAlchemyError:
        return error_reply(503, fields)


def visit_by(token: str, fields: Sequence[tuple[str, str]] = (), wish: str | None = None) -> Visit:
    """Return the visit that a link opens now, in the language that fits the visitor."""
    door = opened_door(token, door_of)
    offered = pages().asked(db.session, door.version_id).languages
    chosen = wish or request.args.get(LANGUAGE)
    wishes = (chosen, door.answered_in, door.language, *request.accept_languages.values())
    asked = pages().asked(db.session, door.version_id, chosen_language(offered, wishes))
    given = given_answers(db.session, door.response_id, asked) if door.response_id else {}
    kept, answers = kept_slots(db.session, door, asked)
    asked = asked.rest(kept) if is_rest(door) else asked
    route = Route(asked.questionnaire, facts_about(door, asked), given, kept)
    version = told_version(fields, door.consent_version)
    told = pages().told(db.session, version, asked.questionnaire.language, door.organisation)
    return Visit(token, door, asked, route, chosen, told, version, answers)


def opened_door(token: str, found_by: Callable[[Connection, str], Row[Any] | None]) -> Row[Any]:
    """Return all that stands behind a link that opens now; any other ends the request with the page that says why.

    `found_by` reads the links of one purpose: a token of another is an unknown one, and counts as such.
    """
    door = None
    if is_token(token):
        with db.engine.connect() as connection:
            door = found_by(connection, token_sha256(token))
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
    if shut or is_taken_back(door):
        abort(shut_reply(door, shut or Shut.REVOKED))
    return door


def refuse_unknown() -> NoReturn:
    """Answer a link that does not exist; who tries many of them is asked to wait."""
    db.session.rollback()
    wait = seconds_to_wait()
    if wait:
        abort(error_reply(429, headers={"Retry-After": str(wait)}))
    abort(error_reply(404))


def form_reply(
    visit: Visit,
    here: int,
    values: Mapping[str, str],
    status: int = 200,
    *,
    sent: SentForm | None = None,
    shown_again: SentForm | None = None,
    more: int = 0,
    key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the page with the form; one that is shown again keeps its key, so that sending it twice stays once.

    `key` is that of a form that has none yet, where it must not be the usual one.
    """
    before = sent or shown_again
    state = FormState(
        form_key=before.form_key if before and before.has_key else key or new_key(visit),
        address=visit.address,
        values=values,
        errors=sent.errors if sent else {},
        problems=tuple(sent.problems) if sent else (),
        received_at=visit.door.submitted_at,
        more=more,
        kept=visit.kept,
    )
    leaf, host = leaf_of(visit.pages, here), host_of(visit.door, visit.told)
    return reply(pages().form(host, visit.asked, leaf, visit.door.contact, state), status, headers)


def review_reply(visit: Visit) -> Response:
    """Return the last page of a survey with several, where all answers are read once more before they are sent."""
    state = FormState(new_key(visit), visit.address, visit.values, {}, received_at=visit.door.submitted_at)
    lines = review_lines(visit.route, visit.pages)
    return reply(pages().review(host_of(visit.door, visit.told), visit.asked, visit.door.contact, state, lines))


def thanks_reply(visit: Visit, route: Route) -> Response:
    """Return the page that thanks, in the words for what was said."""
    band = band_of({slot: answer for slot, answer in route.given.items() if route.counts(slot)})
    asked = visit.asked.questionnaire
    page = pages().thanks(
        host_of(visit.door),
        asked.language,
        band,
        contact=visit.door.contact,
        address=visit.address,
        own_words=route.words(asked.thanks.get(band, "")),
    )
    return reply(page)


def redirect_to(visit: Visit, page: str) -> Response:
    """Lead to another page of the survey, so that reloading it sends nothing again."""
    query = {PAGE: page, **({LANGUAGE: visit.chosen} if visit.chosen else {})}
    response = Response(status=303)
    response.headers["Location"] = f"/s/{visit.token}?{urlencode(query)}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def wants_review(visit: Visit) -> bool:
    """Whether the last page is to be shown: it was asked for, or all was sent before and no page was asked for."""
    page = request.args.get(PAGE)
    return page == REVIEW or (page is None and visit.door.submitted_at is not None)


def faulty(visit: Visit, here: int) -> SentForm:
    """Return what is wrong with a page as it stands on record."""
    page = visit.fields(visit.pages[here][0].key)
    sent = SentForm(new_key(visit), dict(visit.values), dict(visit.route.given))
    add_faults(sent, visit.route, page)
    if sent.is_good:
        sent.problems.append(Problem(NOTHING_ANSWERED))
    return sent


def show_error(status: int, _page: Page, typed: list[tuple[str, str]]) -> Response:
    """Return an error that arose before or beside the view, in the survey's look."""
    return error_reply(status, typed)


def new_key(visit: Visit) -> str:
    """Return a key for a form that is shown now."""
    return new_form_key(time(), secrets.token_urlsafe(FORM_KEY_BYTES), visit.told_version)
