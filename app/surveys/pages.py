"""The survey's pages: what is the same for everybody is rendered once, and kept cut where a visitor's words go."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.questionnaires.rules.definition import Band
from app.questionnaires.rules.languages import scale_direction
from app.settings.queries import consent_texts
from app.settings.rules import told
from app.surveys.queries import Asked, asked_by
from app.surveys.rules.forms import Problem
from app.surveys.rules.shown import Block, Field, live_rules, total
from app.surveys.rules.slots import Prepared, Slots
from app.surveys.rules.visit import Line
from app.surveys.tongue import MAIN, Tongue, own_name, tongue_of

MOST_KEPT = 256


@dataclass(frozen=True)
class Host:
    """What a study's pages say to everybody: who asks, who reads the answers, whom to ask, and until when.

    `told` is what is said about their data, and `retention_months` for how long their own words are kept.
    """

    version_id: int
    organisation: str | None
    owner: str | None
    owner_email: str | None
    is_sample: bool
    closes_on: date
    retention_months: int | None = None
    told: str = ""
    is_anonymous: bool = False


def host_of(door: Row[Any], told: str = "") -> Host:
    """Who asks by a link, and what they tell."""
    return Host(
        version_id=door.version_id,
        organisation=door.organisation,
        owner=door.owner or door.owner_email,
        owner_email=door.owner_email,
        is_sample=door.is_sample,
        closes_on=door.closes_on,
        retention_months=door.retention_months,
        told=told,
        is_anonymous=door.is_anonymous,
    )


@dataclass(frozen=True)
class Leaf:
    """One page of a survey: its blocks, which of how many pages it is, and how many questions all have together."""

    blocks: Sequence[Block]
    number: int = 1
    count: int = 1
    questions: int = 0

    @property
    def is_first(self) -> bool:
        """Whether it is the page that greets."""
        return self.number == 1


@dataclass(frozen=True)
class FormState:
    """What stands in a form that is shown: the values by field name, and what is wrong or was received before."""

    form_key: str
    address: str
    values: Mapping[str, str]
    errors: Mapping[str, Problem]
    problems: tuple[Problem, ...] = ()
    received_at: datetime | None = None
    more: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Written:
    """A page with the policy under which its style sheets apply."""

    html: str
    policy: str


class Pages:
    """Renders the survey's pages and keeps what is the same for everybody, for one application."""

    def __init__(self, templates: Environment, css: str) -> None:
        self._templates = templates
        self._css = compact(css)
        self._asked: dict[tuple[int, str | None], Asked] = {}
        self._told: dict[int, Mapping[str, str]] = {}
        self._prepared: dict[tuple[Host, str, Band | None], Prepared] = {}
        self.policy = content_policy(self._css)

    def asked(self, session: Session, version_id: int, language: str | None = None) -> Asked:
        """Return what a version asks, in its own language or another; read once, because it never changes."""
        if (version_id, language) not in self._asked:
            self._asked[version_id, language] = asked_by(session, version_id, language)
        return self._asked[version_id, language]

    def told(self, session: Session, version: int, language: str, organisation: str | None) -> str:
        """Return what customers are told about their data; a version is read once, because it never changes."""
        if version not in self._told:
            self._told[version] = consent_texts(session, version)
        texts, tongue = self._told[version], tongue_of(language)
        name = organisation or tongue.say("Our customer team")
        return told(texts.get(tongue.spoken) or texts[MAIN], name)

    def form(self, host: Host, asked: Asked, leaf: Leaf, contact: str, state: FormState) -> Written:
        """Return a page with a form, filled with a visitor's values."""
        tongue = tongue_of(asked.questionnaire.language)
        live = "" if asked.is_plain else live_rules(leaf.blocks)
        page = self._ready(host, asked, leaf, tongue, live)
        values = {**page_values(tongue, contact, state, leaf), **field_values(tongue, leaf, state)}
        if asked.questionnaire.is_paged:
            # All answers are read once more before they are sent, after a single page too.
            values["button"] = tongue.say("Continue")
        return Written(page.filled(values), content_policy(self._css, live) if live else self.policy)

    def review(self, host: Host, asked: Asked, contact: str, state: FormState, lines: Sequence[Line]) -> Written:
        """Return the last page of a survey with several: all answers, each with its way back, and the button."""
        return self._written(
            "surveys/review.html",
            tongue_of(asked.questionnaire.language),
            host=host,
            asked=asked,
            contact=contact,
            state=state,
            lines=lines,
            said_answer=said_answer,
        )

    def thanks(self, host: Host, language: str, band: Band, **values: str) -> Written:
        """Return the page that follows a form that was stored, for a band of the questionnaire of a host.

        `values` are contact, address and own_words: the author's words as this person reads them, blank without any;
        and `again`, the fields of the form where only they lead back to it.
        """

        def prepare() -> Prepared:
            has_own_words = bool(values["own_words"])
            return self._cut(
                "surveys/thanks.html", tongue_of(language), host=host, has_own_words=has_own_words, band=band.value
            )

        page = self._kept((host, language, band), prepare)
        return Written(page.filled({name: str(escape(value)) for name, value in values.items()}), self.policy)

    def plain(self, template: str, language: str = MAIN, **values: Any) -> Written:
        """Return a page that is asked for rarely."""
        return self._written(template, tongue_of(language), **values)

    def _written(self, template: str, tongue: Tongue, **values: Any) -> Written:
        return Written(self._rendered(template, tongue, **values), self.policy)

    def _rendered(self, template: str, tongue: Tongue, **values: Any) -> str:
        shared = {"css": Markup(self._css), "tongue": tongue, "host": None, "live": None}  # noqa: S704  (our own file)
        return self._templates.get_template(template).render({**shared, **values})

    def _ready(self, host: Host, asked: Asked, leaf: Leaf, tongue: Tongue, live: str) -> Prepared:
        def prepare() -> Prepared:
            return self._prepare(host, asked, leaf, tongue, live)

        return self._kept((host, asked.questionnaire.language, None), prepare) if asked.is_plain else prepare()

    def _kept(self, key: tuple[Host, str, Band | None], prepare: Callable[[], Prepared]) -> Prepared:
        if key not in self._prepared:
            if len(self._prepared) >= MOST_KEPT:
                self._prepared.clear()
            self._prepared[key] = prepare()
        return self._prepared[key]

    def _prepare(self, host: Host, asked: Asked, leaf: Leaf, tongue: Tongue, live: str) -> Prepared:
        return self._cut(
            "surveys/survey.html",
            tongue,
            host=host,
            asked=asked,
            leaf=leaf,
            minutes=asked.minutes,
            scale_direction=scale_direction(asked.questionnaire, asked.questionnaire.language),
            languages=[(each, own_name(each)) for each in asked.languages],
            live=Markup(live),  # noqa: S704  (made of escaped names alone)
            described_by=described_by,
        )

    def _cut(self, template: str, tongue: Tongue, **values: Any) -> Prepared:
        slots = Slots(secrets.token_hex(16))
        mark = lambda name: Markup(slots.mark(name))  # noqa: E731, S704  (a random mark, not anybody's words)
        return slots.cut(self._rendered(template, tongue, slot=mark, **values))


