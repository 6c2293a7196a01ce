"""The survey's page behind an open link: the same questions, one page, and nothing that tells who answers."""

import secrets
from dataclasses import replace

from flask import Response, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.clock import today
from app.core.database import db, is_reading, turn_to_write
from app.questionnaires.rules.definition import Band
from app.questionnaires.rules.route import Facts, Route
from app.responses.services import submit_anonymously
from app.studies.queries.open_links import is_open
from app.surveys.pages import host_of
from app.surveys.queries.open import OpenVisit, given_by_form, open_door_of
from app.surveys.rules.doors import Shut
from app.surveys.rules.forms import (
    FOREIGN_FORM,
    FORM_KEY,
    NOTHING_ANSWERED,
    Problem,
    SentForm,
    preselected,
    read_form,
    sent_value,
)
from app.surveys.rules.shown import Field
from app.surveys.rules.tongues import chosen_language
from app.surveys.rules.visit import add_faults, newly_asked, settled
from app.surveys.views.replies import LANGUAGE, pages, reply, shut_reply
from app.surveys.views.survey import FORM_KEY_BYTES, GO, IN, form_reply, give_back, log_silence, opened_door
from app.users.policy import public

PREFIX = "/a/"
CHANGE = "change"
"""What the button sends that leads from the thanks back to the form, with all that was entered."""


@public
def anonymous(token: str) -> ResponseReturnValue:
    """Show the form of an open link, or store what was sent; as behind a personal link, the link is the proof."""
    fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    try:
        return receive(token, fields) if request.method == "POST" else show(token)
    except (OperationalError, PoolTimeout) as error:
        log_silence(error)
        return give_back(lambda link, _fields: visit_by(link), token, fields)


def show(token: str) -> Response:
    """Show an empty form, with the one number that the address preselects."""
    visit = visit_by(token)
    return form_reply(visit, 0, preselected(visit.fields(), request.args.get("score")), key=new_key())


def receive(token: str, fields: list[tuple[str, str]]) -> Response:
    """Store what was sent, or show it again: with what is wrong about it, in another language, or to be changed."""
    is_reading.set(True)
    key = next((value for name, value in fields if name == FORM_KEY), "")
    visit = visit_by(token, form_key=key)
    page = visit.fields()
    sent = read_form(page, fields, has_files=bool(request.files))
    go = next((value for name, value in fields if name == GO), "")
    db.session.rollback()
    if go == CHANGE or go.startswith(IN):
        wish = go.removeprefix(IN) if go.startswith(IN) else None
        return form_reply(visit_by(token, wish, key), 0, sent.typed, shown_again=sent, key=new_key())
    after = visit.route_with(page, sent.answers)
    add_faults(sent, after, page)
    add_problems(sent)
    if not sent.is_good:
        return form_reply(visit, 0, sent.typed, 400, sent=sent, key=new_key())
    is_reading.set(False)
    return store(visit, page, sent, after)


def add_problems(sent: SentForm) -> None:
    """Add what is wrong with the form as a whole: one without its key could not be known again when it comes twice."""
    if not sent.has_key and not sent.problems:
        sent.problems.append(Problem(FOREIGN_FORM))
    if not sent.typed and not sent.problems:
        sent.problems.append(Problem(NOTHING_ANSWERED))


def store(visit: OpenVisit, page: list[Field], sent: SentForm, after: Route) -> Response:
    """Store a form; where answers open further questions, show it once more with them and with the same key."""
    told, closed = settled(after)
    with turn_to_write():
        if not is_open(db.session, visit.door.study_id):
            db.session.rollback()
            return shut_reply(visit.door, Shut.CLOSED)
        submit_anonymously(
            db.session,
            door=visit.as_open_door(),
            form_key=sent.form_key,
            answers={visit.asked.place(slot): answer for slot, answer in told.items()},
            closed={visit.asked.place(slot) for slot in closed},
            on=today(),
        )
        db.session.commit()
    more = newly_asked(visit.route, after, page, visit.pages[0]) if visit.pages else []
    if more:
        opened = replace(visit, route=after)
        values = {slot.name: sent_value(answer) for slot, answer in after.given.items()}
        return form_reply(opened, 0, values, more=len(more), shown_again=sent)
    return thanks_reply(visit, sent)


def thanks_reply(visit: OpenVisit, sent: SentForm) -> Response:
    """Return the page that thanks; it carries what was sent, because nothing else leads back to it."""
    fields = [(FORM_KEY, sent.form_key), *sent.typed.items()]
    hidden = Markup().join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value) for name, value in fields
    )
    asked = visit.asked.questionnaire
    page = pages().thanks(
        host_of(visit.door),
        asked.language,
        Band.OTHERS,
        contact="",
        address=visit.address,
        own_words=visit.route.words(asked.thanks.get(Band.OTHERS, "")),
        again=hidden,
    )
    return reply(page)


def visit_by(token: str, wish: str | None = None, form_key: str = "") -> OpenVisit:
    """Return the visit that an open link opens now, in the language that fits the browser."""
    door = opened_door(token, open_door_of)
    offered = pages().asked(db.session, door.version_id).languages
    chosen = wish or request.args.get(LANGUAGE)
    language = chosen_language(offered, (chosen, *request.accept_languages.values()))
    asked = pages().asked(db.session, door.version_id, language).on_one_page
    given = given_by_form(db.session, door.study_id, form_key, asked) if form_key else {}
    return OpenVisit(token, door, asked, Route(asked.questionnaire, Facts(), given), chosen)


def new_key() -> str:
    """Return a key for a form that is shown now: random, and without the time at which that was."""
    return secrets.token_urlsafe(FORM_KEY_BYTES)
