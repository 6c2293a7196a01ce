"""What was bought and taken, and what tells of missing skills, as tables of cases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from app.core.errors import Refusal
from app.education.rules.page import need_line, ordered, reading_lines, title
from app.education.rules.records import (
    Included,
    Known,
    Reading,
    Typed,
    bought_words,
    checked_education,
    reading,
    taken_share,
    taken_words,
)
from app.education.rules.skills import (
    Asked,
    Need,
    asked_about,
    names_something,
    themes_of_skills,
    title_of,
    words_about,
)
from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import Dimension

TODAY, MAY = date(2026, 6, 1), date(2026, 5, 4)
SKILLS, EDUCATION = Dimension.SKILLS, Dimension.EDUCATION


@pytest.mark.parametrize(
    ("included", "taken_on", "found"),
    [
        pytest.param("yes", None, Reading.NOT_TAKEN, id="bought, not taken"),
        pytest.param("yes", MAY, Reading.TAKEN, id="bought and taken"),
        pytest.param("no", None, Reading.NOT_INCLUDED, id="not bought"),
        pytest.param("no", MAY, Reading.TAKEN, id="taken beside the deal"),
        pytest.param("unknown", None, Reading.UNKNOWN, id="not known"),
        pytest.param(None, None, Reading.UNKNOWN, id="nothing on record is not “not included”"),
    ],
)
def test_bought_and_taken_come_to_one_reading(included: str | None, taken_on: date | None, found: Reading) -> None:
    assert reading(included, taken_on) is found


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        pytest.param(Typed("yes"), 0.0, id="bought and not taken is nothing taken"),
        pytest.param(Typed("yes", seats="20", taken_on="2026-05-04", people="15"), 0.75, id="people among the seats"),
        pytest.param(Typed("yes", seats="20", taken_on="2026-05-04", people="25"), 1.0, id="more than seats"),
        pytest.param(
            Typed("yes", seats="20", taken_on="2026-05-04", people="15", share="60 %"),
            0.6,
            id="what was typed comes first",
        ),
        pytest.param(Typed("yes", taken_on="2026-05-04"), None, id="taken by nobody knows how many"),
        pytest.param(Typed("no"), None, id="not bought is none, not nothing"),
        pytest.param(Typed("unknown"), None, id="unknown is none, not nothing"),
    ],
)
def test_the_share_is_told_only_where_it_is_known(typed: Typed, share: float | None) -> None:
    assert taken_share(checked_education(typed, today=TODAY)) == share


@pytest.mark.parametrize(
    ("typed", "field", "part"),
    [
        pytest.param(Typed(""), "included", "Choose whether", id="nothing chosen"),
        pytest.param(Typed("perhaps"), "included", "Choose whether", id="another word"),
        pytest.param(Typed("no", what="Two courses"), "included", "choose “Yes”", id="bought although not"),
        pytest.param(Typed("unknown", seats="4"), "included", "choose “Yes”", id="seats although not known"),
        pytest.param(Typed("yes", hours="-1"), "hours", "from 0 to 100,000", id="less than no hours"),
        pytest.param(Typed("yes", hours="ten"), "hours", "Enter a number", id="words for hours"),
        pytest.param(Typed("yes", seats="0"), "seats", "whole number from 1", id="no seat"),
        pytest.param(Typed("yes", seats="2.5"), "seats", "whole number", id="half a seat"),
        pytest.param(Typed("yes", taken_on="2026-06-02"), "taken_on", "still to come", id="taken tomorrow"),
        pytest.param(Typed("yes", taken_on="May"), "taken_on", "Write the day", id="no day"),
        pytest.param(Typed("yes", taken_on="0900-01-01"), "taken_on", "between 1990", id="long ago"),
        pytest.param(Typed("yes", people="4"), "taken_on", "Choose the day", id="people without a day"),
        pytest.param(Typed("yes", takers="Planners"), "taken_on", "Choose the day", id="teams without a day"),
        pytest.param(Typed("yes", taken_on="2026-05-04", share="101"), "share", "from 0 to 100", id="more than all"),
        pytest.param(Typed("yes", what="a\x00b"), "what", "cannot be seen", id="a NUL"),
        pytest.param(Typed("yes", what="x" * 501), "what", "Shorten it", id="too long"),
    ],
)
def test_what_cannot_be_kept_is_refused(typed: Typed, field: str, part: str) -> None:
    with pytest.raises(Refusal, match=part) as refused:
        checked_education(typed, today=TODAY)
    assert refused.value.field == field


def test_what_is_known_is_kept_as_it_was_typed() -> None:
    typed = Typed("yes", " Two\r\ncourses ", "16,5", "1,200", "2026-05-04", "Planners", "300", "")
    assert checked_education(typed, today=TODAY) == Known(
        Included.YES, "Two\ncourses", 16.5, 1200, MAY, "Planners", 300, 0.25
    )


def test_bought_and_taken_read_in_one_line() -> None:
    assert bought_words("Two courses", 16.0, 12) == "Two courses, 16 hours, 12 seats"
    assert bought_words(None, None, None) == ""
    assert taken_words(MAY, 9, 0.75) == "4\u00a0May 2026, 9 people, 75\u00a0% of those meant to"
    assert taken_words(None, 9, 0.75) == ""


@pytest.mark.parametrize(
    ("asked", "value", "points", "is_low"),
    [
        pytest.param(Asked("q", SKILLS, 1, 5, is_reversed=False), 2, 25, True, id="second of five"),
        pytest.param(Asked("q", SKILLS, 1, 5, is_reversed=False), 3, 50, False, id="the middle of five"),
        pytest.param(Asked("q", SKILLS, 1, 5, is_reversed=True), 4, 25, True, id="second of five from above"),
        pytest.param(Asked("q", SKILLS, 0, 10, is_reversed=False), 4, 40, True, id="four of ten"),
        pytest.param(Asked("q", SKILLS, 1, 7, is_reversed=False), 4, 50, False, id="the middle of seven"),
    ],
)
def test_low_is_under_the_middle_whatever_the_scale(asked: Asked, value: float, points: float, is_low: bool) -> None:
    assert asked.points(value) == points
    assert (value > asked.cut if asked.is_reversed else value < asked.cut) is is_low


def test_the_built_in_interviews_ask_about_both_and_not_about_readiness() -> None:
    documents = built_in_documents()
    assert {each.dimension for each in asked_about(documents["interview-360"])} == {SKILLS, EDUCATION}
    assert {each.key for each in asked_about(documents["interview-value"])} == {"skills"}
    assert words_about(documents["interview-value"]) == {"skills_missing"}


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        ("Analysis", True),
        ("Nobody can build reports", True),
        ("None.", False),
        (" no ", False),
        ("-", False),
        ("n/a", False),
        ("", False),
        (None, False),
    ],
)
def test_words_name_a_skill_unless_they_say_none(words: str | None, is_named: bool) -> None:
    assert names_something(words) is is_named


def test_only_themes_that_people_named_after_learning_count() -> None:
    found = themes_of_skills(
        [("report", "Missing skills"), ("train", None), ("price", "Price"), ("course", "Training")]
    )
    assert found == {"report": "Missing skills", "course": "Training"}


def test_a_need_says_what_tells_of_it_and_what_the_action_is_called() -> None:
    both = Need({SKILLS: 25.0, EDUCATION: 0.0}, names_skills=True, themes={"Training"})
    assert both.signs == [
        "Skills 25 of 100",
        "Education 0 of 100",
        "Named skills that are missing",
        "Speaks of “Training”",
    ]
    assert title_of("power_user", both) == (
        "Education for the power user: skills are missing and what there is to learn does not fit"
    )
    assert title_of("it", Need(names_skills=True)) == "Education for the IT: skills are missing"


def test_needs_without_an_action_stand_first_and_the_lowest_before_others() -> None:
    needs = {1: Need({SKILLS: 25.0}), 2: Need({SKILLS: 0.0}), 3: Need(names_skills=True), 4: Need({SKILLS: 0.0})}
    actions = {2: SimpleNamespace(done_at=datetime(2026, 5, 1, tzinfo=UTC)), 4: SimpleNamespace(done_at=None)}
    assert ordered(needs, actions) == [1, 3, 4, 2]


@pytest.mark.parametrize(
    ("level", "words"),
    [("internal", "Quote inside the team only"), (None, "Level not asked")],
)
def test_a_need_names_the_role_and_how_words_may_be_used(level: str | None, words: str) -> None:
    facts = SimpleNamespace(
        id=7, role="power_user", crm_id="A", account="Lumen", study="Spring", study_key="s", external_id="r",
        submitted_at=datetime(2026, 5, 4, tzinfo=UTC),
    )  # fmt: skip
    action = SimpleNamespace(id=3, due_on=MAY, done_at=None)
    line = need_line(Need({SKILLS: 25.0}), facts, action, [("Too  hard", level)], TODAY)
    assert (line.role, line.said, line.quotes) == ("Power user", "Spring, 4\u00a0May 2026", [("Too hard", words)])
    assert line.action == "Under way until 4\u00a0May 2026, overdue"


def test_the_page_says_what_wants_doing() -> None:
    rows = [SimpleNamespace(reading="included and not taken", accounts=2, arr=Decimal(4000))]
    lines = reading_lines(rows, "EUR")
    assert [(line.reading, line.accounts, line.arr) for line in lines[:2]] == [
        ("included and not taken", 2, "€4,000"),
        ("taken", 0, "–"),
    ]
    assert title(lines, 3, 1) == "Two accounts bought education and took none, one person in need of it"
    assert title(reading_lines([], "EUR"), 3, 0) == "Every need of education has an action"
    assert title(reading_lines([], "EUR"), 0, 0) == "Nobody is known to lack education"
