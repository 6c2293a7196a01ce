"""The figures of a part of a study: they add up to the whole, keep each account's own scores, and write nothing."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.customers.models import Account
from app.scoring import queries
from app.scoring.models import AccountScore, ChosenFigures, Scoring
from app.scoring.queries.choosing import drawn_traits, figures_wanted, people_by
from app.scoring.rules.choice import OF_ACCOUNTS, Choice
from app.scoring.rules.differences import differences
from app.scoring.rules.plain import plain
from app.scoring.services import score_study
from app.scoring.services.choosing import chosen_figures
from app.scoring.services.wishes import give_up_figures, wish_for_figures
from app.scoring.tasks import GivenUp, _note, choose
from app.studies.models import DrawRecord, Study
from tests.conftest import Fill
from tests.reports.studies import add_scored, drawn_study

COUNTED = ("hidden_risk", "hidden_strength")


@pytest.fixture
def study(session: Session, fill: Fill) -> Study:
    """Ten accounts, four large and six small, everybody answered."""
    return session.get_one(Study, fill(add_scored))


def scoring_of(session: Session, study: Study) -> Scoring:
    scoring = queries.scoring_of(session, study)
    assert scoring is not None
    return scoring


def figures(session: Session, study: Study, **choice: str) -> dict[str, Any]:
    return chosen_figures(session, study=study, scoring=scoring_of(session, study), choice=Choice(**choice))


def test_a_choice_of_all_accounts_is_the_whole_report(session: Session, study: Study) -> None:
    session.execute(update(Account).values(tier="Gold"))
    found = figures(session, study, tier="Gold")
    assert found.pop("accounts") is None
    assert list(differences(plain(scoring_of(session, study).figures), found)) == []


def test_nothing_is_written(session: Session, study: Study) -> None:
    session.commit()
    figures(session, study, segment="Large", role="champion")
    assert not session.dirty
    assert not session.new


def test_the_segments_add_up_to_the_whole(session: Session, study: Study) -> None:
    whole, parts = (
        scoring_of(session, study).figures,
        [figures(session, study, segment=name) for name in ("Large", "Small")],
    )
    for name in COUNTED:
        assert sum(part[name]["accounts"] for part in parts) == whole[name]["accounts"]
        assert sum(part[name]["arr"] for part in parts) == whole[name]["arr"]
    for key in ("drawn", "responded"):
        assert sum(part["sample"][key] for part in parts) == whole["sample"][key]
        assert sum(part["sample"]["people"][key] for part in parts) == whole["sample"]["people"][key]
    assert sum(part["agreement"]["n"] for part in parts) == whole["agreement"]["n"]
    assert sum(part["population"]["arr"] for part in parts) == whole["population"]["arr"]
    assert [part["population"]["accounts"] for part in parts] == [4, 6]
    assert sum(part["quality"]["responses"] for part in parts) == whole["quality"]["responses"]
    for health, row in whole["crosstab"].items():
        for voice, cell in row.items():
            assert sum(part["crosstab"][health][voice]["accounts"] for part in parts) == cell["accounts"]
    risk = [part["arr_at_risk"] for part in parts]
    assert sum(each["portfolio"]["value"] for each in risk) == pytest.approx(whole["arr_at_risk"]["portfolio"]["value"])
    assert sum(each["expected"] for each in risk) == pytest.approx(whole["arr_at_risk"]["expected"], abs=0.02)


def test_of_a_sample_the_frame_is_counted_by_who_matches(session: Session, fill: Fill) -> None:
    study = session.get_one(Study, fill(add_sampled))
    drawn = len(queries.drawn_ids(session, study))
    parts = [figures(session, study, segment=name) for name in ("Large", "Small")]
    assert drawn < 10
    assert [part["population"]["accounts"] for part in parts] == [4, 6]
    assert sum(part["sample"]["drawn"] for part in parts) == drawn
    assert [row["size"] for part in parts for row in part["sample"]["by_stratum"]] == [4, 6]
    whole = scoring_of(session, study).figures
    assert sum(part["population"]["arr"] for part in parts) == whole["population"]["arr"]


def test_where_nothing_was_drawn_the_frame_is_who_was_asked(session: Session, study: Study) -> None:
    """Accounts that join by themselves leave a record without a draw; it speaks for those that were asked."""
    record = session.get_one(DrawRecord, study.id)
    record.audit = {"plan": record.audit["plan"]}
    session.flush()
    parts = [figures(session, study, segment=name) for name in ("Large", "Small")]
    assert [part["population"]["accounts"] for part in parts] == [4, 6]
    assert sum(part["population"]["arr"] for part in parts) == 550_000


def add_sampled(session: Session) -> int:
    """Add a study of some of the ten accounts that nobody has answered, scored, and return its id."""
    study = drawn_study(session, method="proportional", size=6, minimum_per_stratum=2)
    score_study(session, study=study)
    return study.id


def test_a_part_has_the_mean_of_its_own_accounts(session: Session, study: Study) -> None:
    voices = session.scalars(
        select(AccountScore.voice)
        .join(Account, Account.id == AccountScore.account_id)
        .where(Account.segment == "Large")
    ).all()
    mean = figures(session, study, segment="Large")["voice"]["mean"]
    assert mean["value"] == pytest.approx(sum(voice for voice in voices if voice is not None) / len(voices))
    assert mean["n"] == len(voices)


def test_everybody_speaking_gives_the_accounts_what_they_came_to(session: Session, study: Study) -> None:
    """All answered by survey: a choice of that mode leaves out nobody, and the parameters are those of the scoring."""
    found = figures(session, study, mode="survey")
    stored = {
        crm_id: [respondents, voice, gap, p_low, quadrant]
        for crm_id, respondents, voice, gap, p_low, quadrant in session.execute(
            select(Account.crm_id, AccountScore.respondents, AccountScore.voice, AccountScore.gap)
            .add_columns(AccountScore.p_low, AccountScore.quadrant)
            .join(Account, Account.id == AccountScore.account_id)
        )
    }
    places = [OF_ACCOUNTS.index(name) for name in ("respondents", "voice", "gap", "p_low", "quadrant")]
    assert set(found["accounts"]) == set(stored)
    for crm_id, row in found["accounts"].items():
        assert [row[place] for place in places] == pytest.approx(stored[crm_id])
    whole = scoring_of(session, study).figures
    assert found["voice"] == whole["voice"]
    assert found["crosstab"] == whole["crosstab"]


def test_one_role_alone_speaks_for_its_accounts(session: Session, study: Study) -> None:
    found = figures(session, study, role="champion")
    place = {name: OF_ACCOUNTS.index(name) for name in OF_ACCOUNTS}
    assert all(row[place["respondents"]] == 1 for row in found["accounts"].values())
    assert all(row[place["role_coverage"]] == 1 for row in found["accounts"].values())
    assert found["sample"]["people"] == {"drawn": 10, "responded": 10}
    assert [row["role"] for row in found["sample"]["by_role"]] == ["champion"]
    assert found["agreement"]["n"] == scoring_of(session, study).figures["agreement"]["n"]
    assert found["method"] == scoring_of(session, study).figures["method"]


def test_a_csms_accounts_are_chosen_by_their_address_in_any_letters(session: Session, study: Study) -> None:
    session.execute(update(Account).where(Account.crm_id.in_(["A2", "A4"])).values(csm_email="Carl@Example.test"))
    known = drawn_traits(session, study)
    chosen = [each for each, traits in known.items() if Choice(csm="carl@example.test").takes(traits, study.closes_on)]
    assert len(chosen) == 2
    assert figures(session, study, csm="carl@example.test")["sample"]["drawn"] == 2


def test_people_are_counted_by_role_and_mode(session: Session, study: Study) -> None:
    assert people_by(session, study) == {(role, "survey"): 10 for role in ("decision_maker", "champion", "power_user")}
    assert sum(people_by(session, study, [next(iter(drawn_traits(session, study)))]).values()) == 3


def test_the_worker_computes_what_was_wished_for_once(session: Session, study: Study) -> None:
    scoring = scoring_of(session, study)
    for _ in range(2):
        wish_for_figures(session, scoring=scoring, key="k" * 64, query={"segment": "Large"})
    session.commit()
    number = session.scalars(select(ChosenFigures.id)).one()
    assert choose() == [number]
    assert choose() == []
    session.expire_all()
    wish = figures_wanted(session, scoring.id, "k" * 64)
    assert wish is not None
    assert wish.figures == figures(session, study, segment="Large")
    assert wish.step == 2


def test_a_wish_that_was_taken_back_is_not_computed(session: Session, study: Study) -> None:
    scoring = scoring_of(session, study)
    wish_for_figures(session, scoring=scoring, key="k" * 64, query={"segment": "Large"})
    for _ in range(2):
        give_up_figures(session, scoring=scoring, key="k" * 64)
    session.commit()
    assert choose() == []


def test_a_wish_that_is_taken_back_while_it_is_computed_ends_it(session: Session, study: Study) -> None:
    scoring = scoring_of(session, study)
    number = wish_for_figures(session, scoring=scoring, key="k" * 64, query={"segment": "Large"}).id
    session.commit()
    _note(number, step=1)
    give_up_figures(session, scoring=scoring, key="k" * 64)
    session.commit()
    with pytest.raises(GivenUp):
        chosen_figures(
            session,
            study=study,
            scoring=scoring,
            choice=Choice(segment="Large"),
            note=lambda step: _note(number, step=step),
        )
    assert session.scalars(select(ChosenFigures)).all() == []


def test_scoring_again_takes_the_figures_away(session: Session, study: Study) -> None:
    wish_for_figures(session, scoring=scoring_of(session, study), key="k" * 64, query={"segment": "Large"})
    score_study(session, study=study)
    assert session.scalars(select(ChosenFigures)).all() == []
