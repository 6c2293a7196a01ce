"""From the sheets of an XLSForm to the document of a questionnaire; what Parallax does not have is named, all of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.questionnaires.rules.definition import Band
from app.questionnaires.rules.xlsform import types
from app.questionnaires.rules.xlsform.cells import Context, text_of
from app.questionnaires.rules.xlsform.draft import Draft, add_text
from app.questionnaires.rules.xlsform.languages import code_of
from app.questionnaires.rules.xlsform.layout import add_sections, note_doubled_names, tree
from app.questionnaires.rules.xlsform.lists import lists_of
from app.questionnaires.rules.xlsform.questions import READ
from app.questionnaires.rules.xlsform.sheets import OWN, Column, Findings, Row, column_of, named_languages, rows_of

SheetRows = Sequence[Mapping[str, str]]

_SETTINGS = frozenset({"form_title", "form_id", "default_language", "style", "name", f"{OWN}::name"})
_NOTHING_TO_SEE = frozenset({"likert", "", *("table-list", "field-list", "label", "list-nolabel")})
_PAGES = "pages"


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook as rows by heading, and the headings of the two that have them in an order."""

    survey: SheetRows
    survey_headings: Sequence[str]
    choices: SheetRows = ()
    choices_headings: Sequence[str] = ()
    settings: SheetRows = ()
    elsewhere: Sequence[str] = ()
    unread: Sequence[str] = ()


@dataclass(frozen=True)
class Converted:
    """A questionnaire as a document, and what was left out of it, in sentences."""

    document: dict[str, Any]
    warnings: tuple[str, ...] = ()


class UnsupportedError(ValueError):
    """What a file holds that Parallax does not have, each in a sentence; nothing less than all of it."""

    def __init__(self, constructs: Sequence[str], warnings: Sequence[str]) -> None:
        super().__init__("\n".join(constructs))
        self.constructs = tuple(constructs)
        self.warnings = tuple(warnings)


def document_of(book: Book, key: str) -> Converted:
    """The document under a key; UnsupportedError names everything in the file that cannot be represented.

    The document is not yet checked as a questionnaire: `parse_definition` does that.
    """
    findings = Findings()
    main = _main_language(book, findings)
    settings = _settings(book, main, findings)
    survey = _enabled(rows_of("survey", book.survey, book.survey_headings, main, findings), findings)
    choices = rows_of("choices", book.choices, book.choices_headings, main, findings)
    used = _used_lists(survey)
    context = _context(survey, lists_of(choices, used, findings), findings)
    draft = Draft()
    named = next((row.get("name") for row in survey if types.plain(row.get("type")) == "set form title"), key)
    document = {"key": key, "language": main, **_head(draft, settings, named, context)}
    _note_settings(settings, key, findings)
    asked = [row for row in survey if not _is_beside(row)]
    nodes = tree(asked, context)
    note_doubled_names(nodes, context)
    add_sections(draft, nodes, document["name"], context)
    _note_what_is_not_read(book, asked, findings)
    for name in context.lists:
        if name not in used:
            findings.leave_out(None, f"choices, list “{name[:80]}”: no question uses it")
    if not draft.questions and not findings.unsupported:
        findings.refuse(None, "survey: there are no questions")
    if findings.unsupported:
        raise UnsupportedError(findings.unsupported, findings.left_out)
    return Converted(_finished(document, draft), tuple(findings.left_out))


def _main_language(book: Book, findings: Findings) -> str:
    named = next((text for row in book.settings for heading, text in row.items() if _is_default(heading)), "")
    named = named.strip()
    languages = named_languages(book.survey_headings)
    if not named and languages and not _has_plain_labels(book):
        named = languages[0]
    code = code_of(named) if named and named != "default" else None
    if code is None and named and named != "default":
        findings.refuse(
            None,
            f"settings, default_language “{named[:80]}” is not known; write its code behind it, as in Deutsch (de)",
        )
    elif code is None:
        findings.leave_out(None, "The file does not name its language; English (en) is taken. Set default_language.")
    return code or "en"


def _has_plain_labels(book: Book) -> bool:
    plain = [each for each in book.survey_headings if column_of(each, book.survey_headings) == Column("label")]
    return any(row.get(heading) for row in book.survey for heading in plain)


def _is_default(heading: str) -> bool:
    return "_".join(heading.split()).casefold() == "default_language"


def _settings(book: Book, main: str, findings: Findings) -> Row:
    headings = list(dict.fromkeys(heading for row in book.settings for heading in row))
    rows = rows_of("settings", book.settings, headings, main, findings)
    if len(rows) > 1:
        findings.leave_out(None, "settings: only the first row of settings is read")
    return rows[0] if rows else Row("settings", 2, {})


