"""The words behind a gap report in the browser: claims with quotes, names of themes, and answers to read."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import or_, select, update

from app.reports.rules.topics.page import Page, Said, Seen, Setting
from app.reports.rules.topics.words import answers, page
from app.responses.models import Answer, Remark, Response
from app.scoring.models import HandCode, ThemeEdit
from app.scoring.queries.words import theme_edits
from app.scoring.services import score_study
from app.studies.models import Study
from tests.conftest import Fill
from tests.factories.answers import question_ids
from tests.reports.studies import add_alices_study
from tests.users.people import ADMIN, CSM, LEADER, STRANGER, VIEWER, changing, sign_in, token_in

WORDS, NAMES, READING = (f"/studies/q1/gaps/words{rest}" for rest in ("", "/names", "/reading"))
ENOUGH = {"value": 0.7, "se": 0.05, "lo": 0.6, "hi": 0.8, "level": 0.95, "n": 120, "warnings": []}
NONE = {"value": None, "se": None, "lo": None, "hi": None, "level": 0.95, "n": 0, "warnings": ["EMPTY"]}
LIFT = {"lift": 1.8, "relative_risk": 2.25, "lo": 1.5, "hi": 3.4, "p": 0.001, "warnings": []}
UNKNOWN = {"lift": None, "relative_risk": None, "lo": None, "hi": None, "p": None, "warnings": ["EMPTY"]}
LOW = "Accounts with a low voice"
SILENT = {"texts": 0, "of_texts": 0, "accounts": 0, "n_low": 0, "n_rest": 0, "themes": []}
THEME: dict[str, Any] = {
    "key": "slow export",
    "label": "slow export",
    "form": "slow export",
    "parts": [],
    "accounts": 14,
    "mentions": 20,
    "low": 9,
    "rest": 5,
    "is_of_low": True,
    "lift": LIFT,
    "p_adjusted": 0.01,
    "net": -40.0,
    "speak": [1, 2],
    "against": [3],
}
FIGURES: dict[str, Any] = {
    "texts": 60,
    "of_texts": 60,
    "seed": 1,
    "accounts": 40,
    "n_low": 16,
    "n_rest": 20,
    "no_voice": 4,
    "themes": [THEME],
    "more": [],
    "hidden": [],
    "left_out": [{"language": "fi", "texts": 3}, {"language": "", "texts": 1}],
    "hand_coding": {"coded": 0, "needed": 100, "kappa": NONE, "experimental": True},
}
SENTIMENT = {
    "mean": {**NONE, "value": 0.1, "lo": 0.0, "hi": 0.2, "n": 30, "warnings": []},
    "verbatims": 60,
    "net": 12.0,
}


def seen(i: int) -> Seen:
    """An account that the reader may see."""
    return Seen(i, f"A{i}", f"Account {i}", 1000.0, 50.0, "amber", 40.0, "red", "none", "agree")


def said(i: int, words: str, permission: str | None = None) -> Said:
    """An answer of the first account."""
    return Said(words, 1, "champion", "interview", f"R{i}", permission)


SETTING = Setting(
    "q1",
    "First",
    date(2026, 3, 31),
    "EUR",
    is_restricted=False,
    facts={"sentiment": SENTIMENT},
    accounts={1: seen(1)},
    said={1: said(1, "Too slow.", "internal"), 3: said(3, "It is quick for us.")},
)


def text_of(shown: Page) -> str:
    """Everything that a page says."""
    parts = [shown.title, *shown.lede]
    for section in shown.sections:
        parts += [section.title, *section.text, section.empty, *(w.value for w in section.workings)]
    return "\n".join(parts)


def test_a_claim_is_the_title_with_quotes_for_and_against() -> None:
    shown = page(FIGURES, SETTING)
    assert shown.title == "Accounts with a low voice write about “slow export” 2.2 times as often as the others"
    theme = next(section for section in shown.sections if section.key == "theme-slow-export")
    assert [(q.words, q.who) for q in theme.quotes] == [
        ("Too slow.", "Account 1 · Champion · interview · quote inside the team only")
    ]
    assert [q.link.values["external_id"] for q in theme.against] == ["R3"]
    assert "95 % interval 1.5 to 3.4 times" in theme.text[0].replace("\u00a0", " ")
    assert "Four statements in other languages than English: fi (3) and unknown (1)." in text_of(shown)
    assert answers(FIGURES) == [1, 2, 3]


@pytest.mark.parametrize(
    ("lift", "title"),
    [
        ({**LIFT, "relative_risk": None}, "Only accounts with a low voice write about “slow export”: 9 of 16 accounts"),
        ({**LIFT, "relative_risk": 0.0}, "No account with a low voice writes about “slow export”; 5 of the others do"),
        (
            {**LIFT, "relative_risk": 0.4},
            f"{LOW} write about “slow export” less often than the others: 0.40 times as often",
        ),
    ],
    ids=["never by the rest", "never by low", "less often"],
)
def test_titles_of_claims(lift: dict[str, Any], title: str) -> None:
    assert page({**FIGURES, "themes": [{**THEME, "lift": lift}]}, SETTING).title == title


def test_sentences_that_interviewers_wrote_down_are_counted_apart() -> None:
    quoted = {**THEME, "quotes": 6, "speak": [1, -7], "against": [-3]}
    told = {-7: said(7, "It drags."), -3: said(8, "Never a delay.", "with_name")}
    shown = page({**FIGURES, "quotes": 12, "themes": [quoted]}, replace(SETTING, said={**SETTING.said, **told}))
    assert "Of 60 statements, 12 are sentences that interviewers wrote down word for word." in shown.lede[0]
    theme = next(section for section in shown.sections if section.key == "theme-slow-export")
    assert theme.text[0].startswith("Named by 14 accounts in 20 statements, six from interviews: 9 (")
    assert [quote.words for quote in theme.quotes] == ["Too slow.", "It drags."]
    assert [quote.who.split(" · ")[-1] for quote in theme.against] == ["quote with name"]
    one = page({**FIGURES, "quotes": 1}, SETTING)
    assert "1 is a sentence that" in one.lede[0]
    assert "interviewers" not in text_of(page(FIGURES, SETTING))


def test_chance_is_no_claim() -> None:
    shown = page({**FIGURES, "themes": [{**THEME, "p_adjusted": 0.2}]}, SETTING)
    assert shown.title == "Customers write most about “slow export”; no theme was found that sets low voices apart"
    assert "may be chance" in text_of(shown)
    assert not any(section.against for section in shown.sections)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (SILENT, "Nobody has written anything"),
        ({"themes": []}, "No theme is named by three accounts yet"),
        (
            {"n_low": 0, "themes": [{**THEME, "low": 0, "lift": UNKNOWN, "p_adjusted": None, "net": None}]},
            "Without accounts on both sides of 50 nothing can be compared.",
        ),
    ],
    ids=["nobody", "no theme", "one side"],
)
def test_nothing_to_say_says_why(change: dict[str, Any], words: str) -> None:
    said = text_of(page({**FIGURES, **change}, SETTING))
    assert words in said
    assert "None" not in said
    assert "nan" not in said.lower().split()


@pytest.mark.parametrize(
    ("coding", "words"),
    [
        (
            {"coded": 12, "kappa": {**ENOUGH, "n": 12}, "experimental": True},
            "Experimental: 12 of 100 answers were read",
        ),
        ({"coded": 120, "kappa": {**ENOUGH, "value": 0.4}, "experimental": True}, "it takes 0.60"),
        ({"coded": 120, "kappa": NONE, "experimental": True}, "all answers read were alike"),
        ({"coded": 120, "kappa": ENOUGH, "experimental": False}, "agree with it as κ = 0.70"),
    ],
)
def test_sentiment_is_called_experimental_until_people_agree(coding: dict[str, Any], words: str) -> None:
    shown = page({**FIGURES, "hand_coding": {"needed": 100, **coding}}, SETTING)
    assert words in text_of(shown)
    tone = next(section for section in shown.sections if section.key == "sentiment")
    assert ("(experimental)" in tone.title) == coding["experimental"]
    assert ("(experimental)" in shown.sections[0].tables[0].columns[-1]) == coding["experimental"]


def test_words_of_accounts_that_the_reader_may_not_see_are_not_quoted() -> None:
    shown = page(FIGURES, replace(SETTING, accounts={}))
    assert not any(section.quotes or section.against for section in shown.sections)
    assert "No words about it may be quoted to you here." in text_of(shown)


@pytest.fixture
def scored(application: Flask, fill: Fill) -> Flask:
    """A workspace with everyone, and Alice's study, scored; two of its accounts are Carl's."""
    fill(add_alices_study)
    return application


def test_who_sees_which_words(scored: Flask) -> None:
    whole, assigned = (sign_in(scored, person).get(WORDS).text for person in (VIEWER, CSM))
    assert "it costs us Fridays" in whole
    assert "<img src=x" not in whole
    assert "R-A1-" in whole
    assert set(re.findall(r"R-(A\d+)-", assigned)) == {"A2", "A4"}
    assert "Name, merge or hide themes" not in whole
    assert "Name, merge or hide themes" in sign_in(scored, LEADER).get(WORDS).text


def test_words_that_must_not_be_quoted_or_were_taken_away_are_gone_at_once(scored: Flask) -> None:
    with changing(scored) as session:
        ids = question_ids(session)
        hers = select(Response.id).where(Response.external_id.like("R-A1-%"))
        gone = {"value_text": None, "blanked_at": datetime(2026, 4, 1, tzinfo=UTC)}
        words = update(Answer).where(Answer.response_id.in_(hers), Answer.question_id == ids["reason"])
        session.execute(words.values(gone))
        withheld = select(Response.id).where(or_(*(Response.external_id.like(f"R-{a}-%") for a in ("A4", "A9"))))
        session.add_all(
            Answer(response_id=i, question_id=ids["quote_permission"], value_text="none")
            for i in session.scalars(withheld)
        )
    shown = sign_in(scored, LEADER).get(WORDS).text
    assert "it costs us Fridays" not in shown
    assert "long enough to tell" in shown


def test_quotes_of_interviews_stand_with_a_theme_as_far_as_they_may(scored: Flask) -> None:
    sentences = {f"A{i}": f"A long and wonderful story of number {i}." for i in (2, 3, 5, 6, 7, 8, 10)}
    with changing(scored) as session:
        question = question_ids(session)["recommend"]
        for account, words in sentences.items():
            response = session.scalars(select(Response.id).where(Response.external_id == f"R-{account}-champion")).one()
            level = {"A5": "none", "A2": "internal"}.get(account)
            facts = {"quote": words, "quote_permission": level, "is_paraphrase": account == "A3"}
            session.add(Remark(response_id=response, question_id=question, revision=1, **facts))
        session.flush()
        score_study(session, study=session.scalars(select(Study)).one())
    whole, assigned = (sign_in(scored, person).get(WORDS).text for person in (LEADER, CSM))
    assert "5 are sentences that interviewers wrote down" in whole
    shown = {account for account, words in sentences.items() if words in whole}
    assert shown
    assert not shown & {"A3", "A5"}
    assert {account for account, words in sentences.items() if words in assigned} == {"A2"}
    assert "quote inside the team only" in assigned


def typed(page_text: str) -> dict[str, str]:
    """What the form of themes holds, as a browser would send it."""
    form = dict(re.findall(r'<input type="hidden" name="((?:theme|was)-\d+)" value="([^"]*)"', page_text))
    return {**form, "csrf_token": token_in(page_text)}


def test_themes_are_named_merged_and_hidden_and_taken_back(scored: Flask) -> None:
    leader = sign_in(scored, LEADER)
    form = typed(leader.get(NAMES).text)
    first, second = form["theme-0"], form["theme-1"]
    sent = leader.post(NAMES, data={**form, "name-0": "<b>Said</b>", "into-1": first, "hidden-2": "on"})
    assert sent.location == NAMES
    with changing(scored) as session:
        held = theme_edits(session)
        assert (held[first].name, held[second].into, held[form["theme-2"]].is_hidden) == ("<b>Said</b>", first, True)
        ids = [row.id for row in session.scalars(select(ThemeEdit))]
    shown = leader.get(NAMES).text
    assert "&lt;b&gt;Said&lt;/b&gt;" in shown
    assert shown.count("Take back") == 3
    undone = leader.post(f"{NAMES}/{ids[0]}/undo", data={"csrf_token": token_in(shown)})
    assert undone.location == NAMES
    again = leader.post(f"{NAMES}/{ids[0]}/undo", data={"csrf_token": token_in(shown)})
    assert (again.status_code, "changed again since" in again.text) == (400, True)


def test_what_was_typed_stays_where_it_is_refused(scored: Flask) -> None:
    leader, admin = sign_in(scored, LEADER), sign_in(scored, ADMIN)
    stale, fresh = typed(leader.get(NAMES).text), typed(admin.get(NAMES).text)
    admin.post(NAMES, data={**fresh, "name-0": "Theirs"})
    refused = leader.post(NAMES, data={**stale, "name-0": "Ours", "name-3": "Mine", "hidden-4": "on"})
    assert refused.status_code == 400
    assert "Somebody else changed this theme" in refused.text
    assert all(f'value="{words}"' in refused.text for words in ("Ours", "Mine"))
    long = leader.post(NAMES, data={**stale, "was-0": "x", "name-1": "y" * 81, "into-2": "no such theme"})
    assert (long.status_code, "y" * 81 in long.text) == (400, True)
    with changing(scored) as session:
        assert [row.name for row in session.scalars(select(ThemeEdit))] == ["Theirs"]


def test_people_read_what_was_drawn_without_seeing_ours(scored: Flask) -> None:
    leader = sign_in(scored, LEADER)
    start = leader.get(READING).text
    assert "Draw 100 answers" in start
    assert leader.post(READING, data={"csrf_token": token_in(start)}).location == READING
    shown = leader.get(READING).text
    first = re.search(r'name="answer" value="(\d+)"', shown)
    assert first is not None
    assert not re.search(r"compound|computed as|aria-pressed", shown)
    form = {"csrf_token": token_in(shown), "answer": first[1]}
    assert leader.post(READING, data={**form, "label": "splendid"}).status_code == 400
    assert leader.post(READING, data={**form, "label": "negative"}).location == READING
    after = leader.get(READING).text
    assert "1 of 100 read" in after
    back = leader.get(f"{READING}?answer={first[1]}").text
    assert 'value="negative" aria-pressed="true"' in back
    assert leader.get(f"{READING}?answer=999999").status_code == 404
    with changing(scored) as session:
        assert session.get_one(HandCode, int(first[1])).label == "negative"


@pytest.mark.parametrize(("person", "status"), [(VIEWER, 403), (CSM, 403), (STRANGER, 404)])
def test_only_who_runs_the_study_edits_and_reads(scored: Flask, person: str, status: int) -> None:
    other = sign_in(scored, person)
    token = token_in(other.get("/password").text)
    for address in (NAMES, READING):
        assert other.get(address).status_code == status
        assert other.post(address, data={"csrf_token": token}).status_code == status
    assert other.post(f"{NAMES}/1/undo", data={"csrf_token": token}).status_code == status
