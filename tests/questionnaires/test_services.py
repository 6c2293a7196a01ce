"""Publishing questionnaires, on both databases."""

import copy
import json
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.queries import definition_of, newest_version, published_versions, questions_of
from app.questionnaires.services import publish_built_ins, publish_questionnaire, publishing, ready_version
from app.users.models import AuditEvent


def document(key: str = "pulse", *questions: str, name: str = "Pulse") -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "language": "en",
        "sections": [{"key": "only", "title": "Only"}],
        "questions": [
            {"key": question, "kind": "scale_0_10", "text": f"{question}?", "section": "only"}
            for question in questions or ("recommend", "effort_now")
        ],
    }


def test_the_first_publication_is_version_1(session: Session) -> None:
    version = publish_questionnaire(session, document=document())
    assert (version.key, version.version, version.name) == ("pulse", 1, "Pulse")
    assert list(questions_of(session, version)) == ["recommend", "effort_now"]
    assert definition_of(version).question("effort_now") is not None
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.object_id) == ("questionnaire.publish", "pulse")


def test_the_same_content_again_is_the_same_version(session: Session) -> None:
    first = publish_questionnaire(session, document=document())
    reordered = dict(reversed(document().items()))
    assert publish_questionnaire(session, document=reordered) is first


def test_other_content_is_the_next_version_and_the_old_one_stays(session: Session) -> None:
    first = publish_questionnaire(session, document=document())
    before = copy.deepcopy(first.definition)
    second = publish_questionnaire(session, document=document("pulse", "effort_now", "trust"))
    assert second.version == 2
    assert newest_version(session, "pulse") is second
    assert list(questions_of(session, second)) == ["effort_now", "trust"]
    session.expire_all()
    assert first.definition == before
    assert list(questions_of(session, first)) == ["recommend", "effort_now"]


def test_a_question_of_two_questionnaires_is_one(session: Session) -> None:
    first = publish_questionnaire(session, document=document("a", "recommend", "one"))
    second = publish_questionnaire(session, document=document("b", "two", "recommend"))
    assert questions_of(session, first)["recommend"] == questions_of(session, second)["recommend"]
    assert session.scalar(select(func.count()).select_from(Question)) == 3


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        pytest.param({**document(), "questions": []}, "no questions", id="no questions"),
        pytest.param({**document(), "name": "x" * 201}, "longer than 200", id="name too long"),
    ],
)
def test_a_bad_questionnaire_is_refused_and_nothing_is_stored(
    session: Session, bad: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        publish_questionnaire(session, document=bad)
    assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 0


def test_an_unknown_questionnaire_is_missing(session: Session) -> None:
    with pytest.raises(Missing, match="“none”"):
        newest_version(session, "none")
    with pytest.raises(Missing, match="“none”"):
        ready_version(session, key="none")


def test_publishing_built_ins_twice_changes_nothing(session: Session) -> None:
    first = publish_built_ins(session)
    assert {version.key for version in first} == {"relationship", "interview-360", "interview-value"}
    assert publish_built_ins(session) == first
    asked = {version.key: questions for version, questions in published_versions(session)}
    assert asked == {key: len(built_in["questions"]) for key, built_in in built_in_documents().items()}


def test_built_ins_do_not_push_aside_what_people_published(session: Session) -> None:
    publish_built_ins(session)
    ours = publish_questionnaire(session, document=document("relationship"))
    publish_built_ins(session)
    assert newest_version(session, "relationship") is ours
    assert ready_version(session, key="relationship") is ours


def test_another_built_in_follows_what_shipped_before(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before = publish_questionnaire(session, document=document("interview-360"))
    publish_built_ins(session)
    assert newest_version(session, "interview-360") is before
    monkeypatch.setattr(publishing, "FORMER", frozenset({before.content_sha256}))
    publish_built_ins(session)
    after = newest_version(session, "interview-360")
    assert (before.version, after.version) == (1, 2)
    assert definition_of(after).question("what_matters") is not None
    assert list(questions_of(session, before)) == ["recommend", "effort_now"]


def test_a_built_in_is_published_when_first_asked_for(session: Session) -> None:
    version = ready_version(session, key="relationship")
    assert version.version == 1
    assert ready_version(session, key="relationship") is version


def test_the_command_lists_versions_with_their_questions(runner: FlaskCliRunner, session: Session) -> None:
    publish_questionnaire(session, document=document())
    publish_questionnaire(session, document=document("pulse", "trust"))
    session.commit()
    listed = json.loads(runner.invoke(args=["questionnaire", "list", "--json"]).stdout)["questionnaires"]
    ours = [(each["key"], each["version"], each["questions"]) for each in listed if each["key"] == "pulse"]
    assert ours == [("pulse", 1, 2), ("pulse", 2, 1)]
    assert "pulse, version 2: Pulse (questions: 1)" in runner.invoke(args=["questionnaire", "list"]).stdout
