"""What one person said, question by question, with every earlier version: finished texts only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.display import day, instant, number
from app.core.words import capital, counted, label, listed
from app.questionnaires.rules.kinds import KINDS
from app.questionnaires.rules.piping import filled
from app.questionnaires.rules.quoting import LEVELS, PERMISSION, is_withheld
from app.questionnaires.rules.route import Facts, Item, Slot

ABSENCES = {
    "not_applicable": "Does not apply",
    "dont_know": "Did not know",
    "refused": "Did not want to answer",
}
"""Why there is no answer, in words; other reasons stand as they were written."""

LEFT_OUT = "…"
"""What stands in a question for the words that it took from the person or from an earlier answer."""

WITHHELD_WORDS = "The words are withheld: this person does not want to be quoted."


@dataclass(frozen=True)
class Version:
    """One thing that was recorded: what it says, when and by whom, and until when it held."""

    words: str
    at: str
    by: str
    until: str = ""


@dataclass(frozen=True)
class Noted:
    """What an interviewer noted around a question: note, quote and how it may be used, why no answer, probes asked.

    What is a paraphrase is no quote: it stands there in the interviewer's words.
    """

    note: str
    quote: str
    level: str
    is_paraphrase: bool
    absence: str
    probes: str
    at: str
    by: str
    until: str = ""


@dataclass
class Asked:
    """One question with its current answer and remark, and what stood there before.

    `about` names the relationship or promise that it was asked about, where the text does not.
    """

    text: str
    about: str = ""
    answer: Version | None = None
    earlier: list[Version] = field(default_factory=list)
    remark: Noted | None = None
    earlier_remarks: list[Noted] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many earlier versions there are."""
        return len(self.earlier) + len(self.earlier_remarks)


@dataclass(frozen=True)
class Sent:
    """One time that the response was sent, and whether and why it was opened again."""

    at: str
    by: str
    reopened: str
    reason: str


@dataclass(frozen=True)
class ResponsePage:
    """The whole page."""

    title: str
    lede: str
    who: str
    study_key: str
    study_name: str
    account_id: str
    account_name: str
    facts: list[tuple[str, str]]
    level: str
    questions: list[Asked]
    unanswered: int
    sent: list[Sent]
    flags: list[tuple[str, str]]


def response_page(told: Any) -> ResponsePage:
    """The page of a `queries.responses.ToldResponse`."""
    sees_names = told.name is not None
    own_level = next((row.text for row in told.answers if row.question == PERMISSION and not row.superseded_at), None)
    questions = asked_questions(told, own_level=own_level, sees_names=sees_names)
    answered = [each for each in questions if each.answer or each.remark]
    changed = sum(each.changes for each in questions)
    who = f"{told.name}, {label(told.role).lower()}" if told.name else label(told.role)
    source = "an import" if told.response.source == "import" else f"the {told.response.source}"
    return ResponsePage(
        title=f"{who} at {told.account.name} answered {counted(len([q for q in questions if q.answer]), 'question')}",
        lede=_lede(told, changed),
        who=who,
        study_key=told.study.key,
        study_name=told.study.name,
        account_id=told.account.crm_id,
        account_name=told.account.name,
        facts=[
            ("Response", told.response.external_id),
            ("How", label(told.response.mode)),
            ("Came by", source),
            ("Questionnaire", f"{told.version.name}, version {told.version.version}"),
            ("Sent", instant(told.response.submitted_at) if told.response.submitted_at else "not yet"),
            ("Last change", instant(told.response.changed_at)),
            *_told_about_data(told.response.consent_version),
        ],
        level="Do not quote" if is_withheld(own_level) else capital(LEVELS.get(own_level or "", "")),
        questions=answered,
        unanswered=len(questions) - len(answered),
        sent=[sent(row) for row in told.submissions],
        flags=[(label(flag["kind"]), flag["reason"]) for flag in told.flags],
    )


def asked_questions(told: Any, *, own_level: str | None, sees_names: bool) -> list[Asked]:
    """Every place of the version in the order of asking, then those that only other versions have.

    A looped question has a place for each relationship or promise. Notes are for those who may know the person. Words
    that must not be quoted are too.
    """
    definitions = {each["key"]: each for each in told.version.definition.get("questions", [])}
    hides = is_withheld(own_level) and not sees_names
    places = dict(_places(told))
    for row in told.answers:
        asked = places.setdefault(Slot(row.question, row.item), _elsewhere(row, definitions))
        version = _version(row, definitions.get(row.question, {}), told, hides=hides)
        if row.superseded_at is None:
            asked.answer = version
        else:
            asked.earlier.append(version)
    for row in told.remarks:
        asked = places.setdefault(Slot(row.question, row.item), _elsewhere(row, definitions))
        noted = _noted(row, sees_names=sees_names, own_level=own_level)
        if noted is None:
            continue
        if row.superseded_at is None:
            asked.remark = noted
        else:
            asked.earlier_remarks.append(noted)
    return list(places.values())


