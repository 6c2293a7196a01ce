"""One row of the survey sheet as a question, with its texts in other languages."""

from typing import Any

from app.questionnaires.rules.reading import QUESTION_KEY
from app.questionnaires.rules.xlsform import types
from app.questionnaires.rules.xlsform.cells import Context, combined, expression_of, flag_of, text_of
from app.questionnaires.rules.xlsform.draft import Draft, Place, add_text
from app.questionnaires.rules.xlsform.lists import SCALES, ChoiceList, options_of
from app.questionnaires.rules.xlsform.probes import probes_of
from app.questionnaires.rules.xlsform.sheets import MAIN, OWN, Row

_MEDIA = ("image", "big-image", "audio", "video")
_WORDS_OF_OTHERS = ("required_message",)
_OWN_WORDS = ("dimension", "value_side", "value_aspect", "importance", "about")
_OWN_LISTS = ("asked_in", "opt_outs")
_OWN_FLAGS = ("reverse", "core")
READ = frozenset({
    "type", "name", "label", "hint", "guidance_hint", "relevant", "constraint", "constraint_message", "required",
    "calculation", "parameters", "disabled", "repeat_count", "choice_filter", "default", "readonly", "trigger",
    "save_to",
    *_MEDIA,
    *(f"{OWN}::{name}" for name in (*_OWN_WORDS, *_OWN_LISTS, *_OWN_FLAGS)),
    *(f"{OWN}::{name}" for name in ("kind", "script", "key", "per", "minutes", "pipe", "position")),
})  # fmt: skip
"""The columns of the survey sheet that are read; all others are left out, and named."""

_REFUSED = {
    "choice_filter": "options that depend on other answers do not exist",
    "default": "questions begin without an answer",
    "trigger": "values are computed whenever they are needed",
    "save_to": "answers are not saved to entities",
}
_UNANSWERED = frozenset({"note", "matrix", "calculated"})


def add_question(draft: Draft, row: Row, place: Place, context: Context) -> dict[str, Any] | None:
    """Add the question of a row; None where there is none of its type, which is noted."""
    note_refused(row, context)
    kind = _kind_of(row, context)
    if kind is None:
        return None
    entry = _entry(draft, row, kind, place, context)
    _add_answers(draft, row, entry, context)
    draft.questions.append(entry)
    draft.positions.append(row.get(f"{OWN}::position"))
    return entry


def add_head(draft: Draft, row: Row, place: Place, context: Context, *, kind: str = "matrix") -> dict[str, Any]:
    """Add the head of a matrix, or the note that a group's label becomes."""
    note_refused(row, context)
    entry = _entry(draft, row, kind, place, context)
    draft.questions.append(entry)
    draft.positions.append(row.get(f"{OWN}::position"))
    return entry


def key_of(row: Row, context: Context) -> str:
    """The key that a row gives its question or section; a name that cannot be one is noted."""
    key = row.get(f"{OWN}::key") or row.get("name") or f"generated_note_name_{row.number}"
    if not QUESTION_KEY.fullmatch(key):
        context.findings.refuse(
            row, "the name must be at most 64 plain letters, digits, _ . or -, and begin with a letter or _"
        )
    return key


def note_refused(row: Row, context: Context) -> None:
    """Note the columns of a row that ask for what Parallax does not have."""
    for column in _MEDIA:
        if row.words(column) or row.translated(column):
            context.findings.refuse(row, f"{column}: texts come without pictures, sound and films")
    for column, reason in _REFUSED.items():
        if row.get(column):
            context.findings.refuse(row, f"{column} “{row.get(column)[:80]}”: {reason}")
    for column in _WORDS_OF_OTHERS:
        if row.words(column) or row.translated(column):
            context.findings.leave_out(row, f"{column}: Parallax says in its own words that an answer is missing")


def _kind_of(row: Row, context: Context) -> str | None:
    written, forced = row.get("type"), row.get(f"{OWN}::kind")
    select = types.select_of(written)
    kind = types.KINDS.get(types.plain(written))
    if select is not None:
        return _kind_of_select(row, select, forced, context)
    if types.plain(written) == "range":
        return _scale_of_range(row, context)
    if kind is None:
        context.findings.refuse(row, types.why_not(written))
        return None
    if row.get("parameters"):
        context.findings.leave_out(row, f"parameters “{row.get('parameters')[:80]}”")
    if forced and forced != kind:
        context.findings.refuse(row, f"{OWN}::kind “{forced[:80]}” does not go with the type “{written[:80]}”")
    return kind


def _kind_of_select(row: Row, select: types.Select, forced: str, context: Context) -> str | None:
    if select.kind is None:
        context.findings.refuse(row, f"the type “{row.get('type')[:80]}”: lists in other files or sheets are not read")
        return None
    if select.has_other:
        context.findings.refuse(row, "or_other: write the other answer as an option, and a text question after it")
    if "randomize" in row.get("parameters"):
        context.findings.refuse(row, "randomize: options stand in their order")
    elif row.get("parameters"):
        context.findings.leave_out(row, f"parameters “{row.get('parameters')[:80]}”")
    choices = context.lists.get(select.list_name)
    if choices is None:
        context.findings.refuse(row, f"there is no list “{select.list_name[:80]}” in the sheet choices")
        return None
    if select.kind != "single_choice" or forced == "single_choice":
        return select.kind
    if not forced:
        return choices.scale() or select.kind
    if forced not in {*SCALES, "yes_no"} or not choices.has_keys_of(forced):
        context.findings.refuse(row, f"{OWN}::kind “{forced[:80]}” does not go with the list “{choices.name}”")
        return None
    return forced


