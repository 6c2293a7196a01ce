"""Drafts in a real database: begun, saved by two at once, discarded, published; and what changes meet."""

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.authoring.queries import (
    answered,
    answers_elsewhere,
    draft_of,
    has_draft,
    question_bank,
    responses_affected,
    uses,
)
from app.authoring.services import LARGEST, Stale, create_draft, discard_draft, publish_draft, save_draft
from app.core.clock import now
from app.core.database import db
from app.core.errors import Missing, Refusal
from app.questionnaires.models import QuestionnaireDraft, QuestionnaireVersion
from app.questionnaires.queries import newest_version, question_ids
from app.questionnaires.services import publish_questionnaire
from app.responses.models import Answer, Response
from app.studies.models import Respondent, Study
from app.users.models import AuditEvent
from tests.authoring.drafts import PULSE, add_pulse, draft, user_id
from tests.conftest import Fill
from tests.users.people import LEADER, STRANGER, add_study, changing

AUTHORS = (LEADER, STRANGER)


@pytest.fixture
def written(application: Flask, fill: Fill) -> Flask:
    """A workspace with people, a published questionnaire and a draft of its next version."""
    fill(add_pulse)
    return application


def renamed(name: str) -> dict[str, Any]:
    return {**copy.deepcopy(PULSE), "name": name}


def test_a_draft_is_saved_though_it_is_no_questionnaire(written: Flask) -> None:
    with changing(written) as session:
        found = draft(session)
        save_draft(session, draft=found, revision=1, definition={"key": "pulse", "name": ""}, by=user_id(session))
    with changing(written) as session:
        assert (draft(session).definition, draft(session).revision) == ({"key": "pulse", "name": ""}, 2)


def test_the_same_again_is_no_new_revision(written: Flask) -> None:
    with changing(written) as session:
        save_draft(session, draft=draft(session), revision=1, definition=PULSE, by=user_id(session))
        assert draft(session).revision == 1


def test_an_older_revision_is_stale(written: Flask) -> None:
    with changing(written) as session:
        save_draft(session, draft=draft(session), revision=1, definition=renamed("A"), by=user_id(session))
    with changing(written) as session:
        found, by = draft(session), user_id(session, STRANGER)
        with pytest.raises(Stale):
            save_draft(session, draft=found, revision=1, definition=renamed("B"), by=by)
        with pytest.raises(Stale):
            publish_draft(session, draft=found, revision=1, by=by)
        with pytest.raises(Stale):
            discard_draft(session, draft=found, revision=1, by=by)
        assert draft(session).definition["name"] == "A"


def test_of_two_authors_who_save_at_once_one_is_told(written: Flask) -> None:
    def save(name: str) -> str:
        with written.app_context():
            try:
                found = draft_of(db.session, "pulse")
                revision = found.revision
                db.session.rollback()
                save_draft(db.session, draft=found, revision=revision, definition=renamed(name), by=1)
                db.session.commit()
            except Stale:
                return "told"
            return "saved"

    for _ in range(5):
        with ThreadPoolExecutor(max_workers=2) as both:
            outcomes = list(both.map(save, ("A", "B")))
        assert "saved" in outcomes
    with changing(written) as session:
        saved = draft(session)
        assert saved.definition["name"] in {"A", "B"}


@pytest.mark.parametrize(("key", "words"), [("pulse", "already"), ("bank", "addresses"), ("new", "addresses")])
def test_a_key_that_cannot_have_a_draft(written: Flask, key: str, words: str) -> None:
    with changing(written) as session, pytest.raises(Refusal, match=words):
        create_draft(session, definition={"key": key}, by=user_id(session))


@pytest.mark.parametrize(
    "definition",
    [
        pytest.param({"key": "pulse", "name": "x" * LARGEST}, id="long"),
        pytest.param({"key": "pulse", "questions": [{"key": "q"}] * 401}, id="many"),
    ],
)
def test_a_draft_has_an_end(written: Flask, definition: dict[str, Any]) -> None:
    with changing(written) as session, pytest.raises(Refusal):
        save_draft(session, draft=draft(session), revision=1, definition=definition, by=user_id(session))


