"""Words on a real database: languages, edits that can be taken back, and answers that people read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.customers.models import Contact
from app.responses.models import Answer, Response, ResponseChange
from app.scoring import queries
from app.scoring.models import Analysis, HandCode, Scoring, ThemeEdit, VerbatimSentiment
from app.scoring.rules.editing import AS_FOUND, Edit
from app.scoring.rules.hand_coding import HAND_LABELS, drawn, hand_coding
from app.scoring.services import score_study
from app.scoring.services.reading import code_text, draw_to_read
from app.scoring.services.theming import Wanted, edit_themes, undo_edit
from app.studies.models import Study
from app.users.models import AuditEvent
from tests.conftest import Fill
from tests.factories.answers import question_ids
from tests.reports.studies import add_alices_study
from tests.users.people import LEADER, person_id

AT = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.fixture
def study(session: Session, fill: Fill) -> Study:
    """Alice's study, scored, in which low voices write about fridays and days and the others about their words."""
    fill(add_alices_study)
    return session.scalars(select(Study)).one()


def words(session: Session, study: Study) -> Any:
    """What the present scoring says of the words."""
    found = queries.analysis_of(session, study.id, "words")
    assert found is not None
    return found


def labels(session: Session, study: Study) -> dict[str, Any]:
    """The themes of the present scoring by their stems."""
    return {theme["key"]: theme["label"] for theme in words(session, study)["themes"]}


def edit(session: Session, study: Study, theme: str, was: int = 0, **facts: Any) -> int:
    """Edit one theme."""
    wanted = [Wanted(theme, Edit(**facts), was)]
    return edit_themes(session, study=study, wanted=wanted, at=AT, by=person_id(session, LEADER))


def test_low_voices_and_their_theme(session: Session, study: Study) -> None:
    found = words(session, study)
    assert (found["accounts"], found["n_low"] + found["n_rest"], found["left_out"]) == (10, 10, [])
    themes = {theme["key"]: theme for theme in found["themes"]}
    friday = next(theme for key, theme in themes.items() if "friday" in key)
    assert (friday["low"], friday["rest"], friday["lift"]["lift"]) == (3, 0, pytest.approx(10 / found["n_low"]))
    texts = dict(session.execute(select(Answer.id, Answer.value_text)).tuples())
    assert all("Fridays" in (texts[row] or "") for row in friday["speak"] + friday["against"])


def test_no_words_of_anybody_stand_in_the_figures(session: Session, study: Study) -> None:
    stored = str(session.scalars(select(Analysis.figures).where(Analysis.topic == "words")).one())
    assert "long enough to tell" not in stored
    assert "Fridays" not in stored.replace("'Fridays'", "").replace("costs us Fridays", "")
    assert "<img" not in stored


@pytest.mark.parametrize(
    ("contact", "form", "is_read"),
    [
        (None, None, True),
        ("en-GB", None, True),
        (None, "EN", True),
        ("fi", None, False),
        (None, "de", False),
        ("fi", "en", False),
    ],
)
def test_other_languages_are_left_out_and_counted(
    session: Session, study: Study, contact: str | None, form: str | None, *, is_read: bool
) -> None:
    session.execute(VerbatimSentiment.__table__.delete())  # type: ignore[attr-defined]
    session.execute(update(Contact).where(Contact.crm_id.like("A1-%")).values(language=contact))
    session.execute(update(Response).where(Response.external_id.like("R-A1-%")).values(language=form))
    score_study(session, study=study)
    found = words(session, study)
    assert found["texts"] == (30 if is_read else 27)
    assert [each["texts"] for each in found["left_out"]] == ([] if is_read else [3])
    sentiments = session.scalar(select(Scoring.figures))
    assert sentiments is not None
    assert sentiments["voice"]["sentiment"]["verbatims"] == found["texts"]
    assert sentiments["voice"]["sentiment"]["experimental"] is True


