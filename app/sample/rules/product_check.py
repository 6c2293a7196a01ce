"""The earlier study of the sample: the relationship survey, and what people think of each product they have."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.sample.rules.answers import SURVEY_ITEMS, Item, answer, mood
from app.sample.rules.contacts import Person
from app.sample.rules.portfolio import Portfolio
from app.sample.rules.profiles import Profile, by_account, showcase
from app.sample.rules.quotes_products import DISLIKES, LIKES, REASONS
from app.sample.rules.relationships import SURVEY
from app.sample.rules.responses import PERMISSIONS, is_heard, submitted_at
from app.sample.rules.stories import Story
from app.sample.rules.streams import stream
from app.sample.rules.study import season

KEY = "products"
FIELDWORK_DAYS = 28
_SECTION = "products"
_WORTH = Item("scale_1_5", "product_sentiment")
_REASON_ODDS, _WORDS_ODDS, _SKIP = 0.6, 0.8, 0.03
_PERMISSION_WEIGHTS = (20, 50, 22, 8)

BEFORE = {Story.PROMISE_UNKEPT: 30.0, Story.SPONSOR_LEFT: 30.0, Story.API_ONLY: -34.0}
"""By how much the voice of an account was another one half a year ago, where its story was yet to happen."""
_DRIFT = (4.0, 3.0)
"""The mean and spread of that for all others: a form finds people a little less kind than the telephone does later."""

LIKED = {"Planning": 9.0, "Field service": 0.0, "Billing": -30.0}
"""How much better or worse a product is spoken of than its maker, in points of voice."""
_PRODUCT_SPREAD = 9.0

Question = tuple[str, str]
"""The key of a question and the relationship that it is about, blank where it is asked once."""


@dataclass(frozen=True)
class Filled:
    """The survey as one person sent it."""

    contact_id: str
    at: datetime
    answers: Mapping[Question, str]


def check_questionnaire(built_in: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The relationship survey followed by what the value interview asks about each product, and how words may be used.

    The questions are those of the built-in documents, so that they score and compare as these do.
    """
    survey, value, interview = (built_in[key] for key in ("relationship", "interview-value", "interview-360"))
    first = {**survey["sections"][0], "script": "A few short questions about us, and some about each product you have."}
    each = next(section for section in value["sections"] if section["key"] == _SECTION)
    about = [question for question in value["questions"] if question["section"] == _SECTION]
    permission = next(question for question in interview["questions"] if question["key"] == "quote_permission")
    last = {"key": "words", "title": "Your words", "minutes": 1}
    return {
        "key": SURVEY,
        "name": "Product check",
        "language": "en",
        "sections": [first, {key: each[key] for key in ("key", "title", "per", "minutes")}, last],
        "questions": [
            *survey["questions"],
            *(_for_survey(question) for question in about),
            _for_survey({**permission, "section": "words"}),
        ],
    }


def check_study(closes_on: date) -> dict[str, Any]:
    """A survey of four weeks; seed and wave are the newer study's, so that most of its accounts are drawn again."""
    return {
        "key": KEY,
        "name": f"{season(closes_on)} product check",
        "questionnaire": SURVEY,
        "mode": "survey",
        "strata": ["segment"],
        "size": 30,
        "minimum_per_stratum": 2,
        "method": "proportional",
        "certainty": {"top_arr": 5},
        "seed": 360,
        "wave": "sample",
        "roles": {"decision_maker": 0.35, "champion": 0.25, "admin": 0.15, "power_user": 0.25},
        "scorecard": "default",
        "owner": "leader@sample.parallax.test",
        "opens_on": (closes_on - timedelta(days=FIELDWORK_DAYS - 1)).isoformat(),
        "closes_on": closes_on.isoformat(),
        "health_as_of": closes_on.isoformat(),
    }


