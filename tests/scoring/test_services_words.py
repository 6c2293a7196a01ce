"""Words on a real database: languages, edits that can be taken back, and answers that people read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Missing, Refusal
from app.customers.models import Contact
from app.responses.models import Answer, Response, ResponseChange
from app.responses.services import note_change
from app.scoring.models import HandCode, Scoring, ThemeEdit, VerbatimSentiment
from app.scoring.queries import analysis_of
from app.scoring.queries import words as queries
from app.scoring.rules.editing import AS_FOUND, Edit
from app.scoring.rules.hand_coding import HAND_LABELS, drawn, hand_coding
from app.scoring.services import score_study
from app.scoring.services.reading import code_text, draw_to_read
from app.scoring.services.theming import Wanted, edit_themes, undo_edit
from app.studies.models import Study
from app.users.models import AuditEvent, User
from tests.conftest import Fill
from tests.factories.answers import question_ids
from tests.reports.studies import add_alices_study
from tests.users.people import LEADER

EARLIER = datetime(2020, 1, 1, tzinfo=UTC)

AT = datetime(2026, 4, 2, tzinfo=UTC)


@pytest.fixture
def study(session: Session, fill: Fill) -> Study:
    """Alice's study, scored, in which low voices write about fridays and days and the others about their words."""
    fill(add_alices_study)
    return session.scalars(select(Study)).one()


def leader(session: Session) -> int:
    """Who runs the study."""
    return session.scalars(select(User.id).where(User.email == LEADER)).one()


def words(session: Session, study: Study) -> Any:
    """What the present scoring says of the words."""
    found = analysis_of(session, study.id, "words")
    assert found is not None
    return found


def labels(session: Session, study: Study) -> dict[str, Any]:
    """The themes of the present scoring by their stems."""
    return {theme["key"]: theme["label"] for theme in words(session, study)["themes"]}


def edit(session: Session, study: Study, theme: str, was: int = 0, **facts: Any) -> int:
    """Edit one theme."""
    wanted = [Wanted(theme, Edit(**facts), was)]
    return edit_themes(session, study=study, wanted=wanted, at=AT, by=leader(session))


def test_low_voices_and_their_theme(session: Session, study: Study) -> None:
    found = words(session, study)
    assert (found["accounts"], found["n_low"] + found["n_rest"], found["left_out"]) == (10, 10, [])
    themes = {theme["key"]: theme for theme in found["themes"]}
    friday = next(theme for key, theme in themes.items() if "friday" in key)
    assert (friday["low"], friday["rest"], friday["lift"]["lift"]) == (3, 0, pytest.approx(10 / found["n_low"]))
    texts = {row.id: row.value_text for row in session.execute(select(Answer.id, Answer.value_text))}
    stored = str(found)
    assert not any(words in stored for words in ("long enough to tell", "it costs us", "<img"))
    assert all("Fridays" in (texts[row] or "") for row in friday["speak"] + friday["against"])


@pytest.mark.parametrize(("contact", "form", "is_read"), [("en-GB", "de", False), ("en-GB", "EN", True)])
def test_other_languages_are_left_out_and_counted(
    session: Session, study: Study, contact: str | None, form: str | None, *, is_read: bool
) -> None:
    session.execute(VerbatimSentiment.__table__.delete())  # type: ignore[attr-defined]
    note_change(session, study.id, EARLIER)
    session.execute(update(Contact).where(Contact.crm_id.like("A1-%")).values(language=contact))
    session.execute(update(Response).where(Response.external_id.like("R-A1-%")).values(language=form))
    score_study(session, study=study)
    found = words(session, study)
    assert found["texts"] == (30 if is_read else 27)
    assert found["left_out"] == ([] if is_read else [{"language": "de", "texts": 3}])
    sentiments = session.scalar(select(Scoring.figures))
    assert sentiments is not None
    assert sentiments["voice"]["sentiment"]["verbatims"] == found["texts"]
    assert sentiments["voice"]["sentiment"]["experimental"] is True


def test_scoring_again_says_the_same_until_words_are_taken_away(session: Session, study: Study) -> None:
    before = words(session, study)
    score_study(session, study=study)
    assert words(session, study) == before
    reason = question_ids(session)["reason"]
    hers = select(Response.id).where(Response.external_id.like("R-A1-%"))
    session.execute(
        update(Answer)
        .where(Answer.question_id == reason, Answer.response_id.in_(hers))
        .values(value_text=None, blanked_at=AT)
    )
    score_study(session, study=study)
    assert words(session, study)["texts"] == before["texts"] - 3


def test_a_name_a_merge_and_what_is_hidden_come_with_the_next_scoring(session: Session, study: Study) -> None:
    first, second, third = list(labels(session, study))[:3]
    assert edit(session, study, first, name="What they said") == 1
    assert edit(session, study, second, into=first) == 1
    assert edit(session, study, third, is_hidden=True) == 1
    assert session.scalar(select(ResponseChange.study_id)) == study.id
    with pytest.raises(Refusal, match="part of itself"):
        edit(session, study, first, was=queries.theme_edits(session)[first].id, into=second)
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


def test_the_same_again_is_no_change_and_what_others_changed_is_refused(session: Session, study: Study) -> None:
    theme = next(iter(labels(session, study)))
    assert edit(session, study, theme) == 0
    assert edit(session, study, theme, name="N") == 1
    held = queries.theme_edits(session)[theme].id
    assert edit(session, study, theme, was=held, name="N") == 0
    with pytest.raises(Refusal, match="Somebody else") as refused:
        edit(session, study, theme, name="Ours")
    assert refused.value.field == theme
    assert session.scalars(select(ThemeEdit)).one().name == "N"


def test_each_edit_can_be_taken_back(session: Session, study: Study) -> None:
    theme, by = next(iter(labels(session, study))), leader(session)
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
    other = list(labels(session, study))[1]
    edit(session, study, other, name="Other")
    undo_edit(session, study=study, edit_id=queries.theme_edits(session)[other].id, at=AT, by=by)
    held = queries.theme_edits(session)[other]
    assert Edit(held.name, held.into, held.is_hidden) == AS_FOUND
    with pytest.raises(Missing):
        undo_edit(session, study=study, edit_id=10**6, at=AT, by=by)


def test_the_draw_to_read_is_repeatable_and_goes_on(session: Session, study: Study) -> None:
    by = leader(session)
    assert draw_to_read(session, study=study, at=AT, by=by, n=10) == 10
    first = list(queries.drawn_to_read(session, study))
    assert first == drawn(queries.readable(session, study), seed=360, n=10)
    assert draw_to_read(session, study=study, at=AT, by=by) == 20
    assert len(queries.drawn_to_read(session, study)) == 30
    with pytest.raises(Refusal, match="drawn already"):
        draw_to_read(session, study=study, at=AT, by=by)


def test_what_people_found_is_held_against_ours(session: Session, study: Study) -> None:
    by = leader(session)
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
