"""What a survey takes of a questionnaire: all of a survey's, and of an interview's neither scripts nor minutes."""

from typing import Any

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.questionnaires.rules.reading import parse_definition
from app.surveys.rules.excerpt import excerpt, minutes_of


def built_in(key: str) -> Questionnaire:
    return parse_definition(built_in_documents()[key])


def test_a_survey_keeps_its_words_and_its_planned_minutes() -> None:
    whole = built_in("relationship")
    questions = whole.asked_in(AskedIn.SURVEY)
    sections = excerpt(whole, questions)
    assert sections == whole.sections
    assert minutes_of(sections, questions) == 3


def test_of_an_interview_a_survey_takes_no_spoken_words_and_no_talking_time() -> None:
    interview = built_in("interview-360")
    questions = interview.asked_in(AskedIn.SURVEY)
    sections = excerpt(interview, questions)
    assert [section.key for section in sections] == ["overall", "value", "support", "future", "closing"]
    assert [section.script for section in sections] == [None] * 5
    assert minutes_of(sections, questions) == 3


@pytest.mark.parametrize(
    ("sections", "kinds", "minutes"),
    [
        pytest.param([{"minutes": 2}], ["scale_0_10", "text"], 2, id="planned"),
        pytest.param([{}], ["scale_0_10"], 1, id="never-none"),
        pytest.param([{}], ["text", "text", "scale_0_10"], 3, id="writing-takes-longer"),
        pytest.param([{"minutes": 4}, {}], ["scale_0_10", "text"], 5, id="planned-and-estimated"),
    ],
)
def test_minutes(sections: list[dict[str, Any]], kinds: list[str], minutes: int) -> None:
    document = {
        "key": "pulse",
        "name": "Pulse",
        "language": "en",
        "sections": [{"key": f"s{n}", "title": "Part", **each} for n, each in enumerate(sections)],
        "questions": [
            {"key": f"q{n}", "kind": kind, "text": "How?", "section": f"s{min(n, len(sections) - 1)}"}
            for n, kind in enumerate(kinds)
        ],
    }
    whole = parse_definition(document)
    assert minutes_of(excerpt(whole, whole.questions), whole.questions) == minutes
