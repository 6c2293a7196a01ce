"""A questionnaire as the sheets of an XLSForm, from which the same questionnaire can be read back.

What XLSForm has no place for stands in columns whose headings begin with `parallax::`; other tools pass over them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.questionnaires.rules.definition import AskedIn, Question, Questionnaire, Section
from app.questionnaires.rules.xlsform.exported import Names, Pipes, Sheets, Texts
from app.questionnaires.rules.xlsform.languages import name_of
from app.questionnaires.rules.xlsform.lists import SCALES
from app.questionnaires.rules.xlsform.probes import UNTRANSLATED, cell_of
from app.questionnaires.rules.xlsform.sheets import OWN

_TYPES = {
    "text": "text",
    "date": "date",
    "note": "note",
    "consent": "acknowledge",
    "calculated": "calculate",
}
_SELECTS = {"multiple_choice": "select_multiple", "ranking": "rank"}
_EXPRESSIONS = ("relevant", "constraint", "calculation")
_Cells = dict[str, str]


def sheets_of(questionnaire: Questionnaire) -> Sheets:
    """The rows of the sheets survey, choices and settings; ValueError where XLSForm could not hold a name or a text."""
    return _Writer(questionnaire).written()


@dataclass
class _Writer:
    """The sheets under construction."""

    questionnaire: Questionnaire
    sheets: Sheets = field(default_factory=Sheets)

    def __post_init__(self) -> None:
        self.names = Names(self.questionnaire)
        self.pipes = Pipes(self.names)
        self.texts = Texts(self.questionnaire, self.pipes)
        self.position = {question.key: str(number) for number, question in enumerate(self.questionnaire.questions)}
        grouped = [question for section in self.questionnaire.sections for question in self._of(section)]
        self.is_in_order = tuple(grouped) == self.questionnaire.questions

    def written(self) -> Sheets:
        settings = self._settings()
        self._flush(self.sheets.survey)
        for section in self.questionnaire.sections:
            self._section(section)
        self.sheets.survey[:0] = self._facts()
        self.sheets.settings.append(settings)
        return self.sheets

    def _of(self, section: Section) -> list[Question]:
        return [question for question in self.questionnaire.questions if question.section == section.key]

    def _settings(self) -> _Cells:
        asked = self.questionnaire
        cells = {
            "form_title": self.texts.main(asked.name),
            "form_id": asked.key,
            "default_language": name_of(asked.language),
            **({"style": "pages"} if asked.is_paged else {}),
            **self.texts.translated("name", f"{OWN}::name"),
        }
        for band, words in asked.thanks.items():
            cells |= self.texts.cells(f"{OWN}::thanks::{band}", f"thanks.{band}", words)
        for language, direction in asked.directions.items():
            cells[f"{OWN}::direction::{language}"] = str(direction)
        if blank := [language for language, texts in asked.translations.items() if not texts]:
            cells[f"{OWN}::languages"] = " ".join(blank)
        return cells

    def _section(self, section: Section) -> None:
        what = "repeat" if section.per else "group"
        name = self.names.of_section(section)
        place = f"section.{section.key}"
        cells = {
            "type": f"begin_{what}",
            "name": name,
            **self.texts.cells("label", f"{place}.title", section.title),
            **self.texts.cells(f"{OWN}::script", f"{place}.script", section.script),
            **_given("relevant", section.relevant),
            **_given(f"{OWN}::per", section.per),
            **_given(f"{OWN}::minutes", str(section.minutes or "")),
            **(_given(f"{OWN}::key", section.key) if name != section.key else {}),
        }
        self.names.note_expression(section.relevant)
        self._flush(self.sheets.survey)
        self.sheets.survey.append(cells)
        rows = self._of(section)
        for question in rows:
            if question.matrix is None:
                self._question(question, [row for row in rows if row.matrix == question.key])
        self.sheets.survey.append({"type": f"end_{what}"})

    def _question(self, question: Question, rows: Sequence[Question]) -> None:
        cells = [self._cells(each) for each in (question, *rows)]
        self._flush(self.sheets.survey)
        if question.kind == "matrix":
            is_table = len({row["type"] for row in cells[1:]}) == 1
            cells[0]["appearance"] = "table-list" if is_table else "field-list"
            cells.append({"type": "end_group"})
        self.sheets.survey.extend(cells)

    def _cells(self, question: Question) -> _Cells:
        self.names.check(question)
        place = f"question.{question.key}"
        cells = {
            "type": self._type(question),
            "name": question.key,
            **self.texts.cells("label", f"{place}.text", question.text),
            **self.texts.cells("hint", f"{place}.hint", question.hint),
            **self._probes(question, place),
            **self.texts.cells("constraint_message", f"{place}.constraint_message", question.constraint_message),
            **self.texts.cells(f"{OWN}::script", f"{place}.script", question.script),
            f"{OWN}::kind": question.kind,
            **_own(question),
            **({} if self.is_in_order else {f"{OWN}::position": self.position[question.key]}),
        }
        for name in _EXPRESSIONS:
            expression = getattr(question, name)
            cells |= _given(name, expression)
            self.names.note_expression(expression)
        return cells

    def _type(self, question: Question) -> str:
        if question.kind in _TYPES:
            return _TYPES[question.kind]
        if question.kind == "matrix":
            return "begin_group"
        if question.kind == "number":
            return "integer" if question.whole else "decimal"
        return f"{_SELECTS.get(question.kind, 'select_one')} {self._list(question)}"

    def _list(self, question: Question) -> str:
        place = f"question.{question.key}"
        if question.kind == "yes_no":
            return self.sheets.list_of("yes_no", [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}])
        if question.kind in SCALES:
            return self.sheets.list_of(question.kind, self._numbers(question, place))
        options = [
            {"name": option.key, **self.texts.cells("label", f"{place}.options.{option.key}", option.label)}
            for option in question.options
        ]
        return self.sheets.list_of(question.key.replace(".", "_"), options)

    def _numbers(self, question: Question, place: str) -> list[_Cells]:
        numbers = [str(number) for number in SCALES[question.kind]]
        labels = [{"label": number, **self.texts.in_all_languages("label", number)} for number in numbers]
        if question.anchors:
            for index, name, words in ((0, "low", question.anchors.low), (-1, "high", question.anchors.high)):
                cells = self.texts.cells("label", f"{place}.anchors.{name}", words)
                labels[index] |= {heading: f"{numbers[index]} – {text}" for heading, text in cells.items()}
        return [{"name": number, **label} for number, label in zip(numbers, labels, strict=True)]

    def _probes(self, question: Question, place: str) -> _Cells:
        if not question.probes:
            return {}
        cells = {"guidance_hint": cell_of([self.texts.main(probe) for probe in question.probes])}
        for language in self.questionnaire.translations:
            found = [
                self.texts.in_language(language, f"{place}.probes.{number}")
                for number in range(1, len(question.probes) + 1)
            ]
            if any(found):
                cells[f"guidance_hint::{name_of(language)}"] = cell_of([words or UNTRANSLATED for words in found])
        return cells

    def _flush(self, rows: list[_Cells]) -> None:
        """Write the rows of the pipes that the texts below need, for the tools that know no other words."""
        rows.extend(self.pipes.taken())

    def _facts(self) -> Iterable[_Cells]:
        return [{"type": "hidden", "name": fact, f"{OWN}::kind": "fact"} for fact in sorted(self.names.facts)]


def _own(question: Question) -> _Cells:
    cells: _Cells = {}
    for name in ("dimension", "value_side", "value_aspect", "importance", "about"):
        cells |= _given(f"{OWN}::{name}", str(getattr(question, name) or ""))
    for name in ("required", "core", "reverse"):
        heading = name if name == "required" else f"{OWN}::{name}"
        cells |= _given(heading, "yes" if getattr(question, name) else "")
    cells |= _given(f"{OWN}::opt_outs", " ".join(question.opt_outs))
    if question.asked_in != tuple(AskedIn):
        cells[f"{OWN}::asked_in"] = " ".join(question.asked_in)
    return cells


def _given(heading: str, words: str | None) -> Mapping[str, str]:
    return {heading: words} if words else {}
