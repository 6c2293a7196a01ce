"""Questionnaires in several languages: every text has a place, and a translation gives texts by place."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.questionnaires.rules.definition import Anchors, Direction, Question, Questionnaire, Section
from app.questionnaires.rules.piping import pipes

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def texts_of(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Every text that respondents or interviewers read, with its place, in the order of the questionnaire."""
    yield "name", questionnaire.name
    for section in questionnaire.sections:
        yield from _present(f"section.{section.key}", {"title": section.title, "script": section.script})
    for question in questionnaire.questions:
        yield from _texts_of_question(question)
    for band, words in questionnaire.thanks.items():
        yield f"thanks.{band}", words


def missing_texts(questionnaire: Questionnaire, language: str) -> list[tuple[str, str]]:
    """The texts (place, text in the main language) that a translation lacks: they are shown in the main language."""
    translated = questionnaire.translations.get(language, {})
    return [(place, words) for place, words in texts_of(questionnaire) if place not in translated]


def languages_of(questionnaire: Questionnaire) -> list[str]:
    """The main language and those into which anything is translated."""
    return [questionnaire.language, *(name for name in questionnaire.translations if name != questionnaire.language)]


def direction_of(language: str) -> Direction:
    """The direction in which a language is written."""
    base = language.split("-", maxsplit=1)[0].lower()
    return Direction.RIGHT_TO_LEFT if base in RIGHT_TO_LEFT else Direction.LEFT_TO_RIGHT


def scale_direction(questionnaire: Questionnaire, language: str) -> Direction:
    """The direction in which scales run in a language: the one that was set, else that of the language."""
    return questionnaire.directions.get(language) or direction_of(language)


def in_language(questionnaire: Questionnaire, language: str) -> Questionnaire:
    """The questionnaire with its texts in a language; a text without a translation stays as it is."""
    texts = questionnaire.translations.get(language)
    if language == questionnaire.language or not texts:
        return questionnaire
    return replace(
        questionnaire,
        name=texts.get("name", questionnaire.name),
        language=language,
        sections=tuple(_section_in(section, texts) for section in questionnaire.sections),
        questions=tuple(_question_in(question, texts) for question in questionnaire.questions),
        thanks={band: texts.get(f"thanks.{band}", words) for band, words in questionnaire.thanks.items()},
    )


def check_translations(questionnaire: Questionnaire) -> None:
    """Refuse translations of places that are not there, and such that pipe other names; ValueError names the place."""
    originals = dict(texts_of(questionnaire))
    for language, texts in questionnaire.translations.items():
        for place, words in texts.items():
            if place not in originals:
                raise ValueError(f"The translation “{language}” has a text for “{place[:80]}”, which is not there.")
            known = {pipe.name for pipe in pipes(originals[place])}
            other = [pipe.name for pipe in pipes(words) if pipe.name not in known]
            if other:
                raise ValueError(
                    f"The translation “{language}” of “{place}” names “{other[0]}”; the original does not."
                )


def _texts_of_question(question: Question) -> Iterator[tuple[str, str]]:
    place = f"question.{question.key}"
    yield from _present(
        place,
        {
            "text": question.text,
            "hint": question.hint,
            "constraint_message": question.constraint_message,
            "script": question.script,
            "anchors.low": question.anchors.low if question.anchors else None,
            "anchors.high": question.anchors.high if question.anchors else None,
        },
    )
    for option in question.options:
        yield f"{place}.options.{option.key}", option.label
    for number, probe in enumerate(question.probes, start=1):
        yield f"{place}.probes.{number}", probe


def _present(place: str, texts: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    for name, words in texts.items():
        if words:
            yield f"{place}.{name}", words


def _section_in(section: Section, texts: Mapping[str, str]) -> Section:
    place = f"section.{section.key}"
    return replace(
        section,
        title=texts.get(f"{place}.title", section.title),
        script=texts.get(f"{place}.script", section.script or "") or None,
    )


def _question_in(question: Question, texts: Mapping[str, str]) -> Question:
    place = f"question.{question.key}"

    def words(name: str, original: str | None) -> str | None:
        return texts.get(f"{place}.{name}", original or "") or None

    anchors = question.anchors and Anchors(
        texts.get(f"{place}.anchors.low", question.anchors.low),
        texts.get(f"{place}.anchors.high", question.anchors.high),
    )
    return replace(
        question,
        text=texts.get(f"{place}.text", question.text),
        hint=words("hint", question.hint),
        constraint_message=words("constraint_message", question.constraint_message),
        script=words("script", question.script),
        anchors=anchors,
        options=tuple(
            replace(option, label=texts.get(f"{place}.options.{option.key}", option.label))
            for option in question.options
        ),
        probes=tuple(
            texts.get(f"{place}.probes.{number}", probe) for number, probe in enumerate(question.probes, start=1)
        ),
    )
