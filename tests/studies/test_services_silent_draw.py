"""Drawing silent people to be interviewed: who can be drawn, in which order, once and further on, and who not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.customers.models import Contact
from app.studies.models import CallAttempt, Respondent, SilentDraw, SilentUnit, Study
from app.studies.queries.silent_draw import drawn_so_far, silent_accounts_now, silent_candidates
from app.studies.rules.drawing import random_number
from app.studies.rules.silent_draw import Candidate, Standing, frame_sha256, ranked, standings_of
from app.studies.services.silent_draw import draw_silent
from app.users.models import AuditEvent
from tests.reports.studies import ROLES, drawn_study, say

OPEN: dict[str, Any] = {"closes_on": "2099-12-31", "health_as_of": "2026-03-31"}


def half_heard(session: Session, **plan: Any) -> Study:
    """Ten accounts of which the first four were heard."""
    study = drawn_study(session, **{**OPEN, **plan})
    for i in range(1, 5):
        say(session, study, f"A{i}-champion", 7)
    return study


def drawn_people(session: Session, study: Study) -> list[str]:
    rows = session.scalars(
        sa.select(Contact.crm_id)
        .join(Respondent, Respondent.contact_id == Contact.id)
        .join(SilentUnit, SilentUnit.respondent_id == Respondent.id)
        .where(SilentUnit.study_id == study.id, SilentUnit.drawn_at.is_not(None))
        .order_by(SilentUnit.place)
    )
    return list(rows)


def test_the_order_can_be_recomputed_by_anyone(session: Session) -> None:
    study = half_heard(session)
    assert silent_accounts_now(session, study) == 6
    drawn = draw_silent(session, study=study, number=2, seed=9, at=now())
    assert (drawn.new, drawn.left) == (2, 4)
    accounts = sorted((f"A{i}" for i in range(5, 11)), key=lambda key: random_number(key, 9, "silent"))
    expected = [
        min((f"{account}-{role}" for role in ROLES), key=lambda key: random_number(key, 9, "silent"))
        for account in accounts
    ]
    assert drawn_people(session, study) == expected[:2]
    draw_silent(session, study=study, number=10, seed=1234, at=now())
    assert drawn_people(session, study) == expected
    so_far = drawn_so_far(session, study)
    assert so_far is not None
    assert (so_far.frame, so_far.drawn, so_far.seed) == (6, 6, 9)


def test_the_draw_is_recorded_and_in_the_audit_log(session: Session) -> None:
    study = half_heard(session)
    frame = frame_sha256(silent_candidates(session, study))
    draw_silent(session, study=study, number=3, seed=9, at=now())
    assert session.get_one(SilentDraw, study.id).frame_sha256 == frame
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "silent.draw")).one()
    assert event.fields == {"drawn": 3, "seed": 9, "frame_sha256": frame}


def test_a_later_draw_goes_on_among_those_who_were_silent_at_the_first(session: Session) -> None:
    study = half_heard(session)
    draw_silent(session, study=study, number=1, seed=9, at=now())
    for i in range(5, 11):
        say(session, study, f"A{i}-champion", 3)
    drawn = draw_silent(session, study=study, number=5, seed=9, at=now())
    assert (drawn.new, drawn.left) == (5, 0)
    with pytest.raises(Refusal, match="has been drawn"):
        draw_silent(session, study=study, number=1, seed=9, at=now())


def refuse_all(session: Session, _study: Study, crm_ids: list[str]) -> None:
    people = sa.select(Respondent.id).join(Contact, Contact.id == Respondent.contact_id)
    for person in session.scalars(people.where(Contact.crm_id.in_(crm_ids))):
        session.add(CallAttempt(respondent_id=person, outcome="refused", channel="phone", attempted_at=now()))


def say_no(session: Session, _study: Study, crm_ids: list[str]) -> None:
    session.execute(sa.update(Contact).where(Contact.crm_id.in_(crm_ids)).values(consent="no"))


@pytest.mark.parametrize("away", [refuse_all, say_no])
def test_whoever_said_no_is_not_drawn(session: Session, away: Callable[[Session, Study, list[str]], None]) -> None:
    study = half_heard(session)
    everyone = [f"A{i}-{role}" for i in range(5, 11) for role in ROLES]
    # With a call, it is known who was asked: everybody else is asked here too, so that only the refusal differs.
    asked = session.scalars(
        sa.select(Respondent.id).join(Contact).where(Contact.crm_id.in_(everyone)).order_by(Respondent.id)
    ).all()
    session.add_all(
        CallAttempt(respondent_id=person, outcome="no_answer", channel="phone", attempted_at=now()) for person in asked
    )
    away(session, study, [f"A5-{role}" for role in ROLES] + ["A6-champion", "A6-power_user"])
    session.flush()
    draw_silent(session, study=study, number=20, seed=9, at=now())
    people = drawn_people(session, study)
    assert len(people) == 5
    assert not [person for person in people if person.startswith("A5-")]
    assert "A6-decision_maker" in people


@pytest.mark.parametrize("number", [0, -1, 501, 10**9])
def test_a_number_that_is_none_is_refused(session: Session, number: int) -> None:
    with pytest.raises(Refusal, match="a number from 1 to 500"):
        draw_silent(session, study=half_heard(session), number=number, seed=9, at=now())
    assert session.scalars(sa.select(SilentUnit)).all() == []


def test_a_study_that_is_over_is_refused(session: Session) -> None:
    study = half_heard(session, closes_on="2026-03-31")
    with pytest.raises(Refusal, match="fieldwork is over"):
        draw_silent(session, study=study, number=1, seed=9, at=now())


def test_nobody_silent_is_refused(session: Session) -> None:
    study = drawn_study(session, **OPEN)
    with pytest.raises(Refusal, match="No account is silent"):
        draw_silent(session, study=study, number=1, seed=9, at=now())
    assert session.get(SilentDraw, study.id) is None


def test_ranks_do_not_depend_on_the_order_of_rows() -> None:
    rows = [Candidate(10 * a + c, a, f"A{a}", f"A{a}-{c}") for a in range(5) for c in range(3)]
    assert ranked(rows, seed=4) == ranked(rows[::-1], seed=4)
    assert frame_sha256(rows) == frame_sha256(rows[::-1])
    assert [row.u for row in ranked(rows, seed=4)] == sorted(row.u for row in ranked(rows, seed=4))


def test_nobody_drawn_has_no_standing() -> None:
    none = np.zeros(0, dtype=np.bool_)
    found = standings_of(np.zeros(0, dtype=np.int64), is_heard=none, is_unwilling=none)
    assert (found.each.tolist(), found.is_assumed) == ([], False)
    assert Standing.HEARD == 0
