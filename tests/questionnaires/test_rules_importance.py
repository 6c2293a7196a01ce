"""Questions of how much topics matter: what is read, what is refused, and which they are."""

from typing import Any

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.changes import ChangeKind, changes_between
from app.questionnaires.rules.definition import AskedIn
from app.questionnaires.rules.importance import Way, asked_importance, way_of
from app.questionnaires.rules.kinds import KINDS
from app.questionnaires.rules.reading import parse_definition
from app.questionnaires.rules.writing import to_document

TOPICS = [{"key": "support", "label": "Help"}, {"key": "value", "label": "Worth"}]


def document(*questions: dict[str, Any]) -> dict[str, Any]:
    """A questionnaire of these questions, each with what all questions have."""
    return {
        "key": "pulse",
        "name": "Pulse",
        "language": "en",
        "sections": [{"key": "main", "title": "Main"}, {"key": "each", "title": "Each", "per": "product"}],
        "questions": [{"section": "main", "text": "How much?", **question} for question in questions],
    }


def points(key: str, topic: str, **more: Any) -> dict[str, Any]:
    """A number of points for a topic."""
    return {"key": key, "kind": "number", "importance": topic, **more}


def ranking(key: str = "order", **more: Any) -> dict[str, Any]:
    """A ranking of two topics."""
    return {"key": key, "kind": "ranking", "importance": "ranked", "options": TOPICS, **more}


@pytest.mark.parametrize(
    ("questions", "asked"),
    [
        pytest.param([points("a", "support"), points("b", "value")], {"support": "a", "value": "b"}, id="points"),
        pytest.param(
            [points("a", "support", kind="scale_1_5"), points("b", "company", kind="scale_1_5")],
            {"support": "a", "company": "b"},
            id="ratings",
        ),
        pytest.param([ranking()], {"support": "order", "value": "order"}, id="a ranking"),
        pytest.param(
            [{"key": f"importance_{topic}", "kind": "number"} for topic in ("support", "value", "luck")],
            {"support": "importance_support", "value": "importance_value"},
            id="by their keys, as it was before",
        ),
        pytest.param([{"key": "seats", "kind": "number"}, ranking(importance=None)], {}, id="nothing is asked"),
    ],
)
def test_which_question_asks_about_which_topic(questions: list[dict[str, Any]], asked: dict[str, str]) -> None:
    plain = document(*({name: value for name, value in each.items() if value is not None} for each in questions))
    read = parse_definition(plain)
    assert {topic: question.key for topic, question in asked_importance(read).items()} == asked
    assert to_document(read) == plain


@pytest.mark.parametrize(
    ("questions", "sentence"),
    [
        pytest.param([points("a", "luck")], "Question “a”: unknown importance “luck”; use one of: overall", id="luck"),
        pytest.param([points("a", "ranked")], "Question “a”: unknown importance “ranked”", id="no ranking"),
        pytest.param([points("a", 5)], "Question “a”: “importance” is missing", id="no text"),
        pytest.param([points("a", "support", kind="text")], "Question “a”: how much a topic matters is", id="words"),
        pytest.param([points("a", "support", kind="yes_no")], "Question “a”: how much a topic matters is", id="yes/no"),
        pytest.param(
            [points("a", "support", kind="scale_1_5", dimension="support")], "Question “a” asks how much", id="scored"
        ),
        pytest.param(
            [points("a", "support", kind="scale_1_5", reverse=True)], "leave out dimension and reverse", id="reversed"
        ),
        pytest.param([ranking(importance="support")], "Question “order” is a ranking; give “importance” as", id="one"),
        pytest.param(
            [ranking(options=[*TOPICS, {"key": "x", "label": "X"}])], "the key “x” of an option is none", id="no topic"
        ),
        pytest.param([ranking(options=TOPICS[:1])], "Question “order” ranks topics; offer two", id="an order of one"),
        pytest.param([points("a", "support")], "Question “a” asks how much one topic matters; ask it", id="alone"),
        pytest.param(
            [points("a", "support"), points("b", "support")],
            "“b”: how much “support” matters is asked by “a”",
            id="two",
        ),
        pytest.param([points("a", "support"), ranking()], "“order” asks how much topics matter in another", id="mixed"),
        pytest.param([ranking(), ranking("again")], "“again” asks how much topics matter in another", id="rankings"),
        pytest.param([ranking(section="each")], "put it into a section that is asked once", id="repeated"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(questions: list[dict[str, Any]], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_definition(document(*questions))


def test_asking_about_another_topic_breaks_the_comparison() -> None:
    before, after = (
        parse_definition(document(points("a", topic), points("b", "value"))) for topic in ("support", "company")
    )
    (change,) = changes_between(before, after)
    assert (change.kind, change.key, change.is_breaking) == (ChangeKind.SCORING, "a", True)
    assert (change.before, change.after) == ("how much it matters: support", "how much it matters: company")


def test_every_kind_asks_in_one_way_or_not_at_all() -> None:
    ways = {kind: way_of(kind) for kind in KINDS}
    assert {kind for kind, way in ways.items() if way is Way.RATINGS} == {"scale_0_10", "scale_1_5", "scale_1_7"}
    assert (ways["number"], ways["ranking"], ways["yes_no"], ways["text"]) == (Way.POINTS, Way.RANKING, None, None)


def test_the_long_interview_asks_what_matters_of_topics_that_it_rates() -> None:
    long = parse_definition(built_in_documents()["interview-360"])
    asked = asked_importance(long)
    assert {question.key for question in asked.values()} == {"what_matters"}
    assert len(asked) == 7
    assert set(asked) <= {str(question.dimension) for question in long.questions}
    assert long.questions[0].importance is None
    assert asked["value"].asked_in == (AskedIn.INTERVIEW,)
