"""The earlier study of the sample: valid, repeatable, and another one where a story happened in between."""

from datetime import date, datetime
from functools import cache
from statistics import mean

import pytest

from app.questionnaires.built_in import built_in_documents
from app.questionnaires.rules.definition import Questionnaire
from app.questionnaires.rules.reading import parse_definition
from app.sample.rules.answers import SURVEY_ITEMS
from app.sample.rules.portfolio import SAMPLE_SEED, Portfolio, build_portfolio
from app.sample.rules.product_check import BEFORE, Filled, as_it_was, check_questionnaire, check_study, filled_in
from app.sample.rules.quotes import all_quotes
from app.sample.rules.quotes_products import DISLIKES, LIKES, REASONS
from app.sample.rules.relationships import PRODUCT_LINES
from app.sample.rules.stories import Archetype

TODAY, CLOSES_ON = date(2026, 11, 22), date(2026, 5, 31)


@cache
def portfolio() -> Portfolio:
    return build_portfolio(seed=SAMPLE_SEED, today=TODAY)


@cache
def instrument() -> Questionnaire:
    return parse_definition(check_questionnaire(built_in_documents()))


@cache
def everybody() -> tuple[Filled, ...]:
    """The forms of all contacts there are, as if all had been drawn."""
    contacts = [person.contact_id for person in portfolio().people]
    return tuple(filled_in(contacts, portfolio(), check_study(CLOSES_ON), SAMPLE_SEED))


def products() -> dict[str, dict[str, str]]:
    return {row["relationship_id"]: row for row in portfolio().tables["relationships"].records()}


def said() -> list[str]:
    open_questions = {question.key for question in instrument().questions if question.kind == "text"}
    return [value for form in everybody() for (key, _), value in form.answers.items() if key in open_questions]


def test_it_asks_what_the_built_in_survey_asks_and_about_each_product() -> None:
    survey = parse_definition(built_in_documents()["relationship"])
    mine = {question.key: question for question in instrument().questions}
    assert all(question == mine[question.key] for question in survey.questions if question.is_scored)
    assert {key for key in SURVEY_ITEMS if mine[key].is_scored} == set(SURVEY_ITEMS)
    looped = {section.key for section in instrument().sections if section.per == "product"}
    assert {question.key for question in mine.values() if question.section in looped} == {
        "product_worth",
        "product_likes",
        "product_dislikes",
    }


def test_every_answer_is_valid_and_about_what_the_account_has() -> None:
    accounts = {person.contact_id: person.account_id for person in portfolio().people}
    looped = {"product_worth", "product_likes", "product_dislikes"}
    for form in everybody():
        for (key, item), value in form.answers.items():
            question = instrument().question(key)
            assert question is not None
            question.parse(value)
            assert (key in looped) == bool(item)
            assert not item or products()[item]["account_id"] == accounts[form.contact_id]


def test_the_same_seed_gives_the_same_forms_in_whatever_order() -> None:
    contacts = [person.contact_id for person in reversed(portfolio().people)]
    assert filled_in(contacts, portfolio(), check_study(CLOSES_ON), SAMPLE_SEED) == list(everybody())
    assert filled_in(contacts, portfolio(), check_study(CLOSES_ON), SAMPLE_SEED + 1) != list(everybody())


def test_forms_come_in_on_working_days_of_people_who_may_be_asked() -> None:
    study = check_study(CLOSES_ON)
    opens_on, closes_on = (datetime.fromisoformat(study[key]).date() for key in ("opens_on", "closes_on"))
    assert (closes_on - opens_on).days + 1 == 28
    assert all(opens_on <= form.at.date() <= closes_on and form.at.weekday() < 5 for form in everybody())
    heard = {form.contact_id for form in everybody()}
    silent = {each.account_id for each in portfolio().accounts if each.archetype is Archetype.SILENT}
    assert not heard & {each.contact_id for each in portfolio().people if each.consent == "no"}
    assert not heard & {each.contact_id for each in portfolio().people if each.account_id in silent}


def test_one_product_is_liked_and_one_is_not() -> None:
    ratings: dict[str, list[int]] = {name: [] for name in PRODUCT_LINES}
    for form in everybody():
        for (key, item), value in form.answers.items():
            if key == "product_worth":
                ratings[products()[item]["name"]].append(int(value))
    means = {name: mean(values) for name, values in ratings.items()}
    assert means["Planning"] > 3.7
    assert means["Billing"] < 2.7
    assert means["Billing"] + 0.5 < means["Field service"] < means["Planning"] - 0.2


def test_nobody_repeats_anybody_nor_says_what_is_said_later() -> None:
    assert len(said()) == len(set(said())) > 60
    assert not set(said()) & {quote.text for quote in all_quotes()}
    bank = [line for of in (LIKES, DISLIKES, REASONS) for text in of.values() for line in text.strip().splitlines()]
    assert len(bank) == len(set(bank))
    assert set(said()) <= set(bank)
    assert {form.answers["quote_permission", ""] for form in everybody()} == {
        "internal",
        "without_name",
        "with_name",
        "none",
    }


@pytest.mark.parametrize("story", BEFORE, ids=str)
def test_an_account_was_another_one_before_its_story(story: str) -> None:
    told = [each for each in portfolio().accounts if each.story == story]
    assert told
    assert all((as_it_was(each, SAMPLE_SEED).voice - each.voice) * BEFORE[each.story] > 0 for each in told)


def test_all_others_were_much_as_they_are() -> None:
    others = [each for each in portfolio().accounts if each.story not in BEFORE]
    assert max(abs(as_it_was(each, SAMPLE_SEED).voice - each.voice) for each in others) < 12