def leaf_of(pages: Sequence[Sequence[Block]], position: int) -> Leaf:
    """The page at a position."""
    questions = total([block for page in pages for block in page])
    return Leaf(pages[position] if pages else (), position + 1, max(1, len(pages)), questions)


def answerable(leaf: Leaf) -> list[Field]:
    """The fields of a page that can be answered."""
    return [field for block in leaf.blocks for field in block.answerable]


def page_values(tongue: Tongue, contact: str, state: FormState, leaf: Leaf) -> dict[str, str]:
    """Return the slots around the questions: whom the page greets, the form's key, what was received or is wrong."""
    send = tongue.say("Send my changes") if state.received_at else tongue.say("Send my answers")
    values = {
        "contact": str(escape(contact)),
        "address": str(escape(state.address)),
        "form_key": str(escape(state.form_key)),
        "button": tongue.say("Continue") if leaf.count > 1 else send,
    }
    if state.errors or state.problems:
        values["error"] = f"{tongue.say('Error')}: "
        values["top"] = summary(tongue, state, leaf)
    elif state.more:
        values["top"] = note(*more_words(tongue, state.more))
    elif state.received_at:
        values["top"] = received(tongue, state.received_at)
    elif state.kept and leaf.is_first:
        values["top"] = note(*kept_words(tongue, state.kept))
    return values


def field_values(tongue: Tongue, leaf: Leaf, state: FormState) -> dict[str, str]:
    """Return the slots of the fields: what is chosen, what is written, and what is wrong with it."""
    values: dict[str, str] = {}
    for field in answerable(leaf):
        name = field.name
        if name in state.values:
            values |= entered(field, state.values)
        if name in state.errors:
            identity = f"{field.id}-error"
            words = say_problem(tongue, state.errors[name])
            values[f"error:{name}"] = f'<p class="err" id="{identity}">{escape(words)}</p>'
            values[f"described:{name}"] = f" {identity}"
            values[f"only:{name}"] = f' aria-describedby="{identity}"'
            values[f"invalid:{name}"] = ' aria-invalid="true"'
    return values


