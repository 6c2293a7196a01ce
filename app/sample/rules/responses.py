"""The answers to the finished study, for whoever happened to be drawn."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from app.sample.rules.answers import INTERVIEW_ITEMS, SURVEY_ITEMS, answer, mood, what_matters
from app.sample.rules.contacts import Person
from app.sample.rules.portfolio import Portfolio
from app.sample.rules.profiles import Profile, by_account
from app.sample.rules.quotes import QuoteDealer
from app.sample.rules.stories import Archetype
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

HEADER = ("response_id", "account_id", "contact_id", "submitted_at", "question", "value", "survey", "mode")
_USUAL_ODDS = {"decision_maker": 0.62, "champion": 0.78, "admin": 0.62, "power_user": 0.66}
_ODDS = {Archetype.SILENT: 0.0, Archetype.HIDDEN_RISK: 0.86, Archetype.HIDDEN_STRENGTH: 0.84}
# The open questions of an interview in the order of asking, each with the odds of a sentence worth noting down.
_TOLD = {
    "satisfaction_story": 0.3,
    "goals": 0.35,
    "value_story": 0.4,
    "product_quality_story": 0.35,
    "support_story": 0.35,
    "adoption_story": 0.35,
    "situation_story": 0.3,
    "one_change": 0.4,
}
PERMISSIONS = ("internal", "without_name", "with_name", "none")
_BREAK_OFF = 0.04
_SKIP = 0.03
_NO_ORDER = 0.06


class Respondent(NamedTuple):
    """A contact that was drawn; plain tuples of the same four do as well."""

    account_id: str
    contact_id: str
    role: str
    mode: str


def responses_for(respondents: Iterable[tuple[str, str, str, str]], portfolio: Portfolio, seed: int) -> Table:
    """The rows of the responses file: (account_id, contact_id, role, mode) of all drawn in, one row per answer out.

    Silent accounts and people without consent give no rows. Numbers depend on the contact and its mode alone; quotes
    are dealt over the whole list, so that nobody repeats another. ValueError for a contact that the portfolio lacks,
    has elsewhere or in another role, and for a mode that is neither survey nor interview.
    """
    accounts = by_account(portfolio.accounts)
    persons = {person.contact_id: person for person in portfolio.people}
    dealer = QuoteDealer(stream(seed, "quotes"))
    rows: list[tuple[str, ...]] = []
    for drawn in sorted(Respondent(*each) for each in respondents):
        person = persons.get(drawn.contact_id)
        if person is None or (person.account_id, person.role) != (drawn.account_id, drawn.role):
            raise ValueError(f"The sample has no {drawn.role} {drawn.contact_id} at {drawn.account_id}.")
        if drawn.mode not in {"survey", "interview"}:
            raise ValueError(f"Contact {drawn.contact_id}: the mode is survey or interview, not “{drawn.mode}”.")
        rows += _rows_of(drawn, person, accounts[drawn.account_id], dealer=dealer, study=portfolio.study, seed=seed)
    return Table(HEADER, tuple(rows))


def is_heard(chance: Random, profile: Profile, person: Person) -> bool:
    """Whether a person answers: never without consent, and never at an account that is silent."""
    return person.consent != "no" and chance.random() < _ODDS.get(profile.archetype, _USUAL_ODDS[person.role])


def _rows_of(
    drawn: Respondent, person: Person, profile: Profile, *, dealer: QuoteDealer, study: dict[str, Any], seed: int
) -> list[tuple[str, ...]]:
    chance = stream(seed, "response", drawn.contact_id, drawn.mode)
    if not is_heard(chance, profile, person):
        return []
    sent_at = submitted_at(chance, study)
    answers = _answers(chance, profile, person, drawn.mode, dealer) | _ranked(drawn, person, seed)
    response_id = f"R-{drawn.contact_id.removeprefix('C-')}"
    return [
        (response_id, drawn.account_id, drawn.contact_id, sent_at, question, value, study["name"], drawn.mode)
        for question, value in answers.items()
    ]


def _answers(chance: Random, profile: Profile, person: Person, mode: str, dealer: QuoteDealer) -> dict[str, str]:
    """Every answer of one person by question."""
    items = INTERVIEW_ITEMS if mode == "interview" else SURVEY_ITEMS
    own_mood = mood(chance, profile, person, mode)
    numbers = {key: str(answer(chance, profile, own_mood, item)) for key, item in items.items()}
    if mode != "interview" and chance.random() < _BREAK_OFF:
        return dict(list(numbers.items())[:3])
    given = {key: number for key, number in numbers.items() if chance.random() >= _SKIP}
    told = {"reason": 0.8} | (_TOLD if mode == "interview" else {})
    for question, odds in told.items():
        words = dealer.deal(profile.story, question, person.role) if chance.random() < odds else None
        if words is not None:
            given[question] = words
    if mode == "interview":
        given["quote_permission"] = chance.choices(PERMISSIONS, (20, 55, 22, 3))[0]
    given["contact_again"] = "yes" if chance.random() < 0.7 else "no"
    return given


def _ranked(drawn: Respondent, person: Person, seed: int) -> dict[str, str]:
    """What an interviewed person says matters most; by a stream of its own, so that no other answer moves."""
    chance = stream(seed, "what matters", drawn.contact_id)
    is_said = drawn.mode == "interview" and chance.random() >= _NO_ORDER
    return {"what_matters": what_matters(chance, person)} if is_said else {}


def submitted_at(chance: Random, study: Mapping[str, Any]) -> str:
    """A working hour within the fieldwork period, most of them early in it."""
    opens_on, closes_on = date.fromisoformat(study["opens_on"]), date.fromisoformat(study["closes_on"])
    day = opens_on + timedelta(days=int((closes_on - opens_on).days * chance.random() ** 1.4))
    # Saturdays and Sundays move back to the Friday, or forward where the period has only just begun.
    back = max(0, day.weekday() - 4)
    day = (
        day - timedelta(days=back)
        if day - timedelta(days=back) >= opens_on
        else day + timedelta(days=7 - day.weekday())
    )
    moment = datetime.combine(day, time(chance.randint(7, 16), chance.randint(0, 59), chance.randint(0, 59)), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
