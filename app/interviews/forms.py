"""What the forms of interviews send."""

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from app.core.errors import Refusal
from app.interviews.rules.items import Typed
from app.questionnaires.rules.kinds import ABSENT

_NUMBER = re.compile(r"[0-9]{1,9}")
_PERSON = re.compile(r"person-([0-9]{1,9})")


def typed_in(form: MultiDict[str, str]) -> Typed:
    """Return what was typed at one question; an absence may come in place of a value, as a page's radios send it."""
    value, absence = form.get("value", ""), form.get("absence", "")
    if value.startswith(ABSENT) and not absence:
        value, absence = "", value.removeprefix(ABSENT)
    return Typed(
        value=value,
        absence=absence,
        note=form.get("note", ""),
        quote=form.get("quote", ""),
        quote_permission=form.get("quote_permission", ""),
        probes=tuple(form.getlist("probes")),
    )


def revision_in(form: Mapping[str, str]) -> int:
    """Return the revision that a question was read at; Refusal where there is none."""
    raw = form.get("revision", "")
    if not _NUMBER.fullmatch(raw):
        raise Refusal("The page does not say which version it shows; reload it.", "revision")
    return int(raw)


def chosen_people(form: Mapping[str, str]) -> dict[int, str]:
    """Return what was chosen for each person of the list: respondent id -> the sent value, blank where nothing."""
    found = ((_PERSON.fullmatch(name), value) for name, value in form.items())
    return {int(match[1]): value for match, value in found if match}


def interviewer_in(raw: str) -> int:
    """Return the interviewer that was chosen; Refusal where the value is none of the list."""
    if not _NUMBER.fullmatch(raw):
        raise Refusal("Choose an interviewer from the list.", "interviewers")
    return int(raw)