def _places(told: Any) -> Iterator[tuple[Slot, Asked]]:
    for section in told.questionnaire.sections:
        here = [question for question in told.questionnaire.questions if question.section == section.key]
        for item in Facts(items=told.items).about(section):
            for question in here:
                yield Slot(question.key, item.key if item else ""), _asked(question.text, item)


def _asked(text: str, item: Item | None) -> Asked:
    """A question in words that tell nothing of the person, who may not be known to the reader."""
    words = filled(text, lambda name: (item.fact(name) if item else "") or LEFT_OUT)
    return Asked(words, item.name if item and item.name not in words else "")


def _elsewhere(row: Any, definitions: Mapping[str, Any]) -> Asked:
    """A place that the version has not, or not any more: of a relationship that is gone its id is known."""
    return Asked(
        filled(definitions.get(row.question, {}).get("text", label(row.question)), lambda _: LEFT_OUT), row.item
    )


def answer_words(value_number: float | None, value_text: str | None, question: Mapping[str, Any]) -> str:
    """An answer as a person reads it: `4 of 5`, the label of a choice, yes or no, the words themselves."""
    kind = KINDS.get(str(question.get("kind", "")))
    options = {each["key"]: each["label"] for each in question.get("options", [])}
    if value_text is not None:
        return str(options.get(value_text, label(value_text) if kind and kind.name == "yes_no" else value_text))
    if value_number is None:
        return "no answer"
    digits = 0 if float(value_number).is_integer() else 2
    scale = f" of {number(kind.maximum)}" if kind and kind.maximum else ""
    return f"{number(value_number, digits)}{scale}"


def removed_words(at: datetime) -> str:
    """What stands where words stood that were taken away."""
    return f"The words were removed on {day(at.date())}."


def sent(row: Any) -> Sent:
    """One submission in words."""
    reopened = ""
    if row.reopened_at:
        reopened = f"Opened again {instant(row.reopened_at)}" + (f" by {row.reopened_by}" if row.reopened_by else "")
    return Sent(instant(row.submitted_at), row.submitted_by or "the respondent", reopened, row.reason or "")


def _version(row: Any, question: Mapping[str, Any], told: Any, *, hides: bool) -> Version:
    is_text = question.get("kind", "text") == "text" and row.number is None
    words = WITHHELD_WORDS if is_text and hides else answer_words(row.number, row.text, question)
    words = removed_words(row.blanked_at) if row.blanked_at else words
    by = row.by or ("an import" if told.response.source == "import" else "the respondent")
    return Version(words, instant(row.at), by, instant(row.superseded_at) if row.superseded_at else "")


def _noted(row: Any, *, sees_names: bool, own_level: str | None) -> Noted | None:
    level = "Do not quote" if is_withheld(own_level, row.quote_permission) else ""
    level = level or capital(LEVELS.get(row.quote_permission or own_level or "", ""))
    quote = row.quote or ""
    if quote and not sees_names and is_withheld(own_level, row.quote_permission):
        quote = ""
    noted = Noted(
        note=(row.note or (removed_words(row.blanked_at) if row.blanked_at else "")) if sees_names else "",
        quote=quote,
        level=level if quote else "",
        is_paraphrase=row.is_paraphrase,
        absence=_why_none(row, sees_names=sees_names),
        probes=listed([f"“{probe}”" for probe in row.probes or []]) if sees_names else "",
        at=instant(row.at),
        by=row.by or "an import",
        until=instant(row.superseded_at) if row.superseded_at else "",
    )
    return noted if noted.note or noted.quote or noted.absence or noted.probes else None


def _why_none(row: Any, *, sees_names: bool) -> str:
    """Why there is no answer; an interviewer's own reason is for those who may know the person, as notes are."""
    if row.reason:
        return row.reason if sees_names else "Skipped"
    return ABSENCES.get(row.absence or "", label(row.absence) if row.absence else "")


def _told_about_data(version: int | None) -> list[tuple[str, str]]:
    """Which text about their data stood below the form; nothing where there was no form."""
    return [] if version is None else [("Told about data", f"text version {version}")]


def _lede(told: Any, changed: int) -> str:
    times = len(told.submissions)
    state = "Sent" if told.response.submitted_at else "Not sent yet: it enters no score"
    if times > 1:
        state = f"Sent {counted(times, 'time')}"
    history = f"{counted(changed, 'earlier version')} kept" if changed else "nothing was changed since"
    return f"{state}; {history}."
