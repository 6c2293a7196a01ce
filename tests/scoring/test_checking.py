"""Computing a scoring again: the same to the last bit, and every later change is found and named."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.customers.models import Account
from app.responses.models import Answer, Response
from app.scoring.models import AccountScore, Analysis, RespondentScore, Scoring
from app.scoring.queries.checks import check_of
from app.scoring.rules.differences import Difference, differences
from app.scoring.services import score_study
from app.scoring.services.checking import check_scoring
from app.scoring.services.storing import KEYS
from app.scoring.services.wishes import wish_for_check
from app.scoring.tasks import check
from app.studies.models import Study
from tests.conftest import Fill
from tests.reports.studies import add_alices_study, drawn_study
from tests.users.people import changing


@pytest.mark.parametrize(
    ("stored", "computed", "found"),
    [
        pytest.param({"a": {"b": 1.5}}, {"a": {"b": 1.5}}, [], id="the same"),
        pytest.param({"a": {"b": 1.5}}, {"a": {"b": 1.25}}, [Difference("a.b", 1.5, 1.25)], id="another number"),
        pytest.param({"a": None}, {}, [], id="null is as good as missing"),
        pytest.param({}, {"a": 0}, [Difference("a", None, 0)], id="nothing is not 0"),
        pytest.param([1, 2], [1, 3], [Difference("[1]", 2, 3)], id="in a list"),
        pytest.param([1], [1, 2], [Difference("", [1], [1, 2])], id="a longer list"),
    ],
)
def test_differences_are_found_at_their_place(stored: object, computed: object, found: list[Difference]) -> None:
    assert list(differences(stored, computed)) == found


def scored(session: Session) -> Study:
    """Alice's study, scored."""
    add_alices_study(session)
    session.flush()
    return session.scalars(select(Study)).one()


def test_a_scoring_recomputes_to_the_last_bit(session: Session) -> None:
    assert check_scoring(session, study=scored(session)).differences == []


def rows(session: Session) -> list[object]:
    """Everything that a scoring stores, without its id and its time."""
    tables = [session.execute(select(*(c for c in t.__table__.columns if c.key != "scoring_id"))).all() for t in KEYS]
    return [session.scalars(select(Scoring.figures)).one(), *(sorted(map(repr, table)) for table in tables)]


def test_scoring_twice_gives_the_same_figures(session: Session) -> None:
    study = scored(session)
    first = rows(session)
    score_study(session, study=study)
    assert rows(session) == first


def test_scoring_again_writes_those_whose_scores_are_others(session: Session) -> None:
    study = scored(session)
    before = {row.respondent_id: row.mark for row in session.scalars(select(RespondentScore))}
    first, *others = sorted(before)
    session.execute(update(RespondentScore).values(core_share=0.25))
    changed = select(Response.id).where(Response.respondent_id == first)
    session.execute(update(Answer).where(Answer.response_id.in_(changed)).values(value_number=1))
    score_study(session, study=study)
    session.expire_all()
    after = {row.respondent_id: row for row in session.scalars(select(RespondentScore))}
    assert after.keys() == before.keys()
    assert after[first].mark != before[first]
    assert after[first].core_share != 0.25
    assert [(after[each].mark, after[each].core_share) for each in others] == [(before[each], 0.25) for each in others]


def test_who_no_longer_counts_loses_the_scores(session: Session) -> None:
    study = scored(session)
    gone = session.scalars(select(RespondentScore.respondent_id)).first()
    session.execute(update(Response).where(Response.respondent_id == gone).values(submitted_at=None))
    score_study(session, study=study)
    assert gone not in session.scalars(select(RespondentScore.respondent_id)).all()


def test_what_a_check_finds_is_mended_by_the_next_scoring(session: Session) -> None:
    study = scored(session)
    session.execute(update(RespondentScore).values(voice=1))
    assert check_scoring(session, study=study).differences
    score_study(session, study=study)
    assert check_scoring(session, study=study).differences == []


def test_what_changed_since_is_named(session: Session) -> None:
    study = scored(session)
    session.execute(update(Account).where(Account.crm_id == "A7").values(arr=1))
    found = [each.place for each in check_scoring(session, study=study).differences]
    assert "hidden_strength.arr" in found


def test_an_answer_that_was_meddled_with_shows_in_its_account(session: Session) -> None:
    study = scored(session)
    answer = session.scalars(select(Answer).where(Answer.value_number.is_not(None)).limit(1)).one()
    answer.value_number = 1 if answer.value_number != 1 else 2
    session.flush()
    found = [each.place for each in check_scoring(session, study=study).differences]
    assert any(place.startswith("respondent_score") for place in found) or any("voice" in place for place in found)


@pytest.mark.parametrize("table", [AccountScore, RespondentScore, Analysis])
def test_a_stored_row_that_was_meddled_with_is_found(session: Session, table: type) -> None:
    study = scored(session)
    one = session.scalars(select(table).limit(1)).one()
    session.delete(one)
    session.flush()
    assert [each.stored for each in check_scoring(session, study=study).differences] == [None]


def test_a_study_that_was_not_scored_cannot_be_checked(session: Session) -> None:
    with pytest.raises(Refusal, match="has not been scored yet"):
        check_scoring(session, study=drawn_study(session))


def test_the_worker_answers_a_wish_once(application: Flask, fill: Fill) -> None:
    fill(add_alices_study)
    with changing(application) as session:
        wish_for_check(session, scoring=session.scalars(select(Scoring)).one())
    with application.app_context():
        assert check() == ["q1"]
        assert check() == []
    with changing(application) as session:
        wish = check_of(session, session.scalars(select(Study.id)).one())
        assert wish is not None
        assert wish.differences == []


def run(application: Flask, *arguments: str) -> Result:
    """Run a command of `flask study`."""
    return application.test_cli_runner().invoke(args=["study", *arguments])


def test_the_command_says_that_nothing_differs_or_what(application: Flask, fill: Fill) -> None:
    fill(add_alices_study)
    assert run(application, "score", "q1").exit_code == 0
    same = run(application, "recompute", "q1")
    assert (same.exit_code, same.stdout) == (0, "Every figure of study q1 is what it was.\n")
    with changing(application) as session:
        session.execute(update(Account).where(Account.crm_id == "A7").values(arr=1))
    other = run(application, "recompute", "q1", "--json")
    assert other.exit_code == 1
    assert "hidden_strength.arr: stored" in other.stderr
