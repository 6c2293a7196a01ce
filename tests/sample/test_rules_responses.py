"""The answers to the sample study: valid, coherent with each account's story, and never the same words twice."""

import hashlib
from collections import Counter, defaultdict
from datetime import date, datetime
from functools import cache
from statistics import mean

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import AskedIn, Questionnaire
from app.questionnaires.rules.reading import parse_definition
from app.sample.rules.answers import INTERVIEW_ITEMS, SURVEY_ITEMS
from app.sample.rules.portfolio import SAMPLE_SEED, Portfolio, build_portfolio
from app.sample.rules.profiles import Profile
from app.sample.rules.quotes import all_quotes, read_bank
from app.sample.rules.responses import Respondent, responses_for
from app.sample.rules.stories import Archetype, Story
from app.sample.rules.table import Table

TODAY = date(2026, 11, 22)


@cache
def portfolio() -> Portfolio:
    return build_portfolio(seed=SAMPLE_SEED, today=TODAY)


@cache
def instrument() -> Questionnaire:
    return parse_definition(built_in_documents()["interview-360"])


def ticket(account_id: str, seed: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}|sample|{account_id}".encode()).digest()[:8], "big")


@cache
def drawn() -> tuple[Profile, ...]:
    """A proportional draw by segment after the five largest, as the study document asks for it."""
    study = portfolio().study
    ordered = sorted(portfolio().accounts, key=lambda account: -account.arr)
    certain, rest = ordered[: study["certainty"]["top_arr"]], ordered[study["certainty"]["top_arr"] :]
    chosen = list(certain)
    for segment in sorted({account.segment for account in rest}):
        stratum = sorted((a for a in rest if a.segment == segment), key=lambda a: ticket(a.account_id, study["seed"]))
        chosen += stratum[: round((study["size"] - len(certain)) * len(stratum) / len(rest))]
    return tuple(chosen)


@cache
def respondents() -> tuple[Respondent, ...]:
    """Every contact of a drawn account; every second account is interviewed."""
    modes = {account.account_id: ("survey", "interview")[place % 2] for place, account in enumerate(drawn())}
    return tuple(
        Respondent(person.account_id, person.contact_id, person.role, modes[person.account_id])
        for person in portfolio().people
        if person.account_id in modes
    )


@cache
def answers() -> Table:
    return responses_for(respondents(), portfolio(), SAMPLE_SEED)


def people_heard() -> dict[str, set[str]]:
    heard: dict[str, set[str]] = defaultdict(set)
    for row in answers().records():
        heard[row["account_id"]].add(row["contact_id"])
    return heard


def mean_answer(accounts: list[Profile], question: str) -> float:
    wanted = {account.account_id for account in accounts}
    rows = answers().records()
    return mean(int(row["value"]) for row in rows if row["question"] == question and row["account_id"] in wanted)


def of_archetype(archetype: Archetype) -> list[Profile]:
    return [account for account in drawn() if account.archetype is archetype]


def test_the_draw_has_sixty_accounts_and_enough_of_each_kind() -> None:
    assert len(drawn()) == 60
    assert len(of_archetype(Archetype.HIDDEN_RISK)) >= 5
    assert len(of_archetype(Archetype.HIDDEN_STRENGTH)) >= 3


def test_the_order_of_respondents_changes_nothing() -> None:
    assert responses_for(reversed(respondents()), portfolio(), SAMPLE_SEED) == answers()


def test_another_seed_gives_other_answers() -> None:
    assert responses_for(respondents(), portfolio(), SAMPLE_SEED + 1).csv_text() != answers().csv_text()


def test_numbers_do_not_depend_on_who_else_was_drawn() -> None:
    heard = answers().records()
    first = next(each for each in respondents() if each.contact_id == heard[0]["contact_id"])
    alone = responses_for([first], portfolio(), SAMPLE_SEED).records()
    assert {row["question"]: row["value"] for row in alone if row["question"] in INTERVIEW_ITEMS} == {
        row["question"]: row["value"]
        for row in heard
        if row["contact_id"] == first.contact_id and row["question"] in INTERVIEW_ITEMS
    }


def test_every_answer_is_valid_in_its_mode() -> None:
    asked = {mode: {question.key for question in instrument().asked_in(mode)} for mode in AskedIn}
    for row in answers().records():
        question = instrument().question(row["question"])
        assert question is not None
        question.parse(row["value"])
        assert row["question"] in asked[AskedIn(row["mode"])]


def test_rows_have_unique_keys_and_belong_to_the_drawn() -> None:
    rows = answers().records()
    assert max(Counter((row["response_id"], row["question"]) for row in rows).values()) == 1
    assert len({row["response_id"] for row in rows}) == len({row["contact_id"] for row in rows})
    known = {(each.account_id, each.contact_id, each.mode) for each in respondents()}
    assert {(row["account_id"], row["contact_id"], row["mode"]) for row in rows} <= known


