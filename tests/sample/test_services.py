"""The sample portfolio, loaded as anybody's files are."""

from datetime import UTC, date, datetime, time
from typing import Any

from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.rules.kinds import Kind
from app.alerts.models import AlertSubscription
from app.core.workspace import the_workspace
from app.customer360.queries.account import account_facts
from app.customer360.queries.gap_changes import GapMoves, days_of, scored_studies
from app.customer360.rules.account import account_page
from app.customer360.rules.gap_asked import Show, asked_gaps
from app.customers.models import Account, Contact, Relationship
from app.education.queries import spread
from app.education.rules.records import Reading
from app.effort.queries import efforts_seen
from app.effort.rules.report import demanding, week_of
from app.health.models import HealthScore, SupportCase, Telemetry
from app.home.queries.studies import newest_scored, newest_studies
from app.interviews.models import Interview, Prediction
from app.ledger.queries.account import items_of
from app.ledger.queries.portfolio import Portfolio
from app.ledger.rules.items import Word, flags_of, over_time, units_of
from app.ledger.rules.page import Money, ledger_page
from app.ledger.rules.portfolio import counts_of
from app.overlays.models import OverlayChange
from app.overlays.queries import levels, overlay_named
from app.overlays.rules.levels import Level, State, state_on
from app.plans.queries import plan_colours, standing_still
from app.playbooks.models import Playbook
from app.playbooks.queries.opinions import opinions
from app.playbooks.rules.opinions import Side, product_views
from app.playbooks.services.running import run_playbook
from app.pulse.models import PulseJudgement, PulseLight, PulseOverride, PulseSentiment
from app.pulse.queries.rounds import overrides_standing, rounds_known
from app.relationships.queries.voice import voices_of
from app.responses.models import Response
from app.sample.rules.product_check import KEY as CHECK
from app.sample.services import PEOPLE, SAMPLE_STUDY, is_empty, load_sample
from app.scoring.models import AccountScore
from app.scoring.queries import scoring_of
from app.studies.queries import study_named
from app.studies.services import verify_draw
from app.timeline.queries.account import timeline_rows
from app.timeline.rules.kinds import Kind as Kinds
from app.users.models import User
from app.users.queries import scope_of
from app.users.rules import Role, Scope
from tests.conftest import Fill

TODAY = date(2026, 11, 22)
CSMS = ("csm", "csm2")
SHOWN = "A-1031"
"""The account that the sample shows everything of."""


def load(session: Session) -> tuple[dict[str, Any], list[str]]:
    said: list[str] = []
    return load_sample(session, password="correct horse battery staple", report=said.append, on=TODAY), said


def test_the_sample_tells_every_story(session: Session, fill: Fill) -> None:
    loaded, said = fill(load)
    study = study_named(session, SAMPLE_STUDY)
    scoring = scoring_of(session, study)
    assert scoring is not None
    is_its = AccountScore.scoring_id == scoring.id
    counted = select(AccountScore.quadrant, func.count()).where(is_its).group_by(AccountScore.quadrant)
    quadrants = {row[0]: row[1] for row in session.execute(counted)}
    tiers = set(session.scalars(select(AccountScore.tier).where(is_its).distinct()))
    silent = session.scalar(select(func.count()).where(is_its, AccountScore.respondents == 0))
    modes = set(session.scalars(select(Response.mode).where(Response.study_id == study.id).distinct()))

    assert loaded["accounts"] == session.scalar(select(func.count()).select_from(Account)) == 120
    assert quadrants["hidden_risk"] >= 5
    assert quadrants["hidden_strength"] >= 3
    assert {"confirmed", "none"} <= tiers
    assert silent
    assert modes == {"survey", "interview"}
    # Every interview was held, and its csm had sealed a prediction before.
    held = select(func.count()).where(Response.mode == "interview")
    for table in (Interview, Prediction):
        assert session.scalar(select(func.count()).select_from(table)) == session.scalar(held)
    assert the_workspace(session).is_sample
    assert the_workspace(session).currency == "EUR"
    assert any("telemetry" in sentence for sentence in said)
    assert verify_draw(session, study=study).is_genuine


