"""Piped text: `${name}` stands for an answer or a fact, `${name|other words}` for one that may be missing."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

_PIPE = re.compile(r"\$\{([^{}|]{0,120})(?:\|([^{}]{0,200}))?\}")

FACTS: Mapping[str, bool] = {
    "account.name": True,
    "account.segment": False,
    "account.industry": False,
    "account.tier": False,
    "account.lifecycle_stage": False,
    "account.country": False,
    "account.plan": False,
    "account.renewal_date": False,
    "contact.name": True,
    "contact.first_name": True,
    "contact.role": False,
    "relationship.name": True,
    "relationship.type": True,
    "promise.text": True,
    "promise.source": True,
    "promise.aspect": True,
    "promise.promised_on": False,
    "promise.amount": False,
    "promise.delivered_on": False,
    "promise.evidence": False,
}
"""What is known of a customer by name, and whether it is always there.

Those of a relationship or a promise are there only in a section that is asked about each of them.
"""


@dataclass(frozen=True)
class Pipe:
    """One place in a text where a value goes; `fallback` stands there when there is none."""

    name: str
    fallback: str | None


def pipes(words: str) -> Iterator[Pipe]:
    """The places of a text in their order."""
    for found in _PIPE.finditer(words):
        yield Pipe(found[1].strip(), found[2])


def filled(words: str, value_of: Callable[[str], str]) -> str:
    """A text with its places filled."""
    if "${" not in words:
        return words
    return _PIPE.sub(lambda found: value_of(found[1].strip()) or (found[2] or "").strip(), words)