def test_answers_come_in_on_working_days_of_the_fieldwork() -> None:
    study = portfolio().study
    for submitted_at in set(answers().column("submitted_at")):
        moment = datetime.fromisoformat(submitted_at)
        assert study["opens_on"] <= moment.date().isoformat() <= study["closes_on"]
        assert moment.weekday() < 5


def test_nobody_answers_without_consent() -> None:
    refused = {person.contact_id for person in portfolio().people if person.consent == "no"}
    assert refused & {each.contact_id for each in respondents()}
    assert not refused & set(answers().column("contact_id"))


def test_about_a_fifth_of_the_accounts_stays_silent() -> None:
    silent = [account for account in drawn() if account.account_id not in people_heard()]
    assert 0.15 <= len(silent) / 60 <= 0.3
    assert {account.account_id for account in of_archetype(Archetype.SILENT)} <= {a.account_id for a in silent}


def test_those_who_answer_are_one_to_six_an_account() -> None:
    counts = [len(people) for people in people_heard().values()]
    assert set(counts) <= {1, 2, 3, 4, 5, 6}
    assert 0.4 <= sum(counts) / len(respondents()) <= 0.7


def test_hidden_risks_have_several_witnesses_who_agree() -> None:
    heard = people_heard()
    witnessed = [account for account in of_archetype(Archetype.HIDDEN_RISK) if len(heard[account.account_id]) >= 3]
    assert len(witnessed) >= 5
    assert mean_answer(witnessed, "satisfaction") < 2.9
    assert mean_answer(of_archetype(Archetype.HIDDEN_STRENGTH), "satisfaction") > 4


@pytest.mark.parametrize("question", ["recommend", "satisfaction", "value_delivered", "renewal_intent"])
def test_answers_follow_the_story_and_not_the_telemetry(question: str) -> None:
    risk, strength = (
        mean_answer(of_archetype(a), question) for a in (Archetype.HIDDEN_RISK, Archetype.HIDDEN_STRENGTH)
    )
    scale = instrument().question(question)
    assert scale is not None
    assert scale.minimum is not None
    assert scale.maximum is not None
    assert strength - risk > 0.3 * (scale.maximum - scale.minimum)


def test_unkept_promises_show_in_the_value_gap() -> None:
    unkept = [account for account in drawn() if account.story is Story.PROMISE_UNKEPT]
    assert mean_answer(unkept, "value_promised") - mean_answer(unkept, "value_delivered") > 1.5


def test_interviews_answer_nearly_everything_and_surveys_the_short_form() -> None:
    numbers = defaultdict(list)
    for (_, mode), count in Counter(
        (row["contact_id"], row["mode"]) for row in answers().records() if row["question"] in INTERVIEW_ITEMS
    ).items():
        numbers[mode].append(count)
    assert mean(numbers["interview"]) > 0.9 * len(INTERVIEW_ITEMS)
    assert max(numbers["survey"]) == len(SURVEY_ITEMS)
    assert mean(numbers["survey"]) > 0.9 * len(SURVEY_ITEMS)


def test_the_generator_knows_the_instrument() -> None:
    scored = {
        question.key: (question.kind, question.reverse) for question in instrument().questions if question.is_scored
    }
    assert {key: (item.kind, item.reverse) for key, item in INTERVIEW_ITEMS.items()} == scored
    assert {key for key in SURVEY_ITEMS if key in scored} == {
        question.key for question in instrument().asked_in(AskedIn.SURVEY) if question.is_scored
    }


def test_hardly_anybody_repeats_anybody() -> None:
    open_questions = {question.key for question in instrument().questions if question.kind == "text"}
    said = [row["value"] for row in answers().records() if row["question"] in open_questions]
    assert len(said) > 150
    assert len(set(said)) / len(said) >= 0.98


def test_the_bank_is_rich_distinct_and_answers_open_questions() -> None:
    quotes = all_quotes()
    assert len({quote.text for quote in quotes}) == len(quotes) >= 120
    for quote in quotes:
        question = instrument().question(quote.question)
        assert question is not None
        assert question.kind == "text"
        assert question.parse(quote.text).value_text == quote.text
        assert quote.role is None or quote.role in portfolio().study["roles"]


@pytest.mark.parametrize(
    ("respondent", "sentence"),
    [
        pytest.param(("A-1001", "C-9999-1", "champion", "survey"), "no champion C-9999-1", id="unknown-contact"),
        pytest.param(("A-1002", "C-1001-2", "champion", "survey"), "at A-1002", id="contact-of-another-account"),
        pytest.param(("A-1001", "C-1001-2", "admin", "survey"), "no admin C-1001-2", id="another-role"),
        pytest.param(("A-1001", "C-1001-2", "champion", "fax"), "not “fax”", id="unknown-mode"),
    ],
)
def test_a_respondent_that_the_sample_lacks_is_refused(respondent: tuple[str, str, str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        responses_for([respondent], portfolio(), SAMPLE_SEED)


def test_a_line_of_the_bank_that_is_no_quote_is_named() -> None:
    with pytest.raises(ValueError, match="Not a quote: hello"):
        read_bank("reason: Good.\nhello")