def _scale_of_range(row: Row, context: Context) -> str | None:
    given = dict(part.split("=", 1) for part in row.get("parameters").replace(",", " ").split() if "=" in part)
    start, end, step = (given.get(name, default) for name, default in (("start", "1"), ("end", "10"), ("step", "1")))
    for kind, numbers in SCALES.items():
        if (start, end, step) == (str(numbers[0]), str(numbers[-1]), "1"):
            return kind
    context.findings.refuse(
        row, f"the range from {start[:9]} to {end[:9]} by {step[:9]}: scales run from 0 to 10, 1 to 5 or 1 to 7"
    )
    return None


def _entry(draft: Draft, row: Row, kind: str, place: Place, context: Context) -> dict[str, Any]:
    key = key_of(row, context)
    here = f"question.{key}"
    text = add_text(draft, row, "label", f"{here}.text", context)
    if text is None and kind == "calculated":
        text = key
    if text is None:
        context.findings.refuse(row, "it has no label; write what is asked")
    entry: dict[str, Any] = {"key": key, "kind": kind, "text": text, "section": place.section}
    own = expression_of(row, "relevant", context)
    entry["relevant"] = combined([*place.conditions, *([own] if own else [])])
    for column, name in (("hint", "hint"), (f"{OWN}::script", "script")):
        entry[name] = add_text(draft, row, column, f"{here}.{name}", context)
    entry["probes"] = probes_of(draft, row, here, context)
    _add_own(row, entry)
    _add_rules(draft, row, entry, context)
    return {name: value for name, value in entry.items() if value not in (None, [], False)}


def _add_own(row: Row, entry: dict[str, Any]) -> None:
    for name in _OWN_WORDS:
        entry[name] = row.get(f"{OWN}::{name}") or None
    for name in _OWN_LISTS:
        entry[name] = row.get(f"{OWN}::{name}").split()
    for name in _OWN_FLAGS:
        entry[name] = row.get(f"{OWN}::{name}").casefold() in {"yes", "true"}


def _add_rules(draft: Draft, row: Row, entry: dict[str, Any], context: Context) -> None:
    calculation = expression_of(row, "calculation", context)
    if entry["kind"] == "calculated":
        entry["calculation"] = calculation
    elif row.get("calculation"):
        context.findings.refuse(
            row, "calculation: only the type calculate computes a value; respondents answer the rest"
        )
    if entry["kind"] in _UNANSWERED:
        for column in ("required", "constraint", "constraint_message"):
            if row.get(column):
                context.findings.leave_out(row, f"{column}: nothing is answered here")
        return
    if row.get("readonly"):
        context.findings.refuse(row, "read_only: a question can be answered; use a note for what is only read")
    entry["required"] = flag_of(row, "required", context)
    _add_constraint(draft, row, entry, context)
    entry["whole"] = entry["kind"] == "number" and types.plain(row.get("type")) not in types.WITH_DECIMALS


def _add_constraint(draft: Draft, row: Row, entry: dict[str, Any], context: Context) -> None:
    implied = types.CONSTRAINTS.get(types.plain(row.get("type")))
    own = expression_of(row, "constraint", context)
    entry["constraint"] = combined([each for each in (implied, own) if each])
    if types.plain(row.get("type")) == "phone number":
        context.findings.leave_out(row, "phone number: the text may hold other characters than digits")
    if row.words("constraint_message") and not row.get("constraint"):
        context.findings.leave_out(row, "constraint_message: there is no constraint that it could belong to")
    elif row.get("constraint"):
        place = f"question.{entry['key']}.constraint_message"
        entry["constraint_message"] = add_text(draft, row, "constraint_message", place, context)


def _add_answers(draft: Draft, row: Row, entry: dict[str, Any], context: Context) -> None:
    select = types.select_of(row.get("type"))
    choices = context.lists.get(select.list_name) if select else None
    if choices is None:
        return
    if entry["kind"] in SCALES:
        _add_anchors(draft, row, entry, choices, context)
    elif entry["kind"] == "yes_no":
        for words in choices.other_words():
            context.findings.leave_out(row, f"the label “{words[:80]}”: yes and no are named by Parallax")
    else:
        place = f"question.{entry['key']}.options"
        entry["options"] = [
            {**option, "label": text_of(option["label"], row, context)}
            for option in options_of(choices, context.findings)
        ]
        for choice in choices.choices:
            texts = {language: text_of(label, None, context) for language, label in choice.labels.items() if language}
            draft.translate(f"{place}.{choice.key}", texts)


def _add_anchors(draft: Draft, row: Row, entry: dict[str, Any], choices: ChoiceList, context: Context) -> None:
    for words in choices.inner_words():
        context.findings.leave_out(row, f"the label “{words[:80]}”: only the ends of a scale have words")
    low, high = choices.choices[0], choices.choices[-1]
    if low.words() and high.words():
        entry["anchors"] = {"low": text_of(low.words(), row, context), "high": text_of(high.words(), row, context)}
        for name, choice in (("low", low), ("high", high)):
            texts = {each: text_of(choice.words(each), None, context) for each in choice.labels if each != MAIN}
            draft.translate(f"question.{entry['key']}.anchors.{name}", texts)
