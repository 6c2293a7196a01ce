"""The earlier study of the sample, answered as a survey is: a form for each person."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.questionnaires.models import QuestionnaireVersion
from app.questionnaires.queries import definition_of, questions_of
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.rules import Place
from app.responses.services import Door, submit_answers
from app.sample.rules.portfolio import SAMPLE_SEED, Portfolio
from app.sample.rules.product_check import Filled, check_study, filled_in
from app.scoring.services import score_study
from app.studies.queries import respondents_of
from app.studies.services import close_study, create_study, draw_study


def ask_about_products(session: Session, portfolio: Portfolio, closes_on: date) -> int:
    """Hold, score and close a study that ended on a day of which health is known; returns how many people answered."""
    document = check_study(closes_on)
    study = create_study(session, document=document)
    draw_study(session, study=study)
    drawn = {person.contact_crm_id: person.respondent_id for person in respondents_of(session, study)}
    forms = filled_in(drawn, portfolio, document, SAMPLE_SEED)
    reading = _Reading(session, session.get_one(QuestionnaireVersion, study.version_id))
    for form in forms:
        door = Door(study.id, drawn[form.contact_id], study.version_id, "survey", "survey")
        key = f"sample-{form.contact_id}"
        submit_answers(session, door=door, form_key=key, answers=reading.places(form), at=form.at)
    score_study(session, study=study)
    close_study(session, study=study)
    return len(forms)


class _Reading:
    """What is typed into the form, read as the questions of its version read it."""

    def __init__(self, session: Session, version: QuestionnaireVersion) -> None:
        self.ids = questions_of(session, version)
        self.questions: dict[str, Any] = {each.key: each for each in definition_of(version).questions}

    def places(self, form: Filled) -> dict[Place, ParsedAnswer]:
        """The answers of a form where they are stored."""
        return {
            Place(self.ids[key], item): self.questions[key].parse(value) for (key, item), value in form.answers.items()
        }
