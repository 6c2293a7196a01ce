"""Scoring a study on a real database."""

import json
from datetime import date

import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.customers.models import Account, Contact
from app.health.models import HealthComputation, HealthScore, Telemetry
from app.health.services import load_scorecard
from app.questionnaires.services import publish_built_ins
from app.responses.models import Answer, ResponseChange
from app.responses.queries import change_ids
from app.responses.services import forget_changes
from app.scoring.models import AccountScore, RespondentScore, Scoring, VerbatimSentiment
from app.scoring.queries import account_scores, last_voices, respondent_scores, scoring_of, studies_to_score
from app.scoring.services import low_core_shares, score_study
from app.scoring.tasks import due_keys, score
from app.studies.models import SampledAccount, Study
from app.studies.services import create_study, draw_study
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.factories.answers import answer, question_ids

DAY = date(2026, 3, 31)
ROLES = ("decision_maker", "champion", "power_user")
SCORECARD = {
    "key": "default",
    "measures": [{"key": "use", "metric": "use", "points": [[0, 0], [100, 100]], "weight": 1}],
}
PLAN = {
    "key": "q1",
    "name": "First quarter",
    "questionnaire": "relationship",
    "mode": "survey",
    "strata": ["segment"],
    "method": "census",
    "seed": 1,
    "roles": {"decision_maker": 0.5, "champion": 0.3, "power_user": 0.2},
    "opens_on": "2026-03-01",
    "closes_on": "2026-03-31",
}


def add_drawn(session: Session) -> int:
    """Six accounts with three people each; health 90, 80, 60, 40, 20 and none. Returns their study."""
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    for i, health in enumerate([90, 80, 60, 40, 20, None], start=1):
        segment = "Large" if i <= 3 else "Small"
        account = Account(crm_id=f"A{i}", name=f"Account {i}", segment=segment, arr=1000 * i, currency="EUR")
        session.add(account)
        session.flush()
        for role in ROLES:
            session.add(Contact(crm_id=f"A{i}-{role}", account_id=account.id, name=role, role=role))
        if health is not None:
            session.add(Telemetry(account_id=account.id, metric="use", period_end=DAY, value=health))
    session.flush()
    study = create_study(session, document=PLAN)
    draw_study(session, study=study)
    return study.id


@pytest.fixture
def study(session: Session, fill: Fill) -> Study:
    """Six accounts with three people each; health 90, 80, 60, 40, 20 and none."""
    return session.get_one(Study, fill(add_drawn))


def scores_of(session: Session, study: Study) -> dict[str, AccountScore]:
    scoring = scoring_of(session, study)
    assert scoring is not None
    names = {row.id: row.crm_id for row in session.execute(select(Account.id, Account.crm_id))}
    return {names[score.account_id]: score for score in account_scores(session, scoring)}


