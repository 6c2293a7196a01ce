"""The report by segment: who may read it and when, and that it tells of no few people."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import AskedIn, Question
from app.questionnaires.rules.reading import parse_definition
from app.reports.rules.segments import Facts, Segment, Told, segment_document
from app.reports.rules.segments_page import segments_page
from app.reports.services import gap_report, segment_report
from app.scoring.services import score_study
from app.studies.models import Study
from app.studies.services import close_study
from app.transfer.services import export_answers, export_codebook, export_responses
from tests.conftest import Fill
from tests.surveys.anonymous import add_anonymous, answer_as
from tests.surveys.asked import TODAY, add_survey
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, add_people, sign_in

ANSWERED = {"Large": 7, "Middle": 6, "Small": 3}
FACTS = Facts("quiet", "Quiet look", "relationship", 1, TODAY)


def asked(*keys: str) -> list[Question]:
    """Questions of the relationship survey."""
    questionnaire = parse_definition(built_in_documents()["relationship"])
    return [question for question in questionnaire.asked_in(AskedIn.SURVEY) if not keys or question.key in keys]


def told(segment: str, *values: float) -> list[Told]:
    """Numbers that people of one segment answered, one each."""
    return [Told(segment, f"{segment}-{n}", value, None) for n, value in enumerate(values)]


def said(segment: str, *texts: str) -> list[Told]:
    """Words that people of one segment wrote, one each."""
    return [Told(segment, f"{segment}-{n}", None, text) for n, text in enumerate(texts)]


def add_answered(session: Session, answered: dict[str, int] = ANSWERED, *, is_closed: bool = True) -> None:
    """Add an anonymous study of Alice's with so many answers by stratum, closed unless said otherwise."""
    people = add_people(session)
    study = add_anonymous(session, strata=dict.fromkeys(answered, 12), owner=people[LEADER])
    for stratum, forms in answered.items():
        for n in range(forms):
            answers = {"recommend": str(n % 11), "reason": f"Words {n} of {stratum}", "satisfaction": "4"}
            answer_as(session, study, stratum, f"{stratum}-{n}", **answers)
    if is_closed:
        close_study(session, study=study)


