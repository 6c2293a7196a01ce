"""Which surveys can be asked of people of whom nothing may be known."""

from dataclasses import replace
from typing import Any

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.anonymity import known_reader_needed
from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.questionnaires.rules.reading import parse_definition
from tests.surveys.kinds import every_kind, without_loop


def relationship(**changes: Any) -> Questionnaire:
    """The relationship survey with its first question changed."""
    questionnaire = parse_definition(built_in_documents()["relationship"])
    first, *others = questionnaire.questions
    return replace(questionnaire, questions=(replace(first, **changes), *others))


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        pytest.param({}, None, id="as-it-is"),
        pytest.param({"text": "How is ${account.name}?"}, "names “account.name” without other words", id="a-name"),
        pytest.param({"text": "How is ${account.name|your company}?"}, None, id="a-name-with-other-words"),
        pytest.param({"hint": "As ${contact.role}"}, "names “contact.role”", id="a-role-in-a-hint"),
        pytest.param({"script": "Hello ${contact.name}"}, None, id="what-interviewers-read-aloud"),
        pytest.param({"probes": ("And ${account.name}?",)}, None, id="what-interviewers-ask-on"),
        pytest.param({"text": "${effort}?"}, None, id="another-answer"),
        pytest.param({"relevant": "${account.tier} = '1'"}, "hangs on “account.tier”", id="a-condition"),
        pytest.param({"relevant": "${effort} > 3"}, None, id="a-condition-on-an-answer"),
        pytest.param(
            {"text": "How is ${account.name}?", "asked_in": (AskedIn.INTERVIEW,)}, None, id="an-interviews-question"
        ),
    ],
)
def test_what_needs_a_reader_who_is_known(changes: dict[str, Any], needs: str | None) -> None:
    found = known_reader_needed(relationship(**changes))
    assert (found is None) if needs is None else (found is not None and needs in found)


def test_translations_and_thanks_are_read_too() -> None:
    questionnaire = relationship()
    place = f"question.{questionnaire.questions[0].key}.text"
    translated = replace(questionnaire, translations={"de": {place: "Wie geht es ${account.name}?"}})
    assert "account.name" in (known_reader_needed(translated) or "")
    thanked = replace(questionnaire, translations={"de": {"thanks.others": "Danke, ${contact.name}"}})
    assert "contact.name" in (known_reader_needed(thanked) or "")


def test_loops_need_an_account() -> None:
    questionnaire = relationship()
    section = questionnaire.questions[0].section
    looped = tuple(replace(each, per="product") if each.key == section else each for each in questionnaire.sections)
    assert "once per relationship" in (known_reader_needed(replace(questionnaire, sections=looped)) or "")


def test_every_kind_can_be_asked_anonymously_but_for_the_loop() -> None:
    assert known_reader_needed(parse_definition(without_loop())) is None
    assert known_reader_needed(parse_definition(every_kind())) is not None