def _enabled(rows: Iterable[Row], findings: Findings) -> list[Row]:
    """The rows that count: neither disabled, nor comments between the questions."""
    kept = []
    for row in rows:
        if row.get("disabled").casefold() in {"yes", "true"}:
            findings.leave_out(row, "it is disabled")
        elif not row.get("type") and not row.get("name") and not row.words("label"):
            findings.leave_out(row, "it has no type, no name and no label, so it is a comment")
        else:
            kept.append(row)
    return kept


def _context(rows: Sequence[Row], lists: Mapping[str, Any], findings: Findings) -> Context:
    metadata = [row for row in rows if types.plain(row.get("type")) in types.METADATA]
    for row in metadata:
        findings.leave_out(row, types.METADATA[types.plain(row.get("type"))])

    def named(kind: str) -> frozenset[str]:
        return frozenset(row.get("name") for row in rows if types.KINDS.get(types.plain(row.get("type"))) == kind)

    return Context(
        lists,
        findings,
        left_out=frozenset(row.get("name") for row in metadata),
        consents=named("consent"),
        notes=named("note"),
        pipes={row.get("name"): row.words(f"{OWN}::pipe") for row in rows if row.get(f"{OWN}::kind") == "pipe"},
    )


def _is_beside(row: Row) -> bool:
    """Whether a row is no part of the form: metadata, a setting, or one that Parallax has written for other tools."""
    kind = types.plain(row.get("type"))
    is_setting = kind.replace(" ", "_") in {"set_form_title", "set_form_id"}
    return kind in types.METADATA or is_setting or row.get(f"{OWN}::kind") in {"pipe", "fact"}


def _head(draft: Draft, settings: Row, named: str, context: Context) -> dict[str, Any]:
    name = text_of(settings.words("form_title"), None, context) or named
    draft.translations.update({language: {} for language in settings.get(f"{OWN}::languages").split()})
    draft.translate("name", settings.translated(f"{OWN}::name"))
    thanks = {}
    for band in Band:
        words = add_text(draft, settings, f"{OWN}::thanks::{band}", f"thanks.{band}", context)
        if words:
            thanks[str(band)] = words
    directions = {
        column.name.removeprefix(f"{OWN}::direction::"): words
        for column, words in settings.cells.items()
        if column.name.startswith(f"{OWN}::direction::")
    }
    given = {"thanks": thanks, "directions": directions, "is_paged": settings.get("style") == _PAGES}
    return {"name": name, **{field: value for field, value in given.items() if value}}


def _note_settings(settings: Row, key: str, findings: Findings) -> None:
    for column, words in settings.cells.items():
        if column.language or column.name in _SETTINGS or column.name.startswith(f"{OWN}::"):
            continue
        findings.leave_out(None, f"settings, {column.name} “{words[:80]}”")
    form_id = settings.get("form_id")
    if form_id and form_id != key:
        findings.leave_out(None, f"settings, form_id “{form_id[:80]}”: the questionnaire's key is “{key}”")
    if settings.get("style") not in {"", _PAGES}:
        findings.leave_out(None, f"settings, style “{settings.get('style')[:80]}”")


def _note_what_is_not_read(book: Book, rows: Sequence[Row], findings: Findings) -> None:
    for sheet in book.elsewhere:
        findings.refuse(None, f"the sheet {sheet}: Parallax has neither lists elsewhere, nor entities, nor map tags")
    for sheet in book.unread:
        findings.leave_out(None, f"the sheet “{sheet[:80]}” is no part of XLSForm")
    places: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for column in row.columns:
            if column not in READ and column not in {"appearance", "required_message"}:
                places[f"column “{column[:80]}”"].append(row.number)
        for look in row.get("appearance").split():
            if look not in _NOTHING_TO_SEE:
                places[f"appearance “{look[:80]}”: Parallax has its own look"].append(row.number)
    for what, numbers in places.items():
        findings.leave_out(None, f"survey, {what} ({_in_rows(numbers)})")


def _in_rows(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    return f"row {shown}" if len(numbers) == 1 else f"rows {shown}{', …' if len(numbers) > 10 else ''}"


def _used_lists(rows: Sequence[Row]) -> set[str]:
    selects = [select.list_name for row in rows if (select := types.select_of(row.get("type")))]
    return {*selects, *(found[1] for row in rows if (found := re.search(r"over (\S+)$", row.get("type"))))}


def _finished(document: dict[str, Any], draft: Draft) -> dict[str, Any]:
    finished = {**document, "sections": draft.sections, "questions": _in_positions(draft)}
    if draft.translations:
        finished["translations"] = draft.translations
    return finished


def _in_positions(draft: Draft) -> list[dict[str, Any]]:
    """The questions in the order that a column gives, which is only there where it is another than that of the rows."""
    if not all(position.isascii() and position.isdigit() and len(position) < 6 for position in draft.positions):
        return draft.questions
    pairs = zip(map(int, draft.positions), range(len(draft.questions)), strict=True)
    return [draft.questions[index] for _, index in sorted(pairs)]