def entered(field: Field, entries: Mapping[str, str]) -> dict[str, str]:
    """Return the slots of one field that hold what was entered."""
    name, kind, value = field.name, field.question.kind, entries[field.name]
    if value.strip() in {choice.value for choice in field.opt_outs}:
        return {f"choice:{name}:{value.strip()}": " checked"}
    if kind == "ranking":
        given = [(each.key, entries.get(f"{name}/{each.key}", "")) for each in field.question.options]
        order = [(option, str(place)) for place, option in enumerate(value.split(), start=1)]
        places = given if any(place for _, place in given) else order
        return {f"rank:{name}:{option}:{place}": " selected" for option, place in places}
    if field.choices:
        chosen = value.split() if kind == "multiple_choice" else [value.strip()]
        return {f"choice:{name}:{each}": " checked" for each in chosen}
    return {f"text:{name}": str(escape(writable(value)))}


def summary(tongue: Tongue, state: FormState, leaf: Leaf) -> str:
    """Return the list of what is wrong, each line leading to its question."""
    ids = {field.name: field.id for field in answerable(leaf)}
    lines = [f"<li>{escape(say_problem(tongue, problem))}</li>" for problem in state.problems]
    names = [*ids, *(name for name in state.errors if name not in ids)]
    lines += [
        f'<li><a href="#{ids.get(name, "")}">{escape(say_problem(tongue, state.errors[name]))}</a></li>'
        for name in names
        if name in state.errors
    ]
    title, after = tongue.say("Nothing is stored yet"), tongue.say("All that you entered is still below.")
    return (
        f'<div class="note bad" role="alert"><p><b>{escape(title)}</b></p>'
        f"<ul>{''.join(lines)}</ul><p>{escape(after)}</p></div>"
    )


def say_problem(tongue: Tongue, problem: Problem) -> str:
    """Return what is wrong in the reader's language, its numbers too."""
    return tongue.say(problem.sentence, **{name: said_value(tongue, value) for name, value in problem.values.items()})


def said_value(tongue: Tongue, value: str) -> str:
    """Return a value inside a sentence: a whole number as the reader's language writes it, anything else as it is."""
    plain = value.replace(",", "")
    return tongue.number(plain) if plain.isdigit() else value


def said_answer(tongue: Tongue, line: Line) -> str:
    """Return an answer as it is read once more: words of ours, days and numbers in the reader's language."""
    if line.is_ours:
        return tongue.say(line.answer)
    return tongue.day(date.fromisoformat(line.answer)) if line.is_day else tongue.number(line.answer)


def received(tongue: Tongue, at: datetime) -> str:
    """Return the note above a form that was answered before."""
    when = tongue.say(
        "We received them on {moment}. Change what you like and send them again.", moment=tongue.moment(at)
    )
    return note(tongue.say("Your answers have arrived"), when)


def more_words(tongue: Tongue, more: int) -> tuple[str, str]:
    """Return the words above a page on which answers have opened further questions."""
    follow = tongue.say_count(
        "{count} more question follows from them.", "{count} more questions follow from them.", more
    )
    return tongue.say("Your answers have arrived"), follow


def kept_words(tongue: Tongue, kept: int) -> tuple[str, str]:
    """Return the words above the rest of an interview."""
    words = tongue.say_count(
        "The {count} answer that you gave in our talk is kept; only what is still open is asked here.",
        "The {count} answers that you gave in our talk are kept; only what is still open is asked here.",
        kept,
    )
    return tongue.say("The rest of our talk"), words


def note(title: str, words: str) -> str:
    """Return a note above a form."""
    return f'<div class="note" role="status"><p><b>{escape(title)}</b></p><p>{escape(words)}</p></div>'


def writable(text: str) -> str:
    """Return a text as a page may carry it: what no page can show is replaced, everything else stays."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def described_by(field: Field) -> str:
    """Return the ids of what always describes a field: its hint, and the ends of its scale."""
    parts = (("hint", field.question.hint), ("ends", field.question.anchors))
    return " ".join(f"{field.id}-{name}" for name, is_there in parts if is_there)


def compact(css: str) -> str:
    """Return a style sheet without comments and line breaks: it travels with every page."""
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()


def content_policy(*sheets: str) -> str:
    """Return what browsers may do on a survey's page: apply its own style sheets, and send its form to us."""
    digests = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}'" for css in sheets)
    return (
        f"default-src 'none'; style-src {digests}; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; object-src 'none'"
    )