def test_what_was_taken_away_is_in_no_theme(session: Session, study: Study) -> None:
    before = words(session, study)["texts"]
    reason = question_ids(session)["reason"]
    hers = select(Response.id).where(Response.external_id.like("R-A1-%"))
    session.execute(
        update(Answer)
        .where(Answer.question_id == reason, Answer.response_id.in_(hers))
        .values(value_text=None, blanked_at=AT)
    )
    score_study(session, study=study)
    assert words(session, study)["texts"] == before - 3


def test_scoring_again_says_the_same(session: Session, study: Study) -> None:
    before = words(session, study)
    score_study(session, study=study)
    assert words(session, study) == before


def test_a_name_a_merge_and_what_is_hidden_come_with_the_next_scoring(session: Session, study: Study) -> None:
    first, second, third = list(labels(session, study))[:3]
    seen = queries.unseen_since if hasattr(queries, "unseen_since") else None
    assert seen is None
    assert edit(session, study, first, name="What they said") == 1
    assert edit(session, study, second, into=first) == 1
    assert edit(session, study, third, is_hidden=True) == 1
    assert session.scalar(select(ResponseChange.study_id)) == study.id
    score_study(session, study=study)
    found = labels(session, study)
    assert found[first] == "What they said"
    assert second not in found
    assert third not in found
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "themes.edit").order_by(AuditEvent.id)
    ).first()
    assert event is not None
    assert event.fields == {"edits": [session.scalars(select(ThemeEdit.id).order_by(ThemeEdit.id)).first()]}


def test_the_same_again_is_no_change(session: Session, study: Study) -> None:
    theme = next(iter(labels(session, study)))
    assert edit(session, study, theme) == 0
    assert edit(session, study, theme, name="N") == 1
    held = queries.theme_edits(session)[theme].id
    assert edit(session, study, theme, was=held, name="N") == 0
    assert session.scalars(select(ThemeEdit)).one().name == "N"


def test_an_edit_upon_what_somebody_else_changed_is_refused(session: Session, study: Study) -> None:
    theme = next(iter(labels(session, study)))
    edit(session, study, theme, name="Theirs")
    with pytest.raises(Refusal, match="Somebody else") as refused:
        edit(session, study, theme, name="Ours")
    assert refused.value.field == theme
    assert queries.theme_edits(session)[theme].name == "Theirs"


def test_a_circle_is_refused(session: Session, study: Study) -> None:
    first, second = list(labels(session, study))[:2]
    edit(session, study, first, into=second)
    with pytest.raises(Refusal, match="part of itself"):
        edit(session, study, second, into=first)


def test_each_edit_can_be_taken_back(session: Session, study: Study) -> None:
    theme, by = next(iter(labels(session, study))), person_id(session, LEADER)
    edit(session, study, theme, name="First")
    first = queries.theme_edits(session)[theme].id
    edit(session, study, theme, was=first, name="Second", is_hidden=True)
    second = queries.theme_edits(session)[theme].id
    with pytest.raises(Refusal, match="changed again since"):
        undo_edit(session, study=study, edit_id=first, at=AT, by=by)
    undo_edit(session, study=study, edit_id=second, at=AT, by=by)
    held = queries.theme_edits(session)[theme]
    assert Edit(held.name, held.into, held.is_hidden) == Edit("First")
    undo_edit(session, study=study, edit_id=held.id, at=AT, by=by)
    assert queries.theme_edits(session)[theme].name == "Second"
    with pytest.raises(Missing):
        undo_edit(session, study=study, edit_id=10**6, at=AT, by=by)


def test_undoing_a_first_edit_is_as_found(session: Session, study: Study) -> None:
    theme = next(iter(labels(session, study)))
    edit(session, study, theme, name="First")
    undo_edit(
        session, study=study, edit_id=queries.theme_edits(session)[theme].id, at=AT, by=person_id(session, LEADER)
    )
    held = queries.theme_edits(session)[theme]
    assert Edit(held.name, held.into, held.is_hidden) == AS_FOUND


