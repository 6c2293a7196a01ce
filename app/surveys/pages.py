"""The survey's pages: what is the same for everybody is rendered once, and kept cut where a visitor's words go."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.core.display import instant
from app.questionnaires.rules.definition import Question
from app.surveys.queries import Asked, asked_by
from app.surveys.rules.forms import choices
from app.surveys.rules.slots import Prepared, Slots

MOST_KEPT = 256
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
NO_NAME = "our customer team"


@dataclass(frozen=True)
class Facts:
    """What a study's pages say to everybody: who asks, who reads the answers, whom to ask, and until when."""

    version_id: int
    organisation: str | None
    owner: str | None
    owner_email: str | None
    is_sample: bool
    closes_on: date

    @property
    def team(self) -> str:
        """Who asks, as a sentence names them."""
        return self.organisation or NO_NAME


def facts_of(door: Row[Any]) -> Facts:
    """The facts of the study behind a link."""
    return Facts(
        version_id=door.version_id,
        organisation=door.organisation,
        owner=door.owner or door.owner_email,
        owner_email=door.owner_email,
        is_sample=door.is_sample,
        closes_on=door.closes_on,
    )


@dataclass(frozen=True)
class FormState:
    """What stands in a form that is shown: the values by question key, and what is wrong or was received before."""

    form_key: str
    address: str
    values: Mapping[str, str]
    errors: Mapping[str, str]
    problems: tuple[str, ...] = ()
    received_at: datetime | None = None


class Pages:
    """Renders the survey's pages and keeps what is the same for everybody, for one application."""

    def __init__(self, templates: Environment, css: str) -> None:
        self._templates = templates
        self._css = compact(css)
        self._asked: dict[int, Asked] = {}
        self._prepared: dict[tuple[str, Facts], Prepared] = {}
        self.policy = content_policy(self._css)

    def asked(self, session: Session, version_id: int) -> Asked:
        """Return what a version asks; it is read once, because it never changes."""
        if version_id not in self._asked:
            self._asked[version_id] = asked_by(session, version_id)
        return self._asked[version_id]

    def form(self, facts: Facts, asked: Asked, contact: str, state: FormState) -> str:
        """Return the page with the form, filled with a visitor's values."""
        page = self._ready("surveys/survey.html", facts, asked)
        return page.filled({**page_values(contact, state), **question_values(asked, state)})

    def thanks(self, facts: Facts, asked: Asked, contact: str, address: str) -> str:
        """Return the page that follows a form that was stored."""
        page = self._ready("surveys/thanks.html", facts, asked)
        return page.filled({"contact": str(escape(contact)), "address": str(escape(address))})

    def plain(self, template: str, **values: Any) -> str:
        """Return a page that is asked for rarely, rendered anew."""
        shared = {"css": Markup(self._css), "language": "en", "direction": "ltr", "facts": None}  # noqa: S704  (our own file)
        return self._templates.get_template(template).render({**shared, **values})

    def _ready(self, template: str, facts: Facts, asked: Asked) -> Prepared:
        page = self._prepared.get((template, facts))
        if page is None:
            if len(self._prepared) >= MOST_KEPT:
                self._prepared.clear()
            page = self._prepared[template, facts] = self._prepare(template, facts, asked)
        return page

    def _prepare(self, template: str, facts: Facts, asked: Asked) -> Prepared:
        slots = Slots(secrets.token_hex(16))
        language = asked.questionnaire.language
        return slots.cut(
            self.plain(
                template,
                facts=facts,
                asked=asked,
                language=language,
                direction="rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr",
                choices=choices,
                described_by=described_by,
                slot=lambda name: Markup(slots.mark(name)),  # noqa: S704  (a random mark, not anybody's words)
            )
        )


def page_values(contact: str, state: FormState) -> dict[str, str]:
    """Return the slots around the questions: whom the page greets, the form's key, what was received or is wrong."""
    values = {
        "contact": str(escape(contact)),
        "address": str(escape(state.address)),
        "form_key": str(escape(state.form_key)),
        "button": "Send my answers",
    }
    if state.errors or state.problems:
        values["error"] = "Error: "
        values["top"] = summary(state)
    elif state.received_at:
        values["top"] = received(state.received_at)
    if state.received_at:
        values["button"] = "Send my changes"
    return values


def question_values(asked: Asked, state: FormState) -> dict[str, str]:
    """Return the slots of the questions: what is chosen, what is written, and what is wrong with it."""
    values = {}
    for question in asked.questions:
        key = question.key
        if key in state.values:
            is_text = not choices(question)
            name = f"text:{key}" if is_text else f"choice:{key}:{state.values[key].strip()}"
            values[name] = str(escape(writable(state.values[key]))) if is_text else " checked"
        if key in state.errors:
            identity = f"q-{key}-error"
            values[f"error:{key}"] = f'<p class="err" id="{identity}">{escape(state.errors[key])}</p>'
            values[f"described:{key}"] = f" {identity}"
            values[f"only:{key}"] = f' aria-describedby="{identity}"'
            values[f"invalid:{key}"] = ' aria-invalid="true"'
    return values


def summary(state: FormState) -> str:
    """Return the list of what is wrong, each line leading to its question."""
    lines = [f"<li>{escape(problem)}</li>" for problem in state.problems]
    lines += [f'<li><a href="#q-{key}">{escape(error)}</a></li>' for key, error in state.errors.items()]
    return (
        '<div class="note bad" role="alert"><p><b>Nothing is stored yet</b></p>'
        f"<ul>{''.join(lines)}</ul><p>All that you entered is still below.</p></div>"
    )


def received(at: datetime) -> str:
    """Return the note above a form that was answered before."""
    return (
        '<div class="note" role="status"><p><b>Your answers have arrived</b></p>'
        f"<p>We received them on {escape(instant(at))}. Change what you like and send them again.</p></div>"
    )


def writable(text: str) -> str:
    """Return a text as a page may carry it: what no page can show is replaced, everything else stays."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def described_by(question: Question) -> str:
    """Return the ids of what always describes a question: its hint, and the ends of its scale."""
    parts = (("hint", question.hint), ("ends", question.anchors))
    return " ".join(f"q-{question.key}-{name}" for name, is_there in parts if is_there)


def compact(css: str) -> str:
    """Return a style sheet without comments and line breaks: it travels with every page."""
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()


def content_policy(css: str) -> str:
    """Return what browsers may do on a survey's page: apply its one style sheet, and send its form to us."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    )
