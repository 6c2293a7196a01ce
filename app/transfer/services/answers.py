"""Answers collected elsewhere: rows of answers become responses of a study's respondents."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Instant
from app.core.errors import Refusal
from app.customers.models import Account, Contact
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.models import Response
from app.responses.queries import Given, compare_answers
from app.responses.services import record_answers
from app.studies.models import Respondent, Study
from app.studies.queries import study_named
from app.studies.scope import study_in_scope
from app.transfer.rules.cells import shown
from app.transfer.rules.outcome import Faults
from app.transfer.services.checks import note_doubles, note_rows, note_unknown_accounts
from app.transfer.services.erased import erased_people, leave_erased
from app.transfer.services.formats import Format
from app.transfer.services.merging import Counted
from app.transfer.services.options import NOTHING, Options, Stored
from app.transfer.services.previewing import preview_of_answers
from app.transfer.services.reading import Record, Sheet, records
from app.transfer.services.rows import ROW, Layout, layout_of, name_faults, reader_of
from app.transfer.services.staging import row_number, stage
from app.users.rules import Permission

SHARED = ("account_id", "contact_id", "submitted_at", "mode")
"""What the rows of one response have in common."""


def store_answers(session: Session, kind: Format, sheet: Sheet, options: Options, faults: Faults) -> Stored:
    """Store the answers of a file, one row per answer, as responses of the study that the options name."""
    study = _drawn_study(session, options)
    version = session.get_one(QuestionnaireVersion, study.version_id)
    asked = _Asked(definition_of(version), questions_of(session, version), options)
    layout = layout_of(sheet.header, kind, options.shape, session.get_bind().dialect)
    rows = records(sheet, faults, options.progress)
    staged = stage(session, _columns(), asked.answers(layout, rows, faults))
    erased = leave_erased(session, staged)
    _check_file(session, staged, faults)
    note_unknown_accounts(session, staged, faults)
    _check_respondents(session, staged, study, faults)
    if faults.total:
        return NOTHING
    given = _given(staged, study)
    compared = Given(study.id, given)
    preview = preview_of_answers(session, compared, asked.keys) if options.has_preview else None
    counted = (
        compare_answers(session, given=compared)
        if options.is_dry_run
        else record_answers(
            session, study_id=study.id, version_id=study.version_id, source="import", at=now(), given=given
        )
    )
    extra = {"ignored": asked.ignored_rows, **erased_people(erased)}
    return Stored(Counted(counted.created, counted.updated, counted.unchanged + erased), extra, preview)


class _Asked:
    """The questions of a study as a file may name them, and the answers that they take."""

    def __init__(self, questionnaire: Questionnaire, ids: dict[str, int], options: Options) -> None:
        self._ids = ids
        self._questions = {question.key: question for question in questionnaire.questions}
        self._renamed = dict(options.renamed)
        self._ignored = frozenset(options.ignored)
        self._parse = lru_cache(4_096)(self._parsed)
        self.ignored_rows = 0
        for old, new in self._renamed.items():
            if new not in self._questions:
                raise Refusal(f"{old}={new}: the questionnaire does not ask “{new}”; {self._known()}.", "map")
        doubled = sorted(self._ignored & self._renamed.keys())
        if doubled:
            raise Refusal(f"“{doubled[0]}” is both mapped and ignored; choose one.", "ignore")

    @property
    def keys(self) -> dict[int, str]:
        """The key of each question by its id."""
        return {number: key for key, number in self._ids.items()}

    def answers(self, layout: Layout, rows: Iterable[Record], faults: Faults) -> Iterator[tuple[Any, ...]]:
        """Yield (row, response, account, contact, instant, mode, question id, number, text); faults go to `faults`."""
        read = reader_of(layout)
        names = [column.name for column in layout.stored]
        pick = itemgetter(*(names.index(name) for name in ("response_id", *SHARED[:3], "question", "value")))
        mode = names.index("mode") if "mode" in names else None
        position = next(placed.position for placed in layout.columns if placed.column.name == "question")
        for row, cells in self._without_ignored(rows, position):
            try:
                values = read(cells)
                *shared, question, value = pick(values)
                key, answer = self._parse(question, value)
            except _Unanswerable as fault:
                faults.add(row, fault.column, str(fault))
            except ValueError:
                name_faults(layout, row, cells, faults)
            else:
                own_mode = None if mode is None else values[mode]
                yield (row, *shared, own_mode, self._ids[key], answer.value_number, answer.value_text)

    def _without_ignored(self, rows: Iterable[Record], position: int) -> Iterator[Record]:
        for row, cells in rows:
            if cells[position].strip() in self._ignored:
                self.ignored_rows += 1
            else:
                yield row, cells

    def _parsed(self, name: str, value: str) -> tuple[str, ParsedAnswer]:
        key = self._renamed.get(name, name)
        question = self._questions.get(key)
        if question is None:
            sentence = (
                f"The questionnaire does not ask {shown(name)}; {self._known()}. Map it to one of these or ignore it."
            )
            raise _Unanswerable("question", sentence)
        try:
            return key, question.parse(value)
        except ValueError as error:
            raise _Unanswerable("value", f"{shown(value)} is no answer to {key}. {error}") from error

    def _known(self) -> str:
        return f"it asks {', '.join(self._questions)}"


class _Unanswerable(ValueError):  # noqa: N818  (a fault in a row, named as people would)
    """A question that the questionnaire does not ask, or a value that does not answer it."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _drawn_study(session: Session, options: Options) -> Study:
    if not options.study:
        raise Refusal("Responses belong to a study; say which.", "study")
    study = (
        study_in_scope(session, scope=options.scope, key=options.study, permission=Permission.STUDIES)
        if options.scope
        else study_named(session, options.study)
    )
    if study.is_anonymous:
        raise Refusal(f"The study “{study.key}” is anonymous; answers that name persons cannot enter it.", "study")
    if session.scalar(sa.select(Respondent.id).where(Respondent.study_id == study.id).limit(1)) is None:
        raise Refusal(f"The study “{study.key}” has no respondents yet; draw the study first.", "study")
    return study