def test_an_earlier_study_heard_some_of_the_same_and_asked_about_each_product(session: Session, fill: Fill) -> None:
    loaded, _ = fill(load)
    newer, earlier = (study_named(session, key) for key in (SAMPLE_STUDY, CHECK))
    scope = leader_of(session)
    found = newest_scored(session, scope)
    assert found is not None
    assert found[0].key == loaded["study"] == newer.key
    assert [study.key for study in newest_studies(session, scope, 9)] == [newer.key, earlier.key]
    assert 150 < (newer.closes_on - earlier.closes_on).days < 215
    assert earlier.closed_at
    assert verify_draw(session, study=earlier).is_genuine
    heard = select(func.count()).where(Response.study_id == earlier.id, Response.submitted_at.is_not(None))
    assert session.scalar(heard) == loaded["heard_before"] > 60


def test_some_accounts_moved_between_the_studies_and_most_did_not(session: Session, fill: Fill) -> None:
    fill(load)
    scope = leader_of(session)
    studies = scored_studies(session, scope=scope)
    moves = GapMoves(session, scope, studies, asked_gaps({}, days_of(studies)))
    counts = moves.counts()
    assert counts.total >= 20
    assert 4 <= counts.moved < counts.total / 2
    assert counts.shown[Show.FELL]
    assert counts.shown[Show.ROSE]
    shown = next(change for row, change, _ in moves.changes(moves.rows()) if row.crm_id == SHOWN)
    assert shown.voice.exceeds
    assert shown.voice.by < 0


def test_products_have_a_voice_and_are_liked_or_not(session: Session, fill: Fill) -> None:
    fill(load)
    scope = leader_of(session)
    accounts = session.scalars(select(Account)).all()
    account = next(each for each in accounts if each.crm_id == SHOWN)
    theirs = session.scalars(select(Relationship).where(Relationship.account_id == account.id)).all()
    types = {each.crm_id: each.type for each in theirs}
    voices = voices_of(session, scope=scope, account_id=account.id, types=types)
    assert voices.keys() == types.keys()
    for voice in voices.values():
        assert voice.n > 1
        assert voice.low is not None
        assert voice.high is not None
        assert voice.low < voice.value < voice.high
        assert voice.study_key == CHECK
    said = opinions(session, scope=scope, account_ids=[each.id for each in accounts])
    views = [view for of in said.values() for view in product_views(of)]
    assert {view.is_disliked for view in views if view.product == "Billing"} == {True, False}
    assert {quote.side for view in views for quote in view.quotes} == set(Side)


def test_an_account_is_quoted_with_what_it_said_last(session: Session, fill: Fill) -> None:
    fill(load)
    facts = account_facts(session, scope=leader_of(session), crm_id=SHOWN)
    assert {row.study_key for row in facts.said} == {SAMPLE_STUDY, CHECK}
    page = account_page(facts, TODAY)
    assert page.quotes
    assert {quote.study_key for quote in page.quotes} == {SAMPLE_STUDY}


def leader_of(session: Session) -> Scope:
    return scope_of(session.scalars(select(User).where(User.email == "leader@sample.parallax.test")).one())


def test_the_sample_has_a_year_of_telemetry_and_its_people(session: Session, fill: Fill) -> None:
    fill(load)
    months = session.scalar(select(func.count(Telemetry.period_end.distinct())))
    assert months == 12
    assert session.scalar(select(func.count()).select_from(SupportCase))
    assert session.scalar(select(func.count()).select_from(Contact))
    emails = set(session.scalars(select(User.email)))
    assert emails == {f"{key}@sample.parallax.test" for key in PEOPLE}
    owner = study_named(session, SAMPLE_STUDY).owner_id
    assert session.get_one(User, owner).email == "leader@sample.parallax.test"


def test_the_sample_tells_of_weeks_and_of_plans_of_each_colour(session: Session, fill: Fill) -> None:
    fill(load)
    ids = session.scalars(select(Account.id)).all()
    assert {each.colour.value for each in plan_colours(session, ids, on=TODAY).values()} == {"red", "yellow", "green"}
    leader = leader_of(session)
    rows = efforts_seen(session, scope=leader)
    found = demanding(rows, standing_still(session, ids, TODAY))
    assert found.hard
    assert found.still
    assert {row.complexity for row in rows} == {None, "1", "2", "3", "4", "5", "na"}
    weeks = [week_of([row for row in rows if row.csm_email == f"{name}@sample.parallax.test"]) for name in CSMS]
    assert all(week and 300 < week < 1_300 for week in weeks)


