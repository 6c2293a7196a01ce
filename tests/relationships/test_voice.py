"""What people said of relationships, held against figures by hand."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.customers.models import Account
from app.health.models import HealthComputation
from app.health.services import load_scorecard
from app.questionnaires.models import Question, QuestionnaireVersion
from app.questionnaires.services import publish_questionnaire
from app.relationships.queries.account import relationships_now
from app.relationships.queries.voice import Voice
from app.relationships.rules.rollup import RollUp, rolled_figures
from app.relationships.rules.voice import voice_figure
from app.responses.models import Answer, Remark, Response
from app.scoring.models import Scoring
from app.studies.models import SampledAccount, Study
from app.users.models import User
from app.users.rules import Role, Scope
from tests.interviews.talks import add_person
from tests.relationships.world import DAY, USAGE, account, add_world
from tests.users.people import CSM, LEADER, STRANGER

QUALITY = "product_quality"
LOOPED = {
    "key": "looped",
    "name": "About each product",
    "language": "en",
    "sections": [
        {"key": "all", "title": "All"},
        {"key": "each", "title": "Each", "per": "product"},
        {"key": "services", "title": "Services", "per": "service"},
        {"key": "promises", "title": "Promises", "per": "promise"},
    ],
    "questions": [
        {"key": "recommend", "kind": "scale_0_10", "text": "?", "section": "all", "dimension": "recommendation"},
        {"key": "liking", "kind": "scale_1_5", "text": "?", "section": "each", "dimension": "product_sentiment"},
        {"key": "ease", "kind": "scale_1_5", "text": "?", "section": "each", "dimension": "product_sentiment"},
        {"key": "bugs", "kind": "scale_1_5", "text": "?", "section": "each", "reverse": True, "dimension": QUALITY},
        {"key": "words", "kind": "text", "text": "?", "section": "each"},
        {"key": "care", "kind": "scale_1_5", "text": "?", "section": "services", "dimension": "support"},
        {"key": "kept", "kind": "scale_1_5", "text": "?", "section": "promises", "dimension": "company"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "value", "low", "high"),
    [
        ([], None, None, None),
        ([40.0], 40.0, None, None),
        ([60.0, 60.0], 60.0, 60.0, 60.0),
        # t with one degree of freedom is 12.7062: 50 ± 12.7062·(14.1421/√2).
        ([40.0, 60.0], 50.0, 50 - 127.062, 50 + 127.062),
        # t with three is 3.18245, s is 12.9099: 75 ± 3.18245·12.9099/2.
        ([60.0, 70.0, 80.0, 90.0], 75.0, 54.4574, 95.5426),
    ],
    ids=["nobody", "one", "of one mind", "two", "four"],
)
def test_a_voice_has_an_interval_from_two_people_on(
    values: list[float], value: float | None, low: float | None, high: float | None
) -> None:
    found = voice_figure(values)
    assert found.n == len(values)
    for is_, wanted in ((found.value, value), (found.low, low), (found.high, high)):
        assert is_ == (None if wanted is None else pytest.approx(wanted, abs=1e-3))


def add_study(
    session: Session, key: str, closes_on: date, *, is_scored: bool = True, is_anonymous: bool = False
) -> Study:
    version = session.scalars(select(QuestionnaireVersion).where(QuestionnaireVersion.key == "looped")).one()
    study = Study(
        key=key,
        name=f"Study {key}",
        version_id=version.id,
        scorecard_key="products",
        owner_id=session.scalars(select(User.id).where(User.email == LEADER)).one(),
        plan={"mode": "survey"},
        opens_on=closes_on - timedelta(days=30),
        closes_on=closes_on,
        health_as_of=closes_on,
        drawn_at=now(),
        is_anonymous=is_anonymous,
    )
    session.add(study)
    session.flush()
    session.add(
        SampledAccount(
            study_id=study.id, account_id=account(session).id, stratum="all", stratum_size=2, weight=1.0, mode="survey"
        )
    )
    if is_scored:
        computation = session.scalars(select(HealthComputation.id)).first()
        session.add(Scoring(study_id=study.id, health_computation_id=computation, figures={}))
    session.flush()
    return study


def say(
    session: Session, study: Study, person: str, said: dict[tuple[str, str], Any], *, is_sent: bool = True, **facts: Any
) -> Response:
    """Store a response: (item, question) -> a number, a text, None where a branch was closed, or why there is none."""
    respondent = add_person(session, study, person, account=account(session), mode="survey")
    response = Response(
        study_id=study.id,
        respondent_id=respondent.id,
        external_id=f"{study.key}-{person}",
        version_id=study.version_id,
        **({"mode": "survey", "source": "survey"} | facts),
        submitted_at=now() if is_sent else None,
    )
    session.add(response)
    session.flush()
    ids = {row.key: row.id for row in session.execute(select(Question.key, Question.id))}
    for (item, question), value in said.items():
        absence = value if value in ("dont_know", "not_applicable") else None
        session.add(
            Answer(
                response_id=response.id,
                question_id=ids[question],
                item=item,
                value_number=value if isinstance(value, float) else 1.0 if value is None else None,
                value_text=value if isinstance(value, str) and not absence else None,
                absence=absence,
                is_counted=value is not None,
            )
        )
    session.flush()
    return response


def build(session: Session) -> None:
    """Two scored studies of the account: three people in the older, one about Billing alone in the newer."""
    add_world(session)
    publish_questionnaire(session, document=LOOPED)
    scorecard = load_scorecard(session, document=USAGE)
    session.add(HealthComputation(scorecard_version_id=scorecard.id, as_of=DAY, content_sha256="x"))
    session.flush()
    older = add_study(session, "older", DAY - timedelta(days=60))
    # Liking 5 is 100, ease 3 is 50: the dimension is 75; bugs 1 of 5, reversed, is 100: the voice is 87.5.
    say(
        session,
        older,
        "ann",
        {("P-1", "liking"): 5.0, ("P-1", "ease"): 3.0, ("P-1", "bugs"): 1.0, ("", "recommend"): 0.0},
    )
    # One of two suffices for the half rule: liking 3 is 50; nothing is known of bugs: the voice is 50.
    say(
        session,
        older,
        "bob",
        {("P-1", "liking"): 3.0, ("P-1", "bugs"): "dont_know", ("P-2", "liking"): 1.0, ("P-1", "words"): "Fine."},
    )
    # A branch that was closed does not count; what does not apply is not asked: bugs 5, reversed, is 0.
    say(session, older, "cid", {("P-1", "liking"): None, ("P-1", "ease"): "not_applicable", ("P-1", "bugs"): 5.0})
    # What was not sent, a promise that bears the id of a product, and a product of another account say nothing.
    say(session, older, "dan", {("P-1", "liking"): 5.0}, is_sent=False)
    say(session, older, "eve", {("P-3", "kept"): 1.0, ("P-9", "liking"): 1.0})
    newer = add_study(session, "newer", DAY - timedelta(days=10))
    say(session, newer, "ann", {("P-2", "liking"): 4.0, ("S-1", "care"): 4.0})
    session.commit()


def voices(session: Session, scope: Scope | None = None) -> dict[str, Voice | None]:
    everything = Scope(0, "", "", frozenset({Role.ADMIN}))
    found = relationships_now(session, scope=scope or everything, account=account(session), today=DAY)
    return {each.crm_id: each.voice for each in found}


def test_a_relationship_has_the_voice_of_the_newest_study_that_heard_it(session: Session, fill: Any) -> None:
    fill(build)
    found = voices(session)
    first = found["P-1"]
    assert first is not None
    # 87.5, 50 and 0: the mean is 45.8333, s is 43.8985, t with two degrees is 4.30265: 45.8333 ± 109.05, within 0–100.
    assert first.value == pytest.approx(45.8333, abs=1e-3)
    assert (first.low, first.high, first.n, first.study_key, first.study_name) == (
        0.0,
        100.0,
        3,
        "older",
        "Study older",
    )
    second = found["P-2"]
    assert second is not None
    assert (second.value, second.low, second.high, second.n, second.study_key) == (75.0, None, None, 1, "newer")
    service = found["S-1"]
    assert service is not None
    assert service.value == 75.0, "each type is asked its own sections"
    assert found["P-3"] is None


def test_what_was_noted_as_not_asked_leaves_the_half_rule_to_the_others(session: Session, fill: Any) -> None:
    fill(build)
    study = add_study(session, "talks", DAY - timedelta(days=5))
    ids = {row.key: row.id for row in session.execute(select(Question.key, Question.id))}
    talk = say(session, study, "gil", {("P-3", "ease"): 2.0}, mode="interview", source="interview")
    note = {"response_id": talk.id, "item": "P-3", "revision": 1, "absence": "not_applicable"}
    session.add_all(Remark(question_id=ids[key], **note) for key in ("liking", "bugs"))
    session.commit()
    found = voices(session)["P-3"]
    assert found is not None
    assert (found.value, found.study_key) == (25.0, "talks")


def test_studies_that_are_not_scored_or_anonymous_say_nothing(session: Session, fill: Any) -> None:
    fill(build)
    before = voices(session)
    for key, facts in (("running", {"is_scored": False}), ("nameless", {"is_anonymous": True})):
        study = add_study(session, key, DAY, **facts)
        say(session, study, "ann", {("P-1", "liking"): 1.0, ("P-3", "liking"): 1.0})
    session.commit()
    assert voices(session) == before


@pytest.mark.parametrize(
    ("email", "role", "hears"),
    [
        (CSM, Role.CSM, True),
        ("b@else.test", Role.CSM, False),
        (STRANGER, Role.LEADER, False),
        ("v@x.test", Role.VIEWER, True),
    ],
    ids=["owner", "colleague", "another leader", "viewer"],
)  # fmt: skip
def test_a_voice_is_heard_as_far_as_its_study_is_seen(
    session: Session, fill: Any, email: str, role: Role, hears: bool
) -> None:
    fill(build)
    found = voices(session, Scope(-1, email, email, frozenset({role})))
    assert (found["P-1"] is not None) is hears


def test_voices_roll_up_as_health_does(session: Session, fill: Any) -> None:
    fill(build)
    everything = Scope(0, "", "", frozenset({Role.ADMIN}))
    found = relationships_now(session, scope=everything, account=account(session), today=DAY)
    health, voice = rolled_figures(RollUp.WORST, found)
    assert health.sentence == "none of 4 has a score"
    assert voice.value == pytest.approx(45.8333, abs=1e-3)
    assert voice.sentence == "the worst of 3; 1 has no voice"
    assert session.scalars(select(Account)).first()
