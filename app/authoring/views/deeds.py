"""What the editor's buttons do to a draft, once what was typed beside them is in it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.authoring.forms import good_key, number_sent
from app.authoring.rules import arranging
from app.authoring.rules.parts import (
    ABOUT,
    QUESTION,
    SECTION,
    Document,
    Entry,
    entry_at,
    keys,
    ordered,
    place_of,
    split_place,
    with_entry,
)
from app.core.errors import Refusal
from app.questionnaires.rules.kinds import KINDS

Taken = Callable[[], set[str]]


@dataclass(frozen=True)
class Deed:
    """A draft after a button: its document, the part to show next, and another page to go on to, if any."""

    document: Document
    place: str
    onward: str = ""


def done(document: Document, place: str, typed: Entry, form: MultiDict[str, str], *, taken: Taken) -> Deed:
    """Return the draft with what was typed at a place, after the pressed button; Refusal says why it cannot be."""
    document = arranging.aligned(with_entry(document, place, typed), typed)
    document, place = _with_key(document, place, form)
    verb, _, argument = form.get("do", "save").partition(":")
    deed = _DEEDS.get(verb)
    if form.get("go"):
        return _gone(document, place, form["go"])
    try:
        return deed(document, place, argument, form, taken) if deed else Deed(document, place)
    except ValueError as error:
        raise Refusal(str(error)) from error


def _gone(document: Document, place: str, target: str) -> Deed:
    """Follow a button that leads to another part, or to another page of the draft."""
    if target.startswith("page:"):
        endpoint, _, language = target.removeprefix("page:").partition(":")
        return Deed(document, place, _address(endpoint, document["key"], language))
    return Deed(document, target if entry_at(document, target) is not None else place)


def _address(page: str, key: str, language: str) -> str:
    if page != "translate":
        return url_for("authoring.publish", key=key)
    if language:
        return url_for("authoring.translate", key=key, language=language)
    return url_for("authoring.languages", key=key)


def _with_key(document: Document, place: str, form: MultiDict[str, str]) -> tuple[Document, str]:
    """Give a question the key that was typed for it, where another was."""
    kind, key = split_place(place)
    typed = form.get("key", "").strip()
    if kind != QUESTION or not typed or typed == key:
        return document, place
    new = good_key(typed, set(keys(document, QUESTION)) - {key})
    return arranging.renamed(document, key, new), place_of(QUESTION, new)


def _add(document: Document, place: str, _argument: str, form: MultiDict[str, str], taken: Taken) -> Deed:
    kind = form.get("new_kind", "")
    if kind not in KINDS:
        raise Refusal("Choose a kind from the list.", "new_kind")
    here, key = split_place(place)
    after = key if here == QUESTION else ""
    sections = keys(document, SECTION)
    section = (entry_at(document, place) or {}).get("section") if after else key if here == SECTION else ""
    if not section and not sections:
        document, made = arranging.with_section(document)
        sections = [split_place(made)[1]]
    entry = arranging.new_question(kind, section or sections[-1], key=arranging.free_key(document["key"], taken()))
    return Deed(*arranging.with_question(document, entry, after=after))


def _add_section(document: Document, place: str, _argument: str, _form: MultiDict[str, str], _taken: Taken) -> Deed:
    kind, key = split_place(place)
    after = (entry_at(document, place) or {}).get("section", "") if kind == QUESTION else key
    return Deed(*arranging.with_section(document, after=after))


def _add_row(document: Document, place: str, _argument: str, _form: MultiDict[str, str], taken: Taken) -> Deed:
    entry = entry_at(document, place) or {}
    head = entry_at(document, place_of(QUESTION, entry.get("matrix") or entry.get("key", "")))
    if head is None or head["kind"] != "matrix":
        raise Refusal("Only a matrix has rows.")
    return Deed(*arranging.new_row(document, head, key=arranging.free_key(head["key"], taken())))


def _duplicate(document: Document, place: str, _argument: str, _form: MultiDict[str, str], taken: Taken) -> Deed:
    if split_place(place)[0] != QUESTION:
        raise Refusal("Only a question can be copied.")
    return Deed(*arranging.duplicated(document, place, key=arranging.free_key(split_place(place)[1], taken())))


def _delete(document: Document, place: str, _argument: str, _form: MultiDict[str, str], _taken: Taken) -> Deed:
    if split_place(place)[0] not in {QUESTION, SECTION}:
        raise Refusal("This cannot be deleted.")
    return Deed(arranging.without(document, place), _beside(document, place))


def _restore(document: Document, _place: str, argument: str, _form: MultiDict[str, str], _taken: Taken) -> Deed:
    return Deed(*arranging.restored(document, number_sent(argument)))


def _up(document: Document, place: str, _argument: str, _form: MultiDict[str, str], _taken: Taken) -> Deed:
    return Deed(arranging.moved(document, place, -1), place)


def _down(document: Document, place: str, _argument: str, _form: MultiDict[str, str], _taken: Taken) -> Deed:
    return Deed(arranging.moved(document, place, 1), place)


def _option_up(document: Document, place: str, argument: str, _form: MultiDict[str, str], _taken: Taken) -> Deed:
    entry = arranging.with_option_up(entry_at(document, place) or {}, number_sent(argument))
    return Deed(arranging.aligned(with_entry(document, place, entry), entry), place)


_DEEDS: dict[str, Callable[[Document, str, str, MultiDict[str, str], Taken], Deed]] = {
    "add": _add,
    "add_section": _add_section,
    "add_row": _add_row,
    "duplicate": _duplicate,
    "delete": _delete,
    "restore": _restore,
    "up": _up,
    "down": _down,
    "option_up": _option_up,
}


def _beside(document: Document, place: str) -> str:
    """Return the place to show once this one is gone: the one above it, or the whole."""
    kind, key = split_place(place)
    listed = [entry["key"] for entry in ordered(document)] if kind == QUESTION else keys(document, kind)
    at = listed.index(key) if key in listed else 0
    return place_of(kind, listed[at - 1]) if at > 0 else ABOUT
