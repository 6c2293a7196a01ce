"""What the forms of interviews send."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from werkzeug.datastructures import MultiDict

from app.core.errors import Refusal
from app.interviews.rules.items import Typed
from app.questionnaires.rules.kinds import ABSENCES, ABSENT

_NUMBER = re.compile(r"[0-9]{1,9}")
_SMALL = re.compile(r"[1-9][0-9]?")
PLACE = "place/"
_SAVE_KEY = re.compile(r"[0-9a-f]{16,36}")
_PERSON = re.compile(r"person-([0-9]{1,9})")


def typed_in(form: MultiDict[str, str]) -> Typed:
    """Return what was typed at one question; an absence may come in place of a value, as a page's radios send it."""
    sent = form.to_dict()
    value, absence = _value_in(form), sent.get("absence", "")
    if value in ABSENCES and not absence:
        value, absence = "", value.removeprefix(ABSENT)
    return Typed(
        value=value,
        absence=absence,
        note=sent.get("note", ""),
        quote=sent.get("quote", ""),
        quote_permission=sent.get("quote_permission", ""),
        probes=tuple(form.getlist("probes")),
        reason=sent.get("reason", ""),
        paraphrase=sent.get("paraphrase", ""),
        star=sent.get("star", ""),
        later=sent.get("later", "") or ("1" if sent.get("go") == "later" else ""),
    )


def _value_in(form: MultiDict[str, str]) -> str:
    """The answer as its kind reads it: boxes come one by one, and so do the places of a ranking (`place/OPTION`)."""
    places = [(form[name].strip(), name.removeprefix(PLACE)) for name in form if name.startswith(PLACE)]
    taken = Counter(place for place, _ in places)
    ranked = sorted((int(place), option) for place, option in places if _SMALL.fullmatch(place))
    if ranked:
        # Two options at one place make no order; twice the same option is what no kind accepts.
        return " ".join(option if taken[str(place)] == 1 else f"{option} {option}" for place, option in ranked)
    return " ".join(form.getlist("value"))


def revision_in(form: Mapping[str, str]) -> int:
    """Return the revision that a question was read at; Refusal where there is none."""
    raw = form.get("revision", "")
    if not _NUMBER.fullmatch(raw):
        raise Refusal("The page does not say which version it shows; reload it.", "revision")
    return int(raw)


def save_key_in(form: Mapping[str, str]) -> str | None:
    """Return what the page calls this save; None where it sends none, as pages without script."""
    raw = form.get("save_key", "")
    if raw and not _SAVE_KEY.fullmatch(raw):
        raise Refusal("The page does not name its save as it should; reload it.", "save_key")
    return raw or None


def instant_in(raw: str) -> datetime | None:
    """Return the instant that a page last heard of; None where it is none, and everything is told anew."""
    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return found if found.tzinfo else None


def note_taker_in(form: Mapping[str, str]) -> int | None:
    """Return who is to take notes, None for nobody; Refusal where the value is none of the list."""
    raw = form.get("note_taker", "")
    if raw and not _NUMBER.fullmatch(raw):
        raise Refusal("Choose somebody from the list, or nobody.", "note_taker")
    return int(raw) if raw else None


def chosen_people(form: Mapping[str, str]) -> dict[int, str]:
    """Return what was chosen for each person of the list: respondent id -> the sent value, blank where nothing."""
    found = ((_PERSON.fullmatch(name), value) for name, value in form.items())
    return {int(match[1]): value for match, value in found if match}


def interviewer_in(raw: str) -> int:
    """Return the interviewer that was chosen; Refusal where the value is none of the list."""
    if not _NUMBER.fullmatch(raw):
        raise Refusal("Choose an interviewer from the list.", "interviewers")
    return int(raw)
