"""What the page about a study's interviews shows: prediction error, agreement of coders, and who codes what."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.interviews.queries.assignment import interviewers
from app.interviews.queries.coding import coded_pairs, interviews_to_code, predicted_pairs
from app.interviews.rules.prediction import MEASURES
from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of
from app.questionnaires.rules.definition import Questionnaire
from app.reports.rules.interviewing import AgreementLine, ErrorLine, agreement_line, by_question, error_line
from app.scoring.rules.verbatims import sentiment
from app.studies.models import Study


def interviewing_values(session: Session, *, study: Study) -> dict[str, Any]:
    """Return the figures, and the submitted interviews with their second coders."""
    asked = definition_of(session.get_one(QuestionnaireVersion, study.version_id))
    submitted, names = interviews_to_code(session, study.id), interviewers(session)
    return {
        "errors": error_lines(session, study),
        "agreement": agreement_lines(session, study, asked),
        "interviews": submitted,
        "coders": {row.id: could_code(row, names) for row in submitted},
    }


def could_code(row: Any, names: Mapping[int, str]) -> dict[int, str]:
    """Return who may be asked to code an interview: everybody but those who know what was answered."""
    know = {row.interviewer_id, row.note_taker_id, row.csm_id}
    return {identity: name for identity, name in names.items() if identity not in know}


def error_lines(session: Session, study: Study) -> list[ErrorLine]:
    """Return the prediction error of each measure."""
    rows = predicted_pairs(session, study.id)
    return [
        error_line(
            measure.label,
            [
                (row.account_id, float(predicted), float(row.said))
                for row in rows
                if row.key == measure.key and (predicted := getattr(row, measure.key)) is not None
            ],
        )
        for measure in MEASURES
    ]


def agreement_lines(session: Session, study: Study, asked: Questionnaire) -> list[AgreementLine]:
    """Return the agreement on each question that was coded twice; open answers against the tone that we compute."""
    pairs = by_question([(row.key, pair) for row in coded_pairs(session, study.id) if (pair := _pair(row, asked))])
    return [
        agreement_line(question, pairs[question.key], is_tone=question.kind == "text")
        for question in asked.questions
        if question.key in pairs
    ]


def _pair(row: Any, asked: Questionnaire) -> tuple[str, str] | None:
    question = asked.question(row.key)
    if question is None:
        return None
    if question.kind == "text":
        tone = sentiment(row.first_text or "")
        return (tone.label, row.second_text) if tone else None
    return _plain(row.first_number, row.first_text), _plain(row.second_number, row.second_text)


def _plain(number: float | None, text: str | None) -> str:
    return text if text is not None else f"{number:g}"


__all__: Sequence[str] = ("interviewing_values",)