def test_the_draw_to_read_is_repeatable_and_goes_on(session: Session, study: Study) -> None:
    by = person_id(session, LEADER)
    assert draw_to_read(session, study=study, at=AT, by=by, n=10) == 10
    first = list(queries.drawn_to_read(session, study))
    assert first == drawn(queries.readable(session, study), seed=360, n=10)
    assert draw_to_read(session, study=study, at=AT, by=by) == 20
    assert len(queries.drawn_to_read(session, study)) == 30
    with pytest.raises(Refusal, match="drawn already"):
        draw_to_read(session, study=study, at=AT, by=by)


def test_what_people_found_is_held_against_ours(session: Session, study: Study) -> None:
    by = person_id(session, LEADER)
    draw_to_read(session, study=study, at=AT, by=by)
    first, second = list(queries.drawn_to_read(session, study))[:2]
    code_text(session, study=study, answer_id=first, label="positive", at=AT, by=by)
    code_text(session, study=study, answer_id=second, label="unclear", at=AT, by=by)
    ours = session.get_one(VerbatimSentiment, first).label
    assert hand_coding(queries.hand_codes(session))["coded"] == 1
    assert queries.hand_codes(session)["positive", str(ours)] == 1
    code_text(session, study=study, answer_id=first, label="negative", at=AT, by=by)
    assert session.get_one(HandCode, first).label == "negative"
    with pytest.raises(Refusal):
        code_text(session, study=study, answer_id=first, label="splendid", at=AT, by=by)
    with pytest.raises(Missing):
        code_text(session, study=study, answer_id=10**6, label="negative", at=AT, by=by)


def test_a_hundred_answers_that_agree_end_the_experiment(session: Session, study: Study) -> None:
    chosen = session.execute(select(VerbatimSentiment.answer_id, VerbatimSentiment.label)).all()
    session.add_all(
        HandCode(answer_id=i, study_id=study.id, seed=360, place=n, label=label) for n, (i, label) in enumerate(chosen)
    )
    session.flush()
    found = queries.hand_codes(session)
    raised = {pair: 4 * n for pair, n in found.items()}
    assert hand_coding(found)["experimental"] is True
    assert (hand_coding(raised)["coded"], hand_coding(raised)["experimental"]) == (120, len({h for h, _ in found}) < 2)


@pytest.mark.parametrize(
    ("pairs", "coded", "experimental"),
    [
        ({}, 0, True),
        ({("positive", "positive"): 99}, 99, True),
        ({("positive", "positive"): 200}, 200, True),
        ({("positive", "positive"): 50, ("negative", "negative"): 49}, 99, True),
        ({("positive", "positive"): 50, ("negative", "negative"): 50}, 100, False),
        ({("positive", "positive"): 40, ("negative", "negative"): 40, ("neutral", "positive"): 20}, 100, False),
        ({("positive", "positive"): 40, ("negative", "negative"): 20, ("neutral", "positive"): 40}, 100, True),
        ({("unclear", "positive"): 500}, 0, True),
    ],
    ids=["nobody", "too few", "all alike", "one short", "enough", "mostly", "too little", "unclear"],
)
def test_when_sentiment_is_experimental(pairs: dict[tuple[str, str], int], coded: int, *, experimental: bool) -> None:
    found = hand_coding(pairs)
    assert (found["coded"], found["experimental"]) == (coded, experimental)
    assert [len(row) for row in found["table"]] == [len(HAND_LABELS)] * 3


def test_who_does_not_want_to_be_quoted_is_not_read(session: Session, study: Study) -> None:
    everything = queries.readable(session, study)
    session.add(
        Answer(
            response_id=session.scalars(select(Response.id).where(Response.external_id == "R-A1-champion")).one(),
            question_id=question_ids(session)["quote_permission"],
            value_text="none",
        )
    )
    session.flush()
    assert len(queries.readable(session, study)) == len(everything) - 1
