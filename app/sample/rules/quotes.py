"""The bank of quotes, and a dealer that never lets two people say the same sentence."""

import re
from dataclasses import dataclass
from random import Random

from app.sample.rules import quotes_aligned, quotes_risk, quotes_strength
from app.sample.rules.stories import SHAPES, Archetype, Story

_LINE = re.compile(r"(?P<question>\w+)(?: \((?P<role>\w+)\))?: (?P<text>.+)")


@dataclass(frozen=True)
class Quote:
    """A sentence or two, the open question they answer, and the role that could say them (None: anyone)."""

    question: str
    role: str | None
    text: str


def read_bank(text: str) -> tuple[Quote, ...]:
    """The quotes of a bank; ValueError with the line that is none."""
    lines = text.strip().replace("\n  ", " ").splitlines()
    quotes = []
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"Not a quote: {line}")
        quotes.append(Quote(match["question"], match["role"], match["text"]))
    return tuple(quotes)


_BANKS: dict[Story, tuple[Quote, ...]] = {
    Story.PROMISE_UNKEPT: read_bank(quotes_risk.PROMISE_UNKEPT),
    Story.SPONSOR_LEFT: read_bank(quotes_risk.SPONSOR_LEFT),
    Story.LOCKED_IN: read_bank(quotes_risk.LOCKED_IN),
    Story.FORCED_USE: read_bank(quotes_risk.FORCED_USE),
    Story.ROUGH_EDGES: read_bank(quotes_risk.ROUGH_EDGES),
    Story.SEASONAL: read_bank(quotes_strength.SEASONAL),
    Story.API_ONLY: read_bank(quotes_strength.API_ONLY),
    Story.SMALL_TEAM: read_bank(quotes_strength.SMALL_TEAM),
    Story.THRIVING: read_bank(quotes_aligned.THRIVING),
    Story.STEADY: read_bank(quotes_aligned.STEADY),
    Story.DRIFTING: read_bank(quotes_aligned.DRIFTING),
}
_ANYONE = read_bank(quotes_aligned.ANYONE)
# What people of a rarer story may also say, once its own sentences have been said.
_KINDRED = {Archetype.HIDDEN_RISK: Story.DRIFTING, Archetype.HIDDEN_STRENGTH: Story.THRIVING}


def all_quotes() -> tuple[Quote, ...]:
    """Every quote of the bank."""
    return tuple(quote for bank in _BANKS.values() for quote in bank) + _ANYONE


class QuoteDealer:
    """Deals quotes from shuffled banks; what has been dealt does not come again."""

    def __init__(self, chance: Random) -> None:
        self._left = {story: list(bank) for story, bank in _BANKS.items()}
        self._anyone = list(_ANYONE)
        for bank in (*self._left.values(), self._anyone):
            chance.shuffle(bank)

    def deal(self, story: Story, question: str, role: str) -> str | None:
        """Something that a person in this role might answer; None when all of it has been said."""
        kindred = _KINDRED.get(SHAPES[story].archetype)
        for bank in (self._left.get(story, []), self._left[kindred] if kindred else [], self._anyone):
            fitting = [quote for quote in bank if quote.question == question and quote.role in {None, role}]
            if fitting:
                # Words that only this role could say come first, so that they are not left over at the end.
                chosen = next((quote for quote in fitting if quote.role == role), fitting[0])
                bank.remove(chosen)
                return chosen.text
        return None