def test_the_sample_loads_into_an_empty_workspace_only(runner: FlaskCliRunner, session: Session) -> None:
    assert is_empty(session)
    first = runner.invoke(args=["sample", "load", "--json"])
    second = runner.invoke(args=["sample", "load"])
    assert first.exit_code == 0, first.output
    assert second.exit_code == 1
    assert "empty one only" in second.stderr


def test_the_sample_has_a_situation_and_knows_of_education(session: Session, fill: Fill) -> None:
    fill(load)
    overlay = overlay_named(session, "freight-shortage")
    assert state_on(overlay.starts_on, overlay.ends_on, TODAY) is State.IN_FORCE
    known = {level for level in levels(session, overlay, TODAY).values() if level}
    assert known == set(Level)
    assert session.scalar(select(func.count()).select_from(OverlayChange)) == 3
    leader = Scope(0, "", "", frozenset({Role.LEADER}))
    assert {row.reading for row in spread(session, scope=leader)} == set(Reading)


def test_every_kind_of_judgement_is_in_the_sample_and_none_is_in_its_health(session: Session, fill: Fill) -> None:
    fill(load)
    (round_,) = rounds_known(session)
    assert round_.result
    assert 0 < round_.result["differ"] < round_.result["n"] < 120
    leader = leader_of(session)
    assert len(overrides_standing(session, scope=leader, on=TODAY)) == 4
    for table in (PulseSentiment, PulseLight, PulseJudgement, PulseOverride):
        assert session.scalar(select(func.count()).select_from(table))
    assert session.scalar(select(func.count()).where(Telemetry.metric == "csm.sentiment"))
    assert not session.scalar(select(func.count()).where(HealthScore.score != HealthScore.telemetry_score))
    kinds = set(session.scalars(select(AlertSubscription.extent)))
    assert kinds == {"all", "mine", "account"}


def test_the_sample_has_actions_of_each_kind_and_three_playbooks(session: Session, fill: Fill) -> None:
    fill(load)
    assert set(session.scalars(select(Action.kind))) == set(Kind)
    assert {"avoided", "happened", "lost", "won", None} == set(session.scalars(select(Action.outcome)))
    rules = session.scalars(select(Playbook).order_by(Playbook.id)).all()
    assert [rule.is_on for rule in rules] == [True, True, False]
    for rule in rules[:2]:
        caught = run_playbook(session, playbook_id=rule.id, at=datetime.combine(TODAY, time(10), UTC), base_url="")
        assert 0 < caught.actions < 12
    of_one = select(Action.kind, Action.outcome).join(Account).where(Account.crm_id == SHOWN)
    rows = session.execute(of_one.add_columns(Action.evidence)).all()
    assert {row.kind for row in rows if row.outcome is None} == {kind.value for kind in Kind}
    assert any(row.evidence and row.evidence.get("rule") for row in rows), "a playbook raised one there"


def test_all_of_the_ledger_is_to_be_seen_at_one_account(session: Session, fill: Fill) -> None:
    fill(load)
    leader = leader_of(session)
    account = session.scalars(select(Account).where(Account.crm_id == SHOWN)).one()
    items = items_of(session, scope=leader, account=account, currency="EUR")
    page = ledger_page(account.name, items, Money(None, None, None, None, "EUR"), TODAY)
    cells = [cell for row in page.grid for cell in (row.promised, row.delivered, row.to_come)]
    assert len(cells) == 9
    assert all(cells)
    flags = [flags_of(each, TODAY) for each in items]
    for flag in ("delivered", "told", "acknowledged"):
        assert 0 < sum(getattr(each, flag) is not None for each in flags) < len(items)
    assert {each.said for item in items for each in item.answers} == set(Word)
    shares = [it.percent for _, it in over_time(items, units_of(items)[0], TODAY)]
    assert len(shares) > 10
    assert shares[0] is not None
    assert shares[-1] is not None
    assert shares[0] < shares[-1] < 100
    counts = counts_of(Portfolio(session, scope=leader, on=TODAY, currency="EUR").by_aspect(), "")
    assert all(counts.values())
    lines = timeline_rows(session, scope=leader, account=account, kind=Kinds.CONVERSATION, after=None, most=40)
    assert "social" in {line.a for line in lines}
    assert {"promised", "delivered", "to_be_delivered", "articulated", "yes", "partly", "no"} <= {
        line.a
        for line in timeline_rows(session, scope=leader, account=account, kind=Kinds.PROMISE, after=None, most=40)
    }
