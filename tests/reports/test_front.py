"""The first page of a report, read without the rest: the same calls, sentences and changes as the report itself."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.customers.models import Account
from app.reports.front import first_page, since_published
from app.reports.models import Edition
from app.reports.publishing import publish_edition
from app.reports.queries import ScoredStudy, scored_study
from app.reports.rules import findings, tables
from app.reports.rules.editions import changes
from app.reports.services import gap_report
from app.responses.models import Answer
from app.scoring.models import AccountScore
from app.scoring.services import score_study
from app.studies.models import Study
from tests.reports.studies import add_alices_study


@pytest.fixture
def study(session: Session) -> Study:
    """Alice's study, scored."""
    add_alices_study(session)
    session.flush()
    return session.scalars(select(Study)).one()


def scored(session: Session, study: Study) -> ScoredStudy:
    found = scored_study(session, study)
    assert found
    return found


def flag(session: Session, tiers: dict[str, tuple[str, float, float, str]]) -> None:
    """Give accounts a tier, the two probabilities and a quadrant, as a scoring might."""
    ids = {row.crm_id: row.id for row in session.execute(select(Account.crm_id, Account.id))}
    session.execute(update(AccountScore).values(tier="none", p_low=0.1, p_high=0.1, quadrant="agree"))
    for crm_id, (tier, low, high, quadrant) in tiers.items():
        of_one = update(AccountScore).where(AccountScore.account_id == ids[crm_id])
        session.execute(of_one.values(tier=tier, p_low=low, p_high=high, quadrant=quadrant))
    session.expire_all()


MANY = {
    "A1": ("watch", 0.7, 0.1, "hidden_risk"),
    "A2": ("confirmed", 0.9, 0.1, "agree"),
    "A3": ("confirmed", 0.8, 0.1, "hidden_risk"),
    "A4": ("confirmed", 0.99, 0.1, "hidden_risk"),
    "A5": ("probable", 0.6, 0.1, "hidden_risk"),
    "A6": ("confirmed", 0.1, 0.9, "hidden_strength"),
    "A7": ("probable", 0.7, 0.1, "mixed"),
    "A8": ("probable", 0.61, 0.1, "hidden_risk"),
}


@pytest.mark.parametrize(
    ("tiers", "expected"),
    [
        pytest.param(MANY, ["A4", "A3", "A2", "A8", "A5"], id="the surest first, then hidden risk, then the stake"),
        pytest.param({"A1": MANY["A1"], "A9": ("watch", 0.7, 0.1, "agree")}, ["A1", "A9"], id="only worth watching"),
        pytest.param({"A6": MANY["A6"]}, [], id="a high voice is no call"),
        pytest.param({}, [], id="nothing flagged"),
    ],
)
def test_the_calls_are_those_of_the_whole_report(
    session: Session, study: Study, tiers: dict[str, tuple[str, float, float, str]], expected: list[str]
) -> None:
    flag(session, tiers)
    front, whole = first_page(session, scored(session, study)), gap_report(session, study=study)
    assert [each["account_id"] for each in tables.calls(front)] == expected
    assert [each["account_id"] for each in tables.calls(whole)] == expected


def test_the_sentences_and_sums_are_those_of_the_whole_report(session: Session, study: Study) -> None:
    front, whole = first_page(session, scored(session, study)), gap_report(session, study=study)
    assert findings.headline(front) == findings.headline(whole)
    assert findings.lede(front) == findings.lede(whole)
    assert tables.sums(front) == tables.sums(whole)
    assert len(front["accounts"]) < len(whole["accounts"])


def test_nothing_is_told_before_an_edition(session: Session, study: Study) -> None:
    it = scored(session, study)
    assert since_published(session, study=study, scored=it, now=first_page(session, it)) is None


def test_what_changed_is_what_the_next_edition_would_say(session: Session, study: Study) -> None:
    first = publish_edition(session, study=study, at=now(), by=None)
    it = scored(session, study)
    same = since_published(session, study=study, scored=it, now=first_page(session, it))
    assert same
    assert (same.number, same.changes) == (1, [])
    before = gap_report(session, study=study)
    session.execute(update(Answer).where(Answer.value_number.is_not(None)).values(value_number=1))
    score_study(session, study=study)
    it = scored(session, study)
    found = since_published(session, study=study, scored=it, now=first_page(session, it))
    assert found
    assert found.changes == changes(before, gap_report(session, study=study))
    assert found.changes
    assert found.number == first.number


def test_an_edition_that_was_meddled_with_is_compared_with_nothing(session: Session, study: Study) -> None:
    edition = publish_edition(session, study=study, at=now(), by=None)
    session.execute(update(Edition).values(document=edition.document + " ", sha256="0" * 64))
    it = scored(session, study)
    found = since_published(session, study=study, scored=it, now=first_page(session, it))
    assert found
    assert found.changes is None
