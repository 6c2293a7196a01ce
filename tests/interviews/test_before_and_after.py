"""Before an interview a sealed prediction, after it the brief and the mail of thanks; as owner, colleague, stranger."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.clock import now, today
from app.core.errors import Refusal
from app.customers.models import Contact
from app.interviews.models import Appointment, Interview, Prediction
from app.interviews.queries.predictions import predictions_of
from app.interviews.rules.letters import LANGUAGES, Promise, language_for, rest_letter, thanks_letter
from app.interviews.rules.prediction import predicted_in
from app.interviews.services import mark_from_notes, save_answer
from app.interviews.services.predicting import predict
from app.questionnaires.rules.kinds import ParsedAnswer
from app.responses.rules import ItemContent, QuotePermission
from app.studies.models import Letter, Respondent
from app.studies.rules.letters import LINK
from app.studies.tasks import letters
from tests.actions.follow_ups import ROADMAP, add_follow_up
from tests.conftest import Fill
from tests.interviews.kinds import add_value_world
from tests.interviews.talks import ANNA, BEN, World, add_world
from tests.interviews.test_services import NINE, line, say, scope_for, submit, talk
from tests.interviews.test_views import address, send
from tests.post_office import PostOffice, open_post_office, parts_of
from tests.surveys.mailed import with_settings
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in

SEVEN = {"recommend": 7, "renewal_intent": 4, "satisfaction": None}
OPEN = "They may quote the reports."
SECRET = "Never quote this word."
INSIDE = "Between us: the price is too high."


@pytest.fixture
def world(fill: Fill) -> World:
    found: World = fill(add_world)
    return found


@pytest.fixture
def office(application: Flask) -> Iterator[PostOffice]:
    with open_post_office() as office:
        with_settings(application, mail_url=office.url)
        yield office


def quoted(words: str, permission: QuotePermission | None) -> ItemContent:
    return ItemContent(ParsedAnswer(4.0, None), quote=words, quote_permission=permission)


def held(application: Flask, world: World) -> None:
    """Let Anna hold the interview: a number, three quotes, a follow-up; and submit it."""
    with changing(application) as session:
        session.get_one(Contact, nora(session, world)).email = "nora@haskelby.test"
        say(session, world, NINE)
        say(session, world, quoted(OPEN, QuotePermission.WITH_NAME), question="satisfaction")
        say(session, world, quoted(SECRET, QuotePermission.NONE), question="effort")
        say(session, world, quoted(INSIDE, None), question="renewal_intent")
        add_follow_up(session, session.get_one(Interview, world.interviews["nora"]))
        submit(session, world)


def nora(session: Session, world: World) -> int:
    return session.get_one(Respondent, world.respondents["nora"]).contact_id


def seal(session: Session, world: World, email: str = ANNA) -> None:
    predict(session, talk=talk(session, world, email), predicted=SEVEN, at=now(), by=world.people[email])


def seen_by(session: Session, world: World, email: str) -> list[str]:
    scope = scope_for(session, email)
    return [each.author for each in predictions_of(session, scope=scope, talk=talk(session, world, email))]


def test_a_prediction_is_sealed_until_submission(session: Session, world: World) -> None:
    seal(session, world, ANNA)
    seal(session, world, CSM)
    assert seen_by(session, world, ANNA) == ["Anna Asker"]
    assert seen_by(session, world, LEADER) == []
    say(session, world, NINE)
    assert seen_by(session, world, LEADER) == []
    submit(session, world)
    assert seen_by(session, world, LEADER) == ["Anna Asker", "Carl Colleague"]


def test_it_may_change_until_the_interview_begins(session: Session, world: World) -> None:
    seal(session, world)
    seal(session, world)
    assert session.scalar(sa.select(sa.func.count()).select_from(Prediction)) == 1
    say(session, world, NINE)
    with pytest.raises(Refusal, match="has begun"):
        seal(session, world)


TYPED = {
    "nothing": ({}, "recommend"),
    "eleven": ({"recommend": "11"}, "recommend"),
    "zero of five": ({"satisfaction": "0"}, "satisfaction"),
    "words": ({"renewal_intent": "very"}, "renewal_intent"),
    "digits of elsewhere": ({"recommend": "٧"}, "recommend"),
}


@pytest.mark.parametrize("case", TYPED)
def test_predictions_that_are_none(case: str) -> None:
    typed, field = TYPED[case]
    with pytest.raises(Refusal) as refused:
        predicted_in(typed)
    assert refused.value.field == field


PREDICTS = {ANNA: 200, CSM: 200, LEADER: 403, ADMIN: 403, BEN: 404, STRANGER: 404, VIEWER: 403}


@pytest.mark.parametrize("email", PREDICTS)
def test_who_may_predict(application: Flask, world: World, email: str) -> None:
    browser = sign_in(application, email)
    path = address(world, tail="/prediction")
    assert browser.get(path).status_code == PREDICTS[email]
    expected = 303 if PREDICTS[email] == 200 else PREDICTS[email]
    assert send(browser, path, recommend="7").status_code == expected


def test_the_page_of_a_prediction_keeps_what_was_chosen(application: Flask, world: World) -> None:
    browser = sign_in(application, ANNA)
    path = address(world, tail="/prediction")
    assert send(browser, path, recommend="99", satisfaction="4").status_code == 400
    send(browser, path, satisfaction="4")
    assert 'name="satisfaction" value="4" checked' in browser.get(path).text
    with changing(application) as session:
        say(session, world, NINE)
    assert "Your prediction is sealed" in browser.get(path).text
    assert send(browser, path, satisfaction="1").status_code == 400


def test_the_brief_respects_what_may_be_quoted(application: Flask, world: World) -> None:
    with changing(application) as session:
        seal(session, world)
    held(application, world)
    page = sign_in(application, LEADER).get(address(world, tail="/brief")).text
    assert "Nora recommends us with 9 of 10" in page
    assert "Anna Asker predicted 7" in page
    assert OPEN in page
    assert SECRET not in page
    assert INSIDE in page
    assert "Not asked: internal only" in page
    assert ROADMAP in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_brief_is_a_pdf_too(application: Flask, world: World) -> None:
    held(application, world)
    reply = sign_in(application, CSM).get(address(world, tail="/brief.pdf"))
    assert reply.mimetype == "application/pdf"
    assert reply.data.startswith(b"%PDF")


READS = {ANNA: 200, CSM: 200, LEADER: 200, ADMIN: 200, BEN: 404, STRANGER: 404, VIEWER: 403}


@pytest.mark.parametrize("email", READS)
def test_who_may_read_the_brief(application: Flask, world: World, email: str) -> None:
    held(application, world)
    assert sign_in(application, email).get(address(world, tail="/brief")).status_code == READS[email]


def test_thanks_are_seen_before_they_are_sent_and_sent_once(
    application: Flask, world: World, office: PostOffice
) -> None:
    held(application, world)
    anna, path = sign_in(application, ANNA), address(world, tail="/thanks")
    assert ROADMAP in anna.get(path).text
    typed = {"subject": "Thank you", "body": "Hello Nora,\r\n\r\n<b>thank you</b>."}
    look = send(anna, path, go="look", **typed)
    assert look.status_code == 200
    assert "This is what Nora will read" in look.text
    assert "<b>thank you</b>" not in look.text
    with application.app_context():
        assert letters() == 0
    for _ in range(2):
        assert send(anna, path, go="send", **typed).status_code == 303
    with application.app_context():
        assert letters() == 1
    (to, mail), *more = office.took
    assert (to, mail["Subject"], more) == ("nora@haskelby.test", "Thank you", [])
    assert "&lt;b&gt;" in parts_of(mail)["text/html"]
    assert "Thanked by mail on" in anna.get(address(world, tail="/brief")).text


def test_no_thanks_to_who_does_not_want_mail(application: Flask, world: World, office: PostOffice) -> None:
    held(application, world)
    anna, path = sign_in(application, ANNA), address(world, tail="/thanks")
    assert send(anna, path, go="send", subject="x", body="y").status_code == 303
    with changing(application) as session:
        session.get_one(Contact, nora(session, world)).consent = "no"
    with application.app_context():
        assert letters() == 0
    assert office.took == []
    assert "was not sent: This person has said" in anna.get(address(world, tail="/brief")).text


def test_hostile_mails_are_refused_or_made_harmless(application: Flask, world: World) -> None:
    held(application, world)
    anna, path = sign_in(application, ANNA), address(world, tail="/thanks")
    assert send(anna, path, go="send", subject="", body="y").status_code == 400
    assert send(anna, path, go="send", subject="x", body="y" * 10_001).status_code == 400
    assert send(anna, path, go="send", subject="x", body="a\u202eb").status_code == 400
    assert send(anna, path, go="send", subject="x\r\nBcc: all@x.test", body="y").status_code == 303
    with changing(application) as session:
        assert session.scalars(sa.select(Letter.subject)).one() == "x Bcc: all@x.test"


@pytest.mark.parametrize("email", [CSM, LEADER, BEN])
def test_only_who_held_it_thanks(application: Flask, world: World, email: str) -> None:
    held(application, world)
    expected = 404 if email == BEN else 403
    browser = sign_in(application, email)
    assert send(browser, address(world, tail="/thanks"), go="send", subject="x", body="y").status_code == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_speak_each_language(language: str) -> None:
    promise = Promise("Send it", "Carl", today() + timedelta(days=3))
    thanks = thanks_letter(language, name="Nora {x}", account="Haskelby", sender="Anna", promises=[promise])
    assert "Send it" in thanks.body
    assert "Nora {x}" in thanks.subject
    rest = rest_letter(language, name="Nora", account="Haskelby", sender="Anna", closes_on=today())
    assert rest.body.count(LINK) == 1
    assert language_for(f"{language}-XX") == language


def test_letters_in_other_languages_are_english() -> None:
    assert [language_for(each) for each in (None, "", "fi", "pt-BR")] == ["en"] * 4


def test_the_brief_says_how_one_met_and_what_was_promised(application: Flask, fill: Fill) -> None:
    world = fill(add_value_world)
    with changing(application) as session:
        mark_from_notes(session, talk=talk(session, world), held_on=today() - timedelta(days=1), today=today(), by=1)
        meet = {"uid": "u", "sequence": 0, "starts_at": now(), "timezone": "Europe/Berlin", "wall": "2026-01-01T10:00"}
        more = {"minutes": 60, "way": "face_to_face", "place": "Berlin", "organiser_id": world.people[ANNA]}
        session.add(Appointment(interview_id=world.interviews["nora"], **meet, **more))
        here, four = line(session, world, "promise_delivered"), ItemContent(ParsedAnswer(4.0, None), is_starred=True)
        save_answer(session, line=here, item="close", revision=0, content=four, at=now(), by=world.people[ANNA])
        meant = ItemContent(ParsedAnswer(None, "Faster"), quote="They are faster.", is_paraphrase=True)
        say(session, world, meant, question="value_narrative")
        submit(session, world)
    page = sign_in(application, LEADER).get(address(world, tail="/brief")).text
    assert "by Anna Asker face to face, held on" in page
    assert "entered from notes" in page
    assert page.index("Starred in the interview") < page.index("What was promised, and delivered")
    assert "How much of it has been delivered so far? · Books closed in three days" in page
    assert "Promised by sales, " in page
    assert "not word for word" in page
    assert "<blockquote" not in page
