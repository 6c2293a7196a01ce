"""Judgement on real databases: stored once, kept beside the calculation, closed for good, erased with its person."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Missing, Refusal
from app.customers.models import Account
from app.health.models import HealthScore, ScorecardVersion, Telemetry
from app.health.services import compute_health
from app.pulse.models import PulseJudgement, PulseOverride, PulseRound, PulseSentiment
from app.pulse.queries import calculated, overrides_of, present_cells, standing_override
from app.pulse.queries.rounds import queue_of, rated_in
from app.pulse.rules.matrix import Typed
from app.pulse.services.rounds import begin_round, change_pulse_settings, close_round, rate_blind
from app.pulse.services.saying import (
    end_override,
    forget_judgements,
    say_cells,
    say_light,
    say_sentiment,
    set_override,
)
from app.scoring.rules.kappa import kappa
from app.users.models import User
from app.users.queries import scope_of
from app.users.rules import Scope
from tests.pulse.world import add_place, user_id
from tests.users.people import CSM, LEADER, add_people

LINEAR = partial(kappa, weights="linear")


def account(session: Session, name: str) -> Account:
    return session.scalars(select(Account).where(Account.crm_id == name)).one()


def scope(session: Session, email: str) -> Scope:
    return scope_of(session.scalars(select(User).where(User.email == email)).one())


def say(session: Session, name: str, value: int, key: str = "k1") -> bool:
    return say_sentiment(
        session, account=account(session, name), value=str(value), reason="A talk", form_key=key, at=now(),
        by=user_id(session, CSM),
    )  # fmt: skip


def test_a_sentiment_is_a_measure_that_telemetry_leaves_out(session: Session) -> None:
    add_place(session)
    assert say(session, "Ash", 100)
    assert not say(session, "Ash", 100)
    assert say(session, "Ash", 0, "k2")
    values = session.execute(select(Telemetry.value).where(Telemetry.metric == "csm.sentiment")).all()
    assert [row.value for row in values] == [0]
    assert session.scalar(select(func.count()).select_from(PulseSentiment)) == 2
    compute_health(session, version=session.scalars(select(ScorecardVersion)).one(), as_of=today())
    score, alone = session.execute(
        select(HealthScore.score, HealthScore.telemetry_score)
        .where(HealthScore.account_id == account(session, "Ash").id)
        .order_by(HealthScore.computation_id.desc())
    ).first()
    assert (score, alone) == (16, 20)


def test_accounts_without_a_sentiment_and_switches_are_heeded(session: Session) -> None:
    add_place(session)
    days = {"half_life_days": "90", "stale_days": "60", "attribute": "segment", "without": "self-serve"}
    by = user_id(session, LEADER)
    change_pulse_settings(session, typed=days | {"beside": "on"}, at=now(), by=by)
    with pytest.raises(Refusal, match="none, not 0"):
        say(session, "Cedar", 50)
    assert say(session, "Ash", 50)
    assert session.scalar(select(func.count()).select_from(Telemetry).where(Telemetry.metric == "csm.sentiment")) == 0
    change_pulse_settings(session, typed=days, at=now(), by=by)
    with pytest.raises(Refusal, match="switched off"):
        say(session, "Ash", 50, "k3")
    with pytest.raises(Refusal, match="switched off"):
        say_light(session, account=account(session, "Ash"), typed={}, form_key="k", at=now(), by=by)
    with pytest.raises(Refusal, match="switched off"):
        set_override(session, account=account(session, "Ash"), typed={}, form_key="k", at=now(), by=by)
    with pytest.raises(Refusal, match="switched off"):
        say_cells(session, account=account(session, "Ash"), typed=[], at=now(), by=by)


def override(session: Session, key: str = "o1", days: int = 10, **more: str) -> bool:
    typed = {
        "band": "green",
        "reason": "They renewed by hand",
        "expires_on": (today() + timedelta(days=days)).isoformat(),
    }
    return set_override(
        session, account=account(session, "Ash"), typed=typed | more, form_key=key, at=now(), by=user_id(session, CSM)
    )


def test_an_override_stands_beside_the_calculation_until_its_day(session: Session) -> None:
    ids = add_place(session)
    assert override(session)
    assert not override(session)
    ash = account(session, "Ash")
    said = standing_override(session, ash, today())
    assert said is not None
    assert (said.band, said.score, said.calculated) == ("green", 20, "red")
    session.get_one(Telemetry, (ids["Ash"], "use", today())).value = 30
    session.flush()
    compute_health(session, version=session.scalars(select(ScorecardVersion)).one(), as_of=today())
    assert calculated(session, ash) == (30, "red")
    assert standing_override(session, ash, today()) == said
    assert standing_override(session, ash, today() + timedelta(days=10)) == said
    assert standing_override(session, ash, today() + timedelta(days=11)) is None


def test_a_new_override_ends_the_old_one_and_ending_is_kept(session: Session) -> None:
    add_place(session)
    override(session)
    override(session, "o2", band="amber")
    ash, by = account(session, "Ash"), user_id(session, LEADER)
    assert [each.ended_at is None for each in overrides_of(session, ash)] == [True, False]
    assert end_override(session, account=ash, at=now(), by=by)
    assert not end_override(session, account=ash, at=now(), by=by)
    assert [each.ended_by for each in overrides_of(session, ash)] == ["Alice Owner", "Carl Colleague"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        pytest.param({"reason": " "}, "override_reason", id="no-reason"),
        pytest.param({"expires_on": ""}, "expires_on", id="no-end"),
        pytest.param({"expires_on": "2020-01-01"}, "expires_on", id="past"),
        pytest.param({"expires_on": "2999-01-01"}, "expires_on", id="too-far"),
        pytest.param({"band": "purple"}, "band", id="no-band"),
    ],
)
def test_a_wrong_override_is_refused_at_its_field(session: Session, wrong: dict[str, str], field: str) -> None:
    add_place(session)
    with pytest.raises(Refusal) as refused:
        override(session, **wrong)
    assert refused.value.field == field
    assert session.scalar(select(func.count()).select_from(PulseOverride)) == 0


def test_a_colour_may_refer_to_a_conversation_of_the_account(session: Session) -> None:
    ids = add_place(session)
    typed, by = {"colour": "amber", "interaction": str(ids["talk"])}, user_id(session, CSM)
    light = partial(say_light, session, form_key="l1", at=now(), by=by)
    with pytest.raises(Missing):
        light(account=account(session, "Birch"), typed=typed)
    assert light(account=account(session, "Ash"), typed=typed)
    assert not light(account=account(session, "Ash"), typed=typed)


def test_the_matrix_keeps_what_is_new_and_overwrites_nothing_untouched(session: Session) -> None:
    ids = add_place(session)
    ash = account(session, "Ash")
    save = partial(say_cells, session, account=ash, at=now())
    carl, alice = user_id(session, CSM), user_id(session, LEADER)
    cell = Typed(ids["Nora"], "support", "4", "Quick answers")
    assert save(typed=[cell, Typed(10**8, "support", "1", "no such person")], by=carl) == (1, {})
    seen = str(present_cells(session, ash)[0].id)
    newer = Typed(ids["Nora"], "support", "2", "Slower now", seen)
    assert save(typed=[newer], by=alice) == (1, {})
    untouched = Typed(ids["Nora"], "support", "4", "Quick answers", seen)
    assert save(typed=[untouched], by=carl) == (0, {})
    assert [(row.value, row.author) for row in present_cells(session, ash)] == [(2, "Alice Owner")]
    stored, faults = save(
        typed=[Typed(ids["Omar"], "value", "3", ""), Typed(ids["Nora"], "value", "3", "fine")], by=carl
    )
    assert (stored, list(faults)) == (0, [f"{ids['Omar']}-value"])


def test_words_about_a_person_go_and_numbers_stay(session: Session) -> None:
    ids = add_place(session)
    cells = [Typed(ids[name], "support", "4", f"About {name}") for name in ("Nora", "Omar")]
    say_cells(session, account=account(session, "Ash"), typed=cells, at=now(), by=user_id(session, CSM))
    typed = {"colour": "red", "interaction": str(ids["talk"]), "note": "Nora was cross"}
    say_light(session, account=account(session, "Ash"), typed=typed, form_key="l", at=now(), by=user_id(session, CSM))
    assert forget_judgements(session, contact_ids=[ids["Nora"]]) == 2
    rows = session.execute(select(PulseJudgement.value, PulseJudgement.reason).order_by(PulseJudgement.id)).all()
    assert [tuple(row) for row in rows] == [(4, None), (4, "About Omar")]


def rate(session: Session, name: str, value: int) -> bool:
    return rate_blind(
        session,
        scope=scope(session, CSM),
        crm_id=name,
        value=str(value),
        reason="Blind",
        form_key=f"b-{name}",
        at=now(),
    )


def test_a_round_freezes_scores_and_ends_for_good(session: Session) -> None:
    ids = add_place(session)
    alice = user_id(session, LEADER)
    with pytest.raises(Refusal, match="without accounts"):
        begin_round(session, name="Empty", raters=["nobody@example.test"], at=now(), by=alice)
    round_ = begin_round(session, name="December", raters=[CSM], at=now(), by=alice)
    with pytest.raises(Refusal, match="open already"):
        begin_round(session, name="Another", raters=[CSM], at=now(), by=alice)
    assert [each.crm_id for each in queue_of(session, round_=round_, scope=scope(session, CSM))] == [
        "Ash", "Birch", "Cedar",
    ]  # fmt: skip
    assert rate(session, "Ash", 0)
    assert not rate(session, "Ash", 0)
    with pytest.raises(Missing):
        rate(session, "Far", 0)
    rate(session, "Birch", 100)
    session.get_one(Telemetry, (ids["Ash"], "use", today())).value = 99
    session.flush()
    compute_health(session, version=session.scalars(select(ScorecardVersion)).one(), as_of=today())
    assert session.scalar(select(func.count()).select_from(Telemetry).where(Telemetry.metric == "csm.sentiment")) == 0
    close_round(session, round_id=round_.id, judge=LINEAR, at=now(), by=alice)
    result = session.get_one(PulseRound, round_.id).result
    assert result is not None
    assert (result["n"], result["differ"], result["unrated"]) == (2, 1, 1)
    assert [(each.name, each.band, each.value) for each in rated_in(session, round_)] == [
        ("Ash", "red", 0), ("Birch", "amber", 100), ("Cedar", "green", None),
    ]  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Telemetry).where(Telemetry.metric == "csm.sentiment")) == 2
    with pytest.raises(Refusal, match="stays as it is"):
        close_round(session, round_id=round_.id, judge=LINEAR, at=now(), by=alice)
    with pytest.raises(Missing):
        rate(session, "Cedar", 50)


def test_a_round_without_health_is_refused(session: Session) -> None:
    add_people(session)
    with pytest.raises(Refusal, match="no health"):
        begin_round(session, name="December", raters=[CSM], at=now(), by=user_id(session, LEADER))


def test_what_still_holds_is_said_again_once_a_day(session: Session) -> None:
    ids, ash = add_place(session), account(session, "Ash")
    by, then = user_id(session, CSM), now() - timedelta(days=90)
    first = [Typed(ids["Nora"], topic, "4", "Calm") for topic in ("support", "value")]
    assert say_cells(session, account=ash, typed=first, at=then, by=by) == (2, {})

    def shown() -> list[Typed]:
        return [
            Typed(row.contact_id, row.dimension, str(row.value), row.reason, str(row.id))
            for row in present_cells(session, ash)
        ]

    old = shown()
    assert say_cells(session, account=ash, typed=old, at=now(), by=by) == (0, {})
    assert say_cells(session, account=ash, typed=old, at=now(), by=by, still=old[0].name) == (1, {})
    assert session.scalar(select(func.count()).select_from(PulseJudgement)) == 3
    assert {row.dimension: row.given_at.date() for row in present_cells(session, ash)} == {
        old[0].dimension: today(),
        old[1].dimension: then.date(),
    }
    assert say_cells(session, account=ash, typed=shown(), at=now(), by=by, still=f"person-{ids['Nora']}") == (1, {})
    assert say_cells(session, account=ash, typed=shown(), at=now(), by=by, still=f"person-{ids['Nora']}") == (0, {})


def test_a_newer_word_of_a_colleague_is_not_confirmed_away(session: Session) -> None:
    ids, ash = add_place(session), account(session, "Ash")
    save = partial(say_cells, session, account=ash, at=now())
    save(typed=[Typed(ids["Nora"], "support", "4", "Calm")], by=user_id(session, CSM))
    seen = str(present_cells(session, ash)[0].id)
    save(typed=[Typed(ids["Nora"], "support", "1", "She left", seen)], by=user_id(session, LEADER))
    old = Typed(ids["Nora"], "support", "4", "Calm", seen)
    stored, faults = save(typed=[old], by=user_id(session, CSM), still=old.name)
    assert (stored, list(faults)) == (0, [old.name])
    assert present_cells(session, ash)[0].value == 1
