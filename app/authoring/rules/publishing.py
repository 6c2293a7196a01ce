"""What publishing a draft would do: each change with the responses that it meets, and whether it breaks anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.authoring.rules.words import CHANGE_WORDS, KIND_WORDS
from app.questionnaires.rules.changes import Change, ChangeKind, changes_between, differs_in_identity
from app.questionnaires.rules.definition import Questionnaire


@dataclass(frozen=True)
class Line:
    """One change as people read it; `affected` counts responses with a current answer to the question."""

    label: str
    title: str
    key: str
    words: str
    before: str
    after: str
    affected: int
    is_breaking: bool


@dataclass(frozen=True)
class Elsewhere:
    """Another questionnaire that asks some of the same questions, with its current answers by question key."""

    questionnaire: Questionnaire
    answers: Mapping[str, int]


def lines_of(old: Questionnaire, new: Questionnaire, answered: Mapping[str, int]) -> list[Line]:
    """The changes from one version to another, those that break first, among them those that meet most responses."""
    lines = [_line(change, old, new, answered) for change in changes_between(old, new)]
    return sorted(lines, key=lambda line: (not line.is_breaking, -line.affected))


def clashes(new: Questionnaire, elsewhere: Iterable[Elsewhere], known: Questionnaire | None = None) -> list[Line]:
    """The questions whose answers would not compare with those that the same questions have in other questionnaires.

    A clash that the last version `known` had already is no news.
    """
    return [
        line
        for other in elsewhere
        for line in _clashes_with(new, other)
        if known is None or line.words not in {each.words for each in _clashes_with(known, other)}
    ]


def _clashes_with(new: Questionnaire, other: Elsewhere) -> list[Line]:
    found = []
    for question in new.questions:
        there = other.questionnaire.question(question.key)
        why = differs_in_identity(question, there) if there and other.answers.get(question.key) else ""
        if there and why:
            words = f"Answers would not compare with “{other.questionnaire.name}”: {why}."
            affected = other.answers[question.key]
            label = "Same key, other question"
            found.append(Line(label, question.text, question.key, words, "", "", affected, is_breaking=True))
    return found


def _line(change: Change, old: Questionnaire, new: Questionnaire, answered: Mapping[str, int]) -> Line:
    question = new.question(change.key) or old.question(change.key)
    is_kind = change.kind is ChangeKind.KIND
    return Line(
        label=CHANGE_WORDS[change.kind],
        title=question.text if question else "",
        key=change.key,
        words=change.words,
        before=KIND_WORDS[change.before] if is_kind else change.before,
        after=KIND_WORDS[change.after] if is_kind else change.after,
        affected=answered.get(change.key, 0) if change.key else 0,
        is_breaking=change.is_breaking,
    )
