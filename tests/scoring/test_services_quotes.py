"""Interviewers' quotes on a real database: which are read for themes, and which stand under a topic with a gap."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.customers.models import Account, Contact
from app.health.models import Telemetry
from app.health.services import load_scorecard
from app.reports.queries.said import said_in
from app.responses.models import Answer, Remark, Response
from app.scoring.models import QuoteSentiment, Scoring
from app.scoring.queries import analysis_of
from app.scoring.services import score_study
from app.studies.models import Respondent, Study
from tests.factories.answers import question_ids
from tests.reports.studies import DAY, SCORECARD, scored_study
from tests.scoring.test_analyses import interview_study

WORDS = "Every invoice is wrong and nobody mends it."


def noted(
    session: Session, contact: str, words: str | None = WORDS, question: str = "recommend", **facts: Any
) -> Remark:
    """A sentence that an interviewer wrote down of a contact."""
    response = session.scalars(select(Response).where(Response.external_id == f"R-{contact}")).one()
    said = {"response_id": response.id, "question_id": question_ids(session)[question], "revision": 1, "quote": words}
    remark = Remark(**{**said, **facts})
    session.add(remark)
    session.flush()
    return remark


def figures(session: Session, study: Study, topic: str = "words") -> Any:
    """What a topic comes to when the study is scored now."""
    score_study(session, study=study)
    session.flush()
    found = analysis_of(session, study.id, topic)
    assert found is not None
    return found


def allowed(session: Session, contact: str, level: str) -> None:
    """Store how a contact lets words be used."""
    response = session.scalars(select(Response.id).where(Response.external_id == f"R-{contact}")).one()
    question = question_ids(session)["quote_permission"]
    session.add(Answer(response_id=response, question_id=question, value_text=level))
    session.flush()


def test_quotes_are_read_beside_open_answers_and_counted_apart(session: Session) -> None:
    study = scored_study(session)
    remarks = [noted(session, f"A{i}-champion") for i in range(1, 6)]
    found = figures(session, study)
    assert (found["texts"], found["of_texts"], found["quotes"]) == (35, 35, 5)
    theme = next(theme for theme in found["themes"] if "invoic" in theme["key"])
    assert (theme["mentions"], theme["quotes"], theme["accounts"]) == (5, 5, 5)
    assert {*theme["speak"], *theme["against"]} == {-remark.id for remark in remarks}
    assert WORDS not in str(found)
    sentiment = session.get_one(QuoteSentiment, remarks[0].id)
    assert (sentiment.label, sentiment.compound) == ("negative", pytest.approx(-0.4767))
    assert figures(session, study) == found
    assert session.scalar(select(func.count()).select_from(QuoteSentiment)) == 5


def test_sentiment_of_the_report_stays_that_of_open_answers(session: Session) -> None:
    study = scored_study(session)
    before = session.scalars(select(Scoring.figures)).one()["voice"]["sentiment"]
    noted(session, "A1-champion")
    figures(session, study)
    assert session.scalars(select(Scoring.figures)).one()["voice"]["sentiment"] == before


@pytest.mark.parametrize(
    ("facts", "level", "is_read"),
    [
        pytest.param({}, None, True, id="nobody asked"),
        pytest.param({"quote_permission": "internal"}, "with_name", True, id="inside the team"),
        pytest.param({"quote_permission": "none"}, "with_name", False, id="this sentence not"),
        pytest.param({}, "none", False, id="this person not"),
        pytest.param({"quote_permission": "with_name"}, "none", False, id="this person not, whatever the sentence"),
        pytest.param({"is_paraphrase": True}, "with_name", False, id="the interviewer's own words"),
        pytest.param({"superseded_at": datetime(2026, 3, 20, tzinfo=UTC)}, "with_name", False, id="written anew since"),
        pytest.param({"words": None, "note": "A note is no quote."}, "with_name", False, id="a note"),
    ],
)
def test_what_is_read_is_what_may_be_quoted(
    session: Session, facts: dict[str, Any], level: str | None, *, is_read: bool
) -> None:
    study = scored_study(session, questionnaire="interview-360")
    remark = noted(session, "A1-champion", **facts)
    if level is not None:
        allowed(session, "A1-champion", level)
    assert figures(session, study)["quotes"] == int(is_read)
    shown = said_in(session, [-remark.id])
    assert [(said.words, said.mode, said.permission) for said in shown.values()] == (
        [(WORDS, "interview", facts.get("quote_permission", level))] if is_read else []
    )


def test_a_quote_that_was_taken_away_is_gone_at_once(session: Session) -> None:
    study = scored_study(session)
    remark = noted(session, "A1-champion")
    assert figures(session, study)["quotes"] == 1
    remark.quote, remark.blanked_at = None, remark.recorded_at
    session.flush()
    assert said_in(session, [-remark.id]) == {}
    assert figures(session, study)["quotes"] == 0


def test_quotes_in_other_languages_are_left_out_and_counted(session: Session) -> None:
    study = scored_study(session)
    session.execute(update(Contact).where(Contact.crm_id == "A1-champion").values(language="fi"))
    noted(session, "A1-champion", "Lasku on aina väärin.")
    found = figures(session, study)
    assert found["quotes"] == 0
    # The open answer was read before the language was known.
    assert found["left_out"] == [{"language": "fi", "texts": 1}]


def test_only_accounts_of_the_reader_are_quoted(session: Session) -> None:
    scored_study(session)
    mine, other = noted(session, "A1-champion"), noted(session, "A2-champion")
    account = session.scalars(select(Account.id).where(Account.crm_id == "A1")).one()
    answer = session.scalars(select(Answer.id).where(Answer.value_text.is_not(None))).first()
    assert answer is not None
    assert set(said_in(session, [-mine.id, -other.id], {account})) == {-mine.id}
    assert set(said_in(session, [-mine.id, -other.id, answer])) == {-mine.id, -other.id, answer}


def test_a_topic_with_a_gap_holds_words_for_and_against(session: Session) -> None:
    study = interview_study(session)
    measure = {**SCORECARD["measures"][0], "group": "support"}
    load_scorecard(session, document={**SCORECARD, "measures": [measure]})
    last = session.scalars(select(Account.id).where(Account.crm_id == "A10")).one()
    session.add(Telemetry(account_id=last, metric="use", period_end=DAY, value=90.0))
    low, high = (
        session.execute(
            select(Contact.crm_id)
            .join(Respondent, Respondent.contact_id == Contact.id)
            .join(Answer, Answer.question_id == question_ids(session)["effort"])
            .join(Response, (Response.id == Answer.response_id) & (Response.respondent_id == Respondent.id))
            .where(Answer.value_number == effort)
            .limit(1)
        ).scalar_one()
        for effort in (2, 4)
    )
    complaint = noted(session, low, "Their help desk leaves us waiting, it is awful.", question="effort")
    praise = noted(session, high, "The help desk is great and kind.", question="effort")
    elsewhere = noted(session, low, "The price is awful.", question="commercial")
    found = figures(session, study, "dimensions")["dimensions"]["support"]
    assert found["gap"]["mean"] < 0
    assert found["is_of_low"] is True
    assert -complaint.id in found["speak"]
    assert -praise.id == found["against"][0]
    assert -elsewhere.id not in {*found["speak"], *found["against"]}
    stories = question_ids(session)["support_story"]
    answers = set(session.scalars(select(Answer.id).where(Answer.question_id == stories)))
    assert {each for each in found["speak"] if each > 0} <= answers
    assert len(found["speak"]) > 1


def test_a_topic_without_a_gap_holds_no_words(session: Session) -> None:
    found = figures(session, scored_study(session), "dimensions")
    assert all(each["speak"] == each["against"] == [] for each in found["dimensions"].values())