def filled_in(contact_ids: Iterable[str], portfolio: Portfolio, study: Mapping[str, Any], seed: int) -> list[Filled]:
    """What those of the drawn who answered sent in, by contact; numbers depend on the person alone.

    Words are dealt once each: to the accounts that people open first, then to the happiest, whom one may offer more.
    """
    persons = {person.contact_id: person for person in portfolio.people}
    accounts, known = by_account(portfolio.accounts), showcase(portfolio.accounts)
    products: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in portfolio.tables["relationships"].records():
        products[row["account_id"]].append(row)
    words = _Words(stream(seed, "product words"))
    found = []

    def turn(person: Person) -> tuple[bool, float, str]:
        return person.account_id not in known, -accounts[person.account_id].voice, person.contact_id

    for person in sorted((persons[contact_id] for contact_id in contact_ids), key=turn):
        chance, profile = stream(seed, "product check", person.contact_id), accounts[person.account_id]
        if is_heard(chance, profile, person):
            at = datetime.fromisoformat(submitted_at(chance, study))
            given = _answers(chance, as_it_was(profile, seed), person, products[person.account_id], words)
            found.append(Filled(person.contact_id, at, given))
    return sorted(found, key=lambda each: each.contact_id)


def as_it_was(profile: Profile, seed: int) -> Profile:
    """The account half a year ago: another voice where its story had not happened, else nearly the same."""
    moved = BEFORE.get(profile.story) or stream(seed, "half a year ago", profile.account_id).gauss(*_DRIFT)
    return replace(profile, voice=min(max(profile.voice + moved, 5.0), 95.0))


class _Words:
    """Sentences of which each is said once."""

    def __init__(self, chance: Random) -> None:
        banks = {"likes": LIKES, "dislikes": DISLIKES, "reason": REASONS}
        self._left = {
            (kind, about): text.strip().splitlines() for kind, bank in banks.items() for about, text in bank.items()
        }
        for sentences in self._left.values():
            chance.shuffle(sentences)

    def deal(self, kind: str, about: str) -> str | None:
        """A sentence of that kind; None when all of them have been said."""
        left = self._left[kind, about]
        return left.pop() if left else None


def _answers(
    chance: Random, profile: Profile, person: Person, products: Iterable[Mapping[str, str]], words: _Words
) -> dict[Question, str]:
    own_mood = mood(chance, profile, person, "survey")
    numbers = {key: answer(chance, profile, own_mood, item) for key, item in SURVEY_ITEMS.items()}
    given = {(key, ""): str(number) for key, number in numbers.items() if chance.random() >= _SKIP}
    if chance.random() < _REASON_ODDS and ("recommend", "") in given:
        given |= _said(("reason", ""), words.deal("reason", _group(numbers["recommend"])))
    for product in products:
        given |= _about(chance, profile, own_mood, product, words)
    given["contact_again", ""] = "yes" if chance.random() < 0.7 else "no"
    given["quote_permission", ""] = chance.choices(PERMISSIONS, _PERMISSION_WEIGHTS)[0]
    return given


def _about(
    chance: Random, profile: Profile, own_mood: float, product: Mapping[str, str], words: _Words
) -> dict[Question, str]:
    """How content somebody is with one product, and in most cases a sentence on that side."""
    name, item = product["name"], product["relationship_id"]
    level = own_mood + LIKED[name] + chance.gauss(0, _PRODUCT_SPREAD)
    rating = answer(chance, profile, level, _WORTH)
    side = "likes" if rating >= 4 else "dislikes" if rating <= 2 else chance.choice(("likes", "dislikes"))
    said = words.deal(side, name) if chance.random() < _WORDS_ODDS else None
    return {("product_worth", item): str(rating)} | _said((f"product_{side}", item), said)


def _said(question: Question, sentence: str | None) -> dict[Question, str]:
    return {question: sentence} if sentence else {}


def _group(recommend: int) -> str:
    return "promoter" if recommend >= 9 else "passive" if recommend >= 7 else "detractor"


def _for_survey(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question of an interview as a form asks it: without what interviewers say."""
    return {key: value for key, value in question.items() if key not in {"asked_in", "script", "probes"}}