def test_publishing_ends_the_draft_and_is_audited(written: Flask) -> None:
    with changing(written) as session:
        found, by = draft(session), user_id(session)
        save_draft(session, draft=found, revision=1, definition={**renamed("Beat"), "deleted": []}, by=by)
        version = publish_draft(session, draft=found, revision=2, by=by)
        assert (version.version, version.name, version.definition["name"]) == (2, "Beat", "Beat")
        assert not has_draft(session, "pulse")
        with pytest.raises(Missing):
            draft_of(session, "pulse")
        actions = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
        assert actions[-2:] == ["questionnaire.draft.create", "questionnaire.publish"]


def test_what_is_no_questionnaire_is_not_published(written: Flask) -> None:
    with changing(written) as session:
        found, by = draft(session), user_id(session)
        save_draft(session, draft=found, revision=1, definition={**PULSE, "questions": []}, by=by)
        with pytest.raises(Refusal, match="no questions"):
            publish_draft(session, draft=found, revision=2, by=by)
        assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 1
        assert session.scalar(select(func.count()).select_from(QuestionnaireDraft)) == 1


def test_discarding_leaves_what_was_published(written: Flask) -> None:
    with changing(written) as session:
        discard_draft(session, draft=draft(session), revision=1, by=user_id(session))
        assert newest_version(session, "pulse").version == 1


def add_answers(session: Session, questionnaire: str, per_person: list[dict[str, float]]) -> Study:
    """Add a study of a questionnaire's newest version, in which people gave these answers."""
    study = add_study(session, f"s-{questionnaire}", owner=None, csm_emails=tuple(None for _ in per_person))
    version = newest_version(session, questionnaire)
    study.version_id = version.id
    ids = question_ids(session, list({key for answers in per_person for key in answers}))
    people = session.scalars(select(Respondent).where(Respondent.study_id == study.id).order_by(Respondent.id)).all()
    for person, answers in zip(people, per_person, strict=True):
        response = session.scalars(select(Response).where(Response.respondent_id == person.id)).one()
        response.version_id = version.id
        for key, value in answers.items():
            session.add(
                Answer(response_id=response.id, question_id=ids[key], value_number=value - 1, superseded_at=now())
            )
            session.add(Answer(response_id=response.id, question_id=ids[key], value_number=value))
    session.flush()
    return study


def test_responses_are_counted_once_however_often_they_were_answered(written: Flask) -> None:
    with changing(written) as session:
        other = {**copy.deepcopy(PULSE), "key": "other", "name": "Other"}
        publish_questionnaire(session, document=other)
        add_answers(session, "pulse", [{"recommend": 9, "speed": 3}, {"recommend": 2}, {"care": 4}])
        add_answers(session, "other", [{"recommend": 5}])
        publish_questionnaire(session, document=renamed("Beat"))
        assert answered(session, "pulse") == {"recommend": 2, "speed": 1, "care": 1}
        assert responses_affected(session, "pulse", {"recommend", "speed"}) == 2
        assert responses_affected(session, "pulse", {"recommend", "speed", "care"}) == 3
        assert responses_affected(session, "pulse", {"why"}) == 0
        assert answers_elsewhere(session, "pulse") == {("recommend", "other"): 1}
        used = uses(session)
        assert (used["pulse"].studies, used["pulse"].responses, used["none"].responses) == (1, 3, 0)
        assert used["pulse"].by_version == {1: (1, 3), 2: (0, 0)}


def test_the_bank_has_each_question_once_with_its_newest_words(written: Flask) -> None:
    with changing(written) as session:
        other = {**copy.deepcopy(PULSE), "key": "other", "name": "Other"}
        other["questions"][0]["text"] = "Would you, today?"
        publish_questionnaire(session, document=other)
        bank = {banked.key: banked for banked in question_bank(session)}
        assert sorted(bank) == sorted(question["key"] for question in PULSE["questions"])
        assert bank["recommend"].entry["text"] == "Would you, today?"
        assert bank["recommend"].used_in == {"pulse": [1], "other": [1]}
