"""Weights first: whoever may set weights sees nothing of what CSMs think until the weights are published."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Refusal
from app.health.models import HealthComputation, ScorecardDraft
from app.health.queries.sealing import open_seal
from app.health.rules.editing import sheet_of
from app.health.services import compute_health, load_scorecard
from app.pulse.models import PulseRound
from app.pulse.services.rounds import ask_sentiments, begin_round, close_round
from app.scoring.rules.kappa import kappa
from tests.conftest import Fill
from tests.pulse.test_views import PAGE, send, until
from tests.pulse.world import CARD, add_place, add_unweighed_place, user_id
from tests.users.people import ADMIN, CSM, LEADER, VIEWER, changing, sign_in

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("Loud praise", "Felt cold", "Nora is glad", "Sponsor left", "set to red")
"""Words of each kind of judgement, which no page may show to those who set weights."""
PAGES = (
    PAGE, f"{PAGE}/matrix", "/health/pulse", "/accounts/Ash", "/accounts/Ash/health", "/accounts", "/health",
    "/health/changes", "/scorecards", "/home", "/accounts/Ash/timeline",
)  # fmt: skip


@pytest.fixture
def ids(fill: Fill) -> dict[str, int]:
    """The place of the tests, whose scorecard weighs no judgement, with ids by name."""
    found: dict[str, int] = fill(add_unweighed_place)
    return found


def say_everything(browser: FlaskClient, nora: int) -> None:
    """One judgement of each kind about Ash."""
    cell = f"{nora}-support"
    light = {"colour": "red", "happened_on": today().isoformat(), "occasion": "call", "note": "Felt cold"}
    override = {"band": "red", "reason": "Sponsor left", "expires_on": until()}
    assert send(browser, f"{PAGE}/sentiment", value="100", reason="Loud praise").status_code == 303
    assert send(browser, f"{PAGE}/light", **light).status_code == 303
    assert send(browser, f"{PAGE}/matrix", **{f"value-{cell}": "4", f"why-{cell}": "Nora is glad"}).status_code == 303
    assert send(browser, f"{PAGE}/override", **override).status_code == 303


def shown_to(browser: FlaskClient) -> set[str]:
    """The words of judgement that any page shows."""
    texts = [browser.get(path, follow_redirects=True).text for path in PAGES]
    return {words for words in SECRETS if any(words in text for text in texts)}


def open_weights_first(leader: FlaskClient) -> str:
    """Open a round in which weights come first; returns its address."""
    reply = send(leader, "/health/pulse/rounds", name="Winter", raters=[CSM], first="weights", scorecard="default")
    assert reply.status_code == 303
    return str(reply.location)


def test_no_page_shows_judgement_to_who_sets_weights_until_they_are_published(
    application: Flask, ids: dict[str, int]
) -> None:
    people = {email: sign_in(application, email) for email in (ADMIN, LEADER, CSM, VIEWER)}
    leader, csm = people[LEADER], people[CSM]
    say_everything(csm, ids["Nora"])
    assert shown_to(leader) == set(SECRETS)
    address = open_weights_first(leader)
    for email in (ADMIN, LEADER):
        assert shown_to(people[email]) == set()
        assert "until weights are published" in people[email].get(PAGE).text
        for path in ("sentiment", "light", "override", "override/end", "matrix"):
            assert send(people[email], f"{PAGE}/{path}", value="0", reason="x", form_key="z").status_code == 403
    assert shown_to(csm) == set(SECRETS)
    assert shown_to(people[VIEWER]) == {"Loud praise", "Sponsor left", "set to red"}
    assert "waits for weights" in csm.get(address).text
    assert "Nothing waits for your sentiment" in csm.get("/health/pulse/rate").text
    assert send(leader, f"{address}/ask").status_code == 303
    assert "Publish the weights of" in leader.get(address).text
    with changing(application) as session:
        load_scorecard(session, document=CARD)
    assert shown_to(leader) == set(SECRETS)


def test_a_preview_leaves_sealed_judgement_out(application: Flask, ids: dict[str, int]) -> None:
    leader, csm = sign_in(application, LEADER), sign_in(application, CSM)
    say_everything(csm, ids["Nora"])
    send(leader, "/scorecards/default/draft", form_key="d")
    with changing(application) as session:
        session.scalars(select(ScorecardDraft)).one().definition = sheet_of(
            CARD | {"measures": [CARD["measures"][0] | {"weight": 20}, CARD["measures"][1] | {"weight": 80}]}
        )
    before = leader.get("/scorecards/default/preview").text
    assert ">Ash<" in before
    open_weights_first(leader)
    after = leader.get("/scorecards/default/preview").text
    assert ">Ash<" not in after
    assert "computed without what CSMs think" in after
    for page in ("edit", "history", "publish"):
        assert "computed without what CSMs think" in leader.get(f"/scorecards/default/{page}").text
    assert "csm.sentiment" not in leader.get("/scorecards").text


@pytest.mark.usefixtures("ids")
def test_the_walk_from_weights_to_the_report(application: Flask) -> None:
    leader, csm = sign_in(application, LEADER), sign_in(application, CSM)
    address = open_weights_first(leader)
    with changing(application) as session:
        version = load_scorecard(session, document=CARD)
        compute_health(session, version=version, as_of=today())
    assert "Freeze the scores and ask" in leader.get(address).text
    assert send(csm, f"{address}/ask").status_code == 403
    assert send(leader, f"{address}/ask").status_code == 303
    assert "Ash" in csm.get("/health/pulse/rate").text
    assert send(csm, "/health/pulse/rate", account="Ash", value="100", reason="Loud praise").status_code == 303
    assert send(leader, f"{address}/close").status_code == 303
    report = leader.get(address).text
    assert "1 of 1 differs" in report
    assert "The weights came first" in report
    assert "version 2" in report


def test_a_seal_cannot_hide_what_scores_have_shown(session: Session) -> None:
    add_place(session)
    with pytest.raises(Refusal, match="weighs what CSMs think already"):
        begin_round(session, name="Late", raters=[CSM], at=now(), by=user_id(session, LEADER), weights_of="default")
    assert session.scalar(select(PulseRound.id)) is None


def test_a_seal_holds_until_these_weights_and_is_lifted_by_an_early_end(session: Session) -> None:
    add_unweighed_place(session)
    by = user_id(session, LEADER)
    round_ = begin_round(session, name="Winter", raters=[CSM], at=now(), by=by, weights_of="default")
    with pytest.raises(Refusal, match="no other scorecard may weigh"):
        load_scorecard(session, document=CARD | {"key": "other"})
    session.expire_all()
    assert open_seal(session) is not None
    with pytest.raises(Refusal, match="Publish the weights"):
        ask_sentiments(session, round_id=round_.id, at=now(), by=by)
    with pytest.raises(Refusal, match="open already"):
        begin_round(session, name="Two", raters=[CSM], at=now(), by=by, weights_of="default")
    close_round(session, round_id=round_.id, judge=kappa, at=now(), by=by)
    assert open_seal(session) is None
    assert (round_.result or {})["n"] == 0
    assert round_.computation_id is None


def test_scores_are_frozen_by_the_weights_that_were_published_first(session: Session) -> None:
    add_unweighed_place(session)
    by = user_id(session, LEADER)
    round_ = begin_round(session, name="Winter", raters=[CSM], at=now(), by=by, weights_of="default")
    first = load_scorecard(session, document=CARD)
    with pytest.raises(Refusal, match="no health"):
        ask_sentiments(session, round_id=round_.id, at=now(), by=by)
    blind = compute_health(session, version=first, as_of=today())
    seen = load_scorecard(session, document=CARD | {"name": "Second thoughts"})
    compute_health(session, version=seen, as_of=today())
    ask_sentiments(session, round_id=round_.id, at=now(), by=by)
    assert round_.computation_id == blind.id
    assert session.get_one(HealthComputation, round_.computation_id).scorecard_version_id == first.id
    with pytest.raises(Refusal, match="frozen already"):
        ask_sentiments(session, round_id=round_.id, at=now(), by=by)


def test_whoever_reads_judgement_elsewhere_asks_whether_it_may_be_seen() -> None:
    reading = re.compile(r"^from app\.pulse\.(queries|models)", re.MULTILINE)
    readers = [
        path
        for path in (ROOT / "app").rglob("*.py")
        # The copy and the erasure of a person are that person's right; the sample and the wiring show nothing.
        if path.relative_to(ROOT / "app").parts[0] not in {"pulse", "subjects", "sample", "wiring.py"}
        and reading.search(path.read_text(encoding="utf-8"))
    ]
    assert readers, "The page of an account reads overrides."
    # `judgement_now` asks it in the same statement.
    asking = re.compile(r"sees_judgement|judgement_now\(")
    assert [path.name for path in readers if not asking.search(path.read_text(encoding="utf-8"))] == []