def figure(group: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the figures of one question in one group."""
    return next(each for each in group["questions"] if each["key"] == key)


def test_figures_of_a_group_are_those_of_its_answers() -> None:
    values = {"recommend": told("A", 10, 9, 8, 7, 3, 0) + told("B", *[9] * 5)}
    document = segment_document(FACTS, asked("recommend"), [Segment("A", 2, 6), Segment("B", 2, 5)], values)
    first, second = document["segments"]
    recommend = figure(first, "recommend")
    assert recommend["n"] == 6
    assert recommend["mean"]["value"] == pytest.approx(37 / 6)
    assert recommend["mean"]["lo"] < 37 / 6 < recommend["mean"]["hi"]
    assert recommend["nps"]["value"] == pytest.approx(0)
    assert [choice["n"] for choice in recommend["choices"]] == [1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]
    assert figure(second, "recommend")["nps"]["value"] == pytest.approx(100)
    assert figure(document["total"], "recommend")["n"] == 11


def test_a_question_that_few_answered_is_hidden_with_what_would_give_it_away() -> None:
    segments = [Segment("A", 2, 9), Segment("B", 2, 8), Segment("C", 2, 9)]
    values = {"effort": told("A", *[4] * 9) + told("B", 1, 2) + told("C", *[5] * 8)}
    document = segment_document(FACTS, asked("effort"), segments, values)
    assert not any(each.get("suppressed") for each in document["segments"])
    assert [figure(each, "effort").get("n") for each in document["segments"]] == [9, None, None]
    assert figure(document["total"], "effort")["n"] == 19


def test_a_segment_hidden_as_a_whole_is_hidden_in_every_question() -> None:
    segments = [Segment("A", 2, 3), Segment("B", 2, 4), Segment("C", 2, 9)]
    values = {"effort": told("A", 1) + told("B") + told("C", *[5] * 9)}
    document = segment_document(FACTS, asked("effort"), segments, values)
    assert [each.get("suppressed", False) for each in document["segments"]] == [True, True, False]
    assert figure(document["segments"][2], "effort") == {
        "key": "effort", "text": asked("effort")[0].text, "kind": "scale_1_7", "suppressed": True,
    }  # fmt: skip
    assert figure(document["total"], "effort")["n"] == 10


def test_a_stratum_of_one_account_is_never_shown() -> None:
    segments = [Segment("A", 1, 20), Segment("B", 2, 8), Segment("C", 2, 9)]
    document = segment_document(FACTS, asked("effort"), segments, {})
    assert [each.get("reason") for each in document["segments"]] == ["one_account", "few", None]
    alone = segment_document(FACTS, asked("effort"), [Segment("A", 1, 20)], {})
    assert alone["total"] is None


def test_words_stand_in_groups_alone_and_in_an_order_that_ties_none_together() -> None:
    segments = [Segment("A", 2, 6), Segment("B", 2, 3), Segment("C", 2, 3)]
    words = [f"w{n}" for n in range(6)]
    values = {"reason": said("A", *words) + said("B", "b", "b", "b") + said("C", *"ccc")}
    document = segment_document(FACTS, asked("reason"), segments, values)
    shown = figure(document["segments"][0], "reason")["texts"]
    assert sorted(shown) == words
    assert shown != words
    assert "texts" not in figure(document["total"], "reason")
    together = segment_document(FACTS, asked("reason"), segments[1:], {"reason": values["reason"][6:]})
    assert sorted(figure(together["total"], "reason")["texts"]) == ["b"] * 3 + ["c"] * 3


def test_too_few_in_all_show_nothing() -> None:
    values = {"reason": said("A", "secret")}
    document = segment_document(FACTS, asked(), [Segment("A", 2, 4)], values)
    assert document["total"] is None
    assert "secret" not in json.dumps(document)
    page = segments_page(document)
    assert page.title == "4 answers: too few to show anything"
    assert page.questions == []


def test_one_of_several_segments_is_told_in_good_words() -> None:
    segments = [Segment("A", 2, 8), Segment("B", 2, 7), Segment("C", 2, 3)]
    page = segments_page(segment_document(FACTS, asked(), segments, {}))
    assert page.title == "18 answers, 1 of 3 segments shown"


def test_the_report_waits_for_the_close(session: Session) -> None:
    add_answered(session, is_closed=False)
    study = session.query(Study).one()
    with pytest.raises(Refusal, match="flask study close quiet"):
        segment_report(session, study=study)
    with pytest.raises(Refusal, match="is not anonymous"):
        segment_report(session, study=add_survey(session))


def test_the_report_holds_what_was_stored_and_hides_the_few(session: Session) -> None:
    add_answered(session)
    document = segment_report(session, study=session.query(Study).one())
    assert document["n"] == 16
    assert [each.get("n") for each in document["segments"]] == [7, None, None]
    assert {each["reason"] for each in document["segments"][1:]} == {"few"}
    text = json.dumps(document)
    assert "Words 0 of Large" in text
    assert "of Small" not in text
    assert "of Middle" not in text
    assert "firm" not in text
    assert document["total"]["n"] == 16


@pytest.mark.parametrize(
    ("caller", "status"), [(ADMIN, 200), (LEADER, 200), (VIEWER, 200), (CSM, 404), (STRANGER, 404)]
)
@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "open"])
def test_who_reads_the_segments(application: Flask, fill: Fill, caller: str, status: int, is_closed: bool) -> None:
    fill(add_answered, is_closed=is_closed)
    reply = sign_in(application, caller).get("/studies/quiet/segments")
    assert reply.status_code == status
    assert ("Words 0 of Large" in reply.text) == (status == 200 and is_closed)
    assert "of Small" not in reply.text
    assert "firm" not in reply.text
    if status == 200:
        assert ("16 answers so far" in reply.text) == (not is_closed)


def test_the_command_writes_the_figures(runner: FlaskCliRunner, fill: Fill, tmp_path: Path) -> None:
    fill(add_answered)
    out = tmp_path / "segments.json"
    told_to = runner.invoke(args=["report", "segments", "quiet", "--out", str(out), "--json"])
    assert told_to.exit_code == 0, told_to.output
    assert json.loads(told_to.stdout) == {"study": "quiet", "n": 16, "out": str(out)}
    printed = runner.invoke(args=["report", "segments", "quiet", "--json"])
    assert json.loads(printed.stdout) == json.loads(out.read_text(encoding="utf-8"))


def test_what_needs_names_says_where_to_look(session: Session, tmp_path: Path) -> None:
    add_answered(session)
    study = session.query(Study).one()
    path = tmp_path / "out.csv"
    for refused in (
        lambda: gap_report(session, study=study),
        lambda: score_study(session, study=study),
        lambda: export_answers(session, study=study, path=path),
        lambda: export_responses(session, study=study, path=path),
        lambda: export_codebook(session, study=study, path=path),
    ):
        with pytest.raises(Refusal, match="flask report segments quiet"):
            refused()
    assert not path.exists()
