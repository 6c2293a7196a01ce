"""Whether a survey can be put to people of whom nothing may be known: no name, no account, no relationships."""

from collections.abc import Iterator

from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.questionnaires.rules.expressions import names_in, parsed
from app.questionnaires.rules.languages import texts_of
from app.questionnaires.rules.piping import FACTS, pipes


def known_reader_needed(questionnaire: Questionnaire) -> str | None:
    """What of a survey needs a reader who is known, in words; None where anybody can answer it.

    Loops do, conditions on facts of the account, and texts that name such a fact without other words in its stead.
    """
    asked = questionnaire.shown_in(AskedIn.SURVEY)
    here = {question.section for question in asked}
    for section in questionnaire.sections:
        if section.key in here and section.per is not None:
            return f"section “{section.key}” is asked once per relationship of the account"
    places = {f"question.{question.key}." for question in asked} | {f"section.{key}." for key in here}
    for place, words in _texts(questionnaire):
        bare = [pipe.name for pipe in pipes(words) if pipe.name in FACTS and pipe.fallback is None]
        if bare and any(place.startswith(each) for each in (*places, "thanks.")):
            return f"its text “{place}” names “{bare[0]}” without other words for it"
    for name in _decided_by(questionnaire):
        if name in FACTS:
            return f"a question hangs on “{name}”"
    return None


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Every text with its place, in all languages; what interviewers alone read is left out."""
    for texts in (texts_of(questionnaire), *(each.items() for each in questionnaire.translations.values())):
        yield from ((place, words) for place, words in texts if not _is_spoken(place))


def _is_spoken(place: str) -> bool:
    return place.startswith("question.") and (place.endswith(".script") or ".probes." in place)


def _decided_by(questionnaire: Questionnaire) -> Iterator[str]:
    """The names in all conditions, constraints and calculations of the survey."""
    asked = questionnaire.shown_in(AskedIn.SURVEY)
    here = {question.section for question in asked}
    expressions = [section.relevant for section in questionnaire.sections if section.key in here]
    for question in asked:
        expressions += [question.relevant, question.constraint, question.calculation]
    for expression in filter(None, expressions):
        yield from names_in(parsed(expression))
