"""What a survey takes of a questionnaire: an interview's sections lose what is said aloud, and take less time."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from app.questionnaires.rules.definition import Question, Questionnaire, Section

SECONDS_TO_CHOOSE, SECONDS_TO_WRITE = 15, 60
"""How long a question takes where nobody planned its time; the relationship survey's eight then take three minutes."""


def excerpt(questionnaire: Questionnaire, asked: Sequence[Question]) -> tuple[Section, ...]:
    """Return the sections of which something is asked, in their order.

    A section that is asked in part belongs to an interview: its script is spoken there, about questions that do not
    stand here, and its minutes are those of a talk. It keeps its title and neither of them.
    """
    parts = []
    for section in questionnaire.sections:
        here, all_of_it = (
            sum(each.section == section.key for each in questions) for questions in (asked, questionnaire.questions)
        )
        if here:
            parts.append(section if here == all_of_it else replace(section, script=None, minutes=None))
    return tuple(parts)


def minutes_of(sections: Sequence[Section], asked: Sequence[Question]) -> int:
    """Return the minutes that a survey takes: those planned for its sections, and an estimate for all others."""
    planned = {section.key: section.minutes for section in sections if section.minutes}
    seconds = sum(
        SECONDS_TO_WRITE if question.kind == "text" else SECONDS_TO_CHOOSE
        for question in asked
        if question.section not in planned
    )
    return sum(planned.values()) + ceil(seconds / 60)