def _columns() -> list[sa.Column[Any]]:
    texts = ("response_id", "account_id", "contact_id")
    return [
        row_number(),
        *(sa.Column(name, sa.Text) for name in texts),
        sa.Column("submitted_at", Instant),
        sa.Column("mode", sa.Text),
        sa.Column("question_id", sa.Integer),
        sa.Column("value_number", sa.Float),
        sa.Column("value_text", sa.Text),
    ]


def _given(staged: sa.Table, study: Study) -> sa.FromClause:
    """The staged answers with their respondents; without a mode in the file the respondent's holds.

    Contacts that were not drawn have been refused; the outer joins keep SQLite from starting with all respondents and
    scanning the whole file for each.
    """
    return (
        sa.select(
            Respondent.id.label("respondent_id"),
            staged.c.response_id.label("external_id"),
            staged.c.submitted_at,
            sa.func.coalesce(staged.c.mode, Respondent.mode).label("mode"),
            staged.c.question_id,
            staged.c.value_number,
            staged.c.value_text,
        )
        .select_from(staged)
        .outerjoin(Contact, Contact.crm_id == staged.c.contact_id)
        .outerjoin(Respondent, sa.and_(Respondent.contact_id == Contact.id, Respondent.study_id == study.id))
        .subquery("given")
    )


def _check_file(session: Session, staged: sa.Table, faults: Faults) -> None:
    """What only the file as a whole can tell: doubled answers, responses that disagree with themselves."""
    note_doubles(session, staged, ["response_id", "question_id"], faults, name="response and question")
    for name in SHARED:
        _note_disagreement(session, staged, faults, within="response_id", name=name)
    _note_disagreement(session, staged, faults, within="contact_id", name="response_id")


def _note_disagreement(session: Session, staged: sa.Table, faults: Faults, *, within: str, name: str) -> None:
    first_rows = (
        sa.select(staged.c[within], sa.func.min(staged.c[ROW]).label("first")).group_by(staged.c[within]).subquery()
    )
    first = staged.alias("first_row")
    differing = (
        sa.select(staged.c[ROW], first_rows.c.first, staged.c[within].label("within"))
        .join(first_rows, first_rows.c[within] == staged.c[within])
        .join(first, first.c[ROW] == first_rows.c.first)
        .where(staged.c[name].is_distinct_from(first.c[name]))
    )
    words = {
        "response_id": f"The response has another {name} in row {{first:,}}; its rows must agree.",
        "contact_id": "The contact has another response in row {first:,}; a respondent has one response.",
    }
    note_rows(session, differing, faults, column=name, message=lambda row: words[within].format(first=row.first))


Sentence = Callable[[sa.Row[Any]], str]


def _check_respondents(session: Session, staged: sa.Table, study: Study, faults: Faults) -> None:
    """Whether the contacts were drawn, and whether responses and respondents on record are the file's."""
    own = sa.orm.aliased(Response, name="own")
    same_name = sa.orm.aliased(Response, name="same_name")
    joined = (
        sa.select(staged.c[ROW], staged.c.contact_id, staged.c.account_id, staged.c.response_id)
        .outerjoin(Contact, Contact.crm_id == staged.c.contact_id)
        .outerjoin(Respondent, sa.and_(Respondent.contact_id == Contact.id, Respondent.study_id == study.id))
        .outerjoin(Account, Account.id == Respondent.account_id)
        .outerjoin(own, own.respondent_id == Respondent.id)
        .outerjoin(same_name, sa.and_(same_name.study_id == study.id, same_name.external_id == staged.c.response_id))
        .add_columns(Account.crm_id.label("drawn_for"), own.external_id.label("other_response"))
    )
    drawn = Respondent.id.is_not(None)
    checks: tuple[tuple[str, sa.ColumnElement[bool], Sentence], ...] = (
        (
            "contact_id",
            Contact.id.is_(None),
            lambda row: f"No contact has the id {shown(row.contact_id)}; import the contacts first.",
        ),
        (
            "contact_id",
            sa.and_(Contact.id.is_not(None), Respondent.id.is_(None)),
            lambda row: f"The contact {shown(row.contact_id)} was not drawn into the study “{study.key}”.",
        ),
        (
            "account_id",
            sa.and_(drawn, Account.crm_id != staged.c.account_id),
            lambda row: f"The contact was drawn for the account {shown(row.drawn_for)}, not for this one.",
        ),
        (
            "contact_id",
            sa.and_(drawn, same_name.respondent_id != Respondent.id),
            lambda row: f"The response {shown(row.response_id)} is on record as another contact's.",
        ),
        (
            "response_id",
            sa.and_(drawn, own.external_id != staged.c.response_id),
            lambda row: f"The contact has a response already, {shown(row.other_response)}; a respondent has one.",
        ),
    )
    if session.scalar(joined.where(sa.or_(*(fault for _, fault, _ in checks))).limit(1)) is None:
        return
    for column, fault, sentence in checks:
        note_rows(session, joined.where(fault), faults, column=column, message=sentence)
