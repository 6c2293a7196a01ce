"""Statements as quotes: their words, who said them as far as that was allowed, and the response they stand in."""

from collections.abc import Sequence

from app.core.words import label
from app.questionnaires.rules.quoting import LEVELS
from app.reports.rules.topics.page import Link, Quote, Said, Seen, Setting
from app.reports.rules.words import shortened

LONGEST = 320


def heard(statements: Sequence[int], setting: Setting, most: int) -> list[Quote]:
    """The first statements that may be quoted to the reader, of accounts that the reader may see; each word once."""
    found: list[Quote] = []
    for statement in statements:
        said = setting.said.get(statement)
        account = setting.accounts.get(said.account_id) if said else None
        if said is None or account is None or len(found) == most:
            continue
        quote = _quote(said, account, setting)
        # An interviewer's answer and quote at one question are often the same sentence.
        if all(quote.words != each.words for each in found):
            found.append(quote)
    return found


def _quote(said: Said, account: Seen, setting: Setting) -> Quote:
    parts = [account.name, label(said.role), label(said.mode).lower(), LEVELS.get(said.permission or "", "")]
    link = Link("customer360.response", {"key": setting.study, "external_id": said.response_id})
    return Quote(shortened(said.words, LONGEST), " · ".join(filter(None, parts)), link, "en")
