"""What people of the sample say when they are asked whether promises have reached them, in their interviews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.sample.rules.ledgers import Happened
from app.sample.rules.profiles import Profile, by_account
from app.sample.rules.promises import looked_at, promise_key
from app.sample.rules.streams import stream
from app.sample.rules.table import Table

ASKED = 0.6
"""How many of the promises of which something has arrived are asked about."""
_SHOWN = (("yes", 1), ("partly", 2), ("no", 4), ("yes", 6))
"""What people say at the account that is looked at, of its promises by their numbers; of the third nobody was asked."""


@dataclass(frozen=True)
class Said:
    """One answer: in which response, of which promise, and yes, partly or no."""

    response_id: str
    promise_id: str
    word: str


def said_of(
    accounts: Sequence[Profile], promises: Table, happened: Sequence[Happened], answers: Table, seed: int
) -> list[Said]:
    """Answers about promises of which something had arrived, each by somebody who was interviewed after that."""
    held = _interviews(answers)
    arrived = _arrived(promises, happened)
    profiles, shown = by_account(accounts), looked_at(accounts)
    found = [
        Said(held[shown][place % len(held[shown])][0], promise_key(shown, number), word)
        for place, (word, number) in enumerate(_SHOWN)
        if shown in held
    ]
    for row in promises.records():
        account_id, promise_id = row["account_id"], row["promise_id"]
        chance = stream(seed, "said of", promise_id)
        after = [each for each, on in held.get(account_id, ()) if promise_id in arrived and arrived[promise_id] < on]
        if account_id == shown or not after or chance.random() > ASKED:
            continue
        found.append(Said(chance.choice(after), promise_id, _word(row, profiles[account_id].voice, chance.random())))
    return found


def _word(row: Mapping[str, str], voice: float, odds: float) -> str:
    """Content people see more of what arrived; of what has come in part nobody says yes."""
    if 100 * odds > voice + 20:
        return "no"
    return "yes" if row["delivered_on"] and 100 * odds < voice else "partly"


def _interviews(answers: Table) -> dict[str, list[tuple[str, date]]]:
    """The interviews that were held, by account: their response with its day, in the order of their ids."""
    found: dict[str, dict[str, date]] = {}
    for row in answers.records():
        if row["mode"] == "interview":
            on = date.fromisoformat(row["submitted_at"][:10])
            found.setdefault(row["account_id"], {})[row["response_id"]] = on
    return {account_id: sorted(each.items()) for account_id, each in found.items()}


def _arrived(promises: Table, happened: Sequence[Happened]) -> dict[str, date]:
    """Since when something of a promise has arrived."""
    found = {
        row["promise_id"]: date.fromisoformat(row["delivered_on"]) for row in promises.records() if row["delivered_on"]
    }
    for each in happened:
        if each.typed.side == "delivered":
            found[each.promise_id] = min(each.on, found.get(each.promise_id, each.on))
    return found
