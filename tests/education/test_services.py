"""Education on real databases: noted with history and telemetry, needs by what people said, and actions of them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.services import Doer, finish_action
from app.core.clock import now, today
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.education.models import EducationRecord
from app.education.queries import accounts_at, spread
from app.education.queries.needs import actions_begun, facts_of, need_of, needs, quotes_of
from app.education.rules.records import METRIC, Reading, Typed
from app.education.services import act_on_need, note_education
from app.health.models import HealthScore, Telemetry
from app.health.queries import newest_scorecard
from app.health.services import compute_health, load_scorecard
from app.responses.models import Answer, Response
from app.scoring.models import Analysis, Scoring, ThemeEdit
from app.studies.models import Study
from app.users.models import AuditEvent
from app.users.rules import Role, Scope
from tests.conftest import Fill
from tests.education.world import QUOTE, World, add_world, question_id, remark, user_id
from tests.interviews.talks import ANNA
from tests.users.people import CSM, LEADER

TAKEN = Typed("yes", "Two courses", "16", "20", "", "", "", "")
SCORECARD = {
    "key": "default",
    "measures": [{"key": "education", "metric": METRIC, "points": [[0, 0], [1, 100]], "weight": 1}],
}


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def scope_of(session: Session, email: str, role: Role) -> Scope:
    return Scope(user_id(session, email), email, email, frozenset({role}))


def note(session: Session, world: World, typed: Typed, *, days: int = 0) -> bool:
    account = session.get_one(Account, world.accounts["Lumen"])
    return note_education(session, account=account, typed=typed, at=now() - timedelta(days=days), by=None)


def shares(session: Session) -> list[tuple[int, float]]:
    rows = session.scalars(sa.select(Telemetry).where(Telemetry.metric == METRIC).order_by(Telemetry.period_end))
    return [((today() - row.period_end).days, row.value) for row in rows]


def test_what_is_noted_stays_as_history_and_its_share_as_telemetry(session: Session, world: World) -> None:
    assert note(session, world, TAKEN, days=3) is True
    assert note(session, world, TAKEN, days=2) is False
    day = (today() - timedelta(days=1)).isoformat()
    assert note(session, world, Typed("yes", "Two courses", "16", "20", day, "Planners", "15", "")) is True
    assert shares(session) == [(3, 0.0), (0, 0.75)]
    rows = session.scalars(sa.select(EducationRecord).order_by(EducationRecord.id)).all()
    assert [(row.included, row.people, row.share) for row in rows] == [("yes", None, None), ("yes", 15, 0.75)]
    events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "education.noted")).all()
    assert len(events) == 2
    assert "Planners" not in str(events[1].fields)


def test_two_notes_of_one_day_are_one_value(session: Session, world: World) -> None:
    note(session, world, TAKEN)
    note(session, world, Typed("yes", taken_on=today().isoformat(), share="40"))
    assert shares(session) == [(0, 0.4)]


def test_a_share_that_is_taken_back_is_none_and_what_files_brought_stays(session: Session, world: World) -> None:
    account_id, long_ago = world.accounts["Lumen"], today() - timedelta(days=40)
    session.add(Telemetry(account_id=account_id, metric=METRIC, period_end=long_ago, value=0.1))
    note(session, world, TAKEN, days=3)
    note(session, world, Typed("unknown"))
    assert shares(session) == [(40, 0.1)]


def test_a_scorecard_weighs_the_share(session: Session, world: World) -> None:
    note(session, world, Typed("yes", taken_on=today().isoformat(), share="40"))
    load_scorecard(session, document=SCORECARD)
    computed = compute_health(session, version=newest_scorecard(session, "default"), as_of=today())
    rows = session.execute(
        sa.select(HealthScore.account_id, HealthScore.score).where(HealthScore.computation_id == computed.id)
    )
    assert dict(rows.all()) == {world.accounts["Lumen"]: 40.0, world.accounts["Brand"]: None}


def test_a_refused_note_stores_nothing(session: Session, world: World) -> None:
    with pytest.raises(Refusal, match="still to come"):
        note(session, world, Typed("yes", taken_on=(today() + timedelta(days=1)).isoformat()))
    assert session.scalar(sa.select(sa.func.count()).select_from(EducationRecord)) == 0


def test_readings_are_counted_over_the_callers_accounts(session: Session, world: World) -> None:
    note(session, world, TAKEN)
    leader, anna = scope_of(session, LEADER, Role.LEADER), scope_of(session, ANNA, Role.CSM)
    counts = {row.reading: (row.accounts, int(row.arr)) for row in spread(session, scope=leader)}
    assert counts == {"included and not taken": (1, 40_000), "unknown": (1, 9_000)}
    assert [row.reading for row in spread(session, scope=anna)] == ["unknown"]
    total, rows = accounts_at(session, scope=leader, reads=Reading.NOT_TAKEN, start=0, length=9)
    assert (total, [row.crm_id for row in rows]) == (1, ["Lumen"])
    assert accounts_at(session, scope=anna, reads=Reading.NOT_TAKEN, start=0, length=9) == (0, [])


def test_needs_come_from_low_answers_and_from_named_skills(session: Session, world: World) -> None:
    found = needs(session, scope=scope_of(session, LEADER, Role.LEADER), at=now())
    assert {key: found[world.respondents[key]].signs for key in ("nora", "pia")} == {
        "nora": ["Skills 25 of 100", "Named skills that are missing"],
        "pia": ["Named skills that are missing"],
    }
    assert world.respondents["omar"] not in found


@pytest.mark.parametrize(
    ("email", "role", "who"),
    [
        (LEADER, Role.LEADER, {"nora", "pia"}),
        (CSM, Role.CSM, {"nora"}),
        (ANNA, Role.CSM, {"pia"}),
        ("bob@parallax.test", Role.LEADER, set()),
        (LEADER, Role.VIEWER, {"nora", "pia"}),
    ],
)
def test_needs_are_seen_by_who_may_read_the_answers(
    session: Session, world: World, email: str, role: Role, who: set[str]
) -> None:
    scope = Scope(world.people.get(email, 0), email, email, frozenset({role}))
    found = needs(session, scope=scope, at=now())
    assert {name for name, key in world.respondents.items() if key in found} == who


def test_a_superseded_answer_and_an_old_one_are_no_need(session: Session, world: World) -> None:
    scope = scope_of(session, LEADER, Role.LEADER)
    session.execute(sa.update(Answer).where(Answer.value_number == 2.0).values(superseded_at=now()))
    assert world.respondents["nora"] in needs(session, scope=scope, at=now())
    session.execute(
        sa.update(Answer).where(Answer.question_id == question_id(session, "skills_missing")).values(value_text="no")
    )
    assert needs(session, scope=scope, at=now()) == {}
    session.rollback()
    session.execute(sa.update(Response).values(submitted_at=now() - timedelta(days=400)))
    assert needs(session, scope=scope, at=now()) == {}


def test_a_theme_that_people_named_after_skills_is_a_need(session: Session, world: World) -> None:
    omar = session.scalars(
        sa.select(Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.respondent_id == world.respondents["omar"], Answer.value_text.is_not(None))
    ).one()
    add_theme(session, world, statement=omar)
    scope = scope_of(session, LEADER, Role.LEADER)
    assert world.respondents["omar"] not in needs(session, scope=scope, at=now())
    session.add(ThemeEdit(theme="report", name="Missing skills", is_hidden=False, edited_at=now()))
    session.flush()
    assert needs(session, scope=scope, at=now())[world.respondents["omar"]].signs == ["Speaks of “Missing skills”"]


def add_theme(session: Session, world: World, *, statement: int) -> None:
    load_scorecard(session, document=SCORECARD)
    health = compute_health(session, version=newest_scorecard(session, "default"), as_of=today())
    scoring = Scoring(study_id=world.study, health_computation_id=health.id, figures={})
    session.add(scoring)
    session.flush()
    figures = {"themes": [{"key": "report", "speak": [statement], "against": []}]}
    session.add(Analysis(scoring_id=scoring.id, topic="words", figures=figures))
    session.flush()


def test_words_stand_beside_a_need_as_their_speaker_allowed(session: Session, world: World) -> None:
    ids = list(world.respondents.values())
    remark(session, world.respondents["nora"], quote_permission="without_name")
    remark(session, world.respondents["omar"], is_paraphrase=True)
    remark(session, world.respondents["pia"], quote_permission="with_name")
    found = quotes_of(session, ids)
    assert sorted(found[world.respondents["nora"]]) == [
        ("Nobody builds reports alone", "internal"),
        (QUOTE, "without_name"),
    ]
    assert set(found) == {world.respondents["nora"]}


def test_a_need_becomes_one_action_of_the_accounts_csm(session: Session, world: World) -> None:
    leader = scope_of(session, LEADER, Role.LEADER)
    doer = Doer(leader.user_id, now(), "http://localhost")
    need, facts = need_of(session, scope=leader, respondent_id=world.respondents["nora"], at=now())
    action = act_on_need(session, need=need, facts=facts, doer=doer)
    again = act_on_need(session, need=need, facts=facts, doer=doer)
    assert action.id == again.id
    assert action.title == "Education for the champion: skills are missing"
    assert (action.owner_id, action.respondent_id) == (user_id(session, CSM), world.respondents["nora"])
    assert actions_begun(session)[world.respondents["nora"]].done_at is None
    finish_action(session, action_id=action.id, note="Two sessions held", doer=doer)
    assert actions_begun(session, [world.respondents["nora"]])[world.respondents["nora"]].done_at is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(Action)) == 1


def test_without_a_csm_who_can_act_the_action_is_the_callers(session: Session, world: World) -> None:
    session.get_one(Account, world.accounts["Lumen"]).csm_email = "gone@else.test"
    leader = scope_of(session, LEADER, Role.LEADER)
    need, facts = need_of(session, scope=leader, respondent_id=world.respondents["nora"], at=now())
    action = act_on_need(session, need=need, facts=facts, doer=Doer(leader.user_id, now(), "http://localhost"))
    assert action.owner_id == leader.user_id


def test_a_need_of_others_is_missing(session: Session, world: World) -> None:
    anna = scope_of(session, ANNA, Role.CSM)
    for respondent_id in (world.respondents["nora"], world.respondents["omar"], 0, 2**40):
        with pytest.raises(Missing):
            need_of(session, scope=anna, respondent_id=respondent_id, at=now())


def test_an_anonymous_study_names_no_need(session: Session, world: World) -> None:
    session.get_one(Study, world.study).is_anonymous = True
    session.flush()
    assert needs(session, scope=scope_of(session, LEADER, Role.LEADER), at=now()) == {}
    assert facts_of(session, []) == []
