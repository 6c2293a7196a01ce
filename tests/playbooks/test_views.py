"""Playbooks and upsell candidates as leader, colleague and stranger see them, and what hostile senders get."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.customers.models import Account, Relationship
from app.playbooks.models import Playbook
from app.questionnaires.models import Question
from app.questionnaires.queries import newest_version
from app.responses.models import Answer, Response
from app.studies.models import Respondent, Study
from tests.conftest import Fill
from tests.interviews.talks import add_person
from tests.interviews.test_views import send
from tests.playbooks.world import HOSTILE, World, add_playbook, add_world, typed
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


def kept(application: Flask, world: World, *signs: str, **changes: Any) -> str:
    with changing(application) as session:
        return f"/playbooks/{add_playbook(session, world, *signs, **changes).id}"


@pytest.mark.usefixtures("world")
def test_a_playbook_shows_whom_it_would_catch_before_it_is_switched_on(application: Flask) -> None:
    browser = sign_in(application, LEADER)
    assert "A playbook raises what nobody should forget" in browser.get("/playbooks").text
    address = send(browser, "/playbooks/new", **typed("hidden_risk", "renewal"), form_key="k").location
    page = browser.get(address).text
    assert "It catches two accounts today" in page
    assert "it would raise 2 actions" in page
    assert "Carl Colleague" in page
    assert "no CSM who signs in" in page
    assert HOSTILE not in page
    assert "Hidden risk and renewal within 120 days." in browser.get("/playbooks").text
    # Lars runs another study: of what was said in Alice's he learns nothing.
    other = sign_in(application, STRANGER).get(address).text
    assert "It catches no account today" in other
    assert "hidden risk: 0 and renewal within 120 days: 2" in other


def test_a_rule_that_matches_nothing_says_so(application: Flask, world: World) -> None:
    page = sign_in(application, LEADER).get(kept(application, world, "health_red", is_on=False)).text
    assert "It catches no account today" in page
    assert "No account shows this sign." in page


def test_it_is_switched_changed_and_taken_off_the_list(application: Flask, world: World) -> None:
    browser, path = sign_in(application, LEADER), kept(application, world, "renewal", is_on=False)
    assert send(browser, f"{path}/switch", on="1").status_code == 303
    assert "It is on." in browser.get(path).text
    changed = typed("renewal", name=HOSTILE) | {"renewal-days": "40"}
    refused = send(browser, f"{path}/edit", **changed | {"renewal-days": "many"})
    assert refused.status_code == 400
    assert "a whole number from 1 to 3,650" in refused.text
    assert 'value="many"' in refused.text
    assert send(browser, f"{path}/edit", **changed).status_code == 303
    page = browser.get(path).text
    assert "It catches one account today" in page
    assert HOSTILE not in page
    assert send(browser, f"{path}/end").status_code == 303
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("email", [CSM, VIEWER])
def test_who_runs_no_studies_writes_no_playbooks(application: Flask, world: World, email: str) -> None:
    path, browser = kept(application, world, "renewal", is_on=False), sign_in(application, email)
    for address in ("/playbooks", "/playbooks/new", path, f"{path}/edit"):
        assert browser.get(address).status_code == 403
    for tail in ("/switch", "/end", "/edit"):
        assert send(browser, path + tail, on="1").status_code == 403
    with changing(application) as session:
        assert session.scalars(sa.select(Playbook.is_on)).all() == [False]


def liked(
    application: Flask,
    world: World,
    permission: str,
    *,
    rating: float | None = None,
    dislikes: str = "",
    key: str = "r",
) -> None:
    """Have one person at Dogwood say what they think of Planning, in the value interview."""
    with changing(application) as session:
        person = session.get_one(Respondent, world.respondents["Dogwood"])
        if key != "r":
            account = session.get_one(Account, world.accounts["Dogwood"])
            person = add_person(session, session.get_one(Study, world.study), key, account=account)
        response = Response(
            study_id=person.study_id, respondent_id=person.id, external_id=key, mode="interview", source="interview",
            version_id=newest_version(session, "interview-value").id, submitted_at=now(),
        )  # fmt: skip
        session.add(response)
        session.flush()
        questions = {row.key: row.id for row in session.execute(sa.select(Question.key, Question.id))}
        said = [("product_likes", "r1", "It plans itself"), ("quote_permission", "", permission)]
        said += [("product_dislikes", "r1", dislikes)] if dislikes else []
        session.add_all(
            Answer(response_id=response.id, question_id=questions[question], item=item, value_text=words)
            for question, item, words in said
        )
        if rating is not None:
            session.add(
                Answer(response_id=response.id, question_id=questions["product_worth"], item="r1", value_number=rating)
            )


@pytest.mark.parametrize(
    ("email", "sees", "status"), [(LEADER, True, 200), (CSM, True, 200), (STRANGER, False, 200), (VIEWER, False, 403)]
)
def test_upsell_candidates_have_their_reasons(
    application: Flask, world: World, email: str, sees: bool, status: int
) -> None:
    liked(application, world, "internal")
    reply = sign_in(application, email).get("/actions/upsell")
    assert reply.status_code == status
    assert ("Uses 48 of 50 seats (96\u00a0%)." in reply.text) is (status == 200)
    assert ("It plans itself" in reply.text) is sees
    assert ("voice 88, two people" in reply.text) is sees
    if status == 200:
        assert "Has Planning; not Billing." in reply.text
        assert "kind=opportunity" in reply.text


def test_words_that_must_not_be_quoted_stay_out_of_it(application: Flask, world: World) -> None:
    liked(application, world, "none")
    assert "It plans itself" not in sign_in(application, ADMIN).get("/actions/upsell").text


@pytest.mark.parametrize("email", [LEADER, CSM])
def test_likes_and_dislikes_are_counted_and_lead_to_what_was_said(application: Flask, world: World, email: str) -> None:
    liked(application, world, "internal", rating=5)
    liked(application, world, "without_name", rating=4, key="two")
    liked(application, world, "none", rating=1, dislikes="It is slow", key="three")
    liked(application, world, "with_name", rating=3, dislikes=HOSTILE, key="four")
    text = sign_in(application, email).get("/actions/upsell").text
    assert "Two of four like Planning; one dislikes it." in text
    assert text.count("/responses/four") == 2
    assert "dislikes it, 0 of 100" in text
    assert "quote inside the team only" in text
    assert "It is slow" not in text
    assert HOSTILE not in text
    assert "Make an opportunity of it" in text


def test_what_they_dislike_is_no_reason_to_sell_more(application: Flask, world: World) -> None:
    liked(application, world, "internal", rating=1, dislikes="It is slow")
    with changing(application) as session:
        session.execute(sa.delete(Relationship).where(Relationship.name == "Billing"))
    text = sign_in(application, LEADER).get("/actions/upsell").text
    assert "The one person who spoke of Planning dislikes it: no reason to sell more of it." in text
    assert "Full, but they dislike what they have" in text
    assert "kind=risk" in text
    assert "Mend+Planning+before+offering+more" in text
    assert "kind=opportunity" not in text
    other = sign_in(application, STRANGER).get("/actions/upsell").text
    assert "spoke of Planning" not in other


def test_words_that_were_erased_are_gone_and_the_rating_stays(application: Flask, world: World) -> None:
    liked(application, world, "internal", rating=5)
    with changing(application) as session:
        erased = sa.update(Answer).where(Answer.value_text == "It plans itself")
        session.execute(erased.values(value_text=None, blanked_at=now()))
    text = sign_in(application, LEADER).get("/actions/upsell").text
    assert "It plans itself" not in text
    assert "The one person who spoke of Planning likes it." in text