def test_roles_weigh_in_an_accounts_voice(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", recommend=2)
    answer(session, study, "A1-champion", recommend=10)
    score_study(session, study=study)
    first = scores_of(session, study)["A1"]
    assert first.voice == pytest.approx((0.5 * 20 + 0.3 * 100) / 0.8)
    assert first.role_coverage == pytest.approx(0.8)
    assert first.role_range == pytest.approx(80)
    assert (first.voice_band, first.health_band, first.quadrant) == ("amber", "green", "mixed")
    assert first.respondents == 2


def test_half_of_the_roles_is_enough_for_a_band_and_less_is_not(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", recommend=1)
    answer(session, study, "A2-champion", recommend=1)
    score_study(session, study=study)
    scores = scores_of(session, study)
    assert (scores["A1"].voice_band, scores["A1"].quadrant) == ("red", "hidden_risk")
    assert (scores["A2"].voice_band, scores["A2"].quadrant, scores["A2"].tier) == (None, "insufficient", "none")
    assert scores["A2"].gap is None


def test_an_account_without_telemetry_or_answers_is_said_and_never_zero(session: Session, study: Study) -> None:
    answer(session, study, "A6-decision_maker", recommend=9)
    scored = score_study(session, study=study)
    scores = scores_of(session, study)
    assert (scores["A6"].voice, scores["A6"].health, scores["A6"].quadrant) == (90, None, "insufficient")
    assert (scores["A1"].voice, scores["A1"].health) == (None, 90)
    assert "NO_HEALTH" in [warning["code"] for warning in scored.warnings]


def test_figures_are_json_without_nan_even_when_nobody_answered(session: Session, study: Study) -> None:
    scored = score_study(session, study=study)
    scoring = scoring_of(session, study)
    assert scoring is not None
    json.dumps(scoring.figures, allow_nan=False)
    assert (scored.responses, scored.respondents, scored.accounts) == (0, 0, 0)
    assert scored.warnings[0]["code"] == "EMPTY"
    assert scoring.figures["voice"]["mean"]["value"] is None
    assert scoring.figures["sample"]["response_rates"]["rr1"] == 0
    assert scoring.figures["population"] == {"accounts": 6, "arr": 21000.0}


def test_the_value_gap_needs_both_sides(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", value_promised=5, value_delivered=2)
    answer(session, study, "A2-decision_maker", value_promised=4, value_delivered=3)
    answer(session, study, "A3-decision_maker", value_promised=5)
    score_study(session, study=study)
    value = scoring_of(session, study).figures["value"]  # type: ignore[union-attr]
    assert value["gap"]["n"] == 2
    assert value["gap"]["value"] == pytest.approx((-75 - 25) / 2)
    assert value["gap"]["value"] == pytest.approx(value["delivered"]["value"] - value["promised"]["value"])


def test_nps_and_csat_count_each_account_once(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", recommend=10, satisfaction=5)
    answer(session, study, "A1-champion", recommend=0, satisfaction=3)
    answer(session, study, "A2-champion", recommend=9, satisfaction=4)
    score_study(session, study=study)
    voice = scoring_of(session, study).figures["voice"]  # type: ignore[union-attr]
    assert voice["nps"]["value"] == pytest.approx(100 * (0 + 1) / 2)
    assert voice["csat_top2"]["value"] == pytest.approx((0.5 + 1) / 2)


def test_a_superseded_answer_counts_no_more(session: Session, study: Study) -> None:
    response = answer(session, study, "A1-decision_maker", recommend=0)
    old = session.scalars(select(Answer).where(Answer.response_id == response.id)).one()
    old.superseded_at = now()
    session.flush()
    session.add(Answer(response_id=response.id, question_id=old.question_id, value_number=10))
    session.flush()
    score_study(session, study=study)
    assert scores_of(session, study)["A1"].voice == 100


def test_scoring_again_replaces_and_gives_the_same(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", recommend=3, reason="We lost two days over this.")
    score_study(session, study=study)
    before = dict(scoring_of(session, study).figures)  # type: ignore[union-attr]
    score_study(session, study=study)
    assert scoring_of(session, study).figures == before  # type: ignore[union-attr]
    counts = [
        session.scalar(select(func.count()).select_from(table)) for table in (Scoring, AccountScore, RespondentScore)
    ]
    assert counts == [1, 6, 1]
    assert session.scalar(select(func.count()).select_from(HealthComputation)) == 1


def test_sentiment_is_taken_of_english_only(session: Session, study: Study) -> None:
    session.execute(update(Contact).where(Contact.crm_id == "A2-champion").values(language="fr"))
    answer(session, study, "A1-champion", reason="The support team is great and kind.")
    answer(session, study, "A2-champion", reason="Une équipe great.")
    score_study(session, study=study)
    taken = session.scalars(select(VerbatimSentiment).order_by(VerbatimSentiment.answer_id)).all()
    assert [row.label for row in taken] == ["positive", None]
    assert taken[1].compound is None
    figures = scoring_of(session, study).figures["voice"]["sentiment"]  # type: ignore[union-attr]
    assert figures["verbatims"] == 1
    assert figures["mean"]["n"] == 1


def test_respondent_scores_name_their_dimensions(session: Session, study: Study) -> None:
    answer(session, study, "A1-champion", recommend=7, effort=4)
    score_study(session, study=study)
    scoring = scoring_of(session, study)
    assert scoring is not None
    (person,) = respondent_scores(session, scoring)
    assert person.dimensions == {"recommendation": 70.0, "support": 50.0}
    assert person.voice == 60


def test_a_study_that_was_not_drawn_is_refused(session: Session) -> None:
    publish_built_ins(session)
    load_scorecard(session, document=SCORECARD)
    study = create_study(session, document=PLAN)
    with pytest.raises(Refusal, match="flask study draw q1"):
        score_study(session, study=study)


def test_a_study_is_due_until_a_scoring_has_seen_its_changes(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", recommend=3)
    assert list(studies_to_score(session)) == []
    session.add(ResponseChange(study_id=study.id))
    session.flush()
    assert [due.key for due in studies_to_score(session)] == ["q1"]
    score_study(session, study=study)
    assert list(studies_to_score(session)) == []


def test_a_change_that_a_scoring_has_not_seen_stays_for_the_next(session: Session, study: Study) -> None:
    session.add(ResponseChange(study_id=study.id))
    session.flush()
    seen = change_ids(session, study.id)
    session.add(ResponseChange(study_id=study.id))
    session.flush()
    forget_changes(session, seen)
    assert [due.key for due in studies_to_score(session)] == ["q1"]


def test_the_job_looks_for_work_while_somebody_else_writes(session: Session, study: Study) -> None:
    session.add(ResponseChange(study_id=study.id))
    session.commit()
    writer = create_engine(session.get_bind().engine.url)
    with writer.connect() as connection:
        if writer.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        assert due_keys() == ["q1"]
    writer.dispose()


def test_the_job_scores_what_is_due_and_nothing_else(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", recommend=3)
    session.add(ResponseChange(study_id=study.id))
    session.commit()
    assert score() == ["q1"]
    assert score() == []
    assert scoring_of(session, study) is not None


def test_scoring_leaves_a_line_in_the_audit_log(session: Session, study: Study) -> None:
    score_study(session, study=study)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "study.score")).one()
    assert (event.object_type, event.object_id) == ("study", "q1")


def test_the_last_voices_are_those_of_the_newest_other_scoring(session: Session, study: Study) -> None:
    other, third = (create_study(session, document={**PLAN, "key": key}) for key in ("q2", "q3"))
    draw_study(session, study=other)
    assert last_voices(session, other) == {}
    answer(session, study, "A1-decision_maker", recommend=2)
    answer(session, other, "A2-decision_maker", recommend=7)
    for each in (study, other):
        score_study(session, study=each)
    assert last_voices(session, third) == {"A2": 70}
    assert last_voices(session, other) == {"A1": 20}


@pytest.mark.usefixtures("study")
def test_a_study_drawn_by_size_is_scored_with_its_weights(session: Session) -> None:
    document = {**PLAN, "key": "pps", "method": "pps", "size": 5, "strata": []}
    by_size = create_study(session, document=document)
    draw_study(session, study=by_size)
    rows = session.execute(
        select(Account.crm_id, SampledAccount.weight)
        .join(SampledAccount, SampledAccount.account_id == Account.id)
        .where(SampledAccount.study_id == by_size.id)
    ).all()
    assert len({row.weight for row in rows}) > 1
    for i, row in enumerate(rows):
        answer(session, by_size, f"{row.crm_id}-decision_maker", recommend=i * 2)
    score_study(session, study=by_size)
    mean = scoring_of(session, by_size).figures["voice"]["mean"]  # type: ignore[union-attr]
    total = sum(row.weight for row in rows)
    assert mean["value"] == pytest.approx(sum(row.weight * 20 * i for i, row in enumerate(rows)) / total)


def test_unusual_responses_are_flagged_counted_and_scored_all_the_same(session: Session, study: Study) -> None:
    same = {"recommend": 10, "satisfaction": 5, "effort": 7, "value_promised": 5, "value_delivered": 5}
    answer(session, study, "A1-decision_maker", **same)
    answer(session, study, "A2-decision_maker", recommend=1, satisfaction=2)
    scored = score_study(session, study=study)
    scoring = scoring_of(session, study)
    assert scoring is not None
    assert scored.respondents == 2
    quality = scoring.figures["quality"]
    assert (quality["responses"], quality["flagged"], quality["straight_liner"]) == (2, 1, 1)
    flags = [row.flags for row in session.scalars(select(RespondentScore)) if row.flags]
    assert [[flag["kind"] for flag in each] for each in flags] == [["straight_liner"]]


def test_low_core_shares_are_the_same_stored_and_computed(session: Session, study: Study) -> None:
    answer(session, study, "A1-decision_maker", recommend=1)
    answer(session, study, "A2-decision_maker", recommend=1, satisfaction=2, effort=3, renewal_intent=4)
    computed = low_core_shares(session, study)
    score_study(session, study=study)
    assert change_ids(session, study.id) == []
    assert low_core_shares(session, study) == computed
    assert len(computed) >= 1


@pytest.mark.parametrize("source", ["survey", "import"])
def test_low_core_shares_follow_what_changed_since_the_scoring(session: Session, study: Study, source: str) -> None:
    first = answer(session, study, "A1-decision_maker", recommend=1)
    other = answer(session, study, "A2-decision_maker", recommend=1, satisfaction=2, effort=3, renewal_intent=4)
    first.source = other.source = source
    score_study(session, study=study)
    before = low_core_shares(session, study)
    at = now()
    for response in (first, answer(session, study, "A2-champion", satisfaction=3)):
        response.source, response.changed_at = source, at
    whole = ("recommend", "satisfaction", "effort", "value_promised", "value_delivered", "renewal_intent")
    ids = question_ids(session)
    session.add_all(Answer(response_id=first.id, question_id=ids[key], value_number=2) for key in whole[1:])
    session.add(ResponseChange(study_id=study.id, changed_at=at))
    session.flush()
    changed = low_core_shares(session, study)
    score_study(session, study=study)
    assert changed == low_core_shares(session, study)
    assert before != changed
    assert first.respondent_id in before
    assert first.respondent_id not in changed


def test_voice_is_compared_with_telemetry_and_not_with_what_csms_think(session: Session, study: Study) -> None:
    """A CSM who calls the greenest account red moves its health, and nothing that voice is held against."""
    answer(session, study, "A1-decision_maker", recommend=2)
    answer(session, study, "A1-champion", recommend=10)
    score_study(session, study=study)
    before = scores_of(session, study)["A1"]
    mood = {"key": "mood", "metric": "csm.sentiment", "points": [[0, 0], [100, 100]], "weight": 1}
    load_scorecard(session, document={**SCORECARD, "measures": [*SCORECARD["measures"], mood]})
    first = session.scalars(select(Account).where(Account.crm_id == "A1")).one()
    session.add(Telemetry(account_id=first.id, metric="csm.sentiment", period_end=DAY, value=0))
    session.flush()
    score_study(session, study=study)
    after = scores_of(session, study)["A1"]
    scoring = scoring_of(session, study)
    assert scoring is not None
    health = session.get_one(HealthScore, (scoring.health_computation_id, first.id))
    assert (health.score, health.telemetry_score) == (45.0, 90.0)
    assert (after.health, after.health_band, after.gap, after.quadrant) == (
        before.health,
        before.health_band,
        before.gap,
        before.quadrant,
    )
